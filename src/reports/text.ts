// A report as a table of text for terminals, aligned where Chinese characters are two columns wide.
import type { Rate, Report, ReportRow } from "./report.js";
import { WAY_MEASURES } from "./ways.js";

const HEADS = ["下发", "完成率", "准时率", "送达", "回复率（95% 区间）", "可观察", "客户消息", ""];

/** The rows and the total, one line each. */
export function reportText(report: Report): string {
  const place = report.path.map((step) => step.name).join(" / ");
  const title = `${report.from} – ${report.to}${place ? `  ${place}` : ""}`;
  if (report.rows.length === 0)
    return `${title}\n这段时间没有数据。先运行 guidepost plan，或检查日期范围。\n`;
  const lines = [[report.level, ...HEADS], ...[...report.rows, report.total].map(cells)];
  return `${[title, ...aligned(lines)].join("\n")}\n`;
}

/** What became of the words by the way they took, and what each count means. */
export function waysText(report: Report): string {
  const heads = [report.level, ...WAY_MEASURES.map(({ name }) => name)];
  const rows = [...report.rows, report.total].map((row) => [
    row.name,
    ...WAY_MEASURES.map(({ key }) => String(row[key as keyof ReportRow])),
  ]);
  const meanings = WAY_MEASURES.map(({ name, meaning }) => `${name}：${meaning}`);
  return `${[...aligned([heads, ...rows]), "", ...meanings].join("\n")}\n`;
}

/** Lines of cells in columns, the first to the left, figures to the right. */
export function aligned(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => widthOf(line[at] ?? ""))));
  return lines.map((line) =>
    line
      .map((cell, at) => (at === 0 ? cell + pad(cell, widths[at]) : pad(cell, widths[at]) + cell))
      .join("  ")
      .trimEnd(),
  );
}

function cells(row: ReportRow): string[] {
  const reply = row.replyRate;
  return [
    row.name,
    String(row.issued),
    percent(row.completionRate),
    percent(row.onTimeRate),
    String(row.delivered),
    reply ? `${percent(reply)}（${(reply.low * 100).toFixed(1)}–${(reply.high * 100).toFixed(1)}）` : "—",
    percent(row.observedShare),
    String(row.messages),
    [row.small ? "样本少" : "", row.provisional ? "未定" : ""].filter(Boolean).join(" "),
  ];
}

function percent(rate: Rate | null): string {
  return rate === null ? "—" : `${(rate.value * 100).toFixed(1)}%`;
}

function pad(cell: string, width = 0): string {
  return " ".repeat(Math.max(0, width - widthOf(cell)));
}

/** Columns a text takes: CJK characters and full-width marks take two (Unicode Standard Annex 11, W and F). */
function widthOf(text: string): number {
  return [...text].reduce(
    (sum, char) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        char,
      )
        ? 2
        : 1),
    0,
  );
}
