// Rules that give tags: an audience each, stored under the tag's name, which may ask for tags that others give.
import { markEverybody } from "../customers/customer-marks.js";
import { mustBeTag } from "../customers/tag-service.js";
import { takeTag } from "../customers/tags.js";
import { recordChange } from "../identity/audit.js";
import type { Sql, Store } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { type Audience, isEveryone, tagsIn } from "./audience.js";
import { readAudience } from "./audience-schema.js";
import { sayAudience } from "./say-audience.js";

/** Who carries a tag by rule. */
export interface TagRule {
  /** the tag it gives */
  name: string;
  rule: Audience;
  /** epoch ms */
  setAt: number;
  /** `system`, `account:3` */
  setBy: string;
}

/** Every rule, by its tag. */
export async function tagRules(sql: Sql): Promise<TagRule[]> {
  const rows = await sql.rows<Omit<TagRule, "rule"> & { rule: string }>(
    "SELECT name, rule, set_at AS setAt, set_by AS setBy FROM tag_rule ORDER BY name",
  );
  return rows.map((row) => ({ ...row, setAt: Number(row.setAt), rule: JSON.parse(row.rule) }));
}

/** The rules as people set and read them. */
export function tagRuleService({ store, world }: { store: Store; world: Pick<World, "now"> }) {
  return {
    /** Every rule with its words in Chinese, by the tag's name. */
    list: async () => (await tagRules(store.read)).map((one) => ({ ...one, says: sayAudience(one.rule) })),

    /** Sets the rule of a tag, given as plain data; all customers are judged by it soon after. Raises `invalid`. */
    set: async (name: string, rule: unknown, by: string): Promise<void> => {
      const audience = readAudience(rule, "rule");
      await store.write(async (sql) => {
        const before = await ruleOf(sql, name);
        const at = world.now();
        await setTagRule(sql, { name, rule: audience, setAt: at, setBy: by });
        await markEverybody(sql);
        const change = { action: "tag.rule", subject: `tag:${name}`, before, after: audience };
        await recordChange(sql, { at, by, ...change });
      });
    },

    /** Drops a rule and takes its tag away; gives from how many customers. Raises `not_found`. */
    drop: (name: string, by: string): Promise<number> => dropTagRule(store, name, by, world.now()),
  };
}

export type TagRuleService = ReturnType<typeof tagRuleService>;

/** Sets the rule of a tag, in the caller's transaction. Raises `invalid` for a name that can be none, a rule of
 *  everyone, and one that asks, by way of others, for its own tag. */
async function setTagRule(sql: Sql, { name, rule, setAt, setBy }: TagRule): Promise<void> {
  mustBeTag(name);
  if (isEveryone(rule)) throw new Refusal("invalid", "规则至少要有一个条件。");
  const others = (await tagRules(sql)).map((other) => [other.name, other.rule] as const);
  const circle = circleIn(new Map([...others, [name, rule]]), [name]);
  if (circle.length > 0) throw new Refusal("invalid", `标签规则互相依赖：${circle.join(" → ")}。`);
  const columns = ["rule", "set_at", "set_by"];
  await sql.run(
    `INSERT INTO tag_rule (name, ${columns.join(", ")}) VALUES (?, ?, ?, ?)${sql.dialect.onConflict(["name"], columns)}`,
    [name, JSON.stringify(rule), setAt, setBy],
  );
}

async function ruleOf(sql: Sql, name: string): Promise<object | undefined> {
  return (await tagRules(sql)).find((one) => one.name === name)?.rule;
}

/** Customers in one transaction. */
const PIECE = 4_000;

/** Drops the rule of a tag, and the tag of all who carry it by rule; gives how many did. Raises `not_found`. */
async function dropTagRule(store: Store, name: string, by: string, at: number): Promise<number> {
  await store.write(async (sql) => {
    const before = await ruleOf(sql, name);
    const { affected } = await sql.run("DELETE FROM tag_rule WHERE name = ?", [name]);
    if (affected === 0) throw new Refusal("not_found", `没有标签「${name}」的规则。`);
    await recordChange(sql, { at, by, action: "tag.rule-drop", subject: `tag:${name}`, before });
  });
  for (let after = 0, taken = 0; ; ) {
    const rows = await store.read.rows<{ id: number }>(
      `SELECT customer_id AS id FROM customer_tag WHERE name = ? AND source = 'rule' AND customer_id > ?
       ORDER BY customer_id LIMIT ${PIECE}`,
      [name, after],
    );
    const ids = rows.map(({ id }) => id);
    taken += await store.write((sql) => takeTag(sql, { name, source: "rule", by, at }, ids));
    if (ids.length < PIECE) return taken;
    after = ids.at(-1) ?? after;
  }
}

/** The tags around a circle in which rules ask for each other's tags; empty where there is none. */
function circleIn(rules: ReadonlyMap<string, Audience>, trail: readonly string[]): string[] {
  const rule = rules.get(trail.at(-1) ?? "");
  for (const name of rule ? tagsIn(rule) : []) {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    const circle = circleIn(rules, [...trail, name]);
    if (circle.length > 0) return circle;
  }
  return [];
}
