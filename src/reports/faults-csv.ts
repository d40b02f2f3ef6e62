// The data-quality list as CSV, line by line however long it is: for who mends the data.
import { FAULT_FIELDS, type FaultLine } from "../customers/faults.js";
import { csvCell } from "./csv.js";

const COLUMNS: [string, (line: FaultLine, say: (text: string) => string) => string | number][] = [
  ["客户ID", (line) => line.customer],
  ["姓名", (line) => line.name],
  ["导购账号", (line) => line.guide ?? ""],
  ["宝宝序号", (line) => (line.child === 0 ? "" : line.child)],
  ["字段", (line, say) => say(FAULT_FIELDS[line.field])],
  ["值", (line) => line.value ?? ""],
  ["原因", (line, say) => say(line.reason)],
  ["发现日期", (line) => line.seenOn],
];

/** The lines of the file with their ends, after a byte order mark so that Excel reads it as UTF-8. */
export async function* faultsCsv(
  lines: AsyncIterable<FaultLine>,
  say: (text: string) => string = (text) => text,
): AsyncGenerator<string> {
  yield `\ufeff${COLUMNS.map(([name]) => csvCell(say(name))).join(",")}\r\n`;
  for await (const line of lines)
    yield `${COLUMNS.map(([, value]) => csvCell(value(line, say))).join(",")}\r\n`;
}
