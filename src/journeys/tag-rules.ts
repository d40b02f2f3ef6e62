// Rules that give tags: an audience each, stored under the tag's name, worked off so that what one gives another may ask for.
import { markEverybody } from "../customers/customer-marks.js";
import { mustBeTag } from "../customers/tag-service.js";
import { takeTag } from "../customers/tags.js";
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

/** Every rule, those others build on first. */
export async function tagRules(sql: Sql): Promise<TagRule[]> {
  const rows = await sql.rows<Omit<TagRule, "rule"> & { rule: string }>(
    "SELECT name, rule, set_at AS setAt, set_by AS setBy FROM tag_rule ORDER BY name",
  );
  const rules = rows.map(
    (row): TagRule => ({ ...row, setAt: Number(row.setAt), rule: JSON.parse(row.rule) }),
  );
  return inOrder(rules).ordered;
}

/** The rules as people set and read them. */
export function tagRuleService({ store, world }: { store: Store; world: Pick<World, "now"> }) {
  return {
    /** Every rule with its words in Chinese, by the tag's name. */
    list: async () =>
      (await tagRules(store.read))
        .map((one) => ({ ...one, says: sayAudience(one.rule) }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),

    /** Sets the rule of a tag, given as plain data; all customers are judged by it soon after. Raises `invalid`. */
    set: async (name: string, rule: unknown, by: string): Promise<void> => {
      const audience = readAudience(rule, "rule");
      await store.write(async (sql) => {
        await setTagRule(sql, { name, rule: audience, setAt: world.now(), setBy: by });
        await markEverybody(sql);
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
  const others = (await tagRules(sql)).filter((other) => other.name !== name);
  const { circle } = inOrder([...others, { name, rule, setAt, setBy }]);
  if (circle.length > 0)
    throw new Refusal("invalid", `标签规则互相依赖，无法判断先后：${circle.join(" → ")}。`);
  const columns = ["rule", "set_at", "set_by"];
  await sql.run(
    `INSERT INTO tag_rule (name, ${columns.join(", ")}) VALUES (?, ?, ?, ?)${sql.dialect.onConflict(["name"], columns)}`,
    [name, JSON.stringify(rule), setAt, setBy],
  );
}

/** Customers in one transaction. */
const PIECE = 4_000;

/** Drops the rule of a tag, and the tag of all who carry it by rule; gives how many did. Raises `not_found`. */
async function dropTagRule(store: Store, name: string, by: string, at: number): Promise<number> {
  const { affected } = await store.write((sql) => sql.run("DELETE FROM tag_rule WHERE name = ?", [name]));
  if (affected === 0) throw new Refusal("not_found", `没有标签「${name}」的规则。`);
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

/** Rules after those whose tags they ask for; where they ask in a circle, the tags around it. */
function inOrder(rules: readonly TagRule[]): { ordered: TagRule[]; circle: string[] } {
  const byName = new Map(rules.map((one) => [one.name, one]));
  const ordered = new Set<TagRule>();
  let circle: string[] = [];
  const visit = (one: TagRule, trail: readonly string[]) => {
    const at = trail.indexOf(one.name);
    if (at >= 0) circle = [...trail.slice(at), one.name];
    if (at >= 0 || ordered.has(one)) return;
    for (const name of tagsIn(one.rule)) {
      const other = byName.get(name);
      if (other) visit(other, [...trail, one.name]);
    }
    ordered.add(one);
  };
  for (const one of rules) visit(one, []);
  return { ordered: [...ordered], circle };
}
