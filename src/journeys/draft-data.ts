// A journey as plain data, whole in itself: what lay beside its file stands inside it. Read by the same rules as a file.
import { posix } from "node:path";
import { isScalar, parse, parseDocument, visit } from "yaml";
import { contentDigest } from "./content.js";
import type { JourneySource } from "./file.js";
import type { JourneySpec } from "./spec.js";

/** A journey in the form of its file: `{key, name, touchpoints: [{key, after, days, words …}]}`. */
export type JourneyData = Record<string, unknown>;

/** A file that is kept already is written `kept/<sha-256>/<name>`. */
const KEPT = /^kept\/([0-9a-f]{64})\/[^/]+$/;

/** A source that remembers what is read beside it; `whole()` then gives the file's text with the words in it. */
export function remembering(source: JourneySource): { source: JourneySource; whole(): string } {
  const beside = new Map<string, string>();
  const readWords: JourneySource["readWords"] = (path) => {
    const read = source.readWords(path);
    if ("text" in read) beside.set(path, read.text);
    return read;
  };
  const readFile: NonNullable<JourneySource["readFile"]> = (path) => {
    const read = source.readFile?.(path) ?? { fault: "a journey file with a folder of its own" };
    if ("bytes" in read) beside.set(path, `kept/${contentDigest(read.bytes)}/${posix.basename(path)}`);
    return read;
  };
  return { source: { ...source, readWords, readFile }, whole: () => inside(source.text, beside) };
}

function inside(text: string, beside: ReadonlyMap<string, string>): string {
  if (beside.size === 0) return text;
  const document = parseDocument(text);
  visit(document, {
    Scalar: (key, node) => {
      const found = key === "key" || typeof node.value !== "string" ? undefined : beside.get(node.value);
      if (found === undefined) return;
      node.value = found;
      if (isScalar(node) && found.includes("\n")) node.type = "BLOCK_LITERAL";
    },
  });
  return document.toString();
}

/** Plain data as a source; `files` has the bytes of what it calls kept, by digest. */
export function dataSource(data: JourneyData, files: ReadonlyMap<string, Buffer>): JourneySource {
  return { ...keptSource(files), name: "journey", text: JSON.stringify(data), written: "data" };
}

/** What lies beside a text that is no file on disk: nothing but what is kept already. */
export function keptSource(
  files: ReadonlyMap<string, Buffer>,
): Required<Pick<JourneySource, "readWords" | "readFile">> {
  return {
    readWords: () => ({ fault: "the words themselves; only a file on disk may name another" }),
    readFile: (path) => {
      const bytes = files.get(KEPT.exec(path)?.[1] ?? "");
      return bytes ? { bytes } : { fault: "a file kept by an earlier version, kept/<sha-256>/<name>" };
    },
  };
}

/** The digests of the files that data calls kept. */
export function keptIn(data: JourneyData): string[] {
  const digests = JSON.stringify(data).matchAll(/"kept\/([0-9a-f]{64})\//g);
  return [...new Set([...digests].flatMap(([, digest]) => digest ?? []))];
}

/** The data of a published version, by its text. Words a text only names are taken from what was published. */
export function dataOf(text: string, { touchpoints }: Pick<JourneySpec, "touchpoints">): JourneyData {
  const data = parse(text) as JourneyData;
  const wordsOf = new Map(touchpoints.map(({ key, words }) => [key, words]));
  const list = Array.isArray(data.touchpoints) ? (data.touchpoints as JourneyData[]) : [];
  for (const one of list)
    if (typeof one.words === "string" && one.words.endsWith(".hbs")) one.words = wordsOf.get(`${one.key}`);
  return data;
}
