// Which guides in somebody's reach have customers open: those who are behind, and those who put all of them off.
import type { Viewer } from "../identity/viewer.js";
import { marks } from "../infra/dialect.js";
import type { Param, Store } from "../infra/store.js";
import { addDays, type ShopDay, shopDayOf, wallTimeOf } from "../kernel/calendar.js";
import { monthAndDay } from "./said-days.js";

/** A guide who is behind. */
export interface Behind {
  guideId: number;
  userid: string;
  name: string;
  /** customers of today still to follow up */
  open: number;
  /** of these, waiting for the guide's tap in the chat system */
  handed: number;
}

/** A guide who is not behind: whoever they have open they put off. */
export interface PutOff {
  guideId: number;
  name: string;
  /** the first of them comes back then (epoch ms) */
  until: number;
}

/** Whom and for what: these guides alone, those of these areas' or of one store, and what was offered in the days before as
 *  well. It narrows the viewer's reach, never widens it. */
export interface UrgeWhich {
  guideIds?: readonly number[];
  areas?: readonly number[];
  storeId?: number;
  days?: number;
}

const OPEN = ["offered", "handed_over", "needs_data"];
const MOST = 500;

/** The guides in reach with open tasks of the day (or of some days up to it): who is behind, those with most first, and
 *  who put all of theirs off. */
export async function openOf(
  store: Store,
  viewer: Viewer,
  day: ShopDay,
  now: number,
  which: UrgeWhich = {},
): Promise<{ behind: Behind[]; putOff: PutOff[] }> {
  const reach = reachOf(viewer);
  const days = Array.from({ length: which.days ?? 1 }, (_, ago) => addDays(day, -ago));
  const those = narrowed(which);
  // guides by name: their days by the key (release_on, guide_id), and not everybody's open tasks by (state, release_on)
  const state = which.guideIds ? "COALESCE(t.state, '')" : "t.state";
  const isDue = "(t.snoozed_until IS NULL OR t.snoozed_until <= ?)";
  const rows = await store.read.rows<Behind & { backAt: number | null }>(
    `SELECT g.id AS guideId, g.userid, g.name, SUM(CASE WHEN ${isDue} THEN 1 ELSE 0 END) AS open,
       SUM(CASE WHEN t.state = 'handed_over' AND ${isDue} THEN 1 ELSE 0 END) AS handed,
       MIN(CASE WHEN t.snoozed_until > ? THEN t.snoozed_until END) AS backAt
     FROM task t JOIN guide g ON g.id = t.guide_id JOIN store s ON s.id = g.store_id
       JOIN region r ON r.id = s.region_id
     WHERE t.release_on IN (${marks(days.length)}) AND t.offered_at IS NOT NULL
       AND ${state} IN (${marks(OPEN.length)}) AND ${reach.sql} AND ${those.sql}
     GROUP BY g.id, g.userid, g.name ORDER BY open DESC, g.id LIMIT ${MOST}`,
    [now, now, now, ...days, ...OPEN, ...reach.params, ...those.params],
  );
  return {
    behind: rows
      .filter(({ open }) => Number(open) > 0)
      .map(({ backAt: _backAt, ...row }) => ({ ...row, open: Number(row.open), handed: Number(row.handed) })),
    putOff: rows
      .filter(({ open }) => Number(open) === 0)
      .map(({ guideId, name, backAt }) => ({ guideId, name, until: Number(backAt) })),
  };
}

/** Those of them who are behind. */
export async function behindOf(...asked: Parameters<typeof openOf>): Promise<Behind[]> {
  return (await openOf(...asked)).behind;
}

/** 15:00, of another day 3月3日 09:07. */
export function sayUntil(until: number, { now, zone }: { now: number; zone: string }): string {
  const [day, time] = [shopDayOf(until, zone), wallTimeOf(until, zone)];
  return day === shopDayOf(now, zone) ? time : `${monthAndDay(day)} ${time}`;
}

/** Those asked for, as a condition. */
function narrowed({ guideIds, areas, storeId }: UrgeWhich): { sql: string; params: Param[] } {
  const among = (column: string, ids: readonly number[] | undefined) =>
    ids ? [`${column} IN (${marks(ids.length) || "0"})`] : [];
  const store = storeId === undefined ? undefined : [storeId];
  const parts = [...among("t.guide_id", guideIds), ...among("s.region_id", areas), ...among("s.id", store)];
  return {
    sql: parts.join(" AND ") || "1 = 1",
    params: [...(guideIds ?? []), ...(areas ?? []), ...(store ?? [])],
  };
}

/** The guides a viewer may look after, as a condition. */
function reachOf({ role, regionId, storeId }: Viewer): { sql: string; params: Param[] } {
  if (role === "hq") return { sql: "1 = 1", params: [] };
  if (role === "manager") return { sql: "r.trail LIKE ?", params: [`%/${regionId ?? 0}/%`] };
  return role === "store_manager" ? { sql: "s.id = ?", params: [storeId] } : { sql: "1 = 0", params: [] };
}
