// One-off tasks over HTTP, for HQ: made, listed with their figures, closed.
import { Router } from "@koa/router";
import { type ApiPaths, inPath, operation } from "../infra/openapi.js";
import { bodyOf, type Step, type Web } from "../infra/web.js";
import type { OneoffService, ReadOneoff } from "./oneoffs.js";

interface OneoffRouteParts {
  oneoffs: OneoffService;
  /** reads plain data as a one-off's file; raises `invalid` with every fault */
  read(data: unknown): Promise<ReadOneoff>;
  /** lets in who may edit journeys */
  guard: Step;
  csrf: Step;
  /** `account:3` */
  actorOf(ctx: Web): string;
}

/** GET and POST /api/oneoffs, POST /api/oneoffs/:key/close. */
export function oneoffRoutes({ oneoffs, read, guard, csrf, actorOf }: OneoffRouteParts): Router {
  const router = new Router({ prefix: "/api/oneoffs" });
  router.get("/", guard, async (ctx) => {
    ctx.body = { oneoffs: await oneoffs.list() };
  });
  router.post("/", guard, csrf, async (ctx) => {
    ctx.body = await oneoffs.create(await read(bodyOf(ctx)), actorOf(ctx));
  });
  router.post("/:key/close", guard, csrf, async (ctx) => {
    ctx.body = await oneoffs.close((ctx.params as Record<string, string>).key ?? "", actorOf(ctx));
  });
  return router;
}

/** What the API says about them. */
export function oneoffPaths(): ApiPaths {
  return {
    "/api/oneoffs": {
      get: operation("Every one-off task with its figures, the newest first"),
      post: operation("Make a one-off task for an audience", { body: BODY }),
    },
    "/api/oneoffs/{key}/close": {
      post: operation("End it: what is open is cancelled", { parameters: [inPath("key")] }),
    },
  };
}

const BODY = {
  type: "object",
  description: "A one-off as its YAML file says it: what a touchpoint says, and its days.",
  required: ["key", "name", "until"],
  properties: {
    key: { type: "string" },
    name: { type: "string" },
    on: { type: "string", description: "The first day; today when left out" },
    until: { type: "string", description: "The last day" },
    audience: { type: "object" },
    send: { enum: ["mass", "page", "bot", "hand"] },
    words: { type: "string" },
  },
};
