// Tags given and taken by rules and models: of all customers once a day, of those something changed for soon after.
import { setImmediate as turn } from "node:timers/promises";
import { isEverybodyMarked, takeMarkOfEverybody } from "../customers/customer-marks.js";
import { IS_SOMEBODY } from "../customers/known-ids.js";
import { giveTag, takeTag } from "../customers/tags.js";
import { chunked, insertRows } from "../infra/batches.js";
import { marks as questionMarks } from "../infra/dialect.js";
import type { Param, Sql, Store } from "../infra/store.js";
import { shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { isEveryone } from "./audience.js";
import { audienceBasis } from "./audience-basis.js";
import { liveTouchpoints } from "./queries.js";
import { type TagGiver, tagGivers } from "./tag-givers.js";
import { tagRules } from "./tag-rules.js";

export interface TaggingParts {
  store: Store;
  world: Pick<World, "now">;
  /** the brand's, such as Asia/Shanghai */
  zone: string;
}

/** How many tags were given and taken. */
export interface Tagged {
  given: number;
  taken: number;
}

/** Customers looked at by one read, some 20 ms of an embedded database, and marks worked off in one transaction. */
const SIGHT = 5_000;
const BATCH = 200;

const DONE_ON = "tag_rules_on";

export type Tagging = ReturnType<typeof tagging>;

/** The givers' work over one database. Doing any of it twice, or from two processes, changes nothing. */
export function tagging({ store, world, zone }: TaggingParts) {
  const run = async (sql: Sql): Promise<TagRun> => {
    const at = world.now();
    const basis = await audienceBasis(sql);
    return { at, givers: tagGivers(await tagRules(sql), basis, shopDayOf(at, zone)) };
  };
  const everybody = async (): Promise<Tagged> => {
    await store.write(takeMarkOfEverybody);
    const now = await run(store.read);
    const today = shopDayOf(now.at, zone);
    const tagged = await judgeAll(store, now);
    const tail = store.dialect.onConflict(["name"], ["value"]);
    await store.write((sql) =>
      sql.run(`INSERT INTO setting (name, value) VALUES (?, ?)${tail}`, [DONE_ON, today]),
    );
    return tagged;
  };
  return {
    /** Judges every customer by every giver of tags. */
    everybody,

    /** The same, unless that was done today already. */
    daily: async (): Promise<Tagged> => {
      const done = await store.read.row<{ value: string }>("SELECT value FROM setting WHERE name = ?", [
        DONE_ON,
      ]);
      return done?.value === shopDayOf(world.now(), zone) ? { given: 0, taken: 0 } : everybody();
    },

    /** Judges those of whom something changed, and lets planning look at them again where touchpoints
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

/** Who gives tags, and when they do. */
interface TagRun {
  /** epoch ms */
  at: number;
  givers: readonly TagGiver[];
}

/** One giver after another, each in pieces of customers by id. */
async function judgeAll(store: Store, run: TagRun): Promise<Tagged> {
  const sum: Tagged = { given: 0, taken: 0 };
  const last = await store.read.row<{ id: number | null }>("SELECT MAX(id) AS id FROM customer");
  for (const giver of run.givers)
    for (let after = 0; after < (last?.id ?? 0); after += SIGHT) {
      const where = "c.id > ? AND c.id <= ?";
      const wrong = await wronglyTagged(store.read, giver, where, [after, after + SIGHT]);
      for (const piece of chunked(wrong, BATCH * 10)) {
        const { given, taken } = await store.write((sql) => putRight(sql, giver, run.at, piece));
        sum.given += given;
        sum.taken += taken;
      }
      await turn();
    }
  return sum;
}

async function judgeMarked(sql: Sql, run: TagRun): Promise<number> {
  const choosy = (await liveTouchpoints(sql)).filter(({ spec }) => !isEveryone(spec.audience));
  const rows = await sql.rows<{ id: number; customerId: number }>(
    `SELECT id, customer_id AS customerId FROM customer_mark ORDER BY id LIMIT ${BATCH}${sql.dialect.forUpdate}`,
  );
  if (rows.length === 0) return 0;
  const ids = [...new Set(rows.map(({ customerId }) => customerId))];
  for (const giver of run.givers) {
    const wrong = await wronglyTagged(sql, giver, `c.id IN (${questionMarks(ids.length)})`, ids);
    await putRight(sql, giver, run.at, wrong);
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

/** A customer who has a giver's tag and should not, or the other way round. */
interface Wrong {
  id: number;
  has: number;
}

function wronglyTagged(
  sql: Sql,
  { name, source, inside }: TagGiver,
  where: string,
  params: readonly Param[],
): Promise<Wrong[]> {
  return sql.rows<Wrong>(
    `SELECT c.id, own.customer_id IS NOT NULL AS has FROM customer c
       LEFT JOIN customer_tag own ON own.customer_id = c.id AND own.name = ? AND own.source = ?
     WHERE ${where} AND COALESCE((${inside.sql}) AND ${IS_SOMEBODY}, 0) <> (own.customer_id IS NOT NULL)`,
    [name, source, ...params, ...inside.params],
  );
}

async function putRight(
  sql: Sql,
  { name, source, by }: TagGiver,
  at: number,
  wrong: readonly Wrong[],
): Promise<Tagged> {
  const idsOf = (has: 0 | 1) => wrong.filter((one) => Number(one.has) === has).map(({ id }) => id);
  const change = { name, source, by, at };
  return { given: await giveTag(sql, change, idsOf(0)), taken: await takeTag(sql, change, idsOf(1)) };
}
