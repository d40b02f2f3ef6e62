// The one draft of a journey: stored as plain data, checked as a file is, seen in counts before it is published.
import { recordChange } from "../identity/audit.js";
import { changedParts } from "../identity/differences.js";
import type { Sql, Store } from "../infra/store.js";
import { type Fault, Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { keepContent, readContent } from "./content.js";
import { dataOf, dataSource, type JourneyData, keptIn, remembering } from "./draft-data.js";
import type { JourneySource } from "./file.js";
import type { Preview } from "./publish-counts.js";
import { type JourneyState, journeyByKey } from "./queries.js";
import type { Applied, HowToPublish, JourneyService } from "./service.js";
import type { JourneySpec } from "./spec.js";
import { eventsOf, type JourneyEventLine } from "./states.js";

/** A stored draft. */
export interface Draft {
  data: JourneyData;
  /** the number of the version it began from; null: there was none */
  basedOn: number | null;
  /** another version was published since */
  isOld: boolean;
  /** epoch ms */
  changedAt: number;
  changedBy: string;
}

/** A journey with its draft, as one who edits it needs them. */
export interface JourneyWithDraft {
  key: string;
  /** null: never published */
  state: JourneyState | null;
  version: number | null;
  /** the version in force as data: what a draft begins from */
  live: JourneyData | null;
  draft: Draft | null;
  /** paused, resumed, archived; newest first */
  events: JourneyEventLine[];
}

/** A draft read: what it says, and its text. */
export interface ReadDraft {
  spec: JourneySpec;
  source: string;
}

export interface DraftDeps {
  store: Store;
  world: Pick<World, "now">;
  /** `parseJourney`; `files` takes the bytes of what the journey encloses, by their digests */
  parse(source: JourneySource, files: Map<string, Buffer>): Promise<JourneySpec>;
  journeys: JourneyService;
}

export type DraftService = ReturnType<typeof draftService>;

/** Drafts over one database, and journeys published from files or drafts. */
export function draftService(deps: DraftDeps) {
  const { store, journeys } = deps;
  return {
    ...fileWork(deps),
    /** Raises `not_found` for a key nobody has used. */
    show: (key: string): Promise<JourneyWithDraft> => show(store, key),
    /** Keeps data as the journey's draft; every fault of it in one Refusal. */
    save: async (key: string, data: unknown, by: string): Promise<Draft> => {
      const spec = await readData(deps, data);
      if (spec.key !== key) throw otherKey(key, spec.key);
      return put(deps, spec, data as JourneyData, by);
    },
    /** Keeps a file as the draft of its journey; gives the journey's key. */
    saveFile: async (file: JourneySource, by: string): Promise<string> => {
      const { spec, text } = await readFile(deps, file);
      await put(deps, spec, dataOf(text, spec), by);
      return spec.key;
    },
    /** Throws a draft away; false: there was none. */
    discard: (key: string, by: string): Promise<boolean> =>
      store.write(async (sql) => {
        const before = (await draftRow(sql, key))?.data;
        const gone = await dropDraft(sql, key);
        const change = { action: "journey.discard", subject: `journey:${key}`, before: parsed(before) };
        if (gone) await recordChange(sql, { at: deps.world.now(), by, ...change });
        return gone;
      }),
    preview: async (key: string, insideGrace: boolean): Promise<Preview> =>
      journeys.preview(await readData(deps, (await mustHave(store, key)).data), insideGrace),
    /** Publishes the draft, which is none any more then. Raises as `apply` does. */
    publish: async (key: string, how: HowToPublish): Promise<Applied> => {
      const { data } = await mustHave(store, key);
      const applied = await journeys.apply(await readData(deps, data), JSON.stringify(data, null, 2), how);
      await store.write((sql) => dropDraft(sql, key, data));
      return applied;
    },
  };
}

/** What is done with what was written, file or data, before it is a draft. */
function fileWork(deps: DraftDeps) {
  const { store, journeys } = deps;
  return {
    /** Reads, checks and publishes a journey's file; every fault of it in one Refusal. */
    applyFile: async (file: JourneySource, how: HowToPublish): Promise<Applied> => {
      const { spec, text } = await readFile(deps, file);
      return journeys.apply(spec, text, how);
    },
    /** What `applyFile` would do, writing nothing. */
    previewFile: async (file: JourneySource, insideGrace: boolean): Promise<Preview> =>
      journeys.preview(await deps.parse(file, new Map()), insideGrace),
    /** A journey's file, read and checked and no more. */
    readFile: async (file: JourneySource): Promise<ReadDraft> => {
      const { source, whole } = remembering(file);
      return { spec: await deps.parse(source, new Map()), source: whole() };
    },
    /** The same of a journey as data, or of the stored draft of this key (raises `not_found`). */
    read: async (draft: string | object): Promise<ReadDraft> => {
      const data = typeof draft === "string" ? (await mustHave(store, draft)).data : draft;
      return { spec: await readData(deps, data), source: JSON.stringify(data, null, 2) };
    },
  };
}

/** A file's spec, and its text with all that lay beside it. */
async function readFile({ store, parse }: DraftDeps, file: JourneySource) {
  const files = new Map<string, Buffer>();
  const { source, whole } = remembering(file);
  const spec = await parse(source, files);
  await keepContent(store, files);
  return { spec, text: whole() };
}

async function readData({ store, parse }: DraftDeps, data: unknown): Promise<JourneySpec> {
  const plain =
    data !== null && typeof data === "object" && !Array.isArray(data) ? (data as JourneyData) : {};
  const files = new Map<string, Buffer>();
  for (const digest of keptIn(plain)) {
    const bytes = await readContent(store.read, digest).catch(() => undefined);
    if (bytes) files.set(digest, bytes);
  }
  return parse(dataSource(plain, files), files);
}

interface DraftRow {
  data: string;
  basedOn: number | null;
  changedAt: number;
  changedBy: string;
}

function draftRow(sql: Sql, key: string): Promise<DraftRow | undefined> {
  return sql.row<DraftRow>(
    `SELECT data, based_on AS basedOn, changed_at AS changedAt, changed_by AS changedBy
     FROM journey_draft WHERE journey_key = ?`,
    [key],
  );
}

function parsed(data: string | undefined): JourneyData | undefined {
  return data === undefined ? undefined : (JSON.parse(data) as JourneyData);
}

async function find(store: Store, key: string): Promise<Omit<Draft, "isOld"> | undefined> {
  const row = await draftRow(store.read, key);
  return row && { ...row, data: JSON.parse(row.data) as JourneyData, changedAt: Number(row.changedAt) };
}

async function mustHave(store: Store, key: string): Promise<Omit<Draft, "isOld">> {
  const draft = await find(store, key);
  if (!draft) throw new Refusal("not_found", `旅程 ${key} 没有草稿。`);
  return draft;
}

async function put(
  { store, world }: DraftDeps,
  spec: JourneySpec,
  data: JourneyData,
  changedBy: string,
): Promise<Draft> {
  const basedOn = (await journeyByKey(store.read, spec.key))?.version?.number ?? null;
  const changedAt = world.now();
  await store.write(async (sql) => {
    const before = parsed((await draftRow(sql, spec.key))?.data);
    await sql.run(
      `INSERT INTO journey_draft (journey_key, data, based_on, changed_at, changed_by) VALUES (?, ?, ?, ?, ?)
       ${sql.dialect.onConflict(["journey_key"], ["data", "changed_at", "changed_by"])}`,
      [spec.key, JSON.stringify(data), basedOn, changedAt, changedBy],
    );
    const change = { action: "journey.draft", subject: `journey:${spec.key}`, ...changedParts(before, data) };
    await recordChange(sql, { at: changedAt, by: changedBy, ...change });
  });
  const kept = await mustHave(store, spec.key);
  return { ...kept, isOld: kept.basedOn !== basedOn };
}

/** With `data` only a draft that still says this: one changed meanwhile stays. */
async function dropDraft(sql: Sql, key: string, data?: JourneyData): Promise<boolean> {
  const which = `journey_key = ?${data ? " AND data = ?" : ""}`;
  const params = [key, ...(data ? [JSON.stringify(data)] : [])];
  return (await sql.run(`DELETE FROM journey_draft WHERE ${which}`, params)).affected > 0;
}

async function show(store: Store, key: string): Promise<JourneyWithDraft> {
  const journey = await journeyByKey(store.read, key);
  const draft = await find(store, key);
  if (!journey && !draft) throw new Refusal("not_found", `没有旅程 ${key}。`);
  const version = journey?.version ?? null;
  const source = await store.read.row<{ source: string }>("SELECT source FROM journey_version WHERE id = ?", [
    version?.id ?? 0,
  ]);
  return {
    key,
    ...{ state: journey?.state ?? null, version: version?.number ?? null },
    live: journey && source ? dataOf(source.source, journey.spec) : null,
    draft: draft ? { ...draft, isOld: draft.basedOn !== (version?.number ?? null) } : null,
    events: journey ? await eventsOf(store.read, journey.id) : [],
  };
}

function otherKey(key: string, found: string): Refusal {
  const fault: Fault = { where: "journey", field: "key", value: found, expected: key };
  return new Refusal("invalid", "旅程的 key 不能改。", [fault]);
}
