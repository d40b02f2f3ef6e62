// Audiences and tags over HTTP, for HQ: what a rule finds, the limits between stages, tags by hand and by rule.
import { Router } from "@koa/router";
import { z } from "zod";
import type { TagService } from "../customers/tag-service.js";
import { bodyOf, readValues, type Step, type Web } from "../infra/web.js";
import type { AudienceService } from "./audience-service.js";
import type { TagRuleService } from "./tag-rules.js";

/** A tag for some customers. */
export const taggingBody = z.strictObject({
  tag: z.string("a tag"),
  customers: z
    .array(z.string("an external_userid"), "a list of external_userids")
    .min(1, "1 to 1000 external_userids")
    .max(1000, "1 to 1000 external_userids"),
});

export interface AudienceRouteParts {
  audiences: AudienceService;
  tags: TagService;
  tagRules: TagRuleService;
  /** lets in who may edit journeys */
  guard: Step;
  csrf: Step;
  /** `account:3` */
  actorOf(ctx: Web): string;
}

/** Everything below /api/audiences and /api/tags. */
export function audienceRoutes(parts: AudienceRouteParts): Router {
  const { audiences, tags, tagRules, guard, csrf, actorOf } = parts;
  const router = new Router();
  const named = (ctx: Web, key: string) => (ctx.params as Record<string, string>)[key] ?? "";
  router.post("/api/audiences/count", guard, csrf, async (ctx) => {
    ctx.body = await audiences.count(bodyOf(ctx) ?? {});
  });
  router.get("/api/audiences/limits", guard, async (ctx) => {
    ctx.body = await audiences.limits();
  });
  router.put("/api/audiences/limits", guard, csrf, async (ctx) => {
    ctx.body = await audiences.setLimits(bodyOf(ctx) ?? {}, actorOf(ctx));
  });
  router.get("/api/tags", guard, async (ctx) => {
    ctx.body = { tags: await tags.uses() };
  });
  router.get("/api/tags/rules", guard, async (ctx) => {
    ctx.body = { rules: await tagRules.list() };
  });
  router.put("/api/tags/rules/:tag", guard, csrf, async (ctx) => {
    await tagRules.set(named(ctx, "tag"), bodyOf(ctx) ?? {}, actorOf(ctx));
    ctx.body = await audiences.count(bodyOf(ctx) ?? {});
  });
  router.delete("/api/tags/rules/:tag", guard, csrf, async (ctx) => {
    ctx.body = { customers: await tagRules.drop(named(ctx, "tag"), actorOf(ctx)) };
  });
  for (const word of ["add", "remove"] as const)
    router.post(`/api/tags/${word}`, guard, csrf, async (ctx) => {
      const { tag, customers } = readValues(taggingBody, bodyOf(ctx), "body");
      ctx.body = { customers: await tags[word](customers, tag, actorOf(ctx)) };
    });
  router.get("/api/customers/:customer/tags", guard, async (ctx) => {
    ctx.body = await tags.show(named(ctx, "customer"));
  });
  return router;
}
