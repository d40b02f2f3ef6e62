// The API over HTTP as WeCom speaks it: errcode in a 200, an unknown path 404 and empty, faults when asked for.
import type { IncomingMessage } from "node:http";
import type { Context } from "koa";
import { ApiError, type ApiRequest, type Endpoint, type Endpoints, type Fields } from "./answers.js";
import { contactEndpoints } from "./contact-api.js";
import type { Fault } from "./faults.js";
import { Limits } from "./limits.js";
import { massEndpoints } from "./mass-api.js";
import { mediaEndpoints } from "./media-api.js";
import type { Stage } from "./stage.js";

const minute = 60_000;
const withoutToken = new Set(["gettoken"]);

/** Answers everything under /cgi-bin/. */
export class Api {
  readonly #endpoints: Map<string, Endpoint>;
  readonly #limits: Limits;
  readonly #open = new Map<string, number>();

  constructor(private readonly stage: Stage) {
    const { roster, masses, media, tokens, appMessages, ground } = stage;
    const all: Endpoints = {
      ...tokens.endpoints(),
      ...appMessages.endpoints(),
      ...contactEndpoints(roster),
      ...massEndpoints(ground, roster, masses, media),
      ...mediaEndpoints(ground, roster, media),
    };
    this.#endpoints = new Map(Object.entries(all));
    const { perMinute, perHour } = ground.options.limits;
    this.#limits = new Limits([
      { count: perMinute, ms: minute },
      { count: perHour, ms: 60 * minute },
    ]);
  }

  /** Answers one call; `path` is after /cgi-bin/. */
  async answer(ctx: Context, path: string): Promise<void> {
    const endpoint = this.#endpoints.get(path);
    const query = Object.fromEntries(new URLSearchParams(ctx.querystring));
    const sent = await readSent(ctx);
    ctx.status = 404;
    ctx.body = "";
    if (endpoint)
      await this.#answerKnown(ctx, path, endpoint, { query, ...sent, origin: `http://${ctx.host}` });
    this.stage.ground.options.onExchange?.({
      method: ctx.method,
      path,
      query,
      body: sent.file ? { media: { filename: sent.file.name, size: sent.file.bytes.length } } : sent.body,
      status: ctx.status,
      answer: ctx.respond === false ? undefined : ctx.body,
    });
  }

  async #answerKnown(ctx: Context, path: string, endpoint: Endpoint, sent: Sent): Promise<void> {
    const fault = this.stage.faults.take(path);
    if (fault?.kind === "timeout_before" || fault?.kind === "reset") return breakOff(ctx, fault);
    this.#open.set(path, (this.#open.get(path) ?? 0) + 1);
    try {
      // lets the calls that arrived together be counted together
      await Promise.resolve();
      ctx.status = fault?.kind === "http_500" ? 500 : 200;
      ctx.body = ctx.status === 200 ? this.#run(ctx.method, path, endpoint, sent, fault) : "";
    } finally {
      this.#open.set(path, (this.#open.get(path) ?? 1) - 1);
    }
    if (fault?.kind === "timeout_after" || fault?.kind === "reset_after") breakOff(ctx, fault);
  }

  #run(method: string, path: string, endpoint: Endpoint, sent: Sent, fault: Fault | undefined): Fields {
    try {
      this.#check(path, sent.query, fault);
      if (method !== endpoint.method) throw new ApiError(40063, "wrong HTTP method");
      const { body, file } = sent;
      if (endpoint.method === "POST" && !file && !isFields(body))
        throw new ApiError(40058, "Warning: wrong json format.");
      const answer = endpoint.handle({ ...sent, body: isFields(body) ? body : {} });
      return { errcode: 0, errmsg: "ok", ...answer };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { errcode: error.errcode, errmsg: error.message };
    }
  }

  #check(path: string, query: Record<string, string>, fault: Fault | undefined): void {
    if ((this.#open.get(path) ?? 0) > this.stage.ground.options.limits.parallel) {
      throw new ApiError(45033, "api concurrent out of limit");
    }
    if (!this.#limits.allow(path, this.stage.ground.world.now()))
      throw new ApiError(45009, "api freq out of limit");
    if (fault) throwFault(fault, this.stage);
    if (!withoutToken.has(path)) this.stage.tokens.check(query.access_token);
  }
}

function throwFault(fault: Fault, stage: Stage): void {
  switch (fault.kind) {
    case "busy":
      throw new ApiError(-1, "system busy");
    case "limit":
      throw new ApiError(45009, "api freq out of limit");
    case "parallel":
      throw new ApiError(45033, "api concurrent out of limit");
    case "token_expired":
      stage.tokens.kill();
      throw new ApiError(42001, "access_token expired");
    case "token_invalid":
      stage.tokens.kill();
      throw new ApiError(40014, "invalid access_token");
    case "code":
      throw new ApiError(fault.code ?? -1, "on demand");
    default:
  }
}

/** No answer: the connection hangs until the caller gives up, or breaks at once. */
function breakOff(ctx: Context, fault: Fault): void {
  ctx.respond = false;
  if (fault.kind.startsWith("reset")) ctx.req.socket.resetAndDestroy();
}

/** A request as it came; `body` is undefined when it is no JSON. */
type Sent = Omit<ApiRequest, "body"> & { body: unknown };

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
async function readSent(ctx: Context): Promise<Pick<Sent, "body" | "file">> {
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

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
