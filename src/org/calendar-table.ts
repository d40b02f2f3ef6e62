// The calendar as a table that comes in: a file of HQ's, or rows of the API.
import { choice, day, text, whole } from "../infra/cells.js";
import { openSheet } from "../infra/spreadsheets.js";
import { optional, type Reading, readCells, readHeading, readObject, required } from "../infra/tables.js";
import { type Fault, Refusal } from "../kernel/refusals.js";
import { DAY_KINDS, type DayKind } from "./calendar-rules.js";
import type { SaidEntry } from "./calendar-service.js";

/** date, kind and, for named days, name (and year, where it is not the date's own). */
export const calendarTable = {
  name: "calendar",
  chinese: "日历",
  columns: {
    on: required("date", "日期", day),
    kind: required(
      "kind",
      "类型",
      choice<DayKind>(DAY_KINDS, {
        放假: "off",
        休: "off",
        上班: "work",
        调休: "work",
        班: "work",
        静默: "quiet",
        节日: "named",
      }),
    ),
    name: optional("name", "名称", text(40)),
    year: optional("year", "年份", whole(2000, 2100)),
  },
};

/** The rows of a .csv or .xlsx file. Raises one Refusal with every fault by line and column. */
export async function readCalendarFile(path: string): Promise<SaidEntry[]> {
  const sheet = await openSheet(path);
  try {
    const heading = readHeading(calendarTable, sheet.file, sheet.heading);
    const readings: Reading<typeof calendarTable.columns>[] = [];
    for await (const rows of sheet.batches)
      for (const { cells, line } of rows) readings.push(readCells(heading, cells, line));
    return takeAll(readings);
  } finally {
    await sheet.close();
  }
}

/** The rows of a JSON array. Raises one Refusal with every fault by its 1-based place. */
export function readCalendarRows(rows: unknown): SaidEntry[] {
  if (!Array.isArray(rows) || rows.length > 1000)
    throw new Refusal("invalid", "The calendar is a JSON array of at most 1,000 objects.");
  return takeAll(rows.map((row, at) => readObject(calendarTable, row, at + 1)));
}

function takeAll(readings: readonly Reading<typeof calendarTable.columns>[]): SaidEntry[] {
  const faults = readings.flatMap((reading): Fault[] => reading.faults ?? []);
  if (faults.length > 0) throw new Refusal("invalid", "日历没有改动：有些行读不懂。", faults);
  return readings.flatMap(({ row }) =>
    row ? [{ ...row, name: row.name ?? undefined, year: row.year ?? undefined }] : [],
  );
}
