// Which encoding a text file is in, looked up over the whole file before its first row is believed.
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import iconv from "iconv-lite";
import { Refusal } from "../kernel/refusals.js";

export type Encoding = "utf8" | "gb18030";

/** What stands at a file's start when it is no text. */
const SIGNATURES: [bytes: number[], what: string][] = [
  [[0x50, 0x4b, 0x03, 0x04], "a ZIP or Excel file; name it .xlsx if it is one"],
  [[0xd0, 0xcf, 0x11, 0xe0], "an old Excel file (.xls); save it as .xlsx or CSV"],
  [[0xff, 0xfe], "UTF-16 text; save it as CSV UTF-8"],
  [[0xfe, 0xff], "UTF-16 text; save it as CSV UTF-8"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF; save the table as CSV"],
];

/** Finds a text file's encoding; a Refusal of one sentence when the file is no text. `name` is for that sentence. */
export async function encodingOf(path: string, name: string): Promise<Encoding> {
  let rest = Buffer.alloc(0);
  let isFirst = true;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    if (isFirst) refuseBinary(bytes, name);
    isFirst = false;
    if (bytes.includes(0))
      throw new Refusal("invalid", `${name} is not a table: it holds bytes that are no text.`);
    const end = lastWhole(bytes);
    if (!isUtf8(bytes.subarray(0, end))) return guess(bytes.subarray(0, end));
    rest = bytes.subarray(end);
  }
  return rest.length > 0 && !isUtf8(rest) ? guess(rest) : "utf8";
}

/** The text of some bytes at a file's start, without its byte order mark. */
export function decodeStart(bytes: Buffer, encoding: Encoding): string {
  return iconv.decode(bytes, encoding);
}

/** A stream that turns bytes of an encoding into text. */
export function decoder(encoding: Encoding): NodeJS.ReadWriteStream {
  return iconv.decodeStream(encoding);
}

function refuseBinary(bytes: Buffer, name: string): void {
  const found = SIGNATURES.find(([start]) => start.every((byte, at) => bytes[at] === byte));
  if (found) throw new Refusal("invalid", `${name} is not a CSV table but ${found[1]}.`);
}

/** Not all UTF-8: one damaged character among good ones leaves it UTF-8; where most are bad it is GB18030. */
function guess(bytes: Buffer): Encoding {
  const text = bytes.toString("utf8");
  const bad = text.match(/\ufffd/g)?.length ?? 0;
  const good = text.match(/[\u0080-\ufffc]/g)?.length ?? 0;
  return bad > good ? "gb18030" : "utf8";
}

/** How many bytes end with a whole UTF-8 character, as far as the last four tell. */
function lastWhole(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    const isFollower = (byte & 0xc0) === 0x80;
    if (!isFollower) return byte < 0x80 ? bytes.length : bytes.length - back;
  }
  return bytes.length;
}
