// What taking an import back comes to, as a sentence.
import type { UndoCounts } from "./undo.js";
import type { UndoKindName } from "./undo-words.js";

/** What the kinds of rows are called. */
export const KIND_NAMES: Readonly<Record<UndoKindName, string>> = {
  ...{ transfers: "客户交接", orders: "订单", children: "宝宝", customers: "客户", leaves: "休假" },
  ...{ guides: "导购", stores: "门店", regions: "区域", levels: "区域层级名称" },
};

/** 撤销将会移除 3 行、恢复 2 行；1 行之后又有改动或已被使用，保留；… */
export function sayUndo({ remove, restore, keep, tasks }: UndoCounts, head: string): string {
  const kept = keep > 0 ? `；${keep} 行之后又有改动或已被使用，保持不变` : "";
  const gone = tasks > 0 ? `；${tasks} 个还没有下发的任务随客户移除` : "";
  return `${head}移除新增的 ${remove} 行，恢复改动的 ${restore} 行${kept}${gone}。`;
}
