// The page behind a figure: its tasks, messages or customers, and the same lines as a sheet.
import type { DrillAsk, DrillOf } from "../../reports/drill/drill.js";
import { ARM_NAMES, MEASURE_NAMES } from "../../reports/drill/drill.js";
import type { DrillLine } from "../../reports/drill/drill-names.js";
import type { Drill } from "../../reports/drill/drill-service.js";
import { STAGES, whyName } from "../../reports/funnel/stages.js";
import type { Grid, GridCell, GridColumn, Sheet, SheetCell } from "../../reports/grid.js";
import type { NewcomerAsk, NewcomerLine, NewcomerPage } from "../../reports/newcomers/newcomer-list.js";
import { REASON_NAMES, STATE_NAMES } from "../../tasks/life.js";
import { count, longDay, moment, shortDay, span } from "../format.js";
import { gridView } from "./grid-view.js";

/** What the heading says besides the figure. */
export interface FigureWords {
  touchpoint: string;
  /** of an arm of an experiment */
  variant?: string;
  way: string;
  zone: string;
  /** the page's own query, for files and the next page */
  query?: string;
}

interface Column<L> extends GridColumn {
  value(line: L, zone: string): string | number | null;
}

const at = (ms: number | null, zone: string) => (ms === null ? null : moment(Number(ms), zone));
const CUSTOMER = {
  name: "客户",
  kind: "text",
  value: ({ customer }) => customer || "（已删除）",
} as const satisfies Column<{ customer: string }>;
const PEOPLE = [
  CUSTOMER,
  { name: "导购", kind: "text", value: ({ guideName }) => guideName || "—" },
  { name: "门店", kind: "text", wide: true, value: ({ storeName }) => storeName || "—" },
] as const satisfies readonly Column<{ customer: string; guideName: string; storeName: string }>[];

const STATE = (line: DrillLine) => (line.state === null ? null : STATE_NAMES[line.state]);
const REASON = (line: DrillLine) =>
  line.reason === null ? null : (REASON_NAMES[line.reason] ?? line.reason);

const TASKS: readonly Column<DrillLine>[] = [
  ...PEOPLE,
  { name: "触点", kind: "text", value: ({ touchpoint }) => touchpoint },
  {
    name: "到期日",
    kind: "text",
    wide: true,
    value: ({ dueOn }) => (dueOn === null ? null : shortDay(dueOn)),
  },
  { name: "下发日", kind: "text", wide: true, value: ({ day }) => shortDay(day) },
  { name: "状态", kind: "text", value: STATE },
  { name: "原因", kind: "text", value: REASON },
  { name: "下发时间", kind: "text", wide: true, value: (line, zone) => at(line.offeredAt, zone) },
  { name: "确认时间", kind: "text", wide: true, value: (line, zone) => at(line.actedAt, zone) },
  { name: "送达时间", kind: "text", wide: true, value: (line, zone) => at(line.sentAt, zone) },
  { name: "回复时间", kind: "text", wide: true, value: (line, zone) => at(line.repliedAt, zone) },
];

const MESSAGES: readonly Column<DrillLine>[] = [
  ...PEOPLE,
  { name: "发来时间", kind: "text", value: (line, zone) => at(line.sentAt, zone) },
  { name: "类型", kind: "text", value: ({ type }) => MESSAGE_TYPES[type ?? ""] ?? "其他" },
  { name: "回复的触点", kind: "text", value: ({ touchpoint }) => touchpoint || null },
];

const MESSAGE_TYPES: Readonly<Record<string, string>> = {
  ...{ text: "文字", image: "图片", voice: "语音", video: "视频", emotion: "表情", file: "文件" },
  ...{ link: "链接", location: "位置", card: "名片", weapp: "小程序", mixed: "图文" },
};

const NEWCOMERS: readonly Column<NewcomerLine>[] = [
  CUSTOMER,
  { name: "加入时的导购", kind: "text", value: ({ guideName }) => guideName || "—" },
  { name: "加入时的门店", kind: "text", wide: true, value: ({ storeName }) => storeName || "—" },
  { name: "加入日期", kind: "text", value: ({ joinedOn }) => longDay(joinedOn) },
  { name: "前 14 天到", kind: "text", wide: true, value: ({ lastOn }) => longDay(lastOn) },
  { name: "前 14 天的消息", kind: "count", value: ({ messages }) => messages },
];

/** Everything templates/pages/reports/tasks.hbs names, for tasks or messages. */
export function tasksPage(found: Drill, ask: DrillAsk, words: FigureWords): object {
  const what = figureName(ask.of);
  const unit = isMessages(ask.of) ? "条消息" : "个任务";
  return {
    ...headOf(what, ask, found.path, words.query ?? "", "/report/tasks"),
    about: [words.touchpoint, words.variant, words.way].filter(Boolean).join(" · "),
    total: `共 ${count(found.total)} ${unit}`,
    isEmpty: found.total === 0,
    grid: gridView(gridOf(what, columnsOf(ask.of), found.lines, words.zone)),
    next: nextUrl("/report/tasks", words.query ?? "", found.next),
    isFirst: ask.after === undefined,
  };
}

/** The same, for customers. */
export function newcomersPage(found: NewcomerPage, ask: Omit<NewcomerAsk, "limit">, query: string): object {
  const what = newcomerName(ask.of);
  return {
    ...headOf(what, ask, found.path, query, "/report/newcomers"),
    about: "",
    total: `共 ${count(found.total)} 位客户，前 14 天 ${count(found.messages)} 条消息`,
    isEmpty: found.total === 0,
    grid: gridView(gridOf(what, NEWCOMERS, found.lines, "")),
    next: nextUrl("/report/newcomers", query, found.next),
    isFirst: !new URLSearchParams(query).has("after"),
  };
}

/** All lines behind a figure as a sheet. */
export function lineSheet(lines: AsyncIterable<DrillLine>, ask: DrillAsk, words: FigureWords): Sheet {
  const columns = columnsOf(ask.of);
  const title = [figureName(ask.of), words.touchpoint, words.variant, words.way, ask.from, ask.to]
    .filter(Boolean)
    .join("-");
  return sheetOfLines(title, columns, lines, words.zone);
}

/** All customers behind a figure as a sheet. */
export function newcomerSheet(lines: AsyncIterable<NewcomerLine>, ask: Omit<NewcomerAsk, "limit">): Sheet {
  return sheetOfLines([newcomerName(ask.of), ask.from, ask.to].join("-"), NEWCOMERS, lines, "");
}

function sheetOfLines<L>(
  title: string,
  columns: readonly Column<L>[],
  lines: AsyncIterable<L>,
  zone: string,
): Sheet {
  async function* rows(): AsyncGenerator<SheetCell[]> {
    for await (const line of lines)
      yield columns.map(({ kind, value }) => ({ kind, value: value(line, zone) }));
  }
  return { title, head: columns.map(({ name }) => name), rows: rows() };
}

function gridOf<L>(title: string, columns: readonly Column<L>[], lines: readonly L[], zone: string): Grid {
  return {
    title,
    columns: columns.map(({ name, kind, wide = false }) => ({ name, kind, wide })),
    rows: lines.map((line) => ({
      cells: columns.map(({ value }): GridCell => ({ value: value(line, zone) })),
    })),
  };
}

function columnsOf(of: DrillOf): readonly Column<DrillLine>[] {
  return isMessages(of) ? MESSAGES : TASKS;
}

function isMessages(of: DrillOf): boolean {
  return of.kind === "measure" && of.measure === "messages";
}

/** 完成, 已放行, 停在「已下发」：导购跳过 */
function figureName(of: DrillOf): string {
  if (of.kind === "measure") return MEASURE_NAMES[of.measure];
  if (of.kind === "arm") return ARM_NAMES[of.part];
  const name = STAGES.find(({ stage }) => stage === of.stage)?.name ?? "";
  return of.why === undefined ? name : `停在「${name}」：${whyName(of.why)}`;
}

function newcomerName(of: NewcomerAsk["of"]): string {
  return of === "spoke" ? "有消息的新客户" : "新客户";
}

function headOf(
  what: string,
  { from, to }: { from: string; to: string },
  path: Drill["path"],
  query: string,
  address: string,
): object {
  const whole = new URLSearchParams(query);
  whole.delete("after");
  return {
    what,
    place: path.map(({ name }) => name).join(" / ") || "全国",
    spanText: span(from, to),
    files: { csv: `${address}.csv?${whole}`, xlsx: `${address}.xlsx?${whole}` },
    first: `${address}?${whole}`,
  };
}

function nextUrl(address: string, query: string, next: string | undefined): string {
  if (next === undefined) return "";
  const params = new URLSearchParams(query);
  params.set("after", next);
  return `${address}?${params}`;
}
