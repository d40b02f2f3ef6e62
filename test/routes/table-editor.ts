// The journey editor's routes.
import { journeyData, type RouteStage } from "./stage.js";
import type { RouteLine } from "./table.js";

const HQ = ["hq"] as const;
const NOTHING = "nothing: what is typed is looked at, not kept" as const;

const draft =
  (verb: string, body: object | (() => object) = {}) =>
  async (stage: RouteStage) => ({
    ...{
      path: `/journeys/${await stage.draft()}/draft${verb}`,
      body: typeof body === "function" ? body() : body,
    },
  });
const form = {
  was: "day",
  name: "问候",
  anchor: "joined",
  direction: "after",
  n: "91",
  unit: "days",
  words: "您好",
};

export const journeyEditorLines: RouteLine[] = [
  { route: "GET /journeys/new", may: HQ },
  {
    ...{ route: "POST /journeys/new", may: HQ, leaves: "audit" },
    ask: (stage) => ({
      ...{ path: "/journeys/new", body: { name: "新", key: `n${stage.fresh()}`, from: "newborn-formula" } },
    }),
  },
  { route: "GET /journeys/:key/draft", may: HQ, ask: draft("") },
  {
    ...{ route: "POST /journeys/:key/draft/move", may: HQ, leaves: "audit" },
    ask: draft("/move", { touchpoint: "day", by: "1" }),
  },
  {
    ...{ route: "POST /journeys/:key/draft/settings", may: HQ, leaves: "audit" },
    ask: draft("/settings", { name: "改名", hold_out: "5" }),
  },
  { route: "POST /journeys/:key/draft/discard", may: HQ, leaves: "audit", ask: draft("/discard") },
  { route: "GET /journeys/:key/draft/new", may: HQ, ask: draft("/new") },
  { route: "GET /journeys/:key/draft/t/:touchpoint", may: HQ, ask: draft("/t/day") },
  {
    route: "POST /journeys/:key/draft/put",
    may: HQ,
    leaves: "audit",
    ask: draft("/put", { ...form, force: "1" }),
  },
  {
    route: "POST /journeys/:key/draft/keep",
    may: HQ,
    leaves: "audit",
    ask: draft("/keep", { ...form, force: "1" }),
  },
  {
    ...{ route: "POST /journeys/:key/draft/rows", may: HQ, leaves: NOTHING },
    ask: draft("/rows", { ...form, op: "audience-add:" }),
  },
  { route: "POST /journeys/:key/draft/preview", may: HQ, leaves: NOTHING, ask: draft("/preview", form) },
  { route: "POST /journeys/:key/draft/count", may: HQ, leaves: NOTHING, ask: draft("/count", form) },
  { route: "GET /journeys/:key/draft/sample", may: HQ, ask: draft("/sample") },
  {
    ...{ route: "POST /journeys/:key/draft/t/:touchpoint/duplicate", may: HQ, leaves: "audit" },
    ask: draft("/t/day/duplicate"),
  },
  {
    ...{ route: "POST /journeys/:key/draft/t/:touchpoint/remove", may: HQ, leaves: "audit" },
    ask: async (stage) => {
      const key = `d${stage.fresh()}`;
      const data = journeyData(key);
      const [first] = data.touchpoints;
      await stage.services.drafts.save(
        key,
        { ...data, touchpoints: [first, { ...first, key: "other" }] },
        "system",
      );
      return { path: `/journeys/${key}/draft/t/other/remove` };
    },
  },
];
