// Tags given and taken by their rules: of all customers once a day, of those something changed for soon after.
import { setImmediate as turn } from "node:timers/promises";
import { isEverybodyMarked, takeMarkOfEverybody } from "../customers/customer-marks.js";
import { IS_SOMEBODY } from "../customers/known-ids.js";
import { giveTag, takeTag } from "../customers/tags.js";
import { insertRows } from "../infra/batches.js";
import { marks as questionMarks } from "../infra/dialect.js";
import type { Param, Sql, Store } from "../infra/store.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { isEveryone } from "./audience.js";
import { audienceBasis } from "./audience-basis.js";
import { type AudienceBasis, audienceCondition } from "./audience-sql.js";
import { liveTouchpoints } from "./queries.js";
import { type TagRule, tagRules } from "./tag-rules.js";

export interface TaggingParts {
  store: Store;
  world: Pick<World, "now">;
  /** the brand's, such as Asia/Shanghai */
  zone: string;
}

/** How many tags rules gave and took. */
export interface Tagged {
  given: number;
  taken: number;
}

/** Customers looked at by one read, and marks worked off in one transaction. */
const SIGHT = 20_000;
const BATCH = 200;

const DONE_ON = "tag_rules_on";

export type Tagging = ReturnType<typeof tagging>;

/** The rules' work over one database. Doing any of it twice, or from two processes, changes nothing. */
export function tagging({ store, world, zone }: TaggingParts) {
  const run = async (sql: Sql): Promise<RuleRun> => {
    const at = world.now();
    return { at, today: shopDayOf(at, zone), basis: await audienceBasis(sql), rules: await tagRules(sql) };
  };
  const everybody = async (): Promise<Tagged> => {
    await store.write(takeMarkOfEverybody);
    const now = await run(store.read);
    const tagged = await judgeAll(store, now);
    const tail = store.dialect.onConflict(["name"], ["value"]);
    await store.write((sql) =>
      sql.run(`INSERT INTO setting (name, value) VALUES (?, ?)${tail}`, [DONE_ON, now.today]),
    );
    return tagged;
  };
  return {
    /** Judges every customer by every rule. */
    everybody,

    /** Judges every customer by every rule, unless that was done today already. */
    daily: async (): Promise<Tagged> => {
      const done = await store.read.row<{ value: string }>("SELECT value FROM setting WHERE name = ?", [
        DONE_ON,
      ]);
      return done?.value === shopDayOf(world.now(), zone) ? { given: 0, taken: 0 } : everybody();
    },

    /** Judges those of whom something changed by every rule, and lets planning look at them again where touchpoints
     *  choose their customers. Gives how many marks were worked off. */
    changed: async (): Promise<number> => {
      if (await isEverybodyMarked(store.read)) await everybody();
      for (let done = 0; ; ) {
        const worked = await store.write(async (sql) => judgeMarked(sql, await run(sql)));
        done += worked;
        if (worked < BATCH) return done;
        await turn();
      }
    },
  };
}

/** Some rules and what they are judged by. */
interface RuleRun {
  /** epoch ms */
  at: number;
  today: ShopDay;
  basis: AudienceBasis;
  rules: readonly TagRule[];
}

/** Rule after rule, each in pieces of customers by id. */
async function judgeAll(store: Store, run: RuleRun): Promise<Tagged> {
  const sum: Tagged = { given: 0, taken: 0 };
  const last = await store.read.row<{ id: number | null }>("SELECT MAX(id) AS id FROM customer");
  for (const rule of run.rules)
    for (let after = 0; after < (last?.id ?? 0); after += SIGHT) {
      const where = "c.id > ? AND c.id <= ?";
      const wrong = await wronglyTagged(store.read, rule, run, where, [after, after + SIGHT]);
      for (let from = 0; from < wrong.length; from += BATCH * 10) {
        const piece = wrong.slice(from, from + BATCH * 10);
        const { given, taken } = await store.write((sql) => putRight(sql, rule, run, piece));
        sum.given += given;
        sum.taken += taken;
      }
      await turn();
    }
  return sum;
}

async function judgeMarked(sql: Sql, run: RuleRun): Promise<number> {
  const choosy = (await liveTouchpoints(sql)).filter(({ spec }) => !isEveryone(spec.audience));
  const rows = await sql.rows<{ id: number; customerId: number }>(
    `SELECT id, customer_id AS customerId FROM customer_mark ORDER BY id LIMIT ${BATCH}${sql.dialect.forUpdate}`,
  );
  if (rows.length === 0) return 0;
  const ids = [...new Set(rows.map(({ customerId }) => customerId))];
  for (const rule of run.rules) {
    const wrong = await wronglyTagged(sql, rule, run, `c.id IN (${questionMarks(ids.length)})`, ids);
    await putRight(sql, rule, run, wrong);
  }
  const kinds = new Set(choosy.map(({ spec }) => spec.trigger.anchor));
  // a calendar day counts for a customer as such
  const days = kinds.delete("day") ? ids.map((id) => [id, "day", 0, 0]) : [];
  await insertRows(sql, "INSERT INTO anchor_mark (customer_id, kind, child_no, was_cycle)", days);
  if (kinds.size > 0)
    await sql.run(
      `INSERT INTO anchor_mark (customer_id, kind, child_no, was_cycle)
       SELECT customer_id, kind, child_no, cycle_on FROM anchor WHERE on_date IS NOT NULL
         AND customer_id IN (${questionMarks(ids.length)}) AND CONCAT(kind, '') IN (${questionMarks(kinds.size)})`,
      [...ids, ...kinds],
    );
  const marks = rows.map(({ id }) => id);
  await sql.run(`DELETE FROM customer_mark WHERE id IN (${questionMarks(marks.length)})`, marks);
  return rows.length;
}

/** A customer who has a tag by rule and should not, or the other way round. */
interface Wrong {
  id: number;
  has: number;
}

function wronglyTagged(
  sql: Sql,
  { name, rule }: TagRule,
  { basis, today }: RuleRun,
  where: string,
  params: readonly Param[],
): Promise<Wrong[]> {
  const inside = audienceCondition(rule, basis, today);
  return sql.rows<Wrong>(
    `SELECT c.id, own.customer_id IS NOT NULL AS has FROM customer c
       LEFT JOIN customer_tag own ON own.customer_id = c.id AND own.name = ? AND own.source = 'rule'
     WHERE ${where} AND COALESCE((${inside.sql}) AND ${IS_SOMEBODY}, 0) <> (own.customer_id IS NOT NULL)`,
    [name, ...params, ...inside.params],
  );
}

async function putRight(
  sql: Sql,
  { name }: TagRule,
  { at }: RuleRun,
  wrong: readonly Wrong[],
): Promise<Tagged> {
  const idsOf = (has: 0 | 1) => wrong.filter((one) => Number(one.has) === has).map(({ id }) => id);
  const change = { name, source: "rule", by: "rule", at } as const;
  return { given: await giveTag(sql, change, idsOf(0)), taken: await takeTag(sql, change, idsOf(1)) };
}
