// What chat systems push to us: WeCom's callbacks, and the message archive's records.
import { Router } from "@koa/router";
import { bodyOf, type Step, type Web } from "../infra/web.js";
import { Refusal } from "../kernel/refusals.js";
import type { IntakeService } from "./intake.js";
import type { CallbackQuery } from "./wecom/callbacks.js";
import { CallbackFault } from "./wecom/crypto.js";
import type { WecomInbox } from "./wecom-inbox.js";

export interface ChannelRouteParts {
  intake: IntakeService;
  /** without it there are no callbacks: another channel than WeCom */
  inbox?: WecomInbox;
  /** lets in machines with a key */
  apiKey: Step;
}

/** Bytes of a push; WeCom's are a few hundred, ten thousand archive records a few million. */
const mostOfCallback = 256 * 1024;
const mostOfIntake = 32 * 1024 * 1024;

/** GET and POST /wecom/callback, POST /api/intake/messages. */
export function channelRoutes({ intake, inbox, apiKey }: ChannelRouteParts): Router {
  const router = new Router();
  if (inbox) {
    router.get("/wecom/callback", async (ctx) => {
      await answer(ctx, async () => inbox.verify(queryOf(ctx)));
    });
    router.post("/wecom/callback", async (ctx) => {
      const body = await rawBody(ctx, mostOfCallback);
      await answer(ctx, async () => {
        await inbox.receive(queryOf(ctx), body);
        return "";
      });
    });
  }
  router.post("/api/intake/messages", apiKey, async (ctx) => {
    ctx.body = await intake.intake(await jsonBody(ctx));
  });
  return router;
}

/** The query's plain values; one given twice is none. */
function queryOf(ctx: Web): CallbackQuery {
  return Object.fromEntries(Object.entries(ctx.query).filter(([, value]) => typeof value === "string"));
}

/** Bare text and 200, for this is how WeCom counts success; what is not from WeCom is turned away. */
async function answer(ctx: Web, work: () => Promise<string>): Promise<void> {
  try {
    ctx.body = await work();
    ctx.status = 200;
    ctx.type = "text/plain";
  } catch (error) {
    if (!(error instanceof CallbackFault)) throw error;
    ctx.status = 403;
    ctx.body = `${error.code}`;
  }
}

/** The JSON of a request, whether a body parser came before us or not. */
async function jsonBody(ctx: Web): Promise<unknown> {
  const parsed = bodyOf(ctx);
  if (parsed !== undefined) return parsed;
  const text = await rawBody(ctx, mostOfIntake);
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("invalid", "The push is no JSON.", [{ where: "body", expected: "JSON" }]);
  }
}

/** The text of a request. Raises `invalid` when it is longer than `most` bytes. */
async function rawBody(ctx: Web, most: number): Promise<string> {
  const read = bodyOf(ctx);
  if (typeof read === "string") return read;
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of ctx.req as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > most) {
      throw new Refusal("invalid", "The push is too long.", [
        { where: "body", expected: `at most ${most} bytes` },
      ]);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
