// HQ's list of phrases by which urgent replies are known: read, changed, tried out.
import { Router } from "@koa/router";
import type { Guard } from "../../identity/guard.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf } from "../../infra/web.js";
import { URGENT_NAMES } from "../../tasks/urgent-texts.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";

/** The list as the page needs it. */
interface Words {
  overview(): Promise<readonly object[]>;
  add(phrase: unknown, by: string): Promise<boolean>;
  remove(phrase: unknown, by: string): Promise<boolean>;
  tryOut(text: string): Promise<{
    finding: { kind: keyof typeof URGENT_NAMES; word: string; optOut: boolean } | null;
    automatic: boolean;
  }>;
}

export interface ReplyWordsPageParts {
  guard: Guard;
  pages: PageRenderer;
  replyWords: Words;
}

const MOST_TRIED = 500;

/** GET /reply-words (?try=TEXT), POST /reply-words/add and remove. */
export function replyWordsPages({ guard, pages, replyWords }: ReplyWordsPageParts): Router {
  const router = new Router({ prefix: "/reply-words" });
  const may = guard.may("edit_journeys");
  router.get("/", may, async (ctx) => {
    const tried = typeof ctx.query.try === "string" ? ctx.query.try.slice(0, MOST_TRIED) : "";
    showDesk(ctx, pages, "reply-words", "紧急回复的词", {
      lists: await replyWords.overview(),
      ...{ tried, verdict: tried.trim() === "" ? "" : sayTried(await replyWords.tryOut(tried)) },
    });
  });
  for (const what of ["add", "remove"] as const)
    router.post(`/${what}`, may, guard.csrf, async (ctx) => {
      await replyWords[what](bodyOf(ctx), actorOf(ctx));
      goTo(ctx, "/reply-words");
    });
  return router;
}

function sayTried({ finding, automatic }: Awaited<ReturnType<Words["tryOut"]>>): string {
  if (automatic) return "系统自动消息，不算客户回复。";
  if (!finding) return "普通消息，不会打扰导购。";
  const { kind, word, optOut } = finding;
  return `${URGENT_NAMES[kind]}，因为「${word}」：马上交给导购${optOut ? "，并停止给这位客户发消息" : ""}。`;
}
