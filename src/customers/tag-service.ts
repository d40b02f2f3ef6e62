// Tags as people see and change them: what a customer carries and carried, from where, and those given by hand.

import { type Doer, recordChange } from "../identity/audit.js";
import { selectIn } from "../infra/batches.js";
import type { Sql, Store } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { markCustomers } from "./customer-marks.js";
import { customerIds } from "./queries.js";
import { giveTag, type TagSource, takeTag } from "./tags.js";

/** A tag a customer carries. */
export interface CarriedTag {
  name: string;
  /** whose doing: people's (by hand, file or push), a rule's, a model's, a guide's in the chat system */
  source: "manual" | "rule" | "model" | "wecom";
  /** `account:3`, `import`, `rule`, a model's name; null: from before this was kept */
  by: string | null;
  /** epoch ms; null: from before this was kept */
  at: number | null;
}

/** A tag that was taken away again. */
export interface PastTag extends CarriedTag {
  /** epoch ms */
  takenAt: number;
  takenBy: string;
}

/** A tag in use, and how many customers carry it. */
export interface TagUse {
  name: string;
  source: CarriedTag["source"];
  customers: number;
}

const TAG = /^[^|\p{Cc}]{1,60}$/u;

export type TagService = ReturnType<typeof tagService>;

/** Tags over one database. Its callers have asked who may. */
export function tagService({ store, world }: { store: Store; world: Pick<World, "now"> }) {
  return {
    /** Every tag in use, by name. */
    uses: async (): Promise<TagUse[]> => {
      const rows = await store.read.rows<{ name: string; source: CarriedTag["source"]; customers: number }>(
        `SELECT name, CASE source WHEN 'import' THEN 'manual' ELSE source END AS source,
           COUNT(DISTINCT customer_id) AS customers FROM customer_tag GROUP BY 1, 2 ORDER BY 1, 2`,
      );
      return rows.map((row) => ({ ...row, customers: Number(row.customers) }));
    },

    /** What a customer carries, by name, and what was taken away, latest first. Raises `not_found`. */
    show: (externalUserid: string) => show(store.read, externalUserid),

    /** Gives customers a tag by hand; gives to how many it is new. Raises `not_found`, `invalid`. */
    add: (externalUserids: readonly string[], name: string, by: string): Promise<number> =>
      store.write(async (sql) => {
        mustBeTag(name);
        const ids = await known(sql, externalUserids);
        await markCustomers(sql, ids);
        const at = world.now();
        const given = await giveTag(sql, { name, source: "manual", by, at }, ids);
        const change = { action: "tag.add", subject: `tag:${name}`, after: { customers: ids, given } };
        await recordChange(sql, { at, by, ...change });
        return given;
      }),

    /** Takes a tag away that people gave; gives how many had it. Raises `not_found`, and `conflict` for a tag that a
     *  rule or model gives. */
    remove: (externalUserids: readonly string[], name: string, by: string): Promise<number> =>
      store.write(async (sql) => {
        const ids = await known(sql, externalUserids);
        const at = world.now();
        const taken = new Set<number>();
        for (const source of ["manual", "import"] as const) {
          for (const id of await carriers(sql, name, source, ids)) taken.add(id);
          await takeTag(sql, { name, source, by, at }, ids);
        }
        if (taken.size === 0) await refuseOthers(sql, name, ids);
        await markCustomers(sql, [...taken]);
        await recordTaken(sql, { at, by }, name, [...taken]);
        return taken.size;
      }),
  };
}

async function recordTaken(sql: Sql, doer: Doer, name: string, customers: number[]): Promise<void> {
  const change = { action: "tag.remove", subject: `tag:${name}`, before: { customers } };
  await recordChange(sql, { ...doer, ...change });
}

/** Raises `invalid` for what can be no tag. */
export function mustBeTag(name: string): void {
  if (TAG.test(name) && name === name.trim()) return;
  const expected = "a tag of 1 to 60 characters, without |";
  throw new Refusal("invalid", "标签名称不对。", [{ where: "tag", value: name, expected }]);
}

async function show(sql: Sql, externalUserid: string): Promise<{ tags: CarriedTag[]; past: PastTag[] }> {
  const ids = await known(sql, [externalUserid]);
  const tags = await sql.rows<StoredTag>(
    `SELECT name, source, given_by AS givenBy, given_at AS givenAt FROM customer_tag
     WHERE customer_id = ? ORDER BY name, source`,
    ids,
  );
  const past = await sql.rows<StoredTag & { takenAt: number; takenBy: string }>(
    `SELECT name, source, given_by AS givenBy, given_at AS givenAt, taken_at AS takenAt, taken_by AS takenBy
     FROM customer_tag_past WHERE customer_id = ? ORDER BY id DESC LIMIT 500`,
    ids,
  );
  return {
    tags: tags.map(carried),
    past: past.map((row) => ({ ...carried(row), takenAt: Number(row.takenAt), takenBy: row.takenBy })),
  };
}

interface StoredTag {
  name: string;
  source: TagSource;
  givenBy: string | null;
  givenAt: number | null;
}

function carried({ name, source, givenBy, givenAt }: StoredTag): CarriedTag {
  const at = givenAt === null ? null : Number(givenAt);
  if (source === "import") return { name, source: "manual", by: "import", at };
  return { name, source, by: givenBy, at };
}

async function known(sql: Sql, externalUserids: readonly string[]): Promise<number[]> {
  const idOf = await customerIds(sql, externalUserids);
  const strangers = externalUserids.filter((id) => !idOf.has(id));
  if (strangers.length === 0) return [...new Set(idOf.values())];
  const faults = strangers.map((value) => ({ where: "customer", value, expected: "a customer we know" }));
  throw new Refusal("not_found", "没有这位客户。", faults);
}

async function carriers(
  sql: Sql,
  name: string,
  source: TagSource,
  ids: readonly number[],
): Promise<number[]> {
  const rows = await selectIn<{ id: number }>(
    sql,
    "SELECT customer_id AS id FROM customer_tag WHERE name = ? AND source = ? AND customer_id IN",
    ids,
    { params: [name, source] },
  );
  return rows.map(({ id }) => id);
}

async function refuseOthers(sql: Sql, name: string, ids: readonly number[]): Promise<void> {
  for (const [source, giver] of [
    ["rule", "规则"],
    ["model", "模型"],
    ["wecom", "企业微信"],
  ] as const)
    if ((await carriers(sql, name, source, ids)).length > 0)
      throw new Refusal("conflict", `标签「${name}」由${giver}给出，不能手动去掉。`);
}
