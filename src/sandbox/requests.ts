// Reading what came in: JSON, or the file of a form.
import type { IncomingMessage } from "node:http";
import type { Context } from "koa";
import type { ApiRequest, Fields } from "./answers.js";

/** A request as it came; `body` is undefined when it is no JSON. */
export type Sent = Omit<ApiRequest, "body"> & { body: unknown };

const largestBody = 25_000_000;

/** The body as text; what is larger than 25 MB is cut off and will not parse. */
export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString("utf8");
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** JSON, or the file of a form. */
export async function readSent(ctx: Context): Promise<Pick<Sent, "body" | "file">> {
  const bytes = await readBytes(ctx.req);
  const type = ctx.get("content-type");
  if (!type.startsWith("multipart/")) return { body: parsed(bytes.toString("utf8")) };
  const form = await new Response(bytes, { headers: { "content-type": type } }).formData().catch(() => null);
  const media = form?.get("media");
  if (typeof media !== "object" || media === null) return { body: undefined };
  return { body: undefined, file: { name: media.name, bytes: Buffer.from(await media.arrayBuffer()) } };
}

function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value is an object with fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
