// Stores and guides as tables that come in: their columns and what each takes.
import { day, flag, text } from "../infra/cells.js";
import { optional, type RowOf, required } from "../infra/tables.js";

/** Stores. The columns from 大区 on are region levels, as many as there are. */
export const storeTable = {
  name: "stores",
  chinese: "门店",
  columns: {
    code: required("store_code", "门店编码", text(64)),
    name: required("store_name", "门店名称", text(120)),
  },
  rest: { key: "regions", heading: "region", chinese: "大区" },
};

export const guideTable = {
  name: "guides",
  chinese: "导购",
  columns: {
    userid: required("guide_userid", "导购账号", text(64)),
    name: required("guide_name", "导购姓名", text(120)),
    storeCode: required("store_code", "门店编码", text(64)),
    joinedOn: optional("joined_on", "入职日期", day),
    leftOn: optional("left_on", "离职日期", day),
  },
};

export const leaveTable = {
  name: "leaves",
  chinese: "休假",
  columns: {
    userid: required("guide_userid", "导购账号", text(64)),
    fromOn: required("from_on", "开始日期", day),
    toOn: required("to_on", "结束日期", day),
    deputyUserid: optional("deputy_userid", "代班导购账号", text(64)),
    cancelled: optional("cancelled", "已取消", flag),
  },
};

/** A store with the names of its regions from the top down. */
export type StoreRow = RowOf<typeof storeTable.columns> & { regions: string[] };
export type GuideRow = RowOf<typeof guideTable.columns>;
export type LeaveRow = RowOf<typeof leaveTable.columns>;
