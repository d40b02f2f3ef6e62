// A journey's own folder on disk: its file, and the words beside it and nowhere else.
import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { Refusal } from "../kernel/refusals.js";
import type { ReadFile } from "./attachment-file.js";
import { ATTACHMENT_LIMITS } from "./attachments.js";
import type { JourneySource, ReadWords } from "./file.js";

/** Words longer than this are no message. */
const MOST_BYTES = 64 * 1024;

/** A journey's file with the means to read its words. Raises a Refusal when it cannot be read. */
export function journeySource(path: string): JourneySource {
  const read = wordsFolder(dirname(path))(basename(path));
  if ("fault" in read)
    throw new Refusal("invalid", `${path} 读不了。`, [{ where: path, expected: read.fault }]);
  const folder = dirname(path);
  return { name: path, text: read.text, readWords: wordsFolder(folder), readFile: filesFolder(folder) };
}

/** Reads words inside one folder by relative paths. A link that leads out of the folder is not followed. */
export function wordsFolder(dir: string): ReadWords {
  return (path) => {
    const read = readInside(dir, path, MOST_BYTES);
    if ("fault" in read) return read;
    try {
      return { text: new TextDecoder("utf-8", { fatal: true }).decode(read.bytes) };
    } catch {
      return { fault: "a text in UTF-8" };
    }
  };
}

/** Reads what touchpoints enclose, in the same folder. */
function filesFolder(dir: string): ReadFile {
  return (path) => readInside(dir, path, ATTACHMENT_LIMITS.fileBytes);
}

function readInside(dir: string, path: string, mostBytes: number): { bytes: Buffer } | { fault: string } {
  try {
    const real = realpathSync(join(dir, path));
    if (!real.startsWith(realpathSync(dir) + sep)) return { fault: "a file inside the journey's own folder" };
    const stat = statSync(real);
    if (!stat.isFile()) return { fault: "a file" };
    if (stat.size > mostBytes) return { fault: `a file of at most ${sayBytes(mostBytes)}` };
    return { bytes: readFileSync(real) };
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === "ENOENT" || code === "ENOTDIR") return { fault: "a file that exists" };
    return { fault: `a file that can be read (${code})` };
  }
}

function sayBytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${bytes / 1024} KiB` : `${bytes / 1024 / 1024} MiB`;
}
