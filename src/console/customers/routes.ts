// The customers' pages: found by what one types, opened piece by piece, and their phone shown to who asks for it.
import { Router } from "@koa/router";
import { z } from "zod";
import { viewerOf } from "../../identity/guard.js";
import { isAllowed } from "../../identity/permissions.js";
import { safeHtml } from "../../infra/templates-pages.js";
import { idOf, languageOf, type Web, wantsFragment } from "../../infra/web.js";
import { shopDayOf } from "../../kernel/calendar.js";
import { showDesk } from "../pages.js";
import { type CustomerRouteParts, showCard } from "./card.js";
import { PIECES } from "./pieces.js";
import { resultsOf } from "./search-page.js";

const line = (most: number) => z.string().trim().max(most).catch("").default("");
const asked = z.object({
  q: line(120),
  store: line(64),
  guide: line(64),
  by: z.enum(["name", "phone", "tail", "id"]).optional().catch(undefined),
  after: z.coerce.number().int().positive().optional().catch(undefined),
  /** how many follow-ups ended with a customer just erased */
  erased: z
    .string()
    .regex(/^\d{1,6}$/)
    .optional()
    .catch(undefined),
});

/** GET /customers, /customers/:id and its pieces; POST /customers/:id/phone. */
export function customerPages(parts: CustomerRouteParts): Router {
  const { guard, pages, customerDesk } = parts;
  const router = new Router({ prefix: "/customers" });
  const may = guard.may("see_customers");
  router.get("/", may, (ctx) => showSearch(ctx, parts));
  router.get("/:id", may, (ctx) => showCard(ctx, parts));
  router.post("/:id/phone", may, guard.csrf, async (ctx) => {
    const phone = await customerDesk.showPhone(viewerOf(ctx), idOf(ctx.params.id));
    ctx.set("Cache-Control", "no-store");
    if (!wantsFragment(ctx)) return showCard(ctx, parts, { shownPhone: phone });
    ctx.type = "html";
    ctx.body = pages.page("customers/phone", { shownPhone: phone, language: languageOf(ctx) });
  });
  for (const [name, { title, read }] of Object.entries(PIECES))
    router.get(`/:id/${name}`, may, async (ctx) => {
      const values = {
        ...(await read(parts, viewerOf(ctx), idOf(ctx.params.id))),
        language: languageOf(ctx),
      };
      const html = pages.page(`customers/${name}`, values);
      ctx.type = "html";
      if (wantsFragment(ctx)) ctx.body = html;
      else {
        const page = { id: ctx.params.id, pieceTitle: title, html: safeHtml(html) };
        showDesk(ctx, pages, "customers/piece", title, page);
      }
    });
  return router;
}

async function showSearch(ctx: Web, { customerDesk, pages, world, zone }: CustomerRouteParts): Promise<void> {
  const { q: text, erased, ...rest } = asked.parse(ctx.query);
  const ask = { text, ...rest };
  const found = await customerDesk.search(viewerOf(ctx), ask);
  const results = resultsOf(ask, found, shopDayOf(world.now(), zone));
  if (wantsFragment(ctx)) {
    // a search is found again by going back; a phone number has no place in an address that browsers keep
    ctx.set("HX-Push-Url", found.by === "phone" || found.by === "tail" ? "/customers" : ctx.url);
    ctx.type = "html";
    ctx.body = pages.page("customers/results", { ...results, language: languageOf(ctx) });
    return;
  }
  const mayImport = isAllowed(viewerOf(ctx).role, "import_data");
  showDesk(ctx, pages, "customers/search", "客户", { ...ask, ...results, erased: erased ?? "", mayImport });
}
