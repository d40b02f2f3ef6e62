// The counts of a day ahead, read from its tasks before they are forgotten.
import { setImmediate as turn } from "node:timers/promises";
import { selectIn } from "../../infra/batches.js";
import { marks } from "../../infra/dialect.js";
import type { Sql } from "../../infra/store.js";
import { addDays, type ShopDay } from "../../kernel/calendar.js";
import { quietDays } from "../../org/calendar-queries.js";
import { leavesOn } from "../../org/leaves.js";
import type { ForeseenDay } from "./days.js";
import { guideRanges } from "./going.js";
import type { Counts } from "./shape.js";

/** Counts of a touchpoint by the regions of stores (null: nobody's): of the owner, and of who does it, who may be a deputy. */
export interface TallyRow extends Counts {
  touchpointId: number;
  ownerRegionId: number | null;
  regionId: number | null;
}

/** A guide's day: what was released, and what found no room. */
export interface LoadRow {
  guideId: number;
  released: number;
  waiting: number;
}

/** Counts by touchpoint and regions. */
export async function tallyOf({ on, setup, days }: ForeseenDay): Promise<TallyRow[]> {
  if (days.length === 0) return [];
  const sql = setup.store.read;
  const count = (condition: string) => `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;
  const isDue = `t.due_on = '${on}'`;
  const columns = {
    planned: count(isDue),
    released: count(`t.released_on = '${on}'`),
    held_out: count(`${isDue} AND t.state = 'held_out'`),
    skipped: count("t.state = 'skipped'"),
    skipped_by_cap: count("t.state = 'skipped' AND t.reason = 'cap'"),
    put_off: count(`t.state = 'planned' AND t.release_on > '${on}' AND t.due_on <= '${on}'`),
    merged: count("t.state = 'merged'"),
    needs_data: count(`t.state = 'needs_data' AND t.released_on = '${on}'`),
    held: count(`${isDue} AND t.state = 'held'`),
  } satisfies Record<keyof Counts, string>;
  const selected = Object.entries(columns).map(([name, text]) => `${text} AS ${name}`);
  const rows: TallyRow[] = [];
  for (const range of await guideRanges(sql)) {
    const found = await sql.rows<TallyRow>(
      `SELECT t.touchpoint_id AS touchpointId, w.region_id AS ownerRegionId, s.region_id AS regionId,
         ${selected.join(", ")}
       FROM task t${sql.dialect.force("task_day")} 
         LEFT JOIN guide g ON g.id = t.guide_id LEFT JOIN store s ON s.id = g.store_id
         LEFT JOIN guide o ON o.id = COALESCE(t.deputy_of, t.guide_id) LEFT JOIN store w ON w.id = o.store_id
       WHERE t.release_on IN (${marks(days.length)}) AND t.${range} GROUP BY t.touchpoint_id, w.region_id, s.region_id`,
      days,
    );
    for (const row of found) rows.push(numbers(row));
    await turn();
  }
  return rows;
}

/** MySQL's sums may come as text. */
function numbers({ touchpointId, ownerRegionId, regionId, ...counts }: TallyRow): TallyRow {
  const named = Object.entries(counts).map(([name, n]) => [name, Number(n)]);
  return { touchpointId, ownerRegionId, regionId, ...(Object.fromEntries(named) as Counts) };
}

/** Guides at work whose customers' tasks found no room today, and how many of these ask again tomorrow. On a quiet day
 *  nobody is kept by a cap. */
export async function loadsOf(
  { on, setup }: ForeseenDay,
  anySkipped: boolean,
): Promise<{ putOff: number; loads: LoadRow[] }> {
  const sql = setup.store.read;
  if ((await quietDays(sql, on, on)).length > 0) return { putOff: 0, loads: [] };
  const onLeave = await leavesOn(sql, on);
  const tomorrow = await countBy(
    sql,
    addDays(on, 1),
    `COALESCE(state, '') = 'planned' AND due_on <= '${on}'`,
  );
  const ended = "COALESCE(state, '') = 'skipped' AND reason = 'cap'";
  const skipped = anySkipped ? await countBy(sql, on, ended) : new Map<number, number>();
  for (const id of onLeave.keys()) tomorrow.delete(id);
  const guides = [...new Set([...tomorrow.keys(), ...skipped.keys()])].sort((a, b) => a - b);
  const released = await selectIn<{ id: number; n: number }>(
    sql,
    `SELECT guide_id AS id, COUNT(*) AS n FROM task${sql.dialect.force("task_day")}
     WHERE release_on = ? AND released_on = ? AND guide_id IN`,
    guides,
    { params: [on, on], tail: " GROUP BY guide_id", forced: true },
  );
  const loads = released.map(({ id, n }) => ({
    ...{ guideId: id, released: Number(n) },
    waiting: (tomorrow.get(id) ?? 0) + (skipped.get(id) ?? 0),
  }));
  return { putOff: [...tomorrow.values()].reduce((sum, n) => sum + n, 0), loads };
}

async function countBy(sql: Sql, day: ShopDay, where: string): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const range of await guideRanges(sql)) {
    const rows = await sql.rows<{ id: number | null; n: number }>(
      `SELECT guide_id AS id, COUNT(*) AS n FROM task${sql.dialect.force("task_day")}
       WHERE release_on = ? AND ${range} AND ${where} GROUP BY guide_id`,
      [day],
    );
    for (const { id, n } of rows) if (id !== null) found.set(id, Number(n));
    await turn();
  }
  return found;
}
