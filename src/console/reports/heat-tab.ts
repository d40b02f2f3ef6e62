// The tab 热力图: each unit's or touchpoint's days as a map of colours, every cell of which can be opened.
import { addDays } from "../../kernel/calendar.js";
import { type DayTable, dayTable } from "../../reports/day-table.js";
import type { Grid, GridCell } from "../../reports/grid.js";
import { rateValue } from "../../reports/grid.js";
import type { ReportRow } from "../../reports/report.js";
import { weekday } from "../format.js";
import { type TabView, tabPath, tabUrl } from "./frame.js";
import { heatPicture } from "./heat-picture.js";
import { chosen, type ReportTab, readTab, type TabAsk } from "./tab.js";
import { type FigurePart, type FigurePlace, measureUrl, placeOfRow } from "./task-links.js";

const MEASURES = ["completion", "reply", "issued"] as const;
const LABELS = { completion: "完成率", reply: "回复率", issued: "下发" } as const;
const ROWS = ["below", "touchpoint"] as const;
const MOST_DAYS = 62;

/** The tab. */
export const heatTab: ReportTab = {
  key: "heat",
  title: "热力图",
  needs: "see_report",
  read: (query, today) =>
    readTab(query, { from: addDays(today, -13), to: today, most: MOST_DAYS }, { m: MEASURES, by: ROWS }),
  answer: async (parts, ask) => {
    const { viewer, view } = ask;
    const by = chosen(view, "by", ROWS) as (typeof ROWS)[number];
    const table = await dayTable(parts, viewer, { ...askOf(view), by });
    const measure = chosen(view, "m", MEASURES) as (typeof MEASURES)[number];
    const grid = gridOf(table, measure, ask);
    const columns = table.days.map((day, at) => ({
      ...{ label: `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`, at: at + 1 },
      below: weekday(day).slice(1),
    }));
    return {
      path: table.path,
      grids: [grid],
      page: {
        ...{ picture: heatPicture(grid, columns), measure: LABELS[measure], level: table.level },
        choices: [
          choiceOf(view, "m", MEASURES, LABELS, measure),
          choiceOf(view, "by", ROWS, { below: levelLabel(table, by), touchpoint: "触点" }, by),
        ],
      },
    };
  },
};

function levelLabel({ level }: DayTable, by: (typeof ROWS)[number]): string {
  return by === "below" ? level : "下一级";
}

function askOf({ from, to, within }: TabView) {
  return { from, to, ...(within && { within }) };
}

function gridOf(table: DayTable, measure: (typeof MEASURES)[number], { view }: TabAsk): Grid {
  const kind = measure === "issued" ? "count" : "share";
  return {
    title: `${LABELS[measure]}热力图`,
    columns: [
      { name: table.level, kind: "text" },
      ...table.days.map((day) => ({ name: day, kind: kind as "count" | "share" })),
      { name: "合计", kind },
    ],
    rows: table.units
      .filter(({ row }) => row.issued > 0 || row.kind !== "touchpoint")
      .map(({ row, days }) => {
        const part = row.kind === "touchpoint" ? { touchpoint: row.id } : {};
        const place = placeOfRow(view, row);
        const isDeeper = row.children && (row.kind === "region" || row.kind === "store") && row.id !== null;
        const href = isDeeper ? tabUrl(tabPath("heat"), view, { within: place.within }) : "";
        const whole = { ...place, from: view.from, to: view.to };
        return {
          cells: [
            { value: row.name, href },
            ...table.days.map((day) =>
              cellOf(days.get(day), measure, { ...place, from: day, to: day }, part),
            ),
            cellOf(row, measure, whole, part),
          ],
        };
      }),
  };
}

function cellOf(
  row: ReportRow | undefined,
  measure: (typeof MEASURES)[number],
  place: FigurePlace,
  part: FigurePart,
): GridCell {
  if (!row || row.issued + row.delivered === 0) return { value: null };
  const { provisional } = row;
  if (measure === "issued")
    return { value: row.issued, provisional, href: measureUrl(place, "issued", part) };
  if (measure === "completion")
    return rateValue(row.completionRate, row.issued, {
      provisional,
      href: measureUrl(place, "completed", part),
    });
  return rateValue(row.replyRate, row.observed, { provisional, href: measureUrl(place, "replied", part) });
}

/** One choice of a tab, as tabs of its own. */
export function choiceOf<K extends string>(
  view: TabView,
  key: string,
  values: readonly K[],
  labels: Readonly<Record<K, string>>,
  active: K,
  path = tabPath("heat"),
): object {
  return {
    label: key === "m" ? "指标" : key === "by" ? "行" : "周期",
    options: values.map((value) => ({
      ...{ label: labels[value], active: value === active },
      href: tabUrl(path, view, { own: { [key]: value === values[0] ? "" : value, sort: "" } }),
    })),
  };
}
