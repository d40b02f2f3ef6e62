// The side bar beside a chat in WeCom: the customer of the open chat and today's words for them; and what lets the page
// use WeCom's functions.
import { Router } from "@koa/router";
import { z } from "zod";
import type { Guard } from "../../identity/guard.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { idOf, languageOf, readValues, type Web, wantsFragment } from "../../infra/web.js";
import { Refusal } from "../../kernel/refusals.js";
import { showPhone } from "../pages.js";
import { figuresOf, type GuidePageParts, guideOf, momentOf } from "../today/guide-request.js";
import { chatPage } from "./page.js";

/** The chat system's own browser. */
export interface ChatPageClient {
  corpid: string;
  agentid: number;
  /** the address browsers reach us at when a proxy stands before us, else "" */
  publicUrl: string;
  /** signatures of a page's address, as its script asks for them */
  sign(url: string): Promise<object>;
}

export interface ChatPageParts extends GuidePageParts {
  guard: Guard;
  pages: PageRenderer;
  client?: ChatPageClient | undefined;
}

const asked = z.object({ url: z.url().max(2000) });

/** GET /g/chat, /g/chat/customers/:externalUserid, /g/chat/signature?url= and /g/tasks/:id/parts. */
export function chatPages(parts: ChatPageParts): Router {
  const { guard, tasks, pages, client } = parts;
  const router = new Router();

  router.get("/g/chat", guard.may("work_tasks"), async (ctx) => {
    showPhone(ctx, parts, "chat/chat", "客户", {});
  });

  router.get("/g/chat/customers/:externalUserid", guard.may("work_tasks"), async (ctx) => {
    if (!wantsFragment(ctx)) return ctx.redirect("/g/chat");
    ctx.type = "html";
    try {
      const customer = await tasks.currentCustomer(guideOf(ctx), ctx.params.externalUserid ?? "");
      const figures = await figuresOf(ctx, parts);
      ctx.body = pages.page("chat/customer", {
        language: languageOf(ctx),
        ...chatPage(customer, figures, momentOf(ctx, parts)),
      });
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind !== "not_found") throw error;
      ctx.body = pages.page("chat/nobody", { language: languageOf(ctx), message: error.message });
    }
  });

  router.get("/g/tasks/:id/parts", guard.may("work_tasks"), async (ctx) => {
    ctx.body = await tasks.pageParts(guideOf(ctx), idOf(ctx.params.id));
  });

  router.get("/g/chat/signature", guard.may("work_tasks"), async (ctx) => {
    if (!client) throw new Refusal("unsupported", "没有接企业微信。");
    ctx.body = await client.sign(ownUrl(ctx, client, readValues(asked, ctx.query, "query").url));
  });
  return router;
}

/** Only pages of ours are signed for. */
function ownUrl(ctx: Web, { publicUrl }: ChatPageClient, url: string): string {
  const ours = publicUrl === "" ? [ctx.host] : [ctx.host, new URL(publicUrl).host];
  if (!ours.includes(new URL(url).host)) throw new Refusal("forbidden", "只给本站的页面签名。");
  return url;
}
