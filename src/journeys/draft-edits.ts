// A journey edited touchpoint by touchpoint: each change is checked and kept at once, and nobody's is lost to another's.
import { recordChange } from "../identity/audit.js";
import { changedParts } from "../identity/differences.js";
import type { Sql, Store } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import type { JourneyData } from "./draft-data.js";
import { type OpenDraft, openDraft, settingsStamp, stampOf } from "./draft-opening.js";
import type { DraftService } from "./drafts.js";
import { stableJson } from "./spec.js";
import { type TouchpointData, touchpointsIn } from "./trigger-data.js";

/** Somebody else's change came first: what stands there now, undefined when it is gone. */
export class EditConflict extends Refusal {
  constructor(
    readonly theirs: TouchpointData | undefined,
    readonly open: OpenDraft,
  ) {
    super("conflict", theirs ? "这个触点刚被别人改过。" : "这个触点刚被别人删掉了。");
  }
}

export interface DraftEditDeps {
  store: Store;
  world: Pick<World, "now">;
  drafts: Pick<DraftService, "show" | "read">;
}

export type DraftEdits = ReturnType<typeof draftEdits>;

/** A touchpoint to be changed: as whom, and as it was when its editor read it. */
export interface Aimed {
  key: string;
  /** null: whatever it is now */
  stamp: string | null;
}

/** Changes of drafts over one database. Each raises `invalid` with faults by the path to the value, and keeps nothing then. */
export function draftEdits(deps: DraftEditDeps) {
  const edit = (key: string, by: string, change: Change) => changed(deps, key, by, change);
  return {
    /** Raises `not_found` for a key nobody has used. */
    open: (key: string): Promise<OpenDraft> => openDraft(deps, key),

    /** The first draft of a journey that was not there. Raises `conflict` for a key in use. */
    begin: (data: JourneyData, by: string): Promise<OpenDraft> => begin(deps, data, by),

    /** Puts a touchpoint in, at the end, or over one that is there. Raises EditConflict. */
    put: (key: string, aimed: Aimed | null, touchpoint: TouchpointData, by: string) =>
      edit(key, by, (list, open) =>
        aimed ? replaced(list, open, aimed, touchpoint) : [...list, touchpoint],
      ),

    /** Changes a touchpoint by what it is now. Raises EditConflict. */
    alter: (key: string, aimed: Aimed, by: string, alter: (touchpoint: TouchpointData) => TouchpointData) =>
      edit(key, by, (list, open) => over(list, open, aimed, (was) => [alter(was)])),

    /** Takes a touchpoint out. Raises EditConflict; `invalid` for the last one. */
    remove: (key: string, aimed: Aimed, by: string) =>
      edit(key, by, (list, open) => without(list, open, aimed)),

    /** Puts a copy right behind a touchpoint; gives the copy's key. Raises EditConflict. */
    duplicate: (key: string, touchpoint: string, by: string): Promise<string> =>
      duplicate(deps, key, touchpoint, by),

    /** The journey's name, and the percent of customers kept out of all of it. Raises `conflict` when they are no longer
     *  as they were read. */
    settings: (key: string, said: JourneySettings, stamp: string | null, by: string) =>
      edit(key, by, (list, { data }) => withSettings(data, list, said, stamp)),
  };
}

/** What of a journey is said of all its touchpoints. */
export interface JourneySettings {
  name: unknown;
  /** undefined: none */
  holdOut: unknown;
}

function withSettings(
  data: JourneyData,
  touchpoints: TouchpointData[],
  { name, holdOut }: JourneySettings,
  stamp: string | null,
): JourneyData {
  if (stamp !== null && settingsStamp(data) !== stamp)
    throw new Refusal(
      "conflict",
      `旅程的名称或对照组刚被别人改过：现在叫「${data.name}」。请回到上一页看过再改。`,
    );
  const { hold_out: _was, name: _name, touchpoints: _list, ...rest } = data;
  return { ...rest, name, ...(holdOut === undefined ? {} : { hold_out: holdOut }), touchpoints };
}

/** A key like another that no touchpoint has: day-3, day-3-2, day-3-3. */
export function freeKey(list: readonly TouchpointData[], like: string): string {
  const used = new Set(list.map(({ key }) => key));
  const stem = like.replace(/-\d{1,2}$/, (end) =>
    used.has(like) && used.has(like.slice(0, -end.length)) ? "" : end,
  );
  for (let n = 1; ; n++) {
    const key = n === 1 ? stem : `${stem.slice(0, 60)}-${n}`;
    if (!used.has(key)) return key;
  }
}

/** The touchpoints as they shall be, or the whole journey. */
type Change = (list: TouchpointData[], open: OpenDraft) => TouchpointData[] | JourneyData;

function over(
  list: readonly TouchpointData[],
  open: OpenDraft,
  { key, stamp }: Aimed,
  put: (was: TouchpointData) => TouchpointData[],
): TouchpointData[] {
  const was = list.find((one) => one.key === key);
  if (!was || (stamp !== null && stampOf(was) !== stamp)) throw new EditConflict(was, open);
  return list.flatMap((one) => (one === was ? put(one) : [one]));
}

/** What stands there already is no conflict: a form may be sent twice. */
function replaced(
  list: TouchpointData[],
  open: OpenDraft,
  aimed: Aimed,
  touchpoint: TouchpointData,
): TouchpointData[] {
  if (list.some((one) => one.key === aimed.key && stableJson(one) === stableJson(touchpoint))) return list;
  return over(list, open, aimed, () => [touchpoint]);
}

function without(list: readonly TouchpointData[], open: OpenDraft, aimed: Aimed): TouchpointData[] {
  if (list.length === 1) throw new Refusal("invalid", "旅程至少要有一个触点。要放弃这些改动，请丢掉草稿。");
  return over(list, open, aimed, () => []);
}

async function duplicate(deps: DraftEditDeps, key: string, touchpoint: string, by: string): Promise<string> {
  let copy = "";
  await changed(deps, key, by, (list, open) => {
    copy = freeKey(list, touchpoint);
    const another = (was: TouchpointData) => ({ ...was, key: copy, name: `${was.name}（副本）`.slice(-60) });
    return over(list, open, { key: touchpoint, stamp: null }, (was) => [was, another(was)]);
  });
  return copy;
}

const TRIES = 5;

/** Others may change other touchpoints meanwhile: then the change is made again, on what they have left. */
async function changed(deps: DraftEditDeps, key: string, by: string, change: Change): Promise<OpenDraft> {
  for (let tries = 0; tries < TRIES; tries++) {
    const open = await openDraft(deps, key);
    const made = change(touchpointsIn(open.data), open);
    const data = Array.isArray(made) ? { ...open.data, touchpoints: made } : made;
    if (stableJson(data) === stableJson(open.data)) return open;
    await deps.drafts.read(data);
    if (await keep(deps, open, data, by)) return openDraft(deps, key);
  }
  throw new Refusal("conflict", "好几个人正在同时改这份草稿，请再试一次。");
}

async function begin(deps: DraftEditDeps, data: JourneyData, by: string): Promise<OpenDraft> {
  const key = String(data.key);
  await deps.drafts.read(data);
  const open = { key, state: null, version: null, data: {}, draft: null };
  const taken = new Refusal("conflict", `已经有旅程用了 ${key} 这个标识，请换一个。`);
  if (await deps.drafts.show(key).catch(noneThere)) throw taken;
  if (!(await keep(deps, open, data, by))) throw taken;
  return openDraft(deps, key);
}

function noneThere(error: unknown): undefined {
  if (error instanceof Refusal && error.kind === "not_found") return undefined;
  throw error;
}

/** Writes the draft if it still says what was read; false: somebody was faster. */
function keep(
  { store, world }: DraftEditDeps,
  open: OpenDraft,
  data: JourneyData,
  by: string,
): Promise<boolean> {
  const at = world.now();
  return store.write(async (sql) => {
    const { affected } = open.draft
      ? await replace(sql, open, data, { at, by })
      : await insert(sql, open, data, { at, by });
    if (affected === 0) return false;
    const told = open.draft || open.version ? changedParts(open.data, data) : { after: data };
    await recordChange(sql, { at, by, action: "journey.draft", subject: `journey:${open.key}`, ...told });
    return true;
  });
}

interface Saying {
  at: number;
  by: string;
}

function replace(sql: Sql, { key, data: before }: OpenDraft, data: JourneyData, { at, by }: Saying) {
  return sql.run(
    "UPDATE journey_draft SET data = ?, changed_at = ?, changed_by = ? WHERE journey_key = ? AND data = ?",
    [...[JSON.stringify(data), at, by, key, JSON.stringify(before)]],
  );
}

function insert(sql: Sql, { key, version }: OpenDraft, data: JourneyData, { at, by }: Saying) {
  return sql.run(
    `${sql.dialect.insertIgnore} INTO journey_draft (journey_key, data, based_on, changed_at, changed_by) VALUES (?, ?, ?, ?, ?)`,
    [key, JSON.stringify(data), version, at, by],
  );
}
