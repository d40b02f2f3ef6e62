// Journeys over HTTP, for HQ: as they stand, their drafts, publishing with counts first, pausing and archiving.
import { Router } from "@koa/router";
import { z } from "zod";
import { bodyOf, readValues, type Step, type Web } from "../infra/web.js";
import type { DraftService } from "./drafts.js";
import type { JourneyOverview } from "./overviews.js";
import { unconfirmed } from "./publish-counts.js";
import type { PublishingService } from "./publishing.js";
import type { JourneyState } from "./queries.js";
import type { Applied } from "./service.js";

/** How a draft is published. */
export const publishBody = z.strictObject({
  yes: z.boolean("true or false").default(false).describe("Said when a version is in force"),
  also_inside_grace: z
    .boolean("true or false")
    .default(false)
    .describe("New and changed touchpoints also plan what is due inside the grace; else from today on"),
});

/** What a preview counts. */
const previewQuery = z.object({
  also_inside_grace: z.enum(["true", "false"], { error: "true or false" }).default("false"),
});

/** The words that change a journey's state. */
export const STATE_WORDS = { pause: "paused", resume: "live", archive: "archived" } as const satisfies Record<
  string,
  JourneyState
>;

export interface JourneyRouteParts {
  drafts: Omit<DraftService, "publish">;
  publishing: Pick<PublishingService, "show" | "preview" | "publishAlone">;
  overviews(): Promise<JourneyOverview[]>;
  /** pauses, resumes, archives, with all that follows for tasks; false: it was so already */
  setState(key: string, to: JourneyState, by: string): Promise<boolean>;
  /** lets in who may edit journeys */
  guard: Step;
  csrf: Step;
  /** `account:3` */
  actorOf(ctx: Web): string;
}

/** Everything below /api/journeys. */
export function journeyRoutes(parts: JourneyRouteParts): Router {
  const { drafts, guard, csrf, actorOf } = parts;
  const router = new Router({ prefix: "/api/journeys" });
  const keyOf = (ctx: Web) => (ctx.params as Record<string, string>).key ?? "";
  router.get("/", guard, async (ctx) => {
    ctx.body = { journeys: await parts.overviews() };
  });
  router.get("/:key", guard, async (ctx) => {
    ctx.body = await drafts.show(keyOf(ctx));
  });
  router.put("/:key/draft", guard, csrf, async (ctx) => {
    ctx.body = await drafts.save(keyOf(ctx), bodyOf(ctx), actorOf(ctx));
  });
  router.delete("/:key/draft", guard, csrf, async (ctx) => {
    ctx.body = { discarded: await drafts.discard(keyOf(ctx), actorOf(ctx)) };
  });
  router.get("/:key/draft/preview", guard, async (ctx) => {
    const { also_inside_grace: choice } = readValues(previewQuery, ctx.query, "query");
    ctx.body = await drafts.preview(keyOf(ctx), choice === "true");
  });
  router.post("/:key/publish", guard, csrf, async (ctx) => {
    const { yes, also_inside_grace: insideGrace } = readValues(publishBody, bodyOf(ctx) ?? {}, "body");
    ctx.body = await publish(parts.publishing, keyOf(ctx), { yes, insideGrace, by: actorOf(ctx) });
  });
  for (const [word, state] of Object.entries(STATE_WORDS))
    router.post(`/:key/${word}`, guard, csrf, async (ctx) => {
      ctx.body = { state, changed: await parts.setState(keyOf(ctx), state, actorOf(ctx)) };
    });
  return router;
}

/** Publishes the draft as it stands, by the rule of who may; over a version in force only when `yes` is said, and a draft
 *  that says what is live publishes nothing. */
async function publish(
  publishing: JourneyRouteParts["publishing"],
  key: string,
  { yes, insideGrace, by }: { yes: boolean; insideGrace: boolean; by: string },
): Promise<Applied> {
  const { ready, live, state, differs } = await publishing.show(key);
  if (ready && live !== null && !(yes && differs)) {
    const preview = await publishing.preview(key, insideGrace);
    if (preview.needsYes) throw unconfirmed(ready.spec, state ?? undefined, preview);
    const { version, changes, lines, warnings, counts } = preview;
    return { published: false, version, changes, lines, warnings, counts };
  }
  return publishing.publishAlone(key, { digest: ready?.digest ?? "", live }, insideGrace, by);
}
