// Customers, children and orders as tables that come in: their columns and what each takes.
import { choice, day, flag, list, mobile, money, text, whole } from "../infra/cells.js";
import { optional, type RowOf, required } from "../infra/tables.js";

const externalUserid = required("external_userid", "客户ID", text(64));

export const customerTable = {
  name: "customers",
  chinese: "客户",
  columns: {
    externalUserid,
    name: optional("name", "姓名", text(120)),
    guideUserid: optional("guide_userid", "导购账号", text(64)),
    joinedOn: optional("joined_on", "加入日期", day),
    source: optional("source", "来源", text(40)),
    phone: optional("phone", "手机号", mobile),
    birthday: optional("birthday", "生日", day),
    brandPreference: optional("brand_preference", "品牌偏好", text(60)),
    level: optional("level", "等级", text(40)),
    tags: optional("tags", "标签", list(60)),
    optedOut: optional("opted_out", "退订", flag),
  },
};

export const childTable = {
  name: "children",
  chinese: "宝宝",
  columns: {
    externalUserid,
    childNo: required("child_no", "宝宝序号", whole(1, 20)),
    name: optional("name", "宝宝姓名", text(60)),
    bornOn: optional("born_on", "出生日期", day),
    dueOn: optional("due_on", "预产期", day),
    sex: optional(
      "sex",
      "性别",
      choice(["boy", "girl"], {
        ...{ 男: "boy", 男孩: "boy", 男宝: "boy", m: "boy", male: "boy" },
        ...{ 女: "girl", 女孩: "girl", 女宝: "girl", f: "girl", female: "girl" },
      }),
    ),
  },
};

export const orderTable = {
  name: "orders",
  chinese: "订单",
  columns: {
    orderNo: required("order_no", "订单号", text(64)),
    externalUserid,
    orderedOn: required("ordered_on", "下单日期", day),
    quantity: optional("quantity", "数量", whole(0, 1_000_000)),
    amount: optional("amount", "金额", money),
    category: optional("category", "品类", text(60)),
    subcategory: optional("subcategory", "子品类", text(60)),
    channel: optional("channel", "渠道", text(40)),
    status: optional(
      "status",
      "状态",
      choice(["paid", "refunded"], {
        ...{ 已付款: "paid", 已支付: "paid", 已完成: "paid" },
        ...{ 已退款: "refunded", 已退货: "refunded", 退款: "refunded" },
      }),
    ),
  },
};

export const transferTable = {
  name: "transfers",
  chinese: "客户交接",
  columns: {
    externalUserid,
    guideUserid: optional("guide_userid", "接替导购账号", text(64)),
    outcome: required(
      "outcome",
      "结果",
      choice(["accepted", "declined"], {
        ...{ 接受: "accepted", 已接受: "accepted", 已接替: "accepted", 成功: "accepted" },
        ...{ 拒绝: "declined", 已拒绝: "declined", 客户拒绝: "declined" },
      }),
    ),
  },
};

export type CustomerRow = RowOf<typeof customerTable.columns>;
export type ChildRow = RowOf<typeof childTable.columns>;
export type TransferRow = RowOf<typeof transferTable.columns>;
export type OrderRow = RowOf<typeof orderTable.columns>;
