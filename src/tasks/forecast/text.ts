// A forecast as a table for people at a terminal.
import { type Counts, type DraftForecast, type Forecast, type ForecastLine, sumOf } from "./shape.js";

const COLUMNS: readonly [keyof Counts, string][] = [
  ["planned", "到期"],
  ["released", "下发"],
  ["put_off", "顺延"],
  ["skipped", "跳过"],
  ["held_out", "对照"],
  ["merged", "合并"],
  ["held", "暂缓"],
  ["needs_data", "缺资料"],
];
/** Of long lists the first. */
const MOST = 20;
const NOBODY = "无负责导购";

/** The forecast in words; of a draft, what it changes. */
export function forecastText(forecast: Forecast | DraftForecast): string {
  const { days, overloaded, missing, caps, assumptions } = forecast;
  const isDraft = "difference" in forecast;
  const parts = [
    ...(isDraft ? ["草稿发布以后："] : []),
    ...tableOf(days),
    ...listOf("超出每日上限的导购", overloaded, ({ on, guide, name, tasks, cap }) =>
      [on, `${name}（${guide}）`, `${tasks} 个任务，上限 ${cap}`].join("  "),
    ),
    ...listOf("缺资料", missing, ({ touchpoint, variable, label, customers, of }) =>
      [touchpoint, `${of} 位客户中 ${customers} 位没有${label}（${variable}）`].join("  "),
    ),
    "",
    `因次数上限顺延 ${caps.put_off} 次，跳过 ${caps.skipped} 个。`,
    ...(isDraft ? ["", "与现在发布的相比：", ...tableOf(forecast.difference.days)] : []),
    "",
    ...assumptions.map((one) => `* ${one}`),
  ];
  return parts.join("\n");
}

function tableOf(days: readonly ForecastLine[]): string[] {
  const shown = COLUMNS.filter(([name]) => days.some((line) => line[name] !== 0));
  const numbers = (line: Counts) => shown.map(([name]) => `${line[name]}`);
  const rows = [
    ["日期", "大区", "触点", ...shown.map(([, title]) => title)],
    ...days.map((line) => [line.on, line.region ?? NOBODY, line.touchpoint, ...numbers(line)]),
    ["合计", "", "", ...numbers(sumOf(days))],
  ];
  if (days.length === 0) return ["没有任务。"];
  const widths = rows[0]?.map((_cell, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? "")))) ?? [];
  return rows.map((row) => row.map((cell, at) => padded(cell, widths[at] ?? 0, at > 2)).join("  "));
}

function listOf<T>(title: string, list: readonly T[], say: (one: T) => string): string[] {
  if (list.length === 0) return [];
  const rest = list.length > MOST ? [`… 共 ${list.length} 条`] : [];
  return ["", `${title}：`, ...list.slice(0, MOST).map(say), ...rest];
}

function padded(cell: string, width: number, right: boolean): string {
  const space = " ".repeat(width - widthOf(cell));
  return right ? space + cell : cell + space;
}

/** On a terminal a Chinese character takes the room of two others. */
function widthOf(text: string): number {
  return [...text].reduce((sum, char) => sum + ((char.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1), 0);
}
