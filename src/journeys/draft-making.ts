// Drafts that are not written by hand: an earlier version again, a journey under another key, a YAML text; and the way out.
import { recordChange } from "../identity/audit.js";
import type { Sql, Store } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { readContent } from "./content.js";
import { dataOf, type JourneyData } from "./draft-data.js";
import type { DraftService } from "./drafts.js";
import { journeyByKey } from "./queries.js";
import { versionAt, versionData } from "./version-history.js";
import { dataYaml, keptInYaml, versionYaml, yamlSource } from "./yaml-text.js";

export interface DraftMakingDeps {
  store: Store;
  world: Pick<World, "now">;
  drafts: Pick<DraftService, "show" | "read" | "readFile">;
}

/** Which text of a journey: a version by its number, or its draft. */
export type Which = number | "draft";

export type DraftMaking = ReturnType<typeof draftMaking>;

/** Drafts made of what is there. `replace` is when (epoch ms) the draft that may be overwritten was changed, as it was
 *  seen; without it a journey that has a draft keeps it, and the wish is refused (`conflict`). */
export function draftMaking(deps: DraftMakingDeps) {
  const { store } = deps;
  return {
    /** Makes a version the draft again; versions themselves stay as they are. */
    restore: async (key: string, number: number, replace: number | undefined, by: string): Promise<void> => {
      const data = versionData(await versionAt(store.read, key, number));
      await deps.drafts.read(data);
      await keep(deps, { key, data, replace, by, action: "journey.restore", told: { version: number } });
    },
    /** Makes a draft of a journey's text under a key nobody has used. */
    copy: async (
      from: string,
      which: Which,
      to: { key: string; name: string },
      by: string,
    ): Promise<void> => {
      const data = { ...(await textOf(deps, from, which)), key: to.key.trim(), name: to.name.trim() };
      const { spec } = await deps.drafts.read(data);
      if (await journeyByKey(store.read, spec.key)) throw keyTaken(spec.key);
      const told = { from, which, name: spec.name };
      await keep(deps, { key: spec.key, data, replace: undefined, by, action: "journey.copy", told });
    },
    /** Makes a YAML text the draft of the journey it names; every fault of it in one Refusal, by line. With `key` it must
     *  name that one. */
    importYaml: async (text: string, how: ImportHow, by: string): Promise<{ key: string; name: string }> => {
      const { spec, data } = await readYaml(deps, text);
      if (how.key !== undefined && spec.key !== how.key)
        throw new Refusal("invalid", `这份 YAML 是旅程 ${spec.key} 的，不是 ${how.key} 的。`, [
          { where: "YAML", field: "key", value: spec.key, expected: how.key },
        ]);
      const told = { name: spec.name, touchpoints: spec.touchpoints.length };
      const what = { key: spec.key, data, replace: how.replace, by, action: "journey.import", told };
      await keep(deps, what);
      return { key: spec.key, name: spec.name };
    },
    /** A version or the draft as a YAML text. Raises `not_found`. */
    exportYaml: async (key: string, which: Which): Promise<string> => {
      if (which === "draft") return dataYaml(await textOf(deps, key, which));
      const { source, spec } = await versionAt(store.read, key, which);
      return versionYaml(source, spec);
    },
  };
}

interface ImportHow {
  key?: string | undefined;
  replace?: number | undefined;
}

async function textOf({ store, drafts }: DraftMakingDeps, key: string, which: Which): Promise<JourneyData> {
  if (which !== "draft") return versionData(await versionAt(store.read, key, which));
  const { draft } = await drafts.show(key);
  if (!draft) throw new Refusal("not_found", `旅程 ${key} 没有草稿。`);
  return draft.data;
}

async function readYaml({ store, drafts }: DraftMakingDeps, text: string) {
  const files = new Map<string, Buffer>();
  for (const digest of keptInYaml(text)) {
    const bytes = await readContent(store.read, digest).catch(() => undefined);
    if (bytes) files.set(digest, bytes);
  }
  const { spec, source } = await drafts.readFile(yamlSource("YAML", text, files));
  return { spec, data: dataOf(source, spec) };
}

interface Making {
  key: string;
  data: JourneyData;
  replace: number | undefined;
  by: string;
  action: string;
  /** what the record says of it */
  told: object;
}

async function keep({ store, world }: DraftMakingDeps, making: Making): Promise<void> {
  const { key, data, by, action } = making;
  const at = world.now();
  const basedOn = (await journeyByKey(store.read, key))?.version?.number ?? null;
  await store.write(async (sql) => {
    const before = await replaced(sql, making);
    await sql.run(
      `INSERT INTO journey_draft (journey_key, data, based_on, changed_at, changed_by) VALUES (?, ?, ?, ?, ?)
       ${sql.dialect.onConflict(["journey_key"], ["data", "based_on", "changed_at", "changed_by"])}`,
      [key, JSON.stringify(data), basedOn, at, by],
    );
    await recordChange(sql, { at, by, action, subject: `journey:${key}`, before, after: making.told });
  });
}

/** The draft in the way, which may be overwritten only as it was seen. */
async function replaced(sql: Sql, { key, replace }: Making): Promise<object | undefined> {
  const row = await sql.row<{ changedAt: number; changedBy: string }>(
    `SELECT changed_at AS changedAt, changed_by AS changedBy FROM journey_draft WHERE journey_key = ?${sql.dialect.forUpdate}`,
    [key],
  );
  if (!row) return undefined;
  if (replace === undefined)
    throw new Refusal("conflict", `旅程 ${key} 已有一份草稿，要覆盖它请勾选「覆盖现有草稿」。`);
  if (Number(row.changedAt) !== replace)
    throw new Refusal("conflict", `旅程 ${key} 的草稿刚刚又改过，请先看过再决定要不要覆盖。`);
  return { draft: { changedAt: Number(row.changedAt), changedBy: row.changedBy } };
}

function keyTaken(key: string): Refusal {
  return new Refusal("conflict", `已经有旅程用了 ${key} 这个 key，请换一个。`, [
    { where: "key", value: key, expected: "没有用过的 key" },
  ]);
}
