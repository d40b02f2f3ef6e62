// HQ's list of claims nobody may make: read, changed, tried out, and what of the words in use it forbids.
import { Router } from "@koa/router";
import type { Guard } from "../../identity/guard.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, type Web } from "../../infra/web.js";
import { type FoundClaim, sentencesWith } from "../../journeys/claims-found.js";
import type { ClaimsList } from "../../journeys/claims-list.js";
import type { LibraryService } from "../../journeys/library/service.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import { touchpointHref } from "./page.js";

export interface ClaimsPageParts {
  guard: Guard;
  pages: PageRenderer;
  claimsList: ClaimsList;
  library: Pick<LibraryService, "inUse">;
}

const MOST_TRIED = 500;
const KIND_NAMES = { term: "不能出现", except: "这样说没关系" } as const;

/** GET /words/claims (?try=TEXT), POST /words/claims/add and remove. */
export function claimsPages(parts: ClaimsPageParts): Router {
  const { guard, claimsList } = parts;
  const router = new Router({ prefix: "/words/claims" });
  const may = guard.may("keep_words");
  router.get("/", may, (ctx) => showClaims(ctx, parts));
  for (const what of ["add", "remove"] as const)
    router.post(`/${what}`, may, guard.csrf, async (ctx) => {
      await claimsList[what](bodyOf(ctx), actorOf(ctx));
      const { category } = (bodyOf(ctx) ?? {}) as { category?: unknown };
      goTo(ctx, `/words/claims#${encodeURIComponent(String(category ?? ""))}`);
    });
  return router;
}

async function showClaims(ctx: Web, { pages, claimsList, library }: ClaimsPageParts): Promise<void> {
  await claimsList.check.fresh?.();
  const tried = typeof ctx.query.try === "string" ? ctx.query.try.slice(0, MOST_TRIED) : "";
  const categories = await claimsList.list();
  const inUse = (await library.inUse()).flatMap((one): (FoundClaim & { href: string; isLive: boolean })[] =>
    sentencesWith(one.words, claimsList.check).map((found) => ({
      ...found,
      ...{ key: one.touchpointKey, touchpoint: one.touchpointName, variant: one.variant },
      href: touchpointHref({ ...one, isLive: one.live !== undefined }),
      isLive: one.live !== undefined,
    })),
  );
  showDesk(ctx, pages, "words/claims", "不能用的说法", {
    tried,
    wasTried: tried.trim() !== "",
    hits: tried.trim() === "" ? [] : sentencesWith(tried, claimsList.check),
    inUse: inUse.map((one) => ({ ...one, variant: one.variant ?? "" })),
    categories: categories.map(({ key, name, reason, terms, except }) => ({
      ...{ key, name, reason },
      kinds: [
        { kind: "term", name: KIND_NAMES.term, phrases: terms },
        { kind: "except", name: KIND_NAMES.except, phrases: except },
      ],
    })),
  });
}
