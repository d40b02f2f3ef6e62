// What of the report somebody looks at, as it stands in the address: dates, place, level, order, page.
import { z } from "zod";
import { readValues } from "../../infra/web.js";
import { addDays, daysBetween, isShopDay, type ShopDay } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import type { ReportNode } from "../../reports/report.js";

/** The levels a table can show: the next one down, or all stores or guides of the place at once. */
const LEVELS = ["below", "store", "guide"] as const;
export type Level = (typeof LEVELS)[number];

/** The columns a table can be ordered by. */
const SORTS = [
  ...["name", "issued", "completionRate", "onTimeRate", "delivered", "observedShare"],
  ...["replyRate", "messages"],
] as const;
export type SortKey =
  | "name"
  | "issued"
  | "completionRate"
  | "onTimeRate"
  | "delivered"
  | "observedShare"
  | "replyRate"
  | "messages";

export interface ReportView {
  from: ShopDay;
  to: ShopDay;
  by: Level;
  within?: ReportNode;
  /** undefined: the organisation's own order */
  sort?: { key: SortKey; down: boolean };
  /** 1-based */
  page: number;
}

const MAX_DAYS = 400;
const NAMES = { from: "开始日期", to: "结束日期", by: "层级", in: "位置", sort: "排序", page: "页码" };

const day = z.string().refine(isShopDay, "日期，如 2026-03-01");
const shape = z.object({
  from: day.optional(),
  to: day.optional(),
  by: z.enum(LEVELS, "below、store 或 guide").default("below"),
  in: z
    .string()
    .regex(/^(region|store|guide):\d{1,9}$/, "区域、门店或导购")
    .optional(),
  sort: z
    .string()
    .regex(new RegExp(`^-?(${SORTS.join("|")})$`), "列名")
    .optional(),
  page: z.coerce.number("页码").int("页码").min(1, "页码").max(10_000, "页码").default(1),
});

/** Reads a query; the last seven days when it names none. Raises `invalid` for what cannot be. */
export function readView(query: object, today: ShopDay): ReportView {
  const asked = readValues(shape, query, "report", NAMES);
  const end = asked.to ?? (asked.from && asked.from > today ? asked.from : today);
  // whoever changes one end first may pass the other for a moment
  const [from = end, to = end] = [asked.from ?? addDays(end, -6), end].sort();
  if (daysBetween(from, to) >= MAX_DAYS)
    throw new Refusal("invalid", "日期范围太长。", [
      { where: "开始到结束", value: `${from} – ${to}`, expected: `不超过 ${MAX_DAYS} 天` },
    ]);
  const [kind, id] = asked.in?.split(":") ?? [];
  const within = kind ? { kind: kind as ReportNode["kind"], id: Number(id) } : undefined;
  const sort = asked.sort?.startsWith("-")
    ? { key: asked.sort.slice(1) as SortKey, down: true }
    : asked.sort && { key: asked.sort as SortKey, down: false };
  return { from, to, by: asked.by, page: asked.page, ...(within && { within }), ...(sort && { sort }) };
}

/** The address of a view with something changed; what changes the rows goes back to the first page. */
export function viewUrl(path: string, view: ReportView, change: Partial<ReportView> = {}): string {
  const next = { ...view, page: 1, ...change };
  const query = new URLSearchParams({ from: next.from, to: next.to });
  if (next.within) query.set("in", `${next.within.kind}:${next.within.id}`);
  if (next.by !== "below") query.set("by", next.by);
  if (next.sort) query.set("sort", `${next.sort.down ? "-" : ""}${next.sort.key}`);
  if (next.page > 1) query.set("page", String(next.page));
  return `${path}?${query}`;
}
