// What a tab of the report is: how its address is read, and what it answers with, for a page and for files alike.
import { z } from "zod";
import type { Action } from "../../identity/permissions.js";
import type { Viewer } from "../../identity/viewer.js";
import type { Store } from "../../infra/store.js";
import { readValues } from "../../infra/web.js";
import { daysBetween, isShopDay, type ShopDay } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import type { World } from "../../kernel/world.js";
import type { ModelService } from "../../models/service.js";
import type { Grid } from "../../reports/grid.js";
import type { Report, ReportNode } from "../../reports/report.js";
import type { ReportService } from "../../reports/service.js";
import type { TabKey, TabView } from "./frame.js";
import type { GridSort } from "./grid-view.js";

/** What tabs are answered from. */
export interface TabParts {
  store: Store;
  world: World;
  zone: string;
  replyWindowHours: number;
  reports: ReportService;
  models: Pick<ModelService, "backtests">;
}

export interface TabAsk {
  viewer: Viewer;
  view: TabView;
  today: ShopDay;
}

/** What a tab shows. */
export interface TabAnswer {
  path: Report["path"];
  /** what files are made of, in the order seen */
  grids: Grid[];
  /** what the page shows besides, or instead */
  page: object;
  sort?: GridSort | undefined;
}

export interface ReportTab {
  key: Exclude<TabKey, "">;
  title: string;
  needs: Action;
  /** shows what is now, without days */
  timeless?: boolean;
  /** reads an address. Raises `invalid` */
  read(query: object, today: ShopDay): TabView;
  answer(parts: TabParts, ask: TabAsk): Promise<TabAnswer>;
}

const NAMES: Record<string, string> = {
  ...{ from: "开始日期", to: "结束日期", in: "位置", sort: "排序" },
  ...{ m: "指标", by: "行", unit: "周期" },
};
const day = z.string().refine(isShopDay, "日期，如 2026-03-01");
const base = {
  from: day.optional(),
  to: day.optional(),
  in: z
    .string()
    .regex(/^(region|store|guide):\d{1,9}$/, "区域、门店或导购")
    .optional(),
  sort: z
    .string()
    .regex(/^-?\d{1,2}$/, "列的序号")
    .optional(),
};

/** Reads a tab's address: the usual days when it names none, `choices` with what may be chosen (the first when nothing is).
 *  Raises `invalid` for what cannot be, or for more than `most` days. */
export function readTab(
  query: object,
  usual: { from: ShopDay; to: ShopDay; most: number },
  choices: Readonly<Record<string, readonly [string, ...string[]]>> = {},
): TabView {
  const shape = z.object({
    ...base,
    ...Object.fromEntries(
      Object.entries(choices).map(([key, of]) => [key, z.enum(of, of.join("、")).optional()]),
    ),
  });
  const asked = readValues(shape, query, "report", NAMES) as Record<string, string | undefined>;
  const end = asked.to ?? (asked.from && asked.from > usual.to ? asked.from : usual.to);
  const [from = end, to = end] = [asked.from ?? (usual.from < end ? usual.from : end), end].sort();
  if (daysBetween(from, to) >= usual.most)
    throw new Refusal("invalid", "日期范围太长。", [
      { where: "开始到结束", value: `${from} – ${to}`, expected: `不超过 ${usual.most} 天` },
    ]);
  const [kind, id] = asked.in?.split(":") ?? [];
  const within = kind ? { kind: kind as ReportNode["kind"], id: Number(id) } : undefined;
  const own: Record<string, string> = { ...(asked.sort && { sort: asked.sort }) };
  for (const [key, [first]] of Object.entries(choices))
    if (asked[key] !== undefined && asked[key] !== first) own[key] = asked[key];
  return { from, to, within, own };
}

/** What is chosen of some choices. */
export function chosen(view: TabView, key: string, choices: readonly [string, ...string[]]): string {
  return view.own[key] ?? choices[0];
}
