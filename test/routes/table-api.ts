// The routes below /api, and what the chat system pushes to us.
import { journeyData } from "./stage.js";
import type { RouteLine } from "./table.js";

const HQ = ["hq"] as const;
const DESK = ["hq", "manager", "store_manager"] as const;
const EVERY_ROLE = ["hq", "manager", "store_manager", "guide"] as const;
const asks = "nothing: it changes nothing" as const;
const machine = "nothing: what machines push is told by the log of pushes, not as a person's doing" as const;

/** A table a machine pushes rows of; no row is none. */
const pushed = (table: string): RouteLine => ({
  ...{ route: `POST /api/${table}`, may: "key", leaves: machine },
  ask: () => ({ path: `/api/${table}`, body: [] }),
});

export const apiLines: RouteLine[] = [
  { route: "GET /api/openapi.json", may: "anybody" },

  // machines
  ...["stores", "guides", "leaves", "customers", "children", "orders", "transfers"].map(pushed),
  {
    ...{ ...pushed("intake/messages"), ok: [422] },
    ask: () => ({ path: "/api/intake/messages", body: { messages: "none" } }),
  },
  {
    ...{ route: "POST /api/customers/merge", may: "key", ok: [404], leaves: machine },
    ask: () => ({ path: "/api/customers/merge", body: { from: "nobody", into: "nobody else" } }),
  },
  {
    ...{ route: "POST /api/customers/erase", may: "key", ok: [404], leaves: machine },
    ask: () => ({ path: "/api/customers/erase", body: { external_userid: "nobody" } }),
  },
  { route: "GET /wecom/callback", may: "signature" },
  { route: "POST /wecom/callback", may: "signature" },

  // customers and figures
  { route: "GET /api/faults", may: HQ },
  {
    ...{ route: "GET /api/customers/:customer/timeline", may: EVERY_ROLE, scoped: true },
    ask: (_stage, { externalUserid }) => ({ path: `/api/customers/${externalUserid}/timeline` }),
  },
  {
    ...{ route: "GET /api/customers/:customer/tags", may: HQ, scoped: true },
    ask: (_stage, { externalUserid }) => ({ path: `/api/customers/${externalUserid}/tags` }),
  },
  {
    ...{ route: "GET /api/reports", may: DESK, scoped: true },
    ask: (_stage, { store }) => ({
      path: "/api/reports",
      query: { from: "2026-03-01", to: "2026-03-09", by: "below", within: `store:${store}` },
    }),
  },
  {
    ...{ route: "GET /api/statistics", may: DESK, scoped: true },
    ask: (_stage, { store }) => ({
      path: "/api/statistics",
      query: { from: "2026-03-01", to: "2026-03-08", by: "below", within: `store:${store}` },
    }),
  },
  { route: "GET /api/models", may: HQ },
  { route: "GET /api/experiments", may: HQ },
  { route: "GET /api/uplift", may: HQ },
  {
    route: "GET /api/experiments/:journey",
    may: HQ,
    ok: [404],
    ask: () => ({ path: "/api/experiments/care" }),
  },
  {
    ...{ route: "GET /api/experiments/:journey/:touchpoint", may: HQ, ok: [404] },
    ask: () => ({ path: "/api/experiments/care/day-3" }),
  },
  {
    ...{ route: "GET /api/experiments/:journey/:touchpoint/uplift", may: HQ, ok: [200, 404] },
    ask: () => ({ path: "/api/experiments/care/day-3/uplift" }),
  },

  // the brand's days and people
  { route: "GET /api/calendar/:year", may: HQ, ask: () => ({ path: "/api/calendar/2026" }) },
  {
    ...{ route: "POST /api/calendar/:year/seed", may: HQ, leaves: "audit" },
    ask: () => ({ path: "/api/calendar/2030/seed" }),
  },
  {
    ...{ route: "PUT /api/calendar/days", may: HQ, leaves: "audit" },
    ask: (stage) => ({
      path: "/api/calendar/days",
      body: [{ date: "2026-08-18", kind: "quiet", name: `盘点${stage.fresh()}` }],
    }),
  },
  {
    ...{ route: "DELETE /api/calendar/days", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      await stage.services.calendar.set([{ on: "2026-08-19", kind: "quiet" }]);
      return { path: "/api/calendar/days", query: { kind: "quiet", on: "2026-08-19" } };
    },
  },
  { route: "GET /api/leave", may: DESK },
  {
    ...{ route: "PUT /api/leave", may: DESK, scoped: true, leaves: "audit" },
    ask: (_stage, { userid }) => ({
      path: "/api/leave",
      body: { guide_userid: userid, from_on: "2026-04-01", to_on: "2026-04-02" },
    }),
  },
  {
    ...{ route: "DELETE /api/leave", may: DESK, scoped: true, leaves: "audit" },
    ask: async (stage, { userid, whose }) => {
      const hq = {
        accountId: 0,
        role: "hq",
        name: "",
        guideId: null,
        storeId: null,
        regionId: null,
      } as const;
      const leave = { userid, fromOn: "2026-05-01", toOn: "2026-05-02" };
      if (whose !== "none") await stage.services.leaves.put(hq, leave);
      return { path: "/api/leave", query: { guide_userid: userid, from_on: "2026-05-01" } };
    },
  },

  // contacts in the chat system
  { route: "GET /api/sync", may: HQ },
  { route: "POST /api/sync", may: HQ, leaves: "audit" },
  {
    ...{ route: "PUT /api/contacts/remark", may: HQ, leaves: "audit" },
    ask: (_stage, { userid, externalUserid }) => ({
      path: "/api/contacts/remark",
      body: { guide_userid: userid, external_userid: externalUserid, remark: "老客" },
    }),
  },
  { route: "GET /api/wecom-tags", may: HQ },
  {
    ...{ route: "POST /api/wecom-tags", may: HQ, leaves: "audit" },
    ask: (stage) => ({ path: "/api/wecom-tags", body: { name: `标签${stage.fresh()}` } }),
  },
  {
    ...{ route: "DELETE /api/wecom-tags", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const name = `标签${stage.fresh()}`;
      await stage.services.contacts?.tags.add(name, "system");
      return { path: "/api/wecom-tags", query: { name } };
    },
  },
  { route: "GET /api/contact-ways", may: HQ },
  {
    ...{ route: "POST /api/contact-ways", may: HQ, leaves: "audit" },
    ask: (stage) => ({
      path: "/api/contact-ways",
      body: { campaign: `活动${stage.fresh()}`, stores: ["S1"] },
    }),
  },
  {
    ...{ route: "DELETE /api/contact-ways", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const campaign = `活动${stage.fresh()}`;
      await stage.services.contacts?.ways.add(campaign, ["S1"], "system");
      return { path: "/api/contact-ways", query: { campaign } };
    },
  },
  { route: "GET /api/welcome-words", may: HQ },
  {
    ...{ route: "PUT /api/welcome-words", may: HQ, leaves: "audit" },
    ask: () => ({ path: "/api/welcome-words", body: { scope: "default", words: "您好，欢迎。" } }),
  },
  {
    ...{ route: "DELETE /api/welcome-words", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const scope = `campaign:${stage.fresh()}`;
      await stage.services.contacts?.welcome.set(scope, "您好。", "system");
      return { path: "/api/welcome-words", query: { scope } };
    },
  },
  { route: "GET /api/contact-transfers", may: HQ },
  {
    ...{ route: "POST /api/contact-transfers", may: HQ, leaves: "audit" },
    ask: (stage) => ({
      path: "/api/contact-transfers",
      body: { from: "lan", to: "mei", customers: [`lan-${stage.fresh() % 10 || 10}`] },
    }),
  },

  // audiences and tags
  {
    ...{ route: "POST /api/audiences/count", may: HQ, leaves: asks },
    ask: () => ({ path: "/api/audiences/count", body: { region: ["华东"] } }),
  },
  { route: "GET /api/audiences/limits", may: HQ },
  {
    ...{ route: "PUT /api/audiences/limits", may: HQ, leaves: "audit" },
    ask: () => ({ path: "/api/audiences/limits", body: { activeDays: 59 } }),
  },
  { route: "GET /api/tags", may: HQ },
  { route: "GET /api/tags/rules", may: HQ },
  {
    ...{ route: "PUT /api/tags/rules/:tag", may: HQ, leaves: "audit" },
    ask: (stage) => ({ path: `/api/tags/rules/规则${stage.fresh()}`, body: { region: ["华东"] } }),
  },
  {
    ...{ route: "DELETE /api/tags/rules/:tag", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const tag = `规则${stage.fresh()}`;
      await stage.services.tagRules.set(tag, { region: ["华东"] }, "system");
      return { path: `/api/tags/rules/${tag}` };
    },
  },
  {
    ...{ route: "POST /api/tags/add", may: HQ, leaves: "audit" },
    ask: (stage) => ({ path: "/api/tags/add", body: { tag: `标${stage.fresh()}`, customers: ["lan-1"] } }),
  },
  {
    ...{ route: "POST /api/tags/remove", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const tag = `标${stage.fresh()}`;
      await stage.services.tags.add(["lan-1"], tag, "system");
      return { path: "/api/tags/remove", body: { tag, customers: ["lan-1"] } };
    },
  },

  // journeys
  { route: "GET /api/journeys", may: HQ },
  { route: "GET /api/journeys/:key", may: HQ, ask: () => ({ path: "/api/journeys/care" }) },
  {
    ...{ route: "PUT /api/journeys/:key/draft", may: HQ, leaves: "audit" },
    ask: (stage) => {
      const key = `d${stage.fresh()}`;
      return { path: `/api/journeys/${key}/draft`, body: journeyData(key) };
    },
  },
  {
    ...{ route: "DELETE /api/journeys/:key/draft", may: HQ, leaves: "audit" },
    ask: async (stage) => ({ path: `/api/journeys/${await stage.draft()}/draft` }),
  },
  {
    ...{ route: "GET /api/journeys/:key/draft/preview", may: HQ },
    ask: async (stage) => ({ path: `/api/journeys/${await stage.draft()}/draft/preview` }),
  },
  {
    ...{
      route: "POST /api/journeys/:key/publish",
      may: HQ,
      ok: [403],
      leaves: "nothing: refused while others could approve",
    },
    ask: async (stage) => {
      await stage.spare();
      return { path: `/api/journeys/${await stage.draft()}/publish`, body: { yes: true } };
    },
  },
  ...(["pause", "archive"] as const).map(
    (word): RouteLine => ({
      ...{ route: `POST /api/journeys/:key/${word}`, may: HQ, leaves: "audit" },
      ask: async (stage) => ({ path: `/api/journeys/${await stage.journey()}/${word}` }),
    }),
  ),
  {
    ...{ route: "POST /api/journeys/:key/resume", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const key = await stage.journey();
      await stage.services.setJourneyState(key, "paused", "system");
      return { path: `/api/journeys/${key}/resume` };
    },
  },
  {
    ...{ route: "GET /api/forecast", may: HQ },
    ask: () => ({ path: "/api/forecast", query: { days: 2 } }),
  },
  {
    ...{ route: "POST /api/forecast", may: HQ, leaves: asks },
    ask: () => ({ path: "/api/forecast", body: { days: 2 } }),
  },
  { route: "GET /api/oneoffs", may: HQ },
  {
    ...{ route: "POST /api/oneoffs", may: HQ, leaves: "audit" },
    ask: (stage) => ({ path: "/api/oneoffs", body: oneoff(`o${stage.fresh()}`) }),
  },
  {
    ...{ route: "POST /api/oneoffs/:key/close", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const key = `o${stage.fresh()}`;
      const { oneoffs, readOneoffData } = stage.services;
      await oneoffs.create(await readOneoffData(oneoff(key)), "system");
      return { path: `/api/oneoffs/${key}/close` };
    },
  },
  { route: "GET /api/reply-words", may: HQ },
  {
    ...{ route: "POST /api/reply-words", may: HQ, leaves: "audit" },
    ask: (stage) => ({
      path: "/api/reply-words",
      body: { kind: "complaint", role: "any", phrase: `词${stage.fresh()}` },
    }),
  },
  {
    ...{ route: "DELETE /api/reply-words", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const query = { kind: "complaint", role: "any", phrase: `词${stage.fresh()}` };
      await stage.services.replyWords.add(query, "system");
      return { path: "/api/reply-words", query };
    },
  },
  {
    ...{ route: "POST /api/reply-words/try", may: HQ, leaves: asks },
    ask: () => ({ path: "/api/reply-words/try", body: { text: "我要投诉" } }),
  },
];

function oneoff(key: string) {
  return { key, name: `一次性 ${key}`, until: "2026-03-20", send: "page", words: "您好，店里到新了。" };
}
