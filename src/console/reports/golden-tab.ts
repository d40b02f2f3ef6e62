// The tab 黄金14天: who of the new customers wrote in their first fourteen days, by week or month of joining.
import { addDays, type ShopDay } from "../../kernel/calendar.js";
import type { Grid, GridCell } from "../../reports/grid.js";
import { rateValue } from "../../reports/grid.js";
import { type Cohort, type CohortUnit, type Golden, golden } from "../../reports/newcomers/golden.js";
import { longDay, shortDay } from "../format.js";
import { type TabView, tabPath, tabUrl } from "./frame.js";
import { gridView, sorted, sortOf } from "./grid-view.js";
import { heatPicture } from "./heat-picture.js";
import { choiceOf } from "./heat-tab.js";
import { chosen, type ReportTab, readTab } from "./tab.js";
import { type FigurePlace, newcomersUrl } from "./task-links.js";

const UNITS = ["week", "month"] as const;
const LABELS = { week: "按周", month: "按月" } as const;

/** The tab. */
export const goldenTab: ReportTab = {
  key: "golden",
  title: "黄金14天",
  needs: "see_report",
  read: (query, today) =>
    readTab(query, { from: addDays(today, -83), to: today, most: 400 }, { unit: UNITS }),
  answer: async ({ store }, { viewer, view, today }) => {
    const unit = chosen(view, "unit", UNITS) as CohortUnit;
    const { from, to, within } = view;
    const found = await golden(store, viewer, { from, to, unit, today, ...(within && { within }) });
    const path = tabPath("golden");
    const sort = sortOf(view.own.sort);
    const cohorts = sorted(cohortGrid(found, view, unit), sort);
    const units = unitGrid(found, view, unit);
    const columns = found.cohorts.map((cohort, at) => ({
      ...{ label: shortOf(cohort, unit), below: unit === "week" ? "起" : "", at: at + 1 },
    }));
    return {
      ...{ path: found.path, grids: found.units.length > 0 ? [cohorts, units] : [cohorts], sort },
      page: {
        grid: gridView(cohorts, sort, (by) => tabUrl(path, view, { own: { sort: by } })),
        picture: found.units.length > 0 ? heatPicture(units, columns) : null,
        level: found.level,
        isEmpty: found.cohorts.every(({ newcomers }) => newcomers === 0),
        provisional: found.total.provisional,
        unheard: unheardOf(found.heardFrom, from),
        choices: [choiceOf(view, "unit", UNITS, LABELS, unit, path)],
      },
    };
  },
};

function cohortGrid(found: Golden, view: TabView, unit: CohortUnit): Grid {
  return {
    title: "黄金14天",
    columns: [
      { name: unit === "week" ? "加入周" : "加入月份", kind: "text" },
      { name: "新客户", kind: "count", meaning: "在这段时间第一次加上我们任何一位导购的客户" },
      { name: "有消息的新客户", kind: "count", wide: true, meaning: "加入后 14 天内（含当天）发来过消息" },
      { name: "有消息占比", kind: "share", interval: true },
      { name: "消息", kind: "count", wide: true, meaning: "他们在前 14 天里发来的消息" },
      { name: "人均消息", kind: "number", meaning: "消息 ÷ 新客户" },
    ],
    rows: [
      ...found.cohorts.map((cohort) => ({ cells: cellsOf(nameOf(cohort, unit), cohort, view) })),
      { cells: cellsOf(totalName(found, view), found.total, view), isTotal: true },
    ],
  };
}

/** From when messages are known, where the span begins before; "none": never. */
export function unheardOf(heardFrom: ShopDay | null, from: ShopDay): string {
  if (heardFrom === null) return "none";
  return heardFrom > from ? longDay(heardFrom) : "";
}

/** Who joined before anything was heard is not in the total. */
function totalName({ total }: Golden, { from }: TabView): string {
  return total.from > from ? `合计（${shortDay(total.from)}起）` : "合计";
}

function cellsOf(name: string, cohort: Cohort, view: TabView): GridCell[] {
  const { newcomers, spoke, messages, share, each, small, provisional, unheard } = cohort;
  const place: FigurePlace = { ...view, from: cohort.from, to: cohort.to };
  return [
    { value: name },
    { value: newcomers, href: newcomersUrl(place, "newcomers") },
    { value: unheard ? null : spoke, href: newcomersUrl(place, "spoke") },
    rateValue(share, newcomers, { provisional, href: newcomersUrl(place, "spoke") }),
    { value: unheard ? null : messages, href: newcomersUrl(place, "spoke") },
    { value: each, few: small && each !== null, provisional: provisional && each !== null },
  ];
}

function unitGrid(found: Golden, view: TabView, unit: CohortUnit): Grid {
  return {
    title: `黄金14天有消息占比 各${found.level}`,
    columns: [
      { name: found.level, kind: "text" },
      ...found.cohorts.map((cohort) => ({ name: nameOf(cohort, unit), kind: "share" as const })),
    ],
    rows: found.units.map(({ kind, id, name, cohorts }) => {
      const within = { kind, id };
      const href = kind === "guide" ? "" : tabUrl(tabPath("golden"), view, { within });
      return {
        cells: [
          { value: name, href },
          ...cohorts.map(({ from, to, share, newcomers, provisional }) =>
            rateValue(share, newcomers, { provisional, href: newcomersUrl({ from, to, within }, "spoke") }),
          ),
        ],
      };
    }),
  };
}

/** 3月2日 – 3月8日, 2026年3月 */
function nameOf({ from, to }: Cohort, unit: CohortUnit): string {
  if (unit === "month") return `${from.slice(0, 4)}年${Number(from.slice(5, 7))}月`;
  return from === to ? shortDay(from) : `${shortDay(from)} – ${shortDay(to)}`;
}

function shortOf({ from }: Cohort, unit: CohortUnit): string {
  return unit === "month"
    ? `${Number(from.slice(5, 7))}月`
    : `${Number(from.slice(5, 7))}/${Number(from.slice(8))}`;
}
