// A report as CSV: exactly the rows seen, safe to open in a spreadsheet.
import type { Rate, Report, ReportRow } from "./report.js";

const COLUMNS: [string, (row: ReportRow) => string | number][] = [
  ["下发", (row) => row.issued],
  ["完成", (row) => row.completed],
  ["完成率", (row) => percent(row.completionRate)],
  ["准时完成", (row) => row.onTime],
  ["准时率", (row) => percent(row.onTimeRate)],
  ["送达", (row) => row.delivered],
  ["可观察", (row) => row.observed],
  ["可观察占比", (row) => percent(row.observedShare)],
  ["回复", (row) => row.replied],
  ["回复率", (row) => percent(row.replyRate)],
  ["回复率下限", (row) => (row.replyRate ? (row.replyRate.low * 100).toFixed(1) : "")],
  ["回复率上限", (row) => (row.replyRate ? (row.replyRate.high * 100).toFixed(1) : "")],
  ["客户消息", (row) => row.messages],
  ["已点按", (row) => row.tapped],
  ["已确认", (row) => row.confirmed],
  ["已证实", (row) => row.proven],
  ["未核实", (row) => row.unproven],
  ["接收已满", (row) => row.capped],
  ["非好友", (row) => row.notFriend],
  ["迟到", (row) => row.late],
  ["备注", (row) => [row.small ? "样本少" : "", row.provisional ? "未定" : ""].filter(Boolean).join(" ")],
];

/** Where a unit stands: names alone do not tell two guides apart. */
const PLACE: (typeof COLUMNS)[number] = ["所属", (row) => row.place ?? ""];

/** The rows and the total, with a byte order mark so that Excel reads it as UTF-8. Rates in percent. */
export function reportCsv(report: Report): string {
  const columns = report.rows.some((row) => row.place) ? [...COLUMNS, PLACE] : COLUMNS;
  const head = [report.level, ...columns.map(([name]) => name)];
  const lines = [...report.rows, report.total].map((row) => [
    row.name,
    ...columns.map(([, value]) => value(row)),
  ]);
  return `\ufeff${[head, ...lines].map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

function percent(rate: Rate | null): string {
  return rate === null ? "" : (rate.value * 100).toFixed(1);
}

/** A cell of CSV. What a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection). */
export function csvCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
