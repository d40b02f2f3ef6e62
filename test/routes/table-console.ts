// The pages' routes: signing in, and every place of the console.
import type { Place, RouteStage } from "./stage.js";
import type { RouteLine } from "./table.js";
import { journeyEditorLines } from "./table-editor.js";
import { publishingLines } from "./table-publishing.js";
import { reportLines } from "./table-reports.js";

const HQ = ["hq"] as const;
const DESK = ["hq", "manager", "store_manager"] as const;
const GUIDE = ["guide"] as const;

const within =
  (path: string) =>
  (_stage: RouteStage, { store }: Place) => ({
    ...{ path, query: { in: `store:${store}`, from: "2026-03-01", to: "2026-03-09" } },
  });
const person =
  (verb = "") =>
  async (stage: RouteStage, { whose }: Place) => ({
    path: `/settings/people/${whose === "none" ? 999_999 : await stage.spare()}${verb}`,
  });
const tap =
  (verb: string, body: object = {}) =>
  (_stage: RouteStage, place: Place) => ({
    ...{ path: `/g/tasks/${place.task()}/${verb}`, body },
  });
const together =
  (verb: string, body: object = {}) =>
  (_stage: RouteStage, place: Place) => ({
    ...{ path: `/g/batches/${verb}`, body: { tasks: String(place.task()), ...body } },
  });
/** a tap that fits some states of a task only: whether it fitted is the tap's own test */
const TAPPED = [303, 409, 422];
const acts = { scoped: true, leaves: "task_event" } as const;
/** of a task just offered there is nothing to take back, approve or answer: what such a tap leaves, test/tasks tells */
const EDITED = "nothing: the guide's words stand beside the original ones, with the task" as const;
const LATER = "nothing: the task itself says until when it waits" as const;
const unfit = { scoped: true, ok: TAPPED, leaves: "nothing: a task just offered does not fit it" } as const;

export const consoleLines: RouteLine[] = [
  // doors
  { route: "GET /sign-in", may: "anybody" },
  {
    ...{
      route: "POST /sign-in",
      may: "anybody",
      door: "ours",
      ok: [401],
      leaves: "nothing: a session is no change",
    },
    ask: () => ({ path: "/sign-in", body: { login: "nobody", password: "not the password" } }),
  },
  { route: "POST /sign-out", may: "signed in", leaves: "nothing: a session is no change" },
  { route: "GET /g/open", may: "anybody" },
  {
    ...{
      route: "POST /g/open",
      may: "anybody",
      door: "ours",
      ok: [302],
      leaves: "nothing: a session is no change",
    },
    ask: () => ({ path: "/g/open", body: { t: "1.abc" } }),
  },
  { route: "GET /sign-in/wecom", may: "anybody" },
  { route: "GET /sign-in/wecom/back", may: "anybody", ok: [403] },
  { route: "GET /", may: "signed in" },
  {
    ...{ route: "POST /language", may: "anybody", door: "ours", leaves: "nothing: of this browser alone" },
    ask: () => ({ path: "/language", body: { language: "zh" } }),
  },

  // reports
  { route: "GET /report", may: DESK, scoped: true, ask: within("/report") },
  { route: "GET /report.csv", may: DESK, scoped: true, ask: within("/report.csv") },
  { route: "GET /report/trend.svg", may: DESK, scoped: true, ask: within("/report/trend.svg") },
  ...reportLines,

  // journeys, experiments, words
  { route: "GET /journeys", may: DESK },
  { route: "GET /journeys/:key", may: DESK, ask: () => ({ path: "/journeys/care" }) },
  ...journeyEditorLines,
  ...publishingLines,
  { route: "GET /experiments", may: HQ },
  {
    ...{ route: "GET /experiments/:journey{/:touchpoint}", may: HQ, ok: [404] },
    ask: () => ({ path: "/experiments/care" }),
  },
  {
    ...{ route: "POST /experiments/:journey/:touchpoint/settle", may: HQ, leaves: "audit" },
    ask: async (stage) => ({
      ...{ path: `/experiments/${await stage.undecided()}/settle`, body: { variant: "warm" } },
    }),
  },
  { route: "GET /reply-words", may: HQ },
  {
    ...{ route: "POST /reply-words/add", may: HQ, leaves: "audit" },
    ask: (stage) => ({
      ...{ path: "/reply-words/add", body: { kind: "complaint", role: "any", phrase: `词${stage.fresh()}` } },
    }),
  },
  {
    ...{ route: "POST /reply-words/remove", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const body = { kind: "complaint", role: "any", phrase: `词${stage.fresh()}` };
      await stage.services.replyWords.add(body, "system");
      return { path: "/reply-words/remove", body };
    },
  },

  // operations
  { route: "GET /operations", may: HQ },
  { route: "GET /operations/faults.csv", may: HQ },
  {
    ...{ route: "POST /operations/journeys/:key/pause", may: HQ, leaves: "audit" },
    ask: async (stage) => ({ path: `/operations/journeys/${await stage.journey()}/pause` }),
  },
  {
    ...{ route: "POST /operations/journeys/:key/resume", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const key = await stage.journey();
      await stage.services.setJourneyState(key, "paused", "system");
      return { path: `/operations/journeys/${key}/resume` };
    },
  },

  // settings
  { route: "GET /settings", may: HQ },
  { route: "GET /settings/limits", may: HQ },
  {
    ...{ route: "POST /settings/limits", may: HQ, leaves: "audit" },
    ask: () => ({ path: "/settings/limits", body: { activeDays: 61 } }),
  },
  { route: "GET /settings/calendar", may: HQ },
  {
    ...{ route: "POST /settings/calendar/set", may: HQ, leaves: "audit" },
    ask: (stage) => ({
      path: "/settings/calendar/set",
      body: { on: "2026-08-08", kind: "quiet", name: `盘点${stage.fresh()}` },
    }),
  },
  {
    ...{ route: "POST /settings/calendar/remove", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      await stage.services.calendar.set([{ on: "2026-08-09", kind: "quiet" }]);
      return { path: "/settings/calendar/remove", body: { on: "2026-08-09", kind: "quiet", year: 2026 } };
    },
  },
  {
    ...{ route: "POST /settings/calendar/seed", may: HQ, leaves: "audit" },
    ask: () => ({ path: "/settings/calendar/seed", body: { year: 2031 } }),
  },
  { route: "GET /settings/audit", may: HQ },
  { route: "GET /settings/audit.csv", may: HQ },
  { route: "GET /settings/people", may: HQ },
  { route: "GET /settings/people/new", may: HQ },
  {
    ...{ route: "GET /settings/people/places", may: HQ },
    ask: () => ({ path: "/settings/people/places", query: { role: "guide", place: "l" } }),
  },
  {
    ...{ route: "POST /settings/people", may: HQ, leaves: "audit" },
    ask: (stage) => ({
      path: "/settings/people",
      body: { login: `new${stage.fresh()}`, name: "新人", role: "store_manager", place: "S1" },
    }),
  },
  { route: "GET /settings/people/:id", may: HQ, scoped: true, ask: person() },
  {
    ...{ route: "POST /settings/people/:id", may: HQ, scoped: true, leaves: "audit" },
    ask: async (stage, place) => ({
      ...(await person()(stage, place)),
      body: { name: "改名", role: "manager", place: "华东" },
    }),
  },
  {
    route: "POST /settings/people/:id/disable",
    may: HQ,
    scoped: true,
    leaves: "audit",
    ask: person("/disable"),
  },
  {
    route: "POST /settings/people/:id/enable",
    may: HQ,
    scoped: true,
    leaves: "audit",
    ask: person("/enable"),
  },
  {
    route: "POST /settings/people/:id/password",
    may: HQ,
    scoped: true,
    leaves: "audit",
    ask: person("/password"),
  },
  {
    ...{ route: "POST /settings/people/:id/end-sessions", may: HQ, scoped: true, leaves: "audit" },
    ask: person("/end-sessions"),
  },
  { route: "GET /help", may: "signed in" },
  {
    ...{ route: "GET /help/:audience", may: "signed in" },
    ask: () => ({ path: "/help/guide" }),
  },
  { route: "GET /settings/password", may: "signed in" },
  {
    ...{ route: "POST /settings/password", may: "signed in", ok: [422] },
    leaves:
      "nothing: the password of this line is wrong; that a right one leaves one is told in identity/people.test",
    ask: () => ({
      path: "/settings/password",
      body: { current: "no", next: "no no no no", again: "no no no no" },
    }),
  },

  // the guide's phone
  { route: "GET /g/today", may: GUIDE },
  { route: "GET /g/chat", may: GUIDE },
  {
    ...{ route: "GET /g/chat/customers/:externalUserid", may: GUIDE },
    // a neighbour's customer is answered like one nobody knows; that no word of them shows is told in console/chat
    ask: (_stage, { externalUserid }) => ({ path: `/g/chat/customers/${externalUserid}` }),
  },
  {
    ...{ route: "GET /g/chat/signature", may: GUIDE },
    ask: (stage) => ({ path: "/g/chat/signature", query: { url: `${stage.house.url}/g/chat` } }),
  },
  {
    ...{ route: "GET /g/tasks/:id/files/:place", may: GUIDE, ok: [404] },
    ask: (_stage, place) => ({ path: `/g/tasks/${place.task()}/files/0` }),
  },
  {
    route: "POST /g/tasks/:id/edit",
    may: GUIDE,
    ...acts,
    leaves: EDITED,
    ask: tap("edit", { words: "您好呀，最近还好吗？" }),
  },
  { route: "POST /g/tasks/:id/skip", may: GUIDE, ...acts, ask: tap("skip", { reason: "busy" }) },
  { route: "POST /g/tasks/:id/later", may: GUIDE, ...acts, leaves: LATER, ask: tap("later") },
  { route: "POST /g/tasks/:id/take", may: GUIDE, ...acts, ask: tap("take") },
  { route: "POST /g/tasks/:id/sent", may: GUIDE, ...acts, ok: TAPPED, ask: tap("sent") },
  {
    route: "POST /g/tasks/:id/unsent",
    may: GUIDE,
    ...unfit,
    ask: tap("unsent", { why: "not_sent" }),
  },
  { route: "POST /g/tasks/:id/approve", may: GUIDE, ...unfit, ask: tap("approve") },
  {
    // what is not there is said on the list one comes back to
    ...{ route: "POST /g/tasks/:id/take-back", may: GUIDE, ...unfit, missing: [303] },
    ask: tap("take-back"),
  },
  {
    route: "POST /g/tasks/:id/done",
    may: GUIDE,
    ...acts,
    ok: TAPPED,
    ask: tap("done", { outcome: "已电话联系" }),
  },
  {
    ...{ route: "POST /g/tasks/:id/supply", may: GUIDE, ...unfit },
    ask: tap("supply", { field: "child.name", value: "豆豆" }),
  },
  { route: "POST /g/tasks/:id/answer", may: GUIDE, ...unfit, ask: tap("answer", { sent: "no" }) },

  // organisation
  { route: "GET /org", may: DESK },
  { route: "GET /org/search", may: DESK },
  { route: "GET /org/leaves", may: DESK },
  ...(["regions", "stores", "guides"] as const).map((kind): RouteLine => {
    const own = ({ region, store, guide }: Place) =>
      ({ regions: region, stores: store, guides: guide })[kind];
    return {
      ...{ route: `GET /org/${kind}/:id`, may: DESK, scoped: true },
      ask: (_stage, place) => ({ path: `/org/${kind}/${own(place)}` }),
    };
  }),
  {
    ...{ route: "GET /org/guides/:id/leave", may: DESK, scoped: true },
    ask: (_stage, { guide }) => ({
      ...{ path: `/org/guides/${guide}/leave`, query: { from: "2026-04-01", to: "2026-04-02" } },
    }),
  },
  {
    ...{ route: "POST /org/guides/:id/leave", may: DESK, scoped: true, leaves: "audit" },
    ask: (stage, { guide }) => ({
      path: `/org/guides/${guide}/leave`,
      body: { from: "2026-04-01", to: stage.fresh() % 2 ? "2026-04-02" : "2026-04-03" },
    }),
  },
  {
    ...{ route: "POST /org/guides/:id/leave/cancel", may: DESK, scoped: true, leaves: "audit" },
    ask: async (stage, { guide, userid }) => {
      const from = `2026-05-${String((stage.fresh() % 28) + 1).padStart(2, "0")}`;
      const viewer = {
        accountId: 0,
        role: "hq",
        name: "",
        guideId: null,
        storeId: null,
        regionId: null,
      } as const;
      if (guide < 999_999) await stage.services.leaves.put(viewer, { userid, fromOn: from, toOn: from });
      return { path: `/org/guides/${guide}/leave/cancel`, body: { from } };
    },
  },
  ...(["GET", "POST"] as const).map(
    (method): RouteLine => ({
      ...{ route: `${method} /org/guides/:id/leaver`, may: ["hq", "manager"], scoped: true },
      ...(method === "POST" ? { leaves: "audit" } : {}),
      ask: (_stage, { guide }) => ({
        path: `/org/guides/${guide}/leaver`,
        ...(method === "GET" ? { query: { on: "2026-06-01" } } : { body: { on: "2026-06-01" } }),
      }),
    }),
  ),
  {
    ...{ route: "POST /org/guides/:id/stay", may: ["hq", "manager"], scoped: true, leaves: "audit" },
    ask: (_stage, { guide }) => ({ path: `/org/guides/${guide}/stay` }),
  },

  // import
  { route: "GET /org/import", may: HQ },
  // a form with files; its word is asked for after the files, of which a plain form has none
  {
    route: "POST /org/import/files",
    may: HQ,
    door: "ours",
    ok: [422],
    leaves: "nothing: files alone change nothing",
  },
  {
    route: "GET /org/import/:id",
    may: HQ,
    ask: async (stage) => ({ path: `/org/import/${await stage.imported()}` }),
  },
  {
    ...{ route: "GET /org/import/:id/refused/:n", may: HQ, ok: [404] },
    ask: async (stage) => ({ path: `/org/import/${await stage.imported()}/refused/0` }),
  },
  {
    ...{ route: "GET /org/import/:id/undo", may: HQ },
    ask: async (stage) => ({ path: `/org/import/${await stage.imported()}/undo` }),
  },
  ...(["start", "stop", "discard"] as const).map(
    (verb): RouteLine => ({
      ...{ route: `POST /org/import/:id/${verb}`, may: HQ, ok: [409, 422] },
      leaves: "nothing: an import that is over neither begins nor stops",
      ask: async (stage) => ({ path: `/org/import/${await stage.imported()}/${verb}` }),
    }),
  ),
  {
    ...{ route: "POST /org/import/:id/undo", may: HQ, leaves: "audit" },
    ask: async (stage) => ({ path: `/org/import/${await stage.imported()}/undo` }),
  },

  // WeCom
  ...["", "/ways", "/welcome", "/transfers"].map(
    (page): RouteLine => ({ route: `GET /org/wecom${page}`, may: HQ }),
  ),
  { route: "POST /org/wecom/sync", may: HQ, leaves: "audit" },
  {
    ...{ route: "POST /org/wecom/tags", may: HQ, leaves: "audit" },
    ask: (stage) => ({ path: "/org/wecom/tags", body: { name: `标签${stage.fresh()}` } }),
  },
  {
    ...{ route: "POST /org/wecom/tags/remove", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const name = `标签${stage.fresh()}`;
      await stage.services.contacts?.tags.add(name, "system");
      return { path: "/org/wecom/tags/remove", body: { name } };
    },
  },
  {
    ...{ route: "POST /org/wecom/ways", may: HQ, leaves: "audit" },
    ask: (stage, { storeCode }) => ({
      path: "/org/wecom/ways",
      body: { campaign: `活动${stage.fresh()}`, stores: storeCode },
    }),
  },
  {
    ...{ route: "POST /org/wecom/ways/remove", may: HQ, leaves: "audit" },
    ask: async (stage, { storeCode }) => {
      const campaign = `活动${stage.fresh()}`;
      await stage.services.contacts?.ways.add(campaign, [storeCode], "system");
      return { path: "/org/wecom/ways/remove", body: { campaign } };
    },
  },
  {
    ...{ route: "GET /org/wecom/codes/:id.png", may: DESK, scoped: true },
    ask: async (stage, { storeCode, whose }) => {
      if (whose === "none") return { path: "/org/wecom/codes/999999.png" };
      await stage.services.contacts?.ways.add("门口", [storeCode], "system");
      const lines = (await stage.services.contacts?.ways.list("门口")) ?? [];
      return { path: `/org/wecom/codes/${lines.find(({ store }) => store === storeCode)?.id}.png` };
    },
  },
  // a form with files, as above
  {
    route: "POST /org/wecom/welcome",
    may: HQ,
    door: "ours",
    ok: [422],
    leaves: "nothing: a plain form is none",
  },
  {
    ...{ route: "POST /org/wecom/welcome/remove", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      await stage.services.contacts?.welcome.set("default", "您好", "system");
      return { path: "/org/wecom/welcome/remove", body: { scope: "default" } };
    },
  },
  {
    ...{ route: "POST /org/wecom/transfers", may: HQ, leaves: "audit" },
    ask: () => ({ path: "/org/wecom/transfers", body: { from: "lan", to: "mei" } }),
  },
  {
    ...{ route: "GET /g/tasks/:id/parts", may: GUIDE, scoped: true },
    ask: (_stage, place) => ({ path: `/g/tasks/${place.task()}/parts` }),
  },
  {
    ...{ route: "GET /g/customers/:id", may: GUIDE, scoped: true },
    ask: (_stage, { customer }) => ({ path: `/g/customers/${customer}` }),
  },
  { route: "GET /g/figures", may: GUIDE },
  { route: "POST /g/batches/take", may: GUIDE, ...acts, ask: together("take") },
  { route: "POST /g/batches/sent", may: GUIDE, ...acts, ok: TAPPED, ask: together("sent") },
  { route: "POST /g/batches/unsent", may: GUIDE, ...unfit, ask: together("unsent", { why: "not_sent" }) },
  { route: "POST /g/batches/approve", may: GUIDE, ...unfit, ask: together("approve") },
];
