// The guide inside the product, at the desk and on the phone: each role begins with its own, HQ may read all.
import { Router } from "@koa/router";
import { type Guard, viewerOf } from "../../identity/guard.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import type { Web } from "../../infra/web.js";
import { Refusal } from "../../kernel/refusals.js";
import { showDesk, showPhone } from "../pages.js";
import { AUDIENCE_NAMES, type Audience, audienceOf, pictureSize, TOPICS, type Topic } from "./topics.js";

export interface HelpPageParts {
  guard: Guard;
  pages: PageRenderer;
  /** whether there is an asset of this name */
  hasPicture(name: string): boolean;
}

const AUDIENCES = Object.keys(TOPICS) as Audience[];

/** GET /help, /help/hq, /help/manager and /help/guide. */
export function helpPages(parts: HelpPageParts): Router {
  const { guard } = parts;
  const router = new Router();
  router.get("/help", guard.signedIn, (ctx) => show(ctx, parts, audienceOf(viewerOf(ctx).role)));
  router.get("/help/:audience", guard.signedIn, (ctx) => {
    const { audience = "" } = ctx.params as Record<string, string>;
    const own = audienceOf(viewerOf(ctx).role);
    const asked = AUDIENCES.find((one) => one === audience);
    // who leads others helps them too: HQ reads all, a manager also what guides read
    const readable = own === "hq" ? AUDIENCES : own === "manager" ? ["manager", "guide"] : ["guide"];
    if (!asked || !readable.includes(asked)) throw new Refusal("not_found", "没有这一页帮助。");
    show(ctx, parts, asked);
  });
  return router;
}

function show(ctx: Web, parts: HelpPageParts, audience: Audience): void {
  const { role } = viewerOf(ctx);
  const own = audienceOf(role);
  const others = own === "hq" ? AUDIENCES : own === "manager" ? (["manager", "guide"] as const) : [];
  const values = {
    audienceName: AUDIENCE_NAMES[audience],
    tabs: others.map((one) => ({
      href: `/help/${one}`,
      name: AUDIENCE_NAMES[one],
      active: one === audience,
    })),
    topics: TOPICS[audience].map((topic) => topicOf(topic, parts, own === audience)),
  };
  if (role === "guide") showPhone(ctx, parts, "help/page", "帮助", values);
  else showDesk(ctx, parts.pages, "help/page", "帮助", values);
}

function topicOf(
  { id, title, says, picture = "", href = "" }: Topic,
  parts: HelpPageParts,
  isOwn: boolean,
): object {
  const file = picture && `help/${picture}`;
  const shown = file && parts.hasPicture(file) ? file : "";
  return { id, title, says, href: isOwn ? href : "", picture: shown, size: pictureSize(picture) };
}
