// The library of words: found by folder and text, written, moved, taken into a touchpoint.
import { Router } from "@koa/router";
import { z } from "zod";
import { accountNames } from "../../identity/accounts.js";
import type { Guard } from "../../identity/guard.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, languageOf, readValues, type Web } from "../../infra/web.js";
import { count } from "../format.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import { type EntryPageParts, entryPages } from "./entry-routes.js";
import { entryCard, RATE_DAYS, type RateDays } from "./page.js";
import { knownEntries } from "./reading.js";
import { wordsPieces } from "./words-text.js";

export type WordsPageParts = EntryPageParts & { guard: Guard; pages: PageRenderer };

/** Entries of a page, and of the list to pick from. */
const [PAGE, PICKS] = [30, 40];

const listQuery = z.object({
  folder: z.string().max(60).optional(),
  q: z.string().max(100).default(""),
  days: z
    .enum(["30", "90"])
    .default("30")
    .transform((text) => Number(text) as RateDays),
  page: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, "a number")
    .default("1")
    .transform(Number),
});
const pickQuery = z.object({
  q: z.string().max(100).default(""),
  journey: z.string().max(64).default(""),
  touchpoint: z.string().max(64).default(""),
});
const folderBody = z.object({ from: z.string(), to: z.string() });

/** GET /words, /words/pick, POST /words/collect and /words/folders, and all of an entry. */
export function wordsPages(parts: WordsPageParts): Router {
  const { guard, library } = parts;
  const router = new Router({ prefix: "/words" });
  const may = guard.may("keep_words");
  router.get("/", may, (ctx) => showList(ctx, parts));
  router.get("/pick", may, (ctx) => showPicks(ctx, parts, "words/pick"));
  router.get("/pick/list", may, (ctx) => showPicks(ctx, parts, "words/pick-list"));
  router.post("/collect", may, guard.csrf, async (ctx) => {
    await library.collect(actorOf(ctx));
    goTo(ctx, "/words");
  });
  router.post("/folders", may, guard.csrf, async (ctx) => {
    const { from, to } = readValues(folderBody, bodyOf(ctx), "body");
    await library.renameFolder(from, to, actorOf(ctx));
    goTo(ctx, `/words?folder=${encodeURIComponent(to.trim())}`);
  });
  entryPages(router, parts);
  return router;
}

async function showList(ctx: Web, parts: WordsPageParts): Promise<void> {
  const { folder, q, days, page } = readValues(listQuery, ctx.query, "query");
  const { library, store, zone } = parts;
  const { entries, total } = await library.find({ folder, text: q, page, size: PAGE });
  const folders = await library.folders();
  const known = await knownEntries(parts, entries, days);
  const names = await accountNames(
    store.read,
    entries.map(({ changedBy }) => changedBy),
  );
  const pageHref = (to: number) => hrefOf({ folder, q, days, page: to });
  const values = {
    ...{ q, folder: folder ?? "", isAll: folder === undefined, total: count(total), days },
    all: count(folders.reduce((sum, { entries: n }) => sum + n, 0)),
    folders: folders.map(({ folder: name, entries: n }) => ({
      ...{ name, n: count(n), isOpen: name === folder, href: hrefOf({ folder: name, q, days }) },
    })),
    allHref: hrefOf({ q, days }),
    spans: RATE_DAYS.map((one) => ({
      days: one,
      isChosen: one === days,
      href: hrefOf({ folder, q, days: one }),
    })),
    entries: known.map((one) => entryCard(one, names.get(one.entry.changedBy) ?? "系统", zone)),
    missing: q === "" && folder === undefined ? (await library.missing()).length : 0,
    earlier: page > 1 ? pageHref(page - 1) : "",
    later: page * PAGE < total ? pageHref(page + 1) : "",
  };
  showDesk(ctx, parts.pages, "words/list", "话术库", values);
}

function hrefOf(query: { folder?: string | undefined; q: string; days: RateDays; page?: number }): string {
  const params = new URLSearchParams({
    ...(query.folder === undefined ? {} : { folder: query.folder }),
    ...(query.q === "" ? {} : { q: query.q }),
    ...(query.days === 30 ? {} : { days: String(query.days) }),
    ...(query.page === undefined || query.page === 1 ? {} : { page: String(query.page) }),
  });
  return `/words${params.size > 0 ? `?${params}` : ""}`;
}

/** Words to choose from, as a piece of the page on which a touchpoint is written. What makes a claim is not offered. */
async function showPicks(ctx: Web, parts: WordsPageParts, page: string): Promise<void> {
  const { q, journey, touchpoint } = readValues(pickQuery, ctx.query, "query");
  const { entries, total } = await parts.library.find({ text: q, size: PICKS });
  const known = await knownEntries(parts, entries, 90);
  ctx.type = "html";
  ctx.body = parts.pages.page(page, {
    ...{ language: languageOf(ctx), q, journey, touchpoint },
    more: Math.max(0, total - entries.length),
    entries: known
      .filter(({ claims }) => claims === 0)
      .map(({ entry, uses, rate }) => ({
        ...{ id: entry.id, folder: entry.folder, title: entry.title, words: entry.words },
        ...{ useCount: uses.length, pieces: wordsPieces(entry.words) },
        rate: rate?.rate ? `${(rate.rate.value * 100).toFixed(1)}%` : "",
        isSmall: rate?.small ?? false,
      })),
  });
}
