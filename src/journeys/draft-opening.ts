// A journey opened for editing: its draft, or what one would begin from; and the stamps that tell whether it has changed since.
import { createHash } from "node:crypto";
import type { Store } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import type { JourneyData } from "./draft-data.js";
import type { DraftService, JourneyWithDraft } from "./drafts.js";
import { ONEOFF } from "./oneoff-file.js";
import type { JourneyState } from "./queries.js";
import { stableJson } from "./spec.js";
import type { TouchpointData } from "./trigger-data.js";

/** What an editor works on: the draft, or where there is none what one would begin from. */
export interface OpenDraft extends Pick<JourneyWithDraft, "key" | "state" | "version"> {
  data: JourneyData;
  /** null: nothing was changed since the version in force */
  draft: { isOld: boolean; changedAt: number; changedBy: string } | null;
}

/** What tells whether a touchpoint is as somebody read it. */
export function stampOf(touchpoint: TouchpointData): string {
  return createHash("sha256").update(stableJson(touchpoint)).digest("hex").slice(0, 16);
}

/** What tells whether a journey's settings are as somebody read them. */
export function settingsStamp({ name, hold_out }: JourneyData): string {
  return stampOf({ name, hold_out });
}

/** A draft as its row says it. */
interface DraftRow {
  data: string;
  basedOn: number | null;
  changedAt: number;
  changedBy: string;
}

interface OpeningDeps {
  store: Store;
  drafts: Pick<DraftService, "show">;
}

/** Raises `not_found` for a key nobody has used. A version in force is read only where no draft stands before it: its text takes long to parse. */
export async function openDraft({ store, drafts }: OpeningDeps, key: string): Promise<OpenDraft> {
  if (key.startsWith(ONEOFF)) throw new Refusal("not_found", "一次性任务不在这里改。");
  const row = await store.read.row<DraftRow>(
    `SELECT data, based_on AS basedOn, changed_at AS changedAt, changed_by AS changedBy
     FROM journey_draft WHERE journey_key = ?`,
    [key],
  );
  if (!row) {
    const { state, version, live } = await drafts.show(key);
    if (!live) throw new Refusal("not_found", `旅程 ${key} 还没有内容。`);
    return { key, state, version, data: live, draft: null };
  }
  const journey = await store.read.row<{ state: JourneyState; version: number | null }>(
    `SELECT j.state, v.number AS version FROM journey j LEFT JOIN journey_version v ON v.id = j.live_version_id
     WHERE j.journey_key = ?`,
    [key],
  );
  const { state = null, version = null } = journey ?? {};
  const { basedOn, changedAt, changedBy } = row;
  return {
    ...{ key, state, version, data: JSON.parse(row.data) as JourneyData },
    draft: { isOld: basedOn !== version, changedAt: Number(changedAt), changedBy },
  };
}
