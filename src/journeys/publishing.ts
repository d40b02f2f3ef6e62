// From a draft to what is live, by two people: one asks, another approves what both have seen, or sends it back.
import type { Sql, Store } from "../infra/store.js";
import { type Fault, Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import type { ClaimsCheck } from "./claims.js";
import { claimsFound, type FoundClaim } from "./claims-found.js";
import type { JourneyData } from "./draft-data.js";
import type { Draft, DraftService } from "./drafts.js";
import type { Preview } from "./publish-counts.js";
import {
  addRequest,
  type Decision,
  decide,
  hqAccounts,
  type PublishAsk,
  requestsOf,
} from "./publish-requests.js";
import { type JourneyState, journeyByKey } from "./queries.js";
import type { Applied, JourneyService } from "./service.js";
import { digestOf, type JourneySpec } from "./spec.js";

/** Who publishes: somebody else than who asks, or one alone, because there is nobody else or the setting says so. */
export type ApprovalRule = "second" | "only_one" | "off";

/** A journey on its way to its next version. */
export interface PublishView {
  key: string;
  name: string;
  /** null: never published */
  state: JourneyState | null;
  /** the number of the version in force; null before the first */
  live: number | null;
  liveSpec: JourneySpec | null;
  draft: Draft | null;
  /** the draft as it was read, and the digest of what it says; null: there is none, or it is at fault */
  ready: { spec: JourneySpec; digest: string } | null;
  faults: readonly Fault[];
  /** claims nobody may make, in a draft at fault */
  claims: FoundClaim[];
  /** false: what is live says the same */
  differs: boolean;
  rule: ApprovalRule;
  /** the request that waits for its answer */
  request: PublishAsk | null;
  /** all others, newest first; one still `asked` spoke of a draft that has changed since */
  past: PublishAsk[];
}

/** What somebody saw before they said yes: the draft's content and the version in force (null: none). */
export interface Seen {
  digest: string;
  live: number | null;
}

export interface PublishingDeps {
  store: Store;
  world: Pick<World, "now">;
  drafts: Pick<DraftService, "show" | "read">;
  journeys: JourneyService;
  claims: ClaimsCheck;
  /** the setting journeys.approval */
  approval: "on" | "off";
}

export type PublishingService = ReturnType<typeof publishingService>;

/** Notes and answers in characters. */
export const MOST_NOTE = 500;

/** Requests to publish and what becomes of them. */
export function publishingService(deps: PublishingDeps) {
  return {
    /** Raises `not_found` for a key nobody has used. */
    show: (key: string): Promise<PublishView> => show(deps, key),
    /** What publishing the draft would do, and the digest of what was counted. Raises as reading a draft does. */
    preview: async (key: string, insideGrace: boolean): Promise<Preview & { digest: string }> => {
      const { spec, digest } = await readyDraft(deps, key);
      return { ...(await deps.journeys.preview(spec, insideGrace)), digest };
    },
    /** Asks for somebody's approval. Raises `conflict` when the draft is another than was seen, or was asked for. */
    ask: (key: string, asked: Asked, by: string): Promise<number> => ask(deps, key, asked, by),
    /** Publishes what was asked for. Raises `forbidden` to who asked, `conflict` for what is no longer as it was seen. */
    approve: (key: string, id: number, seen: Seen, by: string): Promise<Applied> =>
      approve(deps, key, { id, seen, by }),
    /** Sends a request back with what is to be mended. */
    sendBack: async (key: string, id: number, answer: string, by: string): Promise<void> => {
      const text = answer.trim().slice(0, MOST_NOTE);
      if (text === "")
        throw new Refusal("invalid", "请写明要改什么。", [
          { where: "意见", expected: `1 至 ${MOST_NOTE} 个字` },
        ]);
      const request = await openRequest(deps.store.read, key, id);
      if (request.askedBy === by) throw new Refusal("forbidden", "这是你自己提交的，请用「撤回」。");
      await settle(deps, request, { state: "returned", by, answer: text });
    },
    /** Takes one's own request back. */
    withdraw: async (key: string, id: number, by: string): Promise<void> => {
      const request = await openRequest(deps.store.read, key, id);
      if (request.askedBy !== by) throw new Refusal("forbidden", "只有提交的人可以撤回。");
      await settle(deps, request, { state: "withdrawn", by });
    },
    /** Publishes without a second person, where the rule allows. Raises `forbidden` where it does not. */
    publishAlone: async (key: string, seen: Seen, insideGrace: boolean, by: string): Promise<Applied> => {
      if ((await ruleOf(deps)) === "second")
        throw new Refusal("forbidden", "发布要由另一位总部同事批准，请先提交审批。");
      return publish(deps, key, { seen, insideGrace, by });
    },
  };
}

async function ruleOf({ approval, store }: PublishingDeps): Promise<ApprovalRule> {
  if (approval === "off") return "off";
  return (await hqAccounts(store.read)) < 2 ? "only_one" : "second";
}

async function show(deps: PublishingDeps, key: string): Promise<PublishView> {
  const { store, drafts, claims } = deps;
  const { state, draft } = await drafts.show(key);
  const stored = await journeyByKey(store.read, key);
  const { ready, faults } = draft ? await tried(deps, draft.data) : { ready: null, faults: [] };
  const inForce = stored?.version && stored.state !== "archived" ? stored : undefined;
  const requests = await requestsOf(store.read, key);
  const request = requests.find((one) => one.state === "asked" && one.digest === ready?.digest) ?? null;
  return {
    ...{ key, state, draft, ready, faults, request },
    name: ready?.spec.name ?? stored?.spec.name ?? String(draft?.data.name ?? key),
    live: stored?.version?.number ?? null,
    liveSpec: inForce?.spec ?? null,
    claims: draft && !ready ? claimsFound(draft.data, claims) : [],
    differs: ready !== null && inForce?.version?.digest !== ready.digest,
    rule: await ruleOf(deps),
    past: requests.filter((one) => one !== request),
  };
}

async function tried(
  deps: PublishingDeps,
  data: JourneyData,
): Promise<Pick<PublishView, "ready" | "faults">> {
  try {
    const { spec } = await deps.drafts.read(data);
    return { ready: { spec, digest: digestOf(spec) }, faults: [] };
  } catch (error) {
    if (error instanceof Refusal && error.kind === "invalid") return { ready: null, faults: error.faults };
    throw error;
  }
}

async function readyDraft({ drafts }: PublishingDeps, key: string) {
  const { draft } = await drafts.show(key);
  if (!draft) throw new Refusal("not_found", `旅程 ${key} 没有草稿，可能刚刚发布或丢弃了。`);
  const { spec, source } = await drafts.read(draft.data);
  return { data: draft.data, spec, source, digest: digestOf(spec) };
}

/** What is asked for. */
interface Asked {
  digest: string;
  insideGrace: boolean;
  note: string;
}

async function ask(deps: PublishingDeps, key: string, asked: Asked, by: string): Promise<number> {
  const { spec, digest } = await readyDraft(deps, key);
  if (digest !== asked.digest) throw changedSince();
  const stored = await journeyByKey(deps.store.read, key);
  if (stored?.state !== "archived" && stored?.version?.digest === digestOf(spec)) throw nothingNew();
  const at = deps.world.now();
  return deps.store.write(async (sql) => {
    await sql.row(`SELECT journey_key FROM journey_draft WHERE journey_key = ?${sql.dialect.forUpdate}`, [
      key,
    ]);
    const [latest] = await requestsOf(sql, key, 1);
    if (latest?.state === "asked" && latest.digest === digest)
      throw new Refusal("conflict", "这份草稿已经提交审批，请等同事处理。");
    const note = asked.note.trim().slice(0, MOST_NOTE);
    return addRequest(sql, { journeyKey: key, digest, insideGrace: asked.insideGrace, note, by, at });
  });
}

async function approve(
  deps: PublishingDeps,
  key: string,
  { id, seen, by }: { id: number; seen: Seen; by: string },
): Promise<Applied> {
  const request = await openRequest(deps.store.read, key, id);
  if (request.askedBy === by) throw new Refusal("forbidden", "自己提交的发布，要由另一位总部同事批准。");
  if (request.digest !== seen.digest) throw changedSince();
  const settled = async (sql: Sql, version: number) => {
    const decision: Decision = { state: "published", by, version, at: deps.world.now() };
    if (!(await decide(sql, request, decision))) throw answered();
  };
  return publish(deps, key, { seen, insideGrace: request.insideGrace, by, settled });
}

interface HowPublished {
  seen: Seen;
  insideGrace: boolean;
  by: string;
  settled?: (sql: Sql, version: number) => Promise<void>;
}

/** Publishes the draft as it was seen, over the version that was seen, or nothing at all. */
async function publish(
  deps: PublishingDeps,
  key: string,
  { seen, insideGrace, by, settled }: HowPublished,
): Promise<Applied> {
  const { data, spec, source, digest } = await readyDraft(deps, key);
  if (digest !== seen.digest) throw changedSince();
  const also = async (sql: Sql, { number }: { number: number }) => {
    if (number !== (seen.live ?? 0) + 1)
      throw new Refusal("conflict", "别人刚刚发布了新版本，请看过新的对比再发布。");
    const draft = [key, JSON.stringify(data)];
    const taken = await sql.run("DELETE FROM journey_draft WHERE journey_key = ? AND data = ?", draft);
    if (taken.affected === 0) throw changedSince();
    await settled?.(sql, number);
  };
  const applied = await deps.journeys.apply(spec, source, { yes: true, by, insideGrace, also });
  if (!applied.published) throw nothingNew();
  return applied;
}

async function openRequest(sql: Sql, key: string, id: number): Promise<PublishAsk> {
  const request = (await requestsOf(sql, key)).find((one) => one.id === id);
  if (!request) throw new Refusal("not_found", "没有这份发布申请。");
  if (request.state !== "asked") throw answered();
  return request;
}

async function settle(
  { store, world }: PublishingDeps,
  request: PublishAsk,
  decision: Omit<Decision, "at">,
): Promise<void> {
  const done = await store.write((sql) => decide(sql, request, { ...decision, at: world.now() }));
  if (!done) throw answered();
}

const changedSince = () =>
  new Refusal("conflict", "草稿刚刚改过，和你看到的不一样了，请看过新的对比再继续。");
const answered = () => new Refusal("conflict", "这份申请已经处理过了，请刷新看结果。");
const nothingNew = () => new Refusal("conflict", "草稿与现行版本没有不同，不用发布。");
