// Publishing a draft: its page, what it would do, asking for approval, approving, sending back.
import { Router } from "@koa/router";
import { z } from "zod";
import { accountNames } from "../../identity/accounts.js";
import { changesOf } from "../../identity/audit.js";
import type { Guard } from "../../identity/guard.js";
import type { Config } from "../../infra/config.js";
import type { Logger } from "../../infra/log.js";
import type { Store } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, idOf, languageOf, readValues, type Web } from "../../infra/web.js";
import type { DraftService } from "../../journeys/drafts.js";
import { type Preview, type PublishCounts, sayCounts } from "../../journeys/publish-counts.js";
import type { PublishingService } from "../../journeys/publishing.js";
import { namesWith, type TouchpointNames } from "../../journeys/touchpoint-names.js";
import { shopDayOf } from "../../kernel/calendar.js";
import type { World } from "../../kernel/world.js";
import type { ForecastService } from "../../tasks/forecast/service.js";
import type { DraftForecast } from "../../tasks/forecast/shape.js";
import { count } from "../format.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import { sayFormFault } from "./fault-words.js";
import { forecastView } from "./publish-forecast.js";
import { publishPage } from "./publish-page.js";
import { type Slow, slowAnswers, type Told } from "./publish-slow.js";

export interface PublishPageDeps {
  store: Store;
  guard: Guard;
  pages: PageRenderer;
  world: World;
  zone: string;
  log: Pick<Logger, "error">;
  publishing: PublishingService;
  drafts: Pick<DraftService, "read">;
  forecasts: ForecastService;
  config: Pick<Config, "caps">;
}

/** Days the forecast looks ahead. */
const DAYS = 30;

const grace = z.literal("yes").optional();
const live = z
  .string()
  .regex(/^\d{0,9}$/, "the number of a version")
  .transform((text) => (text === "" ? null : Number(text)));
const digest = z.string().regex(/^[0-9a-f]{64}$/, "the digest of the draft");
const askBody = z.object({ digest, grace, note: z.string().default("") });
const aloneBody = z.object({ digest, live, grace });
const approveBody = z.object({ digest, live });
const returnBody = z.object({ answer: z.string().default("") });

const keyOf = (ctx: Web) => (ctx.params as Record<string, string>).key ?? "";

/** Everything below /journeys/KEY/publish. */
export function publishPages(parts: PublishPageDeps): Router {
  const { guard, publishing } = parts;
  const router = new Router({ prefix: "/journeys/:key/publish" });
  const [may, mayApprove] = [guard.may("edit_journeys"), guard.may("approve_journeys")];
  const back = (ctx: Web, query = "") => {
    goTo(ctx, `/journeys/${encodeURIComponent(keyOf(ctx))}/publish${query}`);
  };
  const slow = slowParts(parts);
  router.get("/", may, (ctx) => showPublish(ctx, parts));
  router.get("/counts", may, (ctx) => showCounts(ctx, parts, slow));
  router.get("/forecast", may, (ctx) => showForecast(ctx, parts, slow));
  router.post("/ask", may, guard.csrf, async (ctx) => {
    const { grace: inside, ...asked } = readValues(askBody, bodyOf(ctx), "body");
    await publishing.ask(keyOf(ctx), { ...asked, insideGrace: inside === "yes" }, actorOf(ctx));
    back(ctx);
  });
  router.post("/now", mayApprove, guard.csrf, async (ctx) => {
    const { grace: inside, ...seen } = readValues(aloneBody, bodyOf(ctx), "body");
    const { version } = await publishing.publishAlone(keyOf(ctx), seen, inside === "yes", actorOf(ctx));
    back(ctx, `?done=${version}`);
  });
  router.post("/:request/approve", mayApprove, guard.csrf, async (ctx) => {
    const seen = readValues(approveBody, bodyOf(ctx), "body");
    const { version } = await publishing.approve(keyOf(ctx), idOf(ctx.params.request), seen, actorOf(ctx));
    back(ctx, `?done=${version}`);
  });
  router.post("/:request/return", mayApprove, guard.csrf, async (ctx) => {
    const { answer } = readValues(returnBody, bodyOf(ctx), "body");
    await publishing.sendBack(keyOf(ctx), idOf(ctx.params.request), answer, actorOf(ctx));
    back(ctx);
  });
  router.post("/:request/withdraw", may, guard.csrf, async (ctx) => {
    await publishing.withdraw(keyOf(ctx), idOf(ctx.params.request), actorOf(ctx));
    back(ctx);
  });
  return router;
}

async function showPublish(ctx: Web, { store, pages, publishing, zone }: PublishPageDeps): Promise<void> {
  const view = await publishing.show(keyOf(ctx));
  const people = [view.request, ...view.past].flatMap((one) => (one ? [one.askedBy, one.decidedBy] : []));
  const names = await accountNames(store.read, [...people, view.draft?.changedBy ?? null]);
  const page = publishPage(view, { names, reader: actorOf(ctx), zone, sayFault: sayFormFault });
  showDesk(ctx, pages, "journeys/publish", `发布：${view.name}`, { ...page, done: await doneOf(ctx, store) });
}

/** What was published just now, as it was written down; false on any other visit. */
async function doneOf(ctx: Web, store: Store): Promise<object | false> {
  const version = Number(ctx.query.done ?? 0);
  if (!Number.isInteger(version) || version < 1) return false;
  const query = { action: "journey.publish", subject: `journey:${keyOf(ctx)}`, limit: 5 };
  const { lines } = await changesOf(store.read, query);
  const found = lines.find(({ after }) => (after as { version?: number } | undefined)?.version === version);
  if (!found) return false;
  const { counts } = found.after as { counts: PublishCounts };
  const [english, chinese] = sayCounts({ ...counts, newToday: 0, newInsideGrace: 0 }).split("\n");
  return { version, said: languageOf(ctx) === "en" ? english : chinese };
}

/** Long counts and forecasts, by what they were counted of. */
function slowParts({ world }: PublishPageDeps) {
  return {
    counts: slowAnswers<Preview & { digest: string }>(world),
    forecasts: slowAnswers<{ forecast: DraftForecast; names: TouchpointNames }>(world),
  };
}

/** What makes an answer another: the draft, what is live, and the day; undefined when there is no draft any more. */
async function questionOf(
  ctx: Web,
  { publishing, world, zone }: PublishPageDeps,
  more: string,
): Promise<string | undefined> {
  const view = await publishing.show(keyOf(ctx));
  if (!view.ready) return undefined;
  return [view.key, view.ready.digest, view.live, view.state, shopDayOf(world.now(), zone), more].join(" ");
}

async function showCounts(
  ctx: Web,
  parts: PublishPageDeps,
  { counts }: ReturnType<typeof slowParts>,
): Promise<void> {
  const inside = ctx.query.grace === "yes";
  const question = await questionOf(ctx, parts, inside ? "grace" : "");
  const answer =
    question === undefined
      ? "gone"
      : await counts.ask(question, () => parts.publishing.preview(keyOf(ctx), inside));
  const url = `/journeys/${encodeURIComponent(keyOf(ctx))}/publish/counts${inside ? "?grace=yes" : ""}`;
  await fragment(ctx, parts, "journeys/publish-counts", answer, url, ({ counts: found, warnings }) => ({
    figures: countFigures(found),
    warnings,
    moreInside: found.newInsideGrace > found.newToday && !inside ? count(found.newInsideGrace) : "",
  }));
}

function countFigures(counts: PublishCounts): object[] {
  const { rerendered, moved, cancelled, heldOut = 0, new: made, touchpoints } = counts;
  return [
    { name: "换新话术", n: count(rerendered) },
    { name: "改期", n: count(moved) },
    { name: "取消任务", n: count(cancelled) },
    { name: "马上生成", n: count(made) },
    ...(heldOut > 0 ? [{ name: "留作对照", n: count(heldOut) }] : []),
    ...(touchpoints > 0 ? [{ name: "新增触点", n: count(touchpoints) }] : []),
  ];
}

async function showForecast(
  ctx: Web,
  parts: PublishPageDeps,
  { forecasts }: ReturnType<typeof slowParts>,
): Promise<void> {
  const question = await questionOf(ctx, parts, "");
  const foresee = async (told: Told) => {
    const draft = await parts.drafts.read(keyOf(ctx));
    const forecast = (await parts.forecasts.forecast({ days: DAYS, draft }, told)) as DraftForecast;
    return { forecast, names: await namesWith(parts.store.read, draft.spec) };
  };
  const answer = question === undefined ? "gone" : await forecasts.ask(question, foresee);
  const url = `/journeys/${encodeURIComponent(keyOf(ctx))}/publish/forecast`;
  const lines =
    languageOf(ctx) === "en"
      ? { live: "Live now", draft: "With the draft" }
      : { live: "现行", draft: "草稿" };
  await fragment(ctx, parts, "journeys/publish-forecast", answer, url, ({ forecast, names }) =>
    forecastView(forecast, lines, { names, caps: parts.config.caps }),
  );
}

/** A piece of the page: what was found, how far it is, or that it failed and can be tried again. */
async function fragment<T>(
  ctx: Web,
  { pages, log }: PublishPageDeps,
  page: string,
  answer: Slow<T> | "gone",
  url: string,
  view: (value: T) => object | Promise<object>,
): Promise<void> {
  const state = answer === "gone" ? "gone" : answer.state;
  const { done = 0, of = 0 } = answer !== "gone" && answer.state === "running" ? answer : {};
  if (answer !== "gone" && answer.state === "failed")
    log.error({ error: String(answer.error), page }, "counting ahead failed");
  ctx.type = "html";
  ctx.body = pages.page(page, {
    ...{ language: languageOf(ctx), url, done, of },
    ...{ isFailed: state === "failed", isGone: state === "gone" },
    found: answer !== "gone" && answer.state === "done" ? await view(answer.value) : false,
  });
}
