// Keeps the roll-ups right: what is marked is counted anew, a pile of neighbours at a time.
import { setImmediate as turn } from "node:timers/promises";
import { marks } from "../infra/dialect.js";
import type { Sql, Store } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { loadTree } from "../org/queries.js";
import type { OrgTree } from "../org/tree.js";
import { countDay, sumWeek } from "./counting.js";
import { wipeFunnelOrphans } from "./funnel/funnel-counting.js";
import { IN_FUNNEL } from "./funnel/funnel-sql.js";
import { noteCounted } from "./lately.js";
import { recountAllNewcomers } from "./newcomers/keeping.js";
import { sumNewcomers } from "./newcomers/newcomer-counting.js";
import { mondayOf } from "./weeks.js";

/** Marks read at a time, to be sorted into piles. */
const SIGHT = 4000;

/** The most one transaction counts, so that nobody waits long for it. */
const MOST = { guides: 60, areas: 8 };

export interface RefreshParts {
  store: Store;
  zone: string;
}

/** A day of one guide, to be counted; `area` is where the guide stands now, `ids` are its marks. */
interface Due {
  day: ShopDay;
  guideId: number;
  area: number;
  ids: number[];
}

/** Counts anew every day and guide marked so far; gives how many marks were worked off. */
export async function refreshMarked(parts: RefreshParts): Promise<number> {
  const { read } = parts.store;
  const tree = await loadTree(read);
  const newest = await read.row<{ id: number | null }>("SELECT MAX(id) AS id FROM rollup_mark");
  let done = 0;
  for (;;) {
    const seen = await read.rows<Omit<Due, "ids"> & { id: number }>(
      `SELECT m.id, m.on_day AS day, m.guide_id AS guideId, COALESCE(s.region_id, 0) AS area
       FROM rollup_mark m LEFT JOIN guide g ON g.id = m.guide_id LEFT JOIN store s ON s.id = g.store_id
       WHERE m.id <= ? ORDER BY m.id LIMIT ${SIGHT}`,
      [newest?.id ?? 0],
    );
    if (seen.length === 0) break;
    await countAll(parts, tree, withoutRepeats(seen));
    done += seen.length;
  }
  await sumNewcomers(parts.store);
  return done;
}

/** Counts everything anew from tasks and messages and wipes what has no source. Gives how many days of guides
 *  were counted. */
export async function rebuild(
  parts: RefreshParts,
  progress: (daysLeft: number) => void = () => {},
): Promise<number> {
  const { store } = parts;
  const tree = await loadTree(store.read);
  const days = await store.read.rows<{ day: ShopDay }>(
    `SELECT release_on AS day FROM task WHERE ${IN_FUNNEL} GROUP BY release_on
     UNION SELECT sent_on FROM message GROUP BY sent_on UNION SELECT on_day FROM limit_hit GROUP BY on_day
     UNION SELECT on_day FROM rollup_guide GROUP BY on_day
     UNION SELECT on_day FROM rollup_funnel_guide GROUP BY on_day
     UNION SELECT on_day FROM rollup_funnel_region GROUP BY on_day
     UNION SELECT on_day FROM rollup_store GROUP BY on_day UNION SELECT on_day FROM rollup_region GROUP BY on_day
     UNION SELECT week_on FROM rollup_store_week GROUP BY week_on ORDER BY 1`,
  );
  const areas = tree.nodes.map((node) => node.id);
  let done = 0;
  for (const [at, { day }] of days.entries()) {
    const due = await guidesOf(store.read, day);
    await store.write((sql) => wipeOrphans(sql, tree, day));
    await countAll(parts, tree, due);
    await store.write((sql) => wipeFunnelOrphans(sql, tree, day));
    // whole, when its last day is counted: what has no days any more goes too
    const monday = mondayOf(day);
    if (monday !== mondayOf(days[at + 1]?.day ?? "0001-01-01"))
      await store.write(async (sql) => {
        await sumWeek(sql, monday, areas);
        await noteCounted(sql);
      });
    done += due.length;
    progress(days.length - at - 1);
  }
  await recountAllNewcomers(store);
  return done;
}

/** Every guide that has, or had, figures on a day. */
async function guidesOf(sql: Sql, day: ShopDay): Promise<Due[]> {
  const rows = await sql.rows<Omit<Due, "ids">>(
    `SELECT u.day, u.guideId, COALESCE(s.region_id, 0) AS area FROM (
       SELECT release_on AS day, COALESCE(guide_id, 0) AS guideId FROM task
       WHERE release_on = ? AND ${IN_FUNNEL}
       UNION SELECT sent_on, guide_id FROM message WHERE sent_on = ?
       UNION SELECT on_day, guide_id FROM limit_hit WHERE on_day = ?
       UNION SELECT on_day, guide_id FROM rollup_guide WHERE on_day = ?
       UNION SELECT on_day, guide_id FROM rollup_funnel_guide WHERE on_day = ?
     ) AS u LEFT JOIN guide g ON g.id = u.guideId LEFT JOIN store s ON s.id = g.store_id`,
    [day, day, day, day, day],
  );
  return rows.map((row) => ({ ...row, ids: [] }));
}

function withoutRepeats(seen: readonly (Omit<Due, "ids"> & { id: number })[]): Due[] {
  const due = new Map<string, Due>();
  for (const { id, ...mark } of seen) {
    const key = `${mark.day} ${mark.guideId}`;
    const known = due.get(key);
    if (known) known.ids.push(id);
    else due.set(key, { ...mark, ids: [id] });
  }
  return [...due.values()];
}

/** In piles of one day and few areas, one transaction each; others get their turn in between. */
async function countAll({ store, zone }: RefreshParts, tree: OrgTree, due: readonly Due[]): Promise<void> {
  for (const pile of pilesOf(due)) {
    await store.write(async (sql) => {
      const day = pile[0]?.day ?? "";
      await countDay(
        sql,
        tree,
        day,
        pile.map((one) => one.guideId),
        zone,
      );
      await noteCounted(sql);
      const ids = pile.flatMap((one) => one.ids);
      if (ids.length > 0) await sql.run(`DELETE FROM rollup_mark WHERE id IN (${marks(ids.length)})`, ids);
    });
    await turn();
  }
}

/** Neighbours share stores and regions, so the levels above are summed but once or twice a day, not once a pile. */
function pilesOf(due: readonly Due[]): Due[][] {
  const sorted = [...due].sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : a.area - b.area));
  const piles: Due[][] = [];
  let areas = new Set<number>();
  for (const one of sorted) {
    const pile = piles.at(-1);
    const fits = pile && pile.length < MOST.guides && (areas.has(one.area) || areas.size < MOST.areas);
    if (fits && pile[0]?.day === one.day) pile.push(one);
    else {
      piles.push([one]);
      areas = new Set();
    }
    areas.add(one.area);
  }
  return piles;
}

/** Drops stores and regions of a day that nothing stands under, so that no sum takes them along. Where only the
 *  roll-ups below are missing they are counted again anyway. */
async function wipeOrphans(sql: Sql, tree: OrgTree, day: ShopDay): Promise<void> {
  const total = "touchpoint_id = 0 AND variant = 0 AND on_day = ?";
  const cells = await sql.rows<{ storeId: number; regionId: number }>(
    "SELECT DISTINCT store_id AS storeId, region_id AS regionId FROM rollup_store WHERE on_day = ?",
    [day],
  );
  const rows = await sql.rows<{ id: number }>(`SELECT store_id AS id FROM rollup_guide WHERE ${total}`, [
    day,
  ]);
  const alive = new Set(rows.map(({ id }) => id));
  for (const { storeId, regionId } of cells.filter((cell) => !alive.has(cell.storeId)))
    await sql.run("DELETE FROM rollup_store WHERE on_day = ? AND region_id = ? AND store_id = ?", [
      ...[day, regionId, storeId],
    ]);
  const areas = cells.filter((cell) => alive.has(cell.storeId)).map((cell) => cell.regionId);
  const kept = [...new Set([...new Set(areas)].flatMap((id) => tree.ancestors(id)))];
  await sql.run(
    `DELETE FROM rollup_region WHERE on_day = ? AND region_id NOT IN (${kept.length ? marks(kept.length) : "0"})`,
    [day, ...kept],
  );
}
