// What can happen to the line between two servers: no answer, half an answer, one byte at a time, a peer gone deaf.
import type { Socket } from "node:net";
import type { Context } from "koa";
import { ApiError } from "./answers.js";
import type { Fault, FaultKind } from "./faults.js";
import type { Tokens } from "./tokens.js";

const usualPause = 200;
/** How long a restart takes when nobody says. */
export const usualRestart = 300;

/** Whether a fault keeps a call from having its effect and its answer. */
export function preventsCall(kind: FaultKind): boolean {
  return kind === "timeout_before" || kind === "reset" || kind === "restart";
}

/** The numbers answered on demand. Throws ApiError. */
export function throwFault(fault: Fault, tokens: Tokens): void {
  switch (fault.kind) {
    case "busy":
      throw new ApiError(-1, "system busy");
    case "limit":
      throw new ApiError(45009, "api freq out of limit");
    case "parallel":
      throw new ApiError(45033, "api concurrent out of limit");
    case "token_expired":
      tokens.kill();
      throw new ApiError(42001, "access_token expired");
    case "token_invalid":
      tokens.kill();
      throw new ApiError(40014, "invalid access_token");
    case "code":
      throw new ApiError(fault.code ?? -1, "on demand");
    default:
  }
}

/** Connections whose other end believes that we still hear it. */
export class DeafSockets {
  readonly #deaf = new WeakSet<Socket>();

  /** Whether a request came on such a connection; then it was never heard. */
  has(ctx: Context): boolean {
    return this.#deaf.has(ctx.req.socket);
  }

  add(ctx: Context): void {
    this.#deaf.add(ctx.req.socket);
  }
}

/** Does to the answer what the fault says; `ctx.body` is the answer there would be. */
export function spoilAnswer(ctx: Context, { kind, lateBy }: Fault): void {
  switch (kind) {
    case "timeout_before":
    case "timeout_after":
      ctx.respond = false;
      break;
    case "reset":
    case "reset_after":
      ctx.respond = false;
      ctx.req.socket.resetAndDestroy();
      break;
    case "cut":
      sendHalf(ctx, answerOf(ctx));
      break;
    case "drip":
      sendSlowly(ctx, answerOf(ctx), lateBy ?? usualPause);
      break;
    default:
  }
}

function answerOf(ctx: Context): Buffer {
  const bytes = Buffer.from(JSON.stringify(ctx.body));
  ctx.respond = false;
  ctx.res.writeHead(200, {
    "content-type": "application/json; charset=utf-8",
    "content-length": bytes.length,
  });
  return bytes;
}

function sendHalf(ctx: Context, bytes: Buffer): void {
  ctx.res.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => ctx.req.socket.destroy());
}

function sendSlowly(ctx: Context, bytes: Buffer, pause: number): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at < bytes.length) ctx.res.write(bytes.subarray(at, ++at));
    if (at === bytes.length) ctx.res.end();
  }, pause);
  ctx.res.once("close", () => clearInterval(timer));
}
