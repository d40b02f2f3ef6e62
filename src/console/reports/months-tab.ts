// The tab 月度回复: customers' messages by month and place.
import { addMonths, firstOfMonth, type ShopDay } from "../../kernel/calendar.js";
import type { Grid, GridCell } from "../../reports/grid.js";
import { type MonthTable, monthTable } from "../../reports/months.js";
import { type TabView, tabPath, tabUrl } from "./frame.js";
import { unheardOf } from "./golden-tab.js";
import { gridView, sorted, sortOf } from "./grid-view.js";
import { type ReportTab, readTab } from "./tab.js";
import { measureUrl, placeOfRow } from "./task-links.js";

/** The tab. */
export const monthsTab: ReportTab = {
  key: "months",
  title: "月度回复",
  needs: "see_report",
  read: (query, today) => readTab(query, { from: addMonths(firstOfMonth(today), -5), to: today, most: 400 }),
  answer: async (parts, { viewer, view, today }) => {
    const { from, to, within } = view;
    const table = await monthTable(parts, viewer, { from, to, ...(within && { within }) });
    const sort = sortOf(view.own.sort);
    const grid = sorted(gridOf(table, view), sort);
    const path = tabPath("months");
    return {
      ...{ path: table.path, grids: [grid], sort },
      page: {
        grid: gridView(grid, sort, (by) => tabUrl(path, view, { own: { sort: by } })),
        isEmpty: [...table.total.values()].every((n) => n === 0),
        unheard: unheardOf(table.heardFrom, from),
        // a month that goes on will still grow
        isOpen: to >= today,
        chart: tabUrl("/report/months.svg", view, { own: { sort: "" } }),
        level: table.level,
      },
    };
  },
};

function gridOf(table: MonthTable, view: TabView): Grid {
  return {
    title: "月度回复",
    columns: [
      { name: table.level, kind: "text" },
      ...table.months.map((month) => ({ name: monthName(month), kind: "count" as const })),
      { name: "合计", kind: "count" },
    ],
    rows: [
      ...table.units.map((unit) => {
        const place = placeOfRow(view, unit);
        const href = unit.children ? tabUrl(tabPath("months"), view, { within: place.within }) : "";
        return { cells: [{ value: unit.name, href }, ...cellsOf(unit.months, table, place)] };
      }),
      { cells: [{ value: "合计" }, ...cellsOf(table.total, table, view)], isTotal: true },
    ],
  };
}

function cellsOf(
  counts: ReadonlyMap<ShopDay, number>,
  { months, heardFrom }: MonthTable,
  place: Pick<TabView, "from" | "to" | "within">,
): GridCell[] {
  const sum = [...counts.values()].reduce((all, n) => all + n, 0);
  return [
    ...months.map((month) => {
      const span = inside(month, place);
      // before anything was heard nothing is known, which is not nothing said
      const isUnheard = heardFrom === null || span.to < heardFrom;
      const value = counts.get(month) || (isUnheard ? null : 0);
      return { value, href: measureUrl({ ...place, ...span }, "messages") };
    }),
    { value: sum, href: measureUrl(place, "messages") },
  ];
}

/** A month's days that lie in the span. */
function inside(month: ShopDay, { from, to }: { from: ShopDay; to: ShopDay }) {
  const last = lastOfMonth(month);
  return { from: month > from ? month : from, to: last < to ? last : to };
}

function lastOfMonth(month: ShopDay): ShopDay {
  // the 31st, clamped to the month's own end
  return addMonths(`${month.slice(0, 4)}-01-31`, Number(month.slice(5, 7)) - 1);
}

/** 2026-03-01 → 2026年3月 */
export function monthName(month: ShopDay): string {
  return `${month.slice(0, 4)}年${Number(month.slice(5, 7))}月`;
}
