// The parts of a ZIP archive, found by the table of contents at its end and read one by one as text.
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createInflateRaw } from "node:zlib";

/** One part of an archive. */
export interface ZipPart {
  readonly path: string;
  readonly isDeflated: boolean;
  /** where its own heading begins */
  readonly at: number;
  readonly bytes: number;
}

const END_MARK = 0x06054b50;
const END_BYTES = 22;
/** The end may be followed by a remark of so many bytes. */
const MOST_REMARK = 65_535;
const PART_BYTES = 46;
const OWN_BYTES = 30;

/** The parts of an archive by name. An Error when the file is none, or one of more than four gigabytes. */
export async function zipParts(path: string): Promise<ReadonlyMap<string, ZipPart>> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const tail = await bytesAt(handle, Math.max(0, size - END_BYTES - MOST_REMARK), size);
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
    if (end < 0 || tail.length - end < END_BYTES || tail.readUInt32LE(end) !== END_MARK)
      throw new Error("no end of an archive");
    const first = tail.readUInt32LE(end + 16);
    const contents = await bytesAt(handle, first, first + tail.readUInt32LE(end + 12));
    return await partsOf(handle, path, contents, tail.readUInt16LE(end + 10));
  } finally {
    await handle.close();
  }
}

async function partsOf(
  handle: FileHandle,
  path: string,
  contents: Buffer,
  count: number,
): Promise<Map<string, ZipPart>> {
  const parts = new Map<string, ZipPart>();
  for (let n = 0, at = 0; n < count; n++) {
    const nameBytes = contents.readUInt16LE(at + 28);
    const name = contents.toString("utf8", at + PART_BYTES, at + PART_BYTES + nameBytes);
    const own = contents.readUInt32LE(at + 42);
    const heading = await bytesAt(handle, own, own + OWN_BYTES);
    parts.set(name, {
      ...{ path, isDeflated: contents.readUInt16LE(at + 10) !== 0, bytes: contents.readUInt32LE(at + 20) },
      at: own + OWN_BYTES + heading.readUInt16LE(26) + heading.readUInt16LE(28),
    });
    at += PART_BYTES + nameBytes + contents.readUInt16LE(at + 30) + contents.readUInt16LE(at + 32);
  }
  return parts;
}

/** The text of a part, never cut inside a character. `read` hears how many bytes of the file were read. */
export async function* zipText(part: ZipPart, read?: (bytes: number) => void): AsyncGenerator<string> {
  if (part.bytes === 0) return;
  const raw = createReadStream(part.path, { start: part.at, end: part.at + part.bytes - 1 });
  const plain = part.isDeflated ? raw.pipe(createInflateRaw()) : raw;
  raw.on("error", (error) => plain.destroy(error));
  plain.setEncoding("utf8");
  try {
    for await (const text of plain) {
      read?.(raw.bytesRead);
      yield text as string;
    }
  } finally {
    raw.destroy();
    plain.destroy();
  }
}

async function bytesAt(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const { size } = await handle.stat();
  if (to > size) throw new Error("an archive cut short");
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from);
  return buffer.subarray(0, bytesRead);
}
