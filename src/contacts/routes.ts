// Keeping in step over HTTP, for HQ: the sync, codes, welcome words, tags shown to guides, remarks, transfers.
import { Router } from "@koa/router";
import { z } from "zod";
import { bodyOf, readValues, type Step, type Web } from "../infra/web.js";
import { Refusal } from "../kernel/refusals.js";
import type { ContactService } from "./service.js";

const word = (most: number) => z.string().min(1).max(most);
export const syncBody = z.object({
  trigger: z.boolean().optional().describe("whether due days up to today may make tasks"),
  end_all: z.boolean().default(false).describe("end friendships WeCom does not name, however many they are"),
});
export const wayBody = z.object({
  campaign: word(20),
  stores: z.array(word(64)).min(1).max(10_000).optional().describe("store codes; left out: every store"),
});
export const wayQuery = z.object({ campaign: word(20).optional() });
export const wayKey = z.object({ campaign: word(20), store: word(64).optional() });
export const welcomeBody = z.object({
  scope: word(80).describe("default, campaign:NAME or state:STATE"),
  words: z.string().min(1).max(4000),
  seen: z
    .string()
    .max(16)
    .optional()
    .describe('`seen` of the words that are changed, "" for none: refused when they are others by now'),
});
export const welcomeKey = z.object({ scope: word(80), seen: z.string().max(16).optional() });
export const tagBody = z.object({ name: word(30) });
export const remarkBody = z.object({
  guide_userid: word(64),
  external_userid: word(64),
  remark: z.string().max(80),
});
export const transferBody = z.object({
  from: word(64),
  to: word(64),
  customers: z.array(word(64)).min(1).max(10_000).optional().describe("left out: all the guide owns"),
  message: z.string().max(400).optional(),
});
export const transferQuery = z.object({ all: z.enum(["true", "false"]).default("false") });

export interface ContactRouteParts {
  /** undefined: the channel knows no directory */
  contacts: ContactService | undefined;
  /** lets in who may keep contacts */
  guard: Step;
  /** of a person's own page */
  csrf: Step;
  actorOf(ctx: Web): string;
}

/** GET and POST /api/sync; /api/contact-ways; /api/welcome-words; /api/wecom-tags; PUT /api/contacts/remark;
 *  /api/contact-transfers. */
export function contactRoutes(parts: ContactRouteParts): Router {
  const router = new Router();
  addSync(router, parts);
  addWays(router, parts);
  addWelcome(router, parts);
  addTransfers(router, parts);
  return router;
}

function there(contacts: ContactService | undefined): ContactService {
  if (!contacts) throw new Refusal("unsupported", "当前渠道没有企业微信通讯录，不能同步。");
  return contacts;
}

function addSync(router: Router, { contacts, guard, csrf, actorOf }: ContactRouteParts): void {
  router.get("/api/sync", guard, async (ctx) => {
    ctx.body = await there(contacts).standing();
  });
  router.post("/api/sync", guard, csrf, async (ctx) => {
    const { trigger, end_all } = readValues(syncBody, bodyOf(ctx) ?? {}, "body");
    const way = { endAll: end_all, ...(trigger === undefined ? {} : { trigger }) };
    ctx.body = await there(contacts).syncNow(way, actorOf(ctx));
  });
  router.put("/api/contacts/remark", guard, csrf, async (ctx) => {
    const { guide_userid, external_userid, remark } = readValues(remarkBody, bodyOf(ctx), "body");
    await there(contacts).remark(guide_userid, external_userid, remark, actorOf(ctx));
    ctx.body = { written: true };
  });
  router.get("/api/wecom-tags", guard, async (ctx) => {
    ctx.body = { tags: await there(contacts).tags.list() };
  });
  router.post("/api/wecom-tags", guard, csrf, async (ctx) => {
    const { tags } = there(contacts);
    await tags.add(readValues(tagBody, bodyOf(ctx), "body").name, actorOf(ctx));
    ctx.body = { ...(await tags.push()), tags: await tags.list() };
  });
  router.delete("/api/wecom-tags", guard, csrf, async (ctx) => {
    await there(contacts).tags.remove(readValues(tagBody, ctx.query, "query").name, actorOf(ctx));
    ctx.body = { removed: true };
  });
}

function addWays(router: Router, { contacts, guard, csrf, actorOf }: ContactRouteParts): void {
  router.get("/api/contact-ways", guard, async (ctx) => {
    ctx.body = { ways: await there(contacts).ways.list(readValues(wayQuery, ctx.query, "query").campaign) };
  });
  router.post("/api/contact-ways", guard, csrf, async (ctx) => {
    const { campaign, stores } = readValues(wayBody, bodyOf(ctx), "body");
    const { ways } = there(contacts);
    ctx.body = { ...(await ways.add(campaign, stores, actorOf(ctx))), ways: await ways.list(campaign) };
  });
  router.delete("/api/contact-ways", guard, csrf, async (ctx) => {
    const { campaign, store } = readValues(wayKey, ctx.query, "query");
    ctx.body = { removed: await there(contacts).ways.remove(campaign, store, actorOf(ctx)) };
  });
}

function addWelcome(router: Router, { contacts, guard, csrf, actorOf }: ContactRouteParts): void {
  router.get("/api/welcome-words", guard, async (ctx) => {
    const { welcome } = there(contacts);
    ctx.body = { words: await welcome.list(), latest: await welcome.log(100) };
  });
  router.put("/api/welcome-words", guard, csrf, async (ctx) => {
    const { scope, words, seen } = readValues(welcomeBody, bodyOf(ctx), "body");
    await there(contacts).welcome.set(scope, words, actorOf(ctx), seen === undefined ? {} : { seen });
    ctx.body = { written: true };
  });
  router.delete("/api/welcome-words", guard, csrf, async (ctx) => {
    const { scope, seen } = readValues(welcomeKey, ctx.query, "query");
    await there(contacts).welcome.remove(scope, actorOf(ctx), seen);
    ctx.body = { removed: true };
  });
}

function addTransfers(router: Router, { contacts, guard, csrf, actorOf }: ContactRouteParts): void {
  router.get("/api/contact-transfers", guard, async (ctx) => {
    const { all } = readValues(transferQuery, ctx.query, "query");
    ctx.body = { transfers: await there(contacts).transfers.list(all === "true") };
  });
  router.post("/api/contact-transfers", guard, csrf, async (ctx) => {
    const { from, to, customers, message } = readValues(transferBody, bodyOf(ctx), "body");
    const ask = {
      from,
      to,
      by: actorOf(ctx),
      ...(customers ? { customers } : {}),
      ...(message ? { message } : {}),
    };
    ctx.body = { asked: await there(contacts).transfers.start(ask) };
  });
}
