// A journey's own folder on disk: its file, and the words beside it and nowhere else.
import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { Refusal } from "../kernel/refusals.js";
import type { JourneySource, ReadWords } from "./file.js";

/** Words longer than this are no message. */
const MOST_BYTES = 64 * 1024;

/** A journey's file with the means to read its words. Raises a Refusal when it cannot be read. */
export function journeySource(path: string): JourneySource {
  const read = wordsFolder(dirname(path))(basename(path));
  if ("fault" in read)
    throw new Refusal("invalid", `The journey ${path} cannot be read.`, [
      { where: path, expected: read.fault },
    ]);
  return { name: path, text: read.text, readWords: wordsFolder(dirname(path)) };
}

/** Reads files inside one folder by relative paths. A link that leads out of the folder is not followed. */
export function wordsFolder(dir: string): ReadWords {
  return (path) => {
    try {
      const real = realpathSync(join(dir, path));
      if (!real.startsWith(realpathSync(dir) + sep))
        return { fault: "a file inside the journey's own folder" };
      const stat = statSync(real);
      if (!stat.isFile()) return { fault: "a file" };
      if (stat.size > MOST_BYTES) return { fault: `a file of at most ${MOST_BYTES / 1024} KiB` };
      return { text: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(real)) };
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code === "ENOENT" || code === "ENOTDIR") return { fault: "a file that exists" };
      if (code?.startsWith("ERR_ENCODING")) return { fault: "a text in UTF-8" };
      return { fault: `a file that can be read (${code})` };
    }
  };
}
