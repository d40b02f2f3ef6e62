// The rows of a report as they are seen: ordered, with rates in words, how sure they are and how they compare.
import type { Measure } from "../../reports/drill/drill.js";
import { SMALL } from "../../reports/measures.js";
import type { Rate, ReportRow } from "../../reports/report.js";
import { compareNames, count, percent } from "../format.js";
import type { ReportView, SortKey } from "./view.js";

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
  /** opens what it counts; "" for nothing to open */
  href: string;
  /** surely below or above the whole's rate, by their intervals */
  versus: "below" | "above" | "";
}

/** A rate against the whole's rate. `of` is what it is a share of. */
export function rateCell(rate: Rate | null, of: number, whole: Rate | null = null, href = ""): RateCell {
  if (!rate)
    return { text: "—", interval: "", width: "0", low: "0", high: "0", few: false, versus: "", href: "" };
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
    href: rate.value > 0 ? href : "",
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
  /** what opens the counts; "" for nothing to open */
  links: { issued: string; delivered: string; observed: string; messages: string };
}

/** Gives the address that opens a measure of a row. */
export type OpenMeasure = (measure: Measure) => string;

/** A row in words, compared with the whole. */
export function seenRow(row: ReportRow, total: ReportRow, open: OpenMeasure = () => ""): SeenRow {
  const link = (measure: "issued" | "delivered" | "observed" | "messages") =>
    row[measure] > 0 ? open(measure) : "";
  return {
    key: row.key,
    name: row.name,
    place: row.place ?? "",
    issued: count(row.issued),
    completion: rateCell(row.completionRate, row.issued, total.completionRate, open("completed")),
    onTime: rateCell(row.onTimeRate, row.issued, total.onTimeRate, open("onTime")),
    delivered: count(row.delivered),
    observed: percent(row.observedShare?.value ?? null),
    reply: rateCell(row.replyRate, row.observed, total.replyRate, open("replied")),
    messages: count(row.messages),
    provisional: row.provisional,
    empty: row.issued === 0,
    links: {
      ...{ issued: link("issued"), delivered: link("delivered") },
      ...{ observed: link("observed"), messages: link("messages") },
    },
  };
}

/** Rows in the asked order; equal ones stay as they were, what cannot be counted comes last either way. */
export function sortRows(rows: readonly ReportRow[], sort: ReportView["sort"]): ReportRow[] {
  if (!sort) return [...rows];
  const sign = sort.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [sortValue(a, sort.key), sortValue(b, sort.key)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === "string") return sign * compareNames(left, String(right));
    return sign * (left - Number(right));
  });
}

function sortValue(row: ReportRow, key: SortKey): string | number | null {
  const value = row[key];
  return value !== null && typeof value === "object" ? value.value : value;
}
