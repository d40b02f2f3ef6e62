// What somebody writes of an entry, checked as a message to a customer is.
import { type Fault, Refusal } from "../../kernel/refusals.js";
import type { ClaimsCheck } from "../claims.js";
import { sentencesWith } from "../claims-found.js";
import { MESSAGE_BYTES } from "../file.js";
import { compileMessage } from "../words.js";

/** What somebody writes of an entry. */
export interface EntryText {
  folder: string;
  title: string;
  words: string;
}

/** Folders and titles in characters. */
export const MOST_NAME = 60;

/** A folder's or title's name. Raises `invalid`. */
export function nameOf(field: string, given: string): string {
  const name = given.trim();
  if (name !== "" && [...name].length <= MOST_NAME && !/[\n\r]/.test(name)) return name;
  throw new Refusal("invalid", "名称不对。", [
    { where: field, value: name.slice(0, MOST_NAME), expected: `一行 1 至 ${MOST_NAME} 个字` },
  ]);
}

/** All of it, with every fault in one Refusal. */
export async function checkedText(claims: ClaimsCheck, given: EntryText): Promise<EntryText> {
  await claims.fresh?.();
  const faults: Fault[] = [];
  const gather = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      faults.push(...error.faults);
      return undefined;
    }
  };
  const folder = gather(() => nameOf("文件夹", given.folder));
  const title = gather(() => nameOf("标题", given.title));
  const words = given.words.replaceAll("\r\n", "\n").trim();
  const bytes = Buffer.byteLength(words);
  if (words === "") faults.push({ where: "话术", expected: "要说的话" });
  if (bytes > MESSAGE_BYTES)
    faults.push({ where: "话术", expected: `最多 ${MESSAGE_BYTES} 字节，现在 ${bytes}` });
  if (gather(() => compileMessage(words, "话术")))
    for (const { before, found, after, category, reason } of sentencesWith(words, claims))
      faults.push({
        where: "话术",
        value: found,
        expected: `去掉${category}（${before}【${found}】${after}）：${reason}`,
      });
  if (folder === undefined || title === undefined || faults.length > 0)
    throw new Refusal("invalid", "这段话术还不能保存。", faults);
  return { folder, title, words };
}
