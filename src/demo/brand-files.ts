// The demo brand as the files a real brand would hand in, up to the day the play begins.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ShopDay } from "../kernel/calendar.js";
import type { Brand, BrandChild, BrandCustomer, BrandOrder } from "../sandbox/brand-tables.js";

/** What the brand knew at the end of a day: customers who had joined, births and orders that had happened. */
export function brandUntil(brand: Brand, day: ShopDay): Brand {
  const customers = brand.customers.filter((customer) => customer.joinedOn <= day);
  const known = new Set(customers.map((customer) => customer.externalUserid));
  return {
    ...brand,
    customers,
    children: brand.children
      .filter((child) => known.has(child.externalUserid))
      .map((child) => asKnown(child, day)),
    orders: brand.orders.filter((order) => known.has(order.externalUserid) && order.orderedOn <= day),
  };
}

/** A birth that lies ahead of a day is a due date as yet. */
export function asKnown(child: BrandChild, day: ShopDay): BrandChild {
  if (child.bornOn === "" || child.bornOn <= day) return child;
  return { ...child, name: "", bornOn: "", dueOn: child.bornOn, sex: "" };
}

/** Writes the five tables into a folder, with the Chinese headers a brand would use. */
export function writeBrand(folder: string, brand: Brand): void {
  mkdirSync(folder, { recursive: true });
  const tables: Record<string, string[][]> = {
    stores: [
      ["门店编码", "门店名称", "大区", "省份", "城市"],
      ...brand.stores.map((s) => [s.code, s.name, s.region, s.province, s.city]),
    ],
    guides: [
      ["导购账号", "导购姓名", "门店编码", "入职日期"],
      ...brand.guides.map((g) => [g.userid, g.name, g.store, g.joinedOn]),
    ],
    customers: [
      ["客户ID", "姓名", "导购账号", "加入日期", "来源", "手机号", "生日", "品牌偏好", "等级", "标签"],
      ...brand.customers.map((c) => Object.values(customerRow(c))),
    ],
    children: [
      ["客户ID", "宝宝序号", "宝宝姓名", "出生日期", "预产期", "性别"],
      ...brand.children.map((c) => Object.values(childRow(c)).map(String)),
    ],
    orders: [
      ["订单号", "客户ID", "下单日期", "数量", "金额", "品类", "子品类", "渠道", "状态"],
      ...brand.orders.map((o) => Object.values(orderRow(o)).map(String)),
    ],
  };
  for (const [name, rows] of Object.entries(tables))
    writeFileSync(join(folder, `${name}.csv`), `${rows.map((cells) => cells.join(",")).join("\n")}\n`);
}

/** A customer in the columns of the import format. */
export function customerRow(customer: BrandCustomer) {
  return {
    external_userid: customer.externalUserid,
    name: customer.name,
    guide_userid: customer.guide,
    joined_on: customer.joinedOn,
    source: customer.source,
    phone: customer.phone,
    birthday: customer.birthday,
    brand_preference: customer.brandPreference,
    level: customer.level,
    tags: customer.tags,
  };
}

/** A child in the columns of the import format. */
export function childRow(child: BrandChild) {
  return {
    external_userid: child.externalUserid,
    child_no: child.childNo,
    name: child.name,
    born_on: child.bornOn,
    due_on: child.dueOn,
    sex: child.sex,
  };
}

/** An order in the columns of the import format. */
export function orderRow(order: BrandOrder) {
  return {
    order_no: order.orderNo,
    external_userid: order.externalUserid,
    ordered_on: order.orderedOn,
    quantity: order.quantity,
    amount: order.amount,
    category: order.category,
    subcategory: order.subcategory,
    channel: order.channel,
    status: order.status,
  };
}
