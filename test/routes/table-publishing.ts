// The pages on which journeys go live, with their versions and their words.
import { journeyData, type RouteStage } from "./stage.js";
import type { RouteLine } from "./table.js";

const HQ = ["hq"] as const;
const DESK = ["hq", "manager", "store_manager"] as const;

/** A stored draft of a new journey as somebody sees it before they publish it. */
async function seenDraft(stage: RouteStage): Promise<{ key: string; digest: string }> {
  const key = await stage.draft();
  const { ready } = await stage.services.publishing.show(key);
  return { key, digest: ready?.digest ?? "" };
}

/** The same with a request of somebody else's, or of who asks. */
async function asked(stage: RouteStage, by?: number): Promise<{ key: string; digest: string; id: number }> {
  const { key, digest } = await seenDraft(stage);
  const author = by ?? (await stage.spare());
  const wish = { digest, insideGrace: false, note: "" };
  const id = await stage.services.publishing.ask(key, wish, `account:${author}`);
  return { key, digest, id };
}

/** An entry of the library; gives its id. */
const entry = (stage: RouteStage) =>
  stage.services.library.add({ folder: "daily", title: `Hello ${stage.fresh()}`, words: "Hi" }, "system");

const claim = (stage: RouteStage) => ({ category: "own", kind: "term", phrase: `顶呱呱${stage.fresh()}` });

export const publishingLines: RouteLine[] = [
  {
    ...{ route: "GET /journeys/:key/publish", may: HQ },
    ask: async (stage) => ({ path: `/journeys/${await stage.draft()}/publish` }),
  },
  {
    ...{ route: "GET /journeys/:key/publish/counts", may: HQ },
    ask: async (stage) => ({ path: `/journeys/${await stage.draft()}/publish/counts` }),
  },
  {
    ...{ route: "GET /journeys/:key/publish/forecast", may: HQ },
    ask: async (stage) => ({ path: `/journeys/${await stage.draft()}/publish/forecast` }),
  },
  {
    ...{ route: "POST /journeys/:key/publish/ask", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const { key, digest } = await seenDraft(stage);
      return { path: `/journeys/${key}/publish/ask`, body: { digest, note: "请看" } };
    },
  },
  {
    // the stage has one account of headquarters to begin with, and more once accounts were made to be changed
    ...{
      route: "POST /journeys/:key/publish/now",
      may: HQ,
      ok: [403],
      leaves: "nothing: refused while others could approve",
    },
    ask: async (stage) => {
      await stage.spare();
      const { key, digest } = await seenDraft(stage);
      return { path: `/journeys/${key}/publish/now`, body: { digest, live: "" } };
    },
  },
  {
    ...{ route: "POST /journeys/:key/publish/:request/approve", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const { key, digest, id } = await asked(stage);
      return { path: `/journeys/${key}/publish/${id}/approve`, body: { digest, live: "" } };
    },
  },
  {
    ...{ route: "POST /journeys/:key/publish/:request/return", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const { key, id } = await asked(stage);
      return { path: `/journeys/${key}/publish/${id}/return`, body: { answer: "再改改" } };
    },
  },
  {
    ...{ route: "POST /journeys/:key/publish/:request/withdraw", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const { key, id } = await asked(stage, stage.accounts.get("hq"));
      return { path: `/journeys/${key}/publish/${id}/withdraw` };
    },
  },
  {
    route: "GET /journeys/_files/:digest",
    may: DESK,
    ok: [404],
    ask: () => ({ path: `/journeys/_files/${"0".repeat(64)}` }),
  },
  {
    ...{ route: "GET /journeys/:key/versions", may: HQ },
    ask: async (stage) => ({ path: `/journeys/${await stage.journey()}/versions` }),
  },
  {
    ...{ route: "POST /journeys/:key/versions/:number/restore", may: HQ, leaves: "audit" },
    ask: async (stage) => ({ path: `/journeys/${await stage.journey()}/versions/1/restore` }),
  },
  {
    ...{ route: "POST /journeys/:key/copy", may: HQ, leaves: "audit" },
    ask: async (stage) => ({
      path: `/journeys/${await stage.journey()}/copy`,
      body: { key: `copy${stage.fresh()}`, name: "副本", which: "1" },
    }),
  },
  {
    ...{ route: "GET /journeys/:key/state/:word", may: HQ },
    ask: async (stage) => ({ path: `/journeys/${await stage.journey()}/state/pause` }),
  },
  {
    ...{ route: "GET /journeys/:key/state/:word/counts", may: HQ },
    ask: async (stage) => ({ path: `/journeys/${await stage.journey()}/state/pause/counts` }),
  },
  {
    ...{ route: "POST /journeys/:key/state/:word", may: HQ, leaves: "audit" },
    ask: async (stage) => ({ path: `/journeys/${await stage.journey()}/state/archive` }),
  },
  ...["forecast", "copy"].map(
    (page): RouteLine => ({
      ...{ route: `GET /journeys/:key/${page}`, may: HQ },
      ask: async (stage) => ({ path: `/journeys/${await stage.draft()}/${page}` }),
    }),
  ),
  {
    ...{ route: "GET /journeys/:key/export", may: HQ },
    ask: async (stage) => ({ path: `/journeys/${await stage.journey()}/export` }),
  },
  { route: "GET /journeys/import", may: HQ },
  {
    ...{ route: "GET /journeys/:key/import", may: HQ },
    ask: async (stage) => ({ path: `/journeys/${await stage.journey()}/import` }),
  },
  ...["import", ":key/import"].map(
    (path): RouteLine => ({
      ...{ route: `POST /journeys/${path}`, may: HQ, leaves: "audit" },
      ask: (stage) => {
        const key = `import${stage.fresh()}`;
        const touchpoint = "{key: a, name: 甲, after: joined, days: 3, words: 您好}";
        const text = `{key: ${key}, name: 导入, touchpoints: [${touchpoint}]}`;
        return { path: `/journeys/${path.replace(":key", key)}`, body: { text } };
      },
    }),
  ),
  { route: "GET /words", may: HQ },
  { route: "GET /words/pick", may: HQ },
  { route: "GET /words/pick/list", may: HQ },
  { route: "GET /words/new", may: HQ },
  {
    ...{ route: "POST /words/collect", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      // begun already, so that words published now are missing
      await stage.services.library.folders();
      const key = `words${stage.fresh()}`;
      await stage.services.drafts.save(key, journeyData(key, `您好，${key}`), "system");
      await stage.services.drafts.publish(key, { yes: true, by: "system" });
      return { path: "/words/collect" };
    },
  },
  {
    ...{ route: "POST /words/folders", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const from = `旧${stage.fresh()}`;
      await stage.services.library.add({ folder: from, title: "问候", words: "早上好" }, "system");
      return { path: "/words/folders", body: { from, to: "新" } };
    },
  },
  {
    ...{ route: "POST /words", may: HQ, leaves: "audit" },
    ask: () => ({ path: "/words", body: { folder: "日常", title: "问候", words: "早上好" } }),
  },
  {
    ...{ route: "POST /words/check", may: HQ, leaves: "nothing: it changes nothing" },
    ask: () => ({ path: "/words/check", body: { words: "我们最好" } }),
  },
  {
    ...{ route: "GET /words/:id", may: HQ },
    ask: async (stage) => ({ path: `/words/${await entry(stage)}` }),
  },
  {
    ...{ route: "POST /words/:id", may: HQ, leaves: "audit" },
    ask: async (stage) => ({
      path: `/words/${await entry(stage)}`,
      body: { folder: "日常", title: "问候", words: "晚上好", revision: "1" },
    }),
  },
  {
    ...{ route: "POST /words/:id/delete", may: HQ, leaves: "audit" },
    ask: async (stage) => ({ path: `/words/${await entry(stage)}/delete`, body: { revision: "1" } }),
  },
  {
    ...{
      route: "POST /words/:id/used",
      may: HQ,
      ok: [204],
      leaves: "nothing: a note of the touchpoint's own change",
    },
    ask: async (stage) => ({
      path: `/words/${await entry(stage)}/used`,
      body: { journey: "care", touchpoint: "day-3" },
    }),
  },
  { route: "GET /words/claims", may: HQ },
  {
    ...{ route: "POST /words/claims/add", may: HQ, leaves: "audit" },
    ask: (stage) => ({ path: "/words/claims/add", body: claim(stage) }),
  },
  {
    ...{ route: "POST /words/claims/remove", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const body = claim(stage);
      await stage.services.claimsList.add(body, "system");
      return { path: "/words/claims/remove", body };
    },
  },
];
