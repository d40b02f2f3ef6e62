// Keeping in step with WeCom, for HQ: the sync, codes, welcome words, tags, transfers.
import { Router } from "@koa/router";
import { z } from "zod";
import type { ContactService } from "../../contacts/service.js";
import { bodyOf, idOf, readValues, type Web } from "../../infra/web.js";
import { Refusal } from "../../kernel/refusals.js";
import { sightOf } from "../../org/sight.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import { type OrgPageParts, requestOf } from "./request.js";
import { syncPage, transfersPage, waysPage } from "./wecom-view.js";
import { addWelcome } from "./welcome-routes.js";

const word = (most: number) => z.string().trim().min(1).max(most);
const wayForm = z.object({ campaign: word(20), stores: z.string().max(20_000).default("") });
const wayKey = z.object({ campaign: word(20), store: word(64).optional() });
const tagForm = z.object({ name: word(30) });
const transferForm = z.object({
  from: word(64),
  to: word(64),
  message: z.string().trim().max(400).default(""),
});
const transferQuery = z.object({
  from: z.string().max(64).catch(""),
  all: z.literal("yes").optional().catch(undefined),
});
const NAMES = { campaign: "活动", name: "标签", from: "原导购", to: "接替导购", message: "告诉客户的话" };

/** GET /org/wecom and its pages: ways, codes/ID.png, welcome, tags, transfers; POST what changes them. */
export function wecomPages(parts: OrgPageParts): Router {
  const { guard, pages, zone } = parts;
  const router = new Router({ prefix: "/org/wecom" });
  const may = guard.may("keep_contacts");
  router.get("/", may, async (ctx) => {
    if (!parts.contacts) return showDesk(ctx, pages, "org/wecom-none", "企业微信", {});
    const { last, running } = await parts.contacts.standing();
    const tags = await parts.contacts.tags.list();
    showDesk(ctx, pages, "org/wecom", "企业微信", syncPage({ last, running, tags }, zone));
  });
  router.post("/sync", may, guard.csrf, async (ctx) => {
    // it takes minutes: the page says how far it is
    there(parts).syncNow({}, actorOf(ctx)).catch(parts.failed);
    goTo(ctx, "/org/wecom");
  });
  router.post("/tags", may, guard.csrf, async (ctx) => {
    const { tags } = there(parts);
    await tags.add(readValues(tagForm, bodyOf(ctx), "body", NAMES).name, actorOf(ctx));
    tags.push().catch(parts.failed);
    goTo(ctx, "/org/wecom");
  });
  router.post("/tags/remove", may, guard.csrf, async (ctx) => {
    await there(parts).tags.remove(readValues(tagForm, bodyOf(ctx), "body", NAMES).name, actorOf(ctx));
    goTo(ctx, "/org/wecom");
  });
  addWays(router, parts);
  addWelcome(router, parts, () => there(parts));
  addTransfers(router, parts);
  return router;
}

function there({ contacts }: OrgPageParts): ContactService {
  if (!contacts) throw new Refusal("unsupported", "当前渠道没有企业微信通讯录。");
  return contacts;
}

function addWays(router: Router, parts: OrgPageParts): void {
  const { guard, pages, store } = parts;
  const may = guard.may("keep_contacts");
  router.get("/ways", may, async (ctx) => {
    const lines = await there(parts).ways.list();
    showDesk(ctx, pages, "org/ways", "活码", waysPage(lines));
  });
  router.post("/ways", may, guard.csrf, async (ctx) => {
    const { campaign, stores } = readValues(wayForm, bodyOf(ctx), "body", NAMES);
    const codes = stores.split(/[\s,，、]+/).filter(Boolean);
    const { ways } = there(parts);
    // rows first, so that a code nobody knows is said at once; the calls of the chat system take their time
    const begun = ways.begin(campaign, codes.length > 0 ? codes : undefined, actorOf(ctx));
    (await begun).done.catch(parts.failed);
    goTo(ctx, "/org/wecom/ways");
  });
  router.post("/ways/remove", may, guard.csrf, async (ctx) => {
    const { campaign, store: code } = readValues(wayKey, bodyOf(ctx), "body", NAMES);
    await there(parts).ways.remove(campaign, code, actorOf(ctx));
    goTo(ctx, "/org/wecom/ways");
  });
  // managers see the codes of the stores they see
  router.get("/codes/:id.png", guard.may("see_org"), async (ctx) => {
    const id = idOf(String(ctx.params.id));
    const row = await store.read.row<{ picture: string | null; storeId: number }>(
      "SELECT picture, store_id AS storeId FROM contact_way WHERE id = ? AND removed_at IS NULL",
      [id],
    );
    if (!row?.picture) throw new Refusal("not_found", "没有这个活码的图片。");
    await mustSeeStore(ctx, parts, row.storeId);
    const picture = await there(parts).ways.picture(row.picture);
    ctx.set("Cache-Control", "private, max-age=86400");
    ctx.type = picture.subarray(0, 4).toString("hex") === "89504e47" ? "image/png" : "image/jpeg";
    ctx.body = picture;
  });
}

function addTransfers(router: Router, parts: OrgPageParts): void {
  const { guard, pages, zone } = parts;
  const may = guard.may("keep_contacts");
  router.get("/transfers", may, async (ctx) => {
    const { from, all } = readValues(transferQuery, ctx.query, "query");
    const lines = await there(parts).transfers.list(all === "yes" || from !== "", from);
    showDesk(
      ctx,
      pages,
      "org/transfers",
      "客户交接",
      transfersPage(lines, { from, all: all === "yes" }, zone),
    );
  });
  router.post("/transfers", may, guard.csrf, async (ctx) => {
    const { from, to, message } = readValues(transferForm, bodyOf(ctx), "body", NAMES);
    const ask = { from, to, by: actorOf(ctx), ...(message ? { message } : {}) };
    const begun = await there(parts).transfers.begin(ask);
    begun.done.catch(parts.failed);
    goTo(ctx, `/org/wecom/transfers?from=${encodeURIComponent(from)}`);
  });
}

async function mustSeeStore(ctx: Web, parts: OrgPageParts, storeId: number): Promise<void> {
  const sight = sightOf(requestOf(ctx, parts).viewer);
  const seen = await parts.store.read.row(
    `SELECT s.id FROM store s JOIN region r ON r.id = s.region_id WHERE s.id = ? AND ${sight.sql}`,
    [storeId, ...sight.params],
  );
  if (!seen) throw new Refusal("not_found", "没有这个活码的图片。");
}
