// The versions of a journey: read, compared, made the draft again, copied under another key; and its state.
import { Router } from "@koa/router";
import { z } from "zod";
import { accountNames } from "../../identity/accounts.js";
import type { Guard } from "../../identity/guard.js";
import { pictureOf } from "../../infra/pictures.js";
import type { Store } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, idOf, languageOf, readValues, type Web } from "../../infra/web.js";
import { readContent } from "../../journeys/content.js";
import type { DraftMaking } from "../../journeys/draft-making.js";
import type { DraftService } from "../../journeys/drafts.js";
import { requestsByVersion } from "../../journeys/publish-requests.js";
import { type JourneyState, journeyByKey } from "../../journeys/queries.js";
import type { JourneySpec } from "../../journeys/spec.js";
import { versionAt, versionsOf } from "../../journeys/version-history.js";
import { shopDayOf } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import type { World } from "../../kernel/world.js";
import { openTasksOf } from "../../tasks/rest-preview.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import {
  STATE_CHANGES,
  type StateWord,
  stateLines,
  statePage,
  versionsPage,
  type Which,
} from "./versions-page.js";

export interface VersionPageDeps {
  store: Store;
  guard: Guard;
  pages: PageRenderer;
  world: World;
  zone: string;
  drafts: Pick<DraftService, "show" | "read">;
  draftMaking: DraftMaking;
  setJourneyState(key: string, to: JourneyState, by: string): Promise<unknown>;
}

const which = z
  .string()
  .regex(/^(draft|\d{1,9})$/, "draft, or the number of a version")
  .transform((text): Which => (text === "draft" ? text : Number(text)));
const compareQuery = z.object({ from: which.optional(), to: which.optional() });
const restoreBody = z.object({
  replace: z
    .string()
    .regex(/^\d{1,15}$/, "when the draft was changed")
    .optional(),
});
const copyBody = z.object({ key: z.string().default(""), name: z.string().default(""), which });

const paramOf = (ctx: Web, name: string) => (ctx.params as Record<string, string>)[name] ?? "";
const keyOf = (ctx: Web) => paramOf(ctx, "key");

/** GET /journeys/KEY/versions, KEY/forecast, KEY/state/WORD, _files/DIGEST; POST versions/NUMBER/restore, copy, state/WORD. */
export function versionPages(parts: VersionPageDeps): Router {
  const { guard, draftMaking, store } = parts;
  const router = new Router({ prefix: "/journeys" });
  const may = guard.may("edit_journeys");
  router.get("/_files/:digest", guard.may("see_journeys"), (ctx) => sendPicture(ctx, store));
  router.get("/:key/versions", may, (ctx) => showVersions(ctx, parts));
  for (const [page, place] of [
    ["forecast", "publish#forecast-title"],
    ["copy", "versions#copy-title"],
  ] as const)
    router.get(`/:key/${page}`, may, (ctx) => {
      ctx.redirect(`/journeys/${encodeURIComponent(keyOf(ctx))}/${place}`);
    });
  router.post("/:key/versions/:number/restore", may, guard.csrf, async (ctx) => {
    const { replace } = readValues(restoreBody, bodyOf(ctx) ?? {}, "body");
    const number = idOf(paramOf(ctx, "number"));
    await draftMaking.restore(
      keyOf(ctx),
      number,
      replace === undefined ? undefined : Number(replace),
      actorOf(ctx),
    );
    goTo(ctx, `/journeys/${encodeURIComponent(keyOf(ctx))}/publish`);
  });
  router.post("/:key/copy", may, guard.csrf, async (ctx) => {
    const { which: from, ...target } = readValues(copyBody, bodyOf(ctx), "body");
    await draftMaking.copy(keyOf(ctx), from, target, actorOf(ctx));
    goTo(ctx, `/journeys/${encodeURIComponent(target.key.trim())}/draft`);
  });
  router.get("/:key/state/:word", may, (ctx) => showState(ctx, parts));
  router.get("/:key/state/:word/counts", may, (ctx) => showStateCounts(ctx, parts));
  router.post("/:key/state/:word", may, guard.csrf, async (ctx) => {
    await parts.setJourneyState(keyOf(ctx), STATE_CHANGES[wordOf(ctx)], actorOf(ctx));
    goTo(ctx, `/journeys/${encodeURIComponent(keyOf(ctx))}/versions`);
  });
  return router;
}

function wordOf(ctx: Web): StateWord {
  const word = paramOf(ctx, "word");
  if (Object.hasOwn(STATE_CHANGES, word)) return word as StateWord;
  throw new Refusal("not_found", "没有这个页面。");
}

async function showVersions(ctx: Web, { store, pages, drafts, zone }: VersionPageDeps): Promise<void> {
  const key = keyOf(ctx);
  const { draft, state, version } = await drafts.show(key);
  const versions = await versionsOf(store.read, key);
  const requests = await requestsByVersion(store.read, key);
  const asked = readValues(compareQuery, ctx.query, "query");
  const people = [
    ...versions.map(({ publishedBy }) => publishedBy),
    ...[...requests.values()].map((one) => one.askedBy),
  ];
  const stored = await journeyByKey(store.read, key);
  const name = stored?.spec.name ?? String(draft?.data.name ?? key);
  const specOf = async (one: Which): Promise<JourneySpec> =>
    one === "draft" ? (await drafts.read(key)).spec : (await versionAt(store.read, key, one)).spec;
  const { from, to } = asked;
  const compared =
    from === undefined || to === undefined
      ? null
      : { from, to, before: await specOf(from), after: await specOf(to) };
  const names = await accountNames(store.read, [...people, draft?.changedBy ?? null]);
  const values = { key, name, state, live: version, versions, draft, requests, names, compared, zone };
  showDesk(ctx, pages, "journeys/versions", `版本：${name}`, versionsPage(values));
}

async function showState(ctx: Web, { store, pages }: VersionPageDeps): Promise<void> {
  const key = keyOf(ctx);
  const stored = await journeyByKey(store.read, key);
  if (!stored) throw new Refusal("not_found", `没有旅程 ${key}。`);
  const page = statePage(wordOf(ctx), { key, name: stored.spec.name });
  showDesk(ctx, pages, "journeys/state", stored.spec.name, page);
}

/** What the change would do to tasks: counted while the page stands, for a large brand has many. */
async function showStateCounts(ctx: Web, { store, pages, world, zone }: VersionPageDeps): Promise<void> {
  const key = keyOf(ctx);
  const word = wordOf(ctx);
  if (!(await journeyByKey(store.read, key))) throw new Refusal("not_found", `没有旅程 ${key}。`);
  const tasks = await openTasksOf(store.read, key, shopDayOf(world.now(), zone));
  ctx.type = "html";
  const values = { language: languageOf(ctx), lines: stateLines(word, tasks) };
  ctx.body = pages.page("journeys/state-counts", values);
}

/** A picture that touchpoints enclose; its address says its content, so a browser may keep it. */
async function sendPicture(ctx: Web, store: Store): Promise<void> {
  const digest = paramOf(ctx, "digest");
  const bytes = /^[0-9a-f]{64}$/.test(digest)
    ? await readContent(store.read, digest).catch(() => undefined)
    : undefined;
  const picture = bytes && pictureOf(bytes);
  if (!picture) throw new Refusal("not_found", "没有这张图片。");
  ctx.set("Cache-Control", "private, max-age=31536000, immutable");
  ctx.type = picture.type;
  ctx.body = bytes;
}
