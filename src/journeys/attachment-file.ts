// Attachments of a touchpoint's file: each read with its kind's fields, its files looked at by their own bytes.
import { posix } from "node:path";
import { pictureOf } from "../infra/pictures.js";
import {
  ATTACHMENT_KINDS,
  type Attachment,
  type AttachmentKind,
  type ContentFile,
  LEAST_CODE,
  ATTACHMENT_LIMITS as LIMITS,
  MOST_MONTHS,
  type Months,
} from "./attachments.js";
import type { ClaimsCheck } from "./claims.js";
import { contentDigest } from "./content.js";
import { endingOf, FILE_ENDINGS, fileKind } from "./file-kinds.js";
import type { YamlMap } from "./yaml-reader.js";

/** Reads the bytes of a file by its path inside the journey's folder; `fault` is what was expected instead. */
export type ReadFile = (path: string) => { bytes: Buffer } | { fault: string };

/** What reading attachments needs: `files` takes the bytes by their digests. */
interface AttachmentReading {
  readFile: ReadFile | undefined;
  claims: ClaimsCheck;
  files: Map<string, Buffer>;
}

const FIELDS: Record<AttachmentKind, readonly string[]> = {
  picture: ["file"],
  poster: ["file", "code"],
  link: ["title", "url", "desc", "picurl"],
  mini_program: ["title", "appid", "page", "cover"],
  file: ["file"],
};

/** Reads `attachments:`; undefined when there are none. */
export function readAttachments(touchpoint: YamlMap, reading: AttachmentReading): Attachment[] | undefined {
  const maps = touchpoint.maps("attachments");
  if (!maps) return undefined;
  if (maps.length > LIMITS.most) touchpoint.fault("attachments", `at most ${LIMITS.most} of them`);
  return maps.flatMap((map) => {
    const kind = map.choice("kind", ATTACHMENT_KINDS);
    if (!map.has("kind")) map.fault(null, `kind: one of ${ATTACHMENT_KINDS.join(", ")}`);
    if (!kind) return [];
    map.only(["kind", ...FIELDS[kind], "blocked_months"]);
    const blockedMonths = readMonths(map.map("blocked_months"));
    return [{ ...readOne(map, kind, reading), ...(blockedMonths ? { blockedMonths } : {}) }];
  });
}

function readOne(map: YamlMap, kind: AttachmentKind, reading: AttachmentReading): Attachment {
  switch (kind) {
    case "picture":
      return { kind, file: readPicture(map, "file", LIMITS.pictureBytes, reading) };
    case "poster":
      return { kind, ...readPoster(map, reading) };
    case "file":
      return { kind, file: readAnyFile(map, reading) };
    case "link":
      return { kind, ...readLink(map, reading) };
    case "mini_program":
      return {
        kind,
        title: readText(map, "title", LIMITS.pageTitle, reading),
        appid: needed(
          map,
          "appid",
          "the mini program's appid, wx and 16 letters and digits",
          /^wx[0-9a-zA-Z]{16}$/,
        ),
        page: needed(map, "page", "the path of its page", /^\S+$/),
        cover: readPicture(map, "cover", LIMITS.pictureBytes, reading),
      };
  }
}

function readLink(map: YamlMap, reading: AttachmentReading) {
  const http = /^https?:\/\/\S+$/;
  const title = readText(map, "title", LIMITS.linkTitle, reading);
  const url = needed(map, "url", `a web address, at most ${LIMITS.url} bytes`, http);
  if (Buffer.byteLength(url) > LIMITS.url) map.fault("url", `at most ${LIMITS.url} bytes`);
  const desc = map.has("desc") ? { desc: readText(map, "desc", LIMITS.linkDesc, reading) } : {};
  if (!map.has("picurl")) return { title, url, ...desc };
  const picurl = map.text("picurl", { expected: "a web address, or the path of a picture" }) ?? "";
  if (http.test(picurl)) return { title, url, ...desc, picurl };
  return { title, url, ...desc, picture: readPicture(map, "picurl", LIMITS.linkPictureBytes, reading) };
}

function readPoster(map: YamlMap, reading: AttachmentReading) {
  const file = readPicture(map, "file", LIMITS.pictureBytes, reading);
  const square = map.map("code");
  if (!square) {
    if (!map.has("code")) map.fault(null, "code: {left, top, size}, where the guide's code goes, in pixels");
    return { file, code: { left: 0, top: 0, size: 0 } };
  }
  square.only(["left", "top", "size"]);
  const pixel = (key: "left" | "top" | "size", least: number) => {
    if (!square.has(key)) square.fault(null, `${key}: pixels`);
    return square.whole(key, least, 20_000) ?? 0;
  };
  const code = { left: pixel("left", 0), top: pixel("top", 0), size: pixel("size", LEAST_CODE) };
  const picture = pictureOf(reading.files.get(file.digest) ?? Buffer.alloc(0));
  if (picture && (code.left + code.size > picture.width || code.top + code.size > picture.height))
    map.fault("code", `a square inside the picture's ${picture.width} × ${picture.height} pixels`);
  return { file, code };
}

function readPicture(map: YamlMap, key: string, most: number, reading: AttachmentReading): ContentFile {
  const read = readBytes(map, key, most, reading);
  if (!read) return NO_FILE;
  if (!pictureOf(read.bytes)) map.fault(key, "a picture, JPG or PNG by its content");
  return kept(read, reading);
}

function readAnyFile(map: YamlMap, reading: AttachmentReading): ContentFile {
  const read = readBytes(map, "file", LIMITS.fileBytes, reading);
  if (!read) return NO_FILE;
  const is = fileKind(read.path, read.bytes);
  if (is === "unknown") map.fault("file", `a file of one of the kinds ${FILE_ENDINGS.join(", ")}`);
  if (is === "other") map.fault("file", `a file that is ${endingOf(read.path)} by its content`);
  return kept(read, reading);
}

const NO_FILE: ContentFile = { digest: "", name: "" };

interface ReadBytes {
  path: string;
  bytes: Buffer;
}

function readBytes(
  map: YamlMap,
  key: string,
  most: number,
  { readFile = () => ({ fault: "a journey file with a folder of its own" }) }: AttachmentReading,
): ReadBytes | undefined {
  const path = map.text(key, { expected: INSIDE, required: true });
  if (path === undefined) return undefined;
  const read = readBeside(map, key, path, readFile);
  if (!read) return undefined;
  const { length } = read.bytes;
  const mega = most / 1024 / 1024;
  if (length > most) map.fault(key, `at most ${mega} MiB, not ${(length / 1024 / 1024).toFixed(1)}`);
  if (length < LIMITS.leastBytes) map.fault(key, "a file with something in it");
  return { path, bytes: read.bytes };
}

const INSIDE = "a path inside the journey's own folder";

/** Reads what lies beside a journey's file, where `key` names it; undefined where it is at fault. */
export function readBeside<T extends object>(
  map: YamlMap,
  key: string,
  path: string,
  read: (path: string) => T | { fault: string },
): T | undefined {
  const leadsOut = /^\/|\\|\0|^[A-Za-z]:/.test(path) || path.split("/").includes("..");
  const found = leadsOut ? { fault: INSIDE } : read(path);
  if (!("fault" in found)) return found;
  map.fault(key, found.fault);
  return undefined;
}

function kept({ path, bytes }: ReadBytes, { files }: AttachmentReading): ContentFile {
  const digest = contentDigest(bytes);
  files.set(digest, bytes);
  return { digest, name: posix.basename(path) };
}

/** A text the customer reads: bounded, and free of forbidden claims. */
function readText(map: YamlMap, key: string, mostBytes: number, { claims }: AttachmentReading): string {
  const text = needed(map, key, `a text of at most ${mostBytes} bytes`, /^[^\n]+$/);
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes) map.fault(key, `at most ${mostBytes} bytes in UTF-8, not ${bytes}`);
  for (const hit of claims(text)) map.fault(key, `words without ${hit.category}: ${hit.reason}`);
  return text;
}

function needed(map: YamlMap, key: string, expected: string, pattern: RegExp): string {
  return map.text(key, { expected, pattern, required: true }) ?? "";
}

function readMonths(map: YamlMap | undefined): Months | undefined {
  if (!map) return undefined;
  map.only(["from", "to"]);
  const from = map.whole("from", 0, MOST_MONTHS) ?? 0;
  const to = map.whole("to", 0, MOST_MONTHS) ?? null;
  if (!map.has("from") && !map.has("to")) map.fault(null, "from:, to: or both, in completed months");
  if (to !== null && to < from) map.fault("to", `a month not before ${from}`);
  return { from, to };
}
