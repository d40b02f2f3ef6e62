// The demo brand's tables, in the columns of the import format.
import type { ShopDay } from "../kernel/calendar.js";
import type { BrandStore } from "./brand-places.js";

/** A guide of the demo brand. */
export interface BrandGuide {
  userid: string;
  name: string;
  store: string;
  joinedOn: ShopDay;
  /** of their region, around 1 */
  factor: number;
  /** 0…1; set only for the one everybody knows to be slow */
  skill?: number;
}

/** A customer with what the brand knows of them. */
export interface BrandCustomer {
  externalUserid: string;
  name: string;
  guide: string;
  joinedOn: ShopDay;
  source: string;
  phone: string;
  birthday: string;
  brandPreference: string;
  level: string;
  tags: string;
}

export interface BrandChild {
  externalUserid: string;
  childNo: number;
  name: string;
  bornOn: string;
  dueOn: string;
  sex: string;
}

export interface BrandOrder {
  orderNo: string;
  externalUserid: string;
  orderedOn: ShopDay;
  quantity: number;
  amount: string;
  category: string;
  subcategory: string;
  channel: string;
  status: "paid" | "refunded";
}

/** Everything there is of the demo brand up to `today`. */
export interface Brand {
  stores: BrandStore[];
  guides: BrandGuide[];
  customers: BrandCustomer[];
  children: BrandChild[];
  orders: BrandOrder[];
}
