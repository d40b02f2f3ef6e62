// Forms that carry files: read whole within a limit, their texts put where a form's texts always stand.
import { Refusal } from "../kernel/refusals.js";
import type { Step, Web } from "./web.js";

/** A file somebody sent with a form. */
export interface Upload {
  /** the field's name */
  field: string;
  /** as its owner called it, without a path */
  name: string;
  bytes: Buffer;
}

const KEY = "uploads";

/** Reads a `multipart/form-data` body of at most so many bytes; every other body is left as it is. Before the step that
 *  asks for the form's CSRF word, and behind the one that asks who it is. */
export function withUploads(mostBytes: number): Step {
  return async (ctx, next) => {
    const type = ctx.get("Content-Type");
    if (!type.toLowerCase().startsWith("multipart/form-data")) return next();
    const form = await formOf(await bytesOf(ctx, mostBytes), type);
    const fields: Record<string, string | string[]> = {};
    const uploads: Upload[] = [];
    for (const [field, value] of form) {
      if (typeof value !== "string") {
        const bytes = Buffer.from(await value.arrayBuffer());
        // a file field nobody used comes without a name
        if (value.name !== "") uploads.push({ field, name: plainName(value.name), bytes });
      } else {
        const before = fields[field];
        fields[field] = before === undefined ? value : [before, value].flat();
      }
    }
    (ctx.request as { body?: unknown }).body = fields;
    ctx.state[KEY] = uploads;
    return next();
  };
}

/** The files that came with a request. */
export function uploadsOf(ctx: Web): readonly Upload[] {
  return (ctx.state[KEY] as Upload[] | undefined) ?? [];
}

async function bytesOf(ctx: Web, most: number): Promise<Buffer> {
  const tooMuch = new Refusal("invalid", `提交的内容太大，最多 ${Math.floor(most / 1024 / 1024)} MB。`);
  if (Number(ctx.get("Content-Length") || 0) > most) throw tooMuch;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of ctx.req) {
    length += (chunk as Buffer).length;
    if (length > most) throw tooMuch;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** The platform's own reader. */
async function formOf(body: Buffer, type: string) {
  try {
    return await new Response(new Uint8Array(body), { headers: { "Content-Type": type } }).formData();
  } catch {
    throw new Refusal("invalid", "提交的内容不完整，请再试一次。");
  }
}

function plainName(name: string): string {
  return (name.split(/[\\/]/).at(-1) ?? "").replace(/[\p{Cc}"<>|?*:]/gu, "_").slice(-120) || "file";
}
