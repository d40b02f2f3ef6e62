// HQ's list of phrases over HTTP: read, added to, taken from, tried out.
import { Router } from "@koa/router";
import { z } from "zod";
import { type ApiPaths, operation, schemaOf } from "../infra/openapi.js";
import { bodyOf, readValues, type Step, type Web } from "../infra/web.js";
import { LIST_KINDS, ROLES } from "./reply-rules.js";
import type { ReplyWordService } from "./reply-words.js";

interface ReplyWordRouteParts {
  replyWords: ReplyWordService;
  /** lets in who may change the list */
  guard: Step;
  csrf: Step;
  /** `account:3` */
  actorOf(ctx: Web): string;
}

const phraseBody = z.object({ kind: z.enum(LIST_KINDS), role: z.enum(ROLES), phrase: z.string() });
const tryBody = z.object({ text: z.string().max(8_000) });

/** GET, POST and DELETE /api/reply-words, POST /api/reply-words/try. */
export function replyWordRoutes({ replyWords, guard, csrf, actorOf }: ReplyWordRouteParts): Router {
  const router = new Router({ prefix: "/api/reply-words" });
  router.get("/", guard, async (ctx) => {
    ctx.body = { phrases: await replyWords.list() };
  });
  router.post("/", guard, csrf, async (ctx) => {
    ctx.body = { added: await replyWords.add(bodyOf(ctx), actorOf(ctx)) };
  });
  router.delete("/", guard, csrf, async (ctx) => {
    ctx.body = { removed: await replyWords.remove(ctx.query, actorOf(ctx)) };
  });
  router.post("/try", guard, csrf, async (ctx) => {
    ctx.body = await replyWords.tryOut(readValues(tryBody, bodyOf(ctx), "body").text);
  });
  return router;
}

/** What the API says about it. */
export function replyWordPaths(): ApiPaths {
  const inQuery = (["kind", "role", "phrase"] as const).map((name) => ({
    ...{ name, in: "query", required: true, schema: { type: "string" } },
  }));
  return {
    "/api/reply-words": {
      get: operation(
        "The phrases by which a customer's reply is known for urgent, and those that make it harmless",
      ),
      post: operation("Add a phrase; it holds from the next message on", { body: schemaOf(phraseBody) }),
      delete: operation("Take a phrase out", { parameters: inQuery }),
    },
    "/api/reply-words/try": {
      post: operation("What a customer's message of these words would do", { body: schemaOf(tryBody) }),
    },
  };
}
