// Forms with files, as they stream in: files go to disk piece by piece, whatever their size; small fields stay text.

import { mkdirSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { dirname, extname } from "node:path";
import { Refusal } from "../kernel/refusals.js";

/** A file that came with a form. */
export interface FormFile {
  field: string;
  /** as its owner calls it, without a folder */
  name: string;
  path: string;
  bytes: number;
  /** line ends in it, counted as they passed */
  lines: number;
}

/** A form as it was read. */
export interface ReceivedForm {
  fields: Record<string, string>;
  files: FormFile[];
}

export interface FormLimits {
  /** of all files together */
  mostBytes: number;
  mostFiles: number;
  /** where the nth file goes (from 0), by its own name */
  pathOf(name: string, n: number): string;
}

const FIELD_BYTES = 64 * 1024;
/** all fields together, with their names: they stay in memory */
const ALL_FIELDS_BYTES = 16 * FIELD_BYTES;
const MOST_FIELDS = 200;
const HEAD_BYTES = 16 * 1024;
const CRLF = Buffer.from("\r\n\r\n");

/** Reads a multipart form. Raises `invalid` for one that is none or breaks off, with too many or too large files. */
export async function receiveForm(request: IncomingMessage, limits: FormLimits): Promise<ReceivedForm> {
  const type = request.headers["content-type"] ?? "";
  const boundary = /^multipart\/form-data\s*;.*boundary="?([^";]{1,200})"?/i.exec(type)?.[1];
  if (!boundary) throw new Refusal("invalid", "表单里没有文件：请用页面上的表单上传。");
  if (Number(request.headers["content-length"] ?? 0) > limits.mostBytes + ALL_FIELDS_BYTES)
    throw tooLarge(limits);
  const reader = new FormReader(Buffer.from(`\r\n--${boundary}`), limits);
  try {
    for await (const chunk of request) await reader.take(chunk as Buffer);
    return await reader.end();
  } finally {
    await reader.close();
  }
}

function tooLarge({ mostBytes }: FormLimits): Refusal {
  return new Refusal("invalid", `文件太大：一次最多 ${Math.floor(mostBytes / 2 ** 20)} MB。`);
}

/** Where the reader is: before the first part or in one, at a part's heading, after the last. */
type Place = "part" | "mark" | "head" | "over";

/** Takes a form's bytes as they come. */
class FormReader {
  readonly #form: ReceivedForm = { fields: {}, files: [] };
  #rest: Buffer = Buffer.from("\r\n");
  #place: Place = "part";
  #field: { name: string; text: Buffer[]; bytes: number } | undefined;
  #file: { entry: FormFile; handle: FileHandle; countsLines: boolean } | undefined;
  #bytes = 0;
  #fields = 0;
  #fieldBytes = 0;

  constructor(
    private readonly boundary: Buffer,
    private readonly limits: FormLimits,
  ) {}

  async take(chunk: Buffer): Promise<void> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (await this.#step());
  }

  /** The form, when all of it was there. */
  async end(): Promise<ReceivedForm> {
    if (this.#place !== "over") throw new Refusal("invalid", "上传中断了，请重新上传。");
    return this.#form;
  }

  async close(): Promise<void> {
    await this.#file?.handle.close();
    this.#file = undefined;
  }

  /** One step; false: more bytes are needed. */
  async #step(): Promise<boolean> {
    if (this.#place === "over") {
      this.#rest = Buffer.alloc(0);
      return false;
    }
    if (this.#place === "mark") return this.#mark();
    if (this.#place === "head") return this.#head();
    const at = this.#rest.indexOf(this.boundary);
    const keep = this.boundary.length - 1;
    const sure = at < 0 ? Math.max(0, this.#rest.length - keep) : at;
    await this.#put(this.#rest.subarray(0, sure));
    this.#rest = this.#rest.subarray(at < 0 ? sure : at + this.boundary.length);
    if (at < 0) return false;
    await this.#endPart();
    this.#place = "mark";
    return true;
  }

  /** Two dashes after the last part, a line's end after the others. */
  #mark(): boolean {
    if (this.#rest.length < 2) return false;
    const isLast = this.#rest.subarray(0, 2).toString("latin1") === "--";
    this.#place = isLast ? "over" : "head";
    return true;
  }

  async #head(): Promise<boolean> {
    const at = this.#rest.indexOf(CRLF);
    if (at < 0 && this.#rest.length > HEAD_BYTES) throw new Refusal("invalid", "上传的内容无法读取。");
    if (at < 0) return false;
    const head = this.#rest.subarray(0, at).toString("utf8");
    this.#rest = this.#rest.subarray(at + CRLF.length);
    this.#place = "part";
    const said = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? "";
    const name = quoted(said, "name") ?? "";
    const file = quoted(said, "filename");
    if (file === undefined) this.#begin(name);
    // what a file field that nobody filled sends
    else if (file !== "") await this.#open(name, file);
    return true;
  }

  #begin(name: string): void {
    if (++this.#fields > MOST_FIELDS)
      throw new Refusal("invalid", `表单的项目太多：一次最多 ${MOST_FIELDS} 项。`);
    this.#field = { name, text: [], bytes: 0 };
    this.#grow(Buffer.byteLength(name));
  }

  #grow(bytes: number): void {
    this.#fieldBytes += bytes;
    if (this.#fieldBytes > ALL_FIELDS_BYTES) throw new Refusal("invalid", "表单的内容太长。");
  }

  async #open(field: string, given: string): Promise<void> {
    const { files } = this.#form;
    if (files.length >= this.limits.mostFiles)
      throw new Refusal("invalid", `文件太多：一次最多 ${this.limits.mostFiles} 个。`);
    const name = plainName(given);
    const path = this.limits.pathOf(name, files.length);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const entry: FormFile = { field, name, path, bytes: 0, lines: 0 };
    files.push(entry);
    const handle = await open(path, "w", 0o600);
    this.#file = { entry, handle, countsLines: extname(name).toLowerCase() === ".csv" };
  }

  async #put(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    if (this.#field) {
      this.#field.bytes += bytes.length;
      if (this.#field.bytes > FIELD_BYTES) throw new Refusal("invalid", "表单的内容太长。");
      this.#grow(bytes.length);
      this.#field.text.push(Buffer.from(bytes));
    }
    if (!this.#file) return;
    this.#bytes += bytes.length;
    if (this.#bytes > this.limits.mostBytes) throw tooLarge(this.limits);
    const { entry, handle, countsLines } = this.#file;
    await handle.appendFile(bytes);
    entry.bytes += bytes.length;
    if (countsLines) entry.lines += linesIn(bytes);
  }

  async #endPart(): Promise<void> {
    if (this.#field) this.#form.fields[this.#field.name] = Buffer.concat(this.#field.text).toString("utf8");
    this.#field = undefined;
    await this.close();
  }
}

function quoted(said: string, key: string): string | undefined {
  const found = new RegExp(`[;\\s]${key}="((?:[^"\\\\]|\\\\.)*)"`, "i").exec(said)?.[1];
  return found
    ?.replace(/\\(.)/g, "$1")
    .replace(/%22/g, '"')
    .replace(/%0D|%0A/gi, " ");
}

const NAME_LENGTH = 100;

/** A file's name that is safe to be one: no folder, no hidden file, nothing a file system minds. */
export function plainName(given: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? "";
  const clean = last
    .replace(/[\p{Cc}<>:"|?*]/gu, "_")
    .replace(/^\.+/, "")
    .trim();
  const ending = extname(clean).slice(0, 10);
  const stem = [...clean.slice(0, clean.length - extname(clean).length)].slice(0, NAME_LENGTH - 10).join("");
  return `${stem || "file"}${ending}`;
}

function linesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
