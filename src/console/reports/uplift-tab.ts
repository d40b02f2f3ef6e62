// The tab 增量: what touchpoints change, as drawn against those held out; what was only sent stands beside it, marked.
import { type ShopDay, shopDayOf } from "../../kernel/calendar.js";
import type { Grid, GridCell, GridColumn } from "../../reports/grid.js";
import { rateValue } from "../../reports/grid.js";
import { type KeptUplift, upliftsKept } from "../../reports/league.js";
import { SMALL } from "../../reports/measures.js";
import { longDay, span } from "../format.js";
import { tabPath, tabUrl } from "./frame.js";
import { gridView, sorted, sortOf } from "./grid-view.js";
import { type ReportTab, readTab } from "./tab.js";
import { armUrl } from "./task-links.js";
import { isFewUplift, upliftVerdict } from "./uplift-verdict.js";

const COLUMNS: readonly GridColumn[] = [
  { name: "触点", kind: "text" },
  {
    name: "对照比例",
    kind: "share",
    wide: true,
    meaning: "留作对照的客户比例，触点自己的和旅程的合在一起",
  },
  { name: "分到", kind: "count", wide: true, meaning: "到期且没有留作对照的次数，不论后来发没发" },
  {
    name: "分到的复购率",
    kind: "share",
    interval: true,
    wide: true,
    meaning: "到期日起 30 天内有订单的比例",
  },
  { name: "对照", kind: "count", wide: true },
  { name: "对照的复购率", kind: "share", interval: true, wide: true },
  { name: "增量", kind: "points", interval: true, meaning: "分到的减对照的，百分点和 95% 区间" },
  {
    name: "校正后的 p",
    kind: "number",
    wide: true,
    meaning: "把所有触点当成一道题（Benjamini–Hochberg）；不超过 0.05 才算站得住",
  },
  { name: "结论", kind: "text" },
  {
    name: "仅已发送（有偏）",
    kind: "points",
    interval: true,
    wide: true,
    meaning: "只看真正发出的与对照相比。发不发由导购决定，不是抽签，所以差别不全是消息带来的，只能参考",
  },
];

/** The tab. */
export const upliftTab: ReportTab = {
  key: "uplift",
  title: "增量",
  needs: "see_experiments",
  timeless: true,
  read: (query, today) => readTab(query, { from: today, to: today, most: 400 }),
  answer: async ({ store, zone }, { view }) => {
    const kept = await upliftsKept(store);
    const sort = sortOf(view.own.sort);
    const grid = sorted(gridOf(kept), sort);
    const [first] = kept;
    return {
      ...{ path: [], grids: [grid], sort },
      page: {
        grid: gridView(grid, sort, (by) => tabUrl(tabPath("uplift"), view, { own: { sort: by } })),
        isEmpty: kept.length === 0,
        days: first ? span(earliest(kept), first.figures.to) : "",
        reckoned: first ? longDay(shopDayOf(first.reckonedAt, zone)) : "",
      },
    };
  },
};

/** The first day that any of them counts: each begins with its own hold-out. */
function earliest(kept: readonly KeptUplift[]): ShopDay {
  return kept.map(({ figures }) => figures.from).sort()[0] ?? "";
}

function gridOf(kept: readonly KeptUplift[]): Grid {
  return {
    title: "增量",
    columns: [...COLUMNS],
    rows: kept.map(({ touchpointId: touchpoint, figures }) => {
      const { assigned, held_out: held, uplift, sent_only: sent, provisional } = figures;
      const few = isFewUplift(figures);
      return {
        cells: [
          { value: figures.name, href: `/experiments/${figures.key}` },
          { value: figures.hold_out / 100 },
          { value: assigned.occurrences, href: armUrl(figures, "drawn", { touchpoint }) },
          rateValue(assigned.rate, assigned.occurrences, { provisional }),
          { value: held.occurrences, href: armUrl(figures, "held", { touchpoint }) },
          rateValue(held.rate, held.occurrences, { provisional }),
          uplift.difference ? { ...uplift.difference, few, provisional } : { value: null },
          { value: figures.p_adjusted },
          { value: upliftVerdict(figures, figures.p_adjusted) },
          sentOnly(sent, held.occurrences),
        ],
      };
    }),
  };
}

function sentOnly(sent: KeptUplift["figures"]["sent_only"], held: number): GridCell {
  if (!sent.difference) return { value: null };
  return { ...sent.difference, few: Math.min(sent.occurrences, held) < SMALL };
}
