// The rows of a report as they are seen: ordered, with rates in words, how sure they are and how they compare.
import { SMALL } from "../reports/measures.js";
import type { Rate, ReportRow } from "../reports/report.js";
import { count, percent } from "./format.js";
import type { ReportView, SortKey } from "./report-view.js";

/** One rate in a table: its words and its bar. */
export interface RateCell {
  /** 86.5%, or — */
  text: string;
  /** 85.9–87.1, or "" */
  interval: string;
  /** percent of the bar's length, as SVG writes it */
  width: string;
  low: string;
  high: string;
  /** fewer than 30 counted */
  few: boolean;
  /** surely below or above the whole's rate, by their intervals */
  versus: "below" | "above" | "";
}

/** A rate against the whole's rate. `of` is what it is a share of. */
export function rateCell(rate: Rate | null, of: number, whole: Rate | null = null): RateCell {
  if (!rate) return { text: "—", interval: "", width: "0", low: "0", high: "0", few: false, versus: "" };
  const few = of < SMALL;
  const versus =
    few || !whole ? "" : rate.high < whole.value ? "below" : rate.low > whole.value ? "above" : "";
  const tenths = (share: number) => (share * 100).toFixed(1);
  return {
    text: percent(rate.value),
    interval: `${tenths(rate.low)}–${tenths(rate.high)}`,
    width: `${tenths(rate.value)}%`,
    low: `${tenths(rate.low)}%`,
    high: `${tenths(rate.high)}%`,
    few,
    versus,
  };
}

/** One row of a table. */
export interface SeenRow {
  key: string;
  name: string;
  /** where it stands, when the table mixes places */
  place: string;
  issued: string;
  completion: RateCell;
  onTime: RateCell;
  delivered: string;
  observed: string;
  reply: RateCell;
  messages: string;
  provisional: boolean;
  /** nothing was issued */
  empty: boolean;
}

/** A row in words, compared with the whole. */
export function seenRow(row: ReportRow, total: ReportRow): SeenRow {
  return {
    key: row.key,
    name: row.name,
    place: row.place ?? "",
    issued: count(row.issued),
    completion: rateCell(row.completionRate, row.issued, total.completionRate),
    onTime: rateCell(row.onTimeRate, row.issued, total.onTimeRate),
    delivered: count(row.delivered),
    observed: percent(row.observedShare?.value ?? null),
    reply: rateCell(row.replyRate, row.observed, total.replyRate),
    messages: count(row.messages),
    provisional: row.provisional,
    empty: row.issued === 0,
  };
}

/** Rows in the asked order; equal ones stay as they were, what cannot be counted comes last either way. */
export function sortRows(rows: readonly ReportRow[], sort: ReportView["sort"]): ReportRow[] {
  if (!sort) return [...rows];
  const sign = sort.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [sortValue(a, sort.key), sortValue(b, sort.key)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === "string") return sign * left.localeCompare(String(right), "zh-CN");
    return sign * (left - Number(right));
  });
}

function sortValue(row: ReportRow, key: SortKey): string | number | null {
  const value = row[key];
  return value !== null && typeof value === "object" ? value.value : value;
}
