// What the writes of customers' data pass to each other.
import type { Keep } from "../infra/upserts.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { Consent } from "./consent.js";

/** The circumstances of a write. */
export interface Writing {
  today: ShopDay;
  /** epoch ms, for the record */
  at: number;
  /** the day of an import that must not trigger; null: everything written may fall due */
  quietThrough: ShopDay | null;
  /** 32 bytes under which phone numbers are encrypted */
  secretKey: Buffer;
  /** all guide ids by userid, for a long import; looked up row by row when left out */
  guides?: ReadonlyMap<string, number>;
  /** hears what is made and changed */
  keep?: Keep | undefined;
}

/** A customer as stored, with the tags that came by file or push as one text. */
export interface StoredCustomer extends Consent {
  id: number;
  externalUserid: string;
  name: string;
  guideId: number | null;
  ownerNamed: number;
  joinedOn: ShopDay | null;
  source: string | null;
  phoneCipher: string | null;
  phoneIndex: number | null;
  birthday: ShopDay | null;
  brandPreference: string | null;
  level: string | null;
  tags: string;
}

/** A customer before a write (undefined: there was none) and after it. */
export interface CustomerChange {
  before: StoredCustomer | undefined;
  after: StoredCustomer;
}
