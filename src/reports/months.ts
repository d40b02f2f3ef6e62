// Customers' messages by month and place, from the daily roll-ups.
import type { Viewer } from "../identity/viewer.js";
import { addMonths, firstOfMonth, type ShopDay } from "../kernel/calendar.js";
import { heardSince, questionOf } from "./asking.js";
import { dayTable } from "./day-table.js";
import { sumOwn } from "./queries.js";
import type { Report, ReportAsk, ReportRow } from "./report.js";
import type { ReportParts } from "./service.js";

/** Messages of one unit by month. */
export interface MonthUnit {
  key: string;
  name: string;
  kind: ReportRow["kind"];
  id: number | null;
  children: boolean;
  /** by the first of the month */
  months: ReadonlyMap<ShopDay, number>;
}

export interface MonthTable {
  level: string;
  /** the first day of each month, from early to late */
  months: ShopDay[];
  units: MonthUnit[];
  /** of the whole place, whatever stands below it */
  total: ReadonlyMap<ShopDay, number>;
  path: Report["path"];
  /** the first day of which any message is known; null: none is */
  heardFrom: ShopDay | null;
}

/** The months that a span touches, whole or in part. */
function monthsIn(from: ShopDay, to: ShopDay): ShopDay[] {
  const months: ShopDay[] = [];
  for (let month = firstOfMonth(from); month <= to; month = addMonths(month, 1)) months.push(month);
  return months;
}

/** Messages by unit and month. Raises as `report` does. */
export async function monthTable(
  parts: ReportParts,
  viewer: Viewer,
  ask: Pick<ReportAsk, "from" | "to" | "within">,
): Promise<MonthTable> {
  const table = await dayTable(parts, viewer, { ...ask, by: "below" });
  const { sql, tree, place, span } = await questionOf(parts.store.read, viewer, ask);
  const own = await sumOwn<ShopDay>(sql, tree, place, span, "on_day");
  return {
    level: table.level,
    path: table.path,
    heardFrom: await heardSince(sql),
    months: monthsIn(ask.from, ask.to),
    total: byMonth(own.map(({ unit, messages }) => [unit, messages])),
    units: table.units.map(({ row, days }) => ({
      ...{ key: row.key, name: row.name, kind: row.kind, id: row.id, children: row.children },
      months: byMonth([...days].map(([day, { messages }]) => [day, messages])),
    })),
  };
}

function byMonth(days: readonly [ShopDay, number][]): Map<ShopDay, number> {
  const months = new Map<ShopDay, number>();
  for (const [day, messages] of days) {
    const month = firstOfMonth(day);
    months.set(month, (months.get(month) ?? 0) + Number(messages));
  }
  return months;
}
