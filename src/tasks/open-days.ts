// The days on which tasks of some states stand, found by hopping along the key (state, release_on): few, however many
// tasks there are.
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { State } from "./life.js";

/** The days of `release_on` from one day to another, both included, on which any task is in one of these states. */
export async function openDays(
  sql: Sql,
  states: readonly State[],
  from: ShopDay,
  to: ShopDay,
): Promise<ShopDay[]> {
  const days = new Set<ShopDay>();
  for (const state of states) {
    let day = await firstDay(sql, state, ">=", from);
    for (; day !== null && day <= to; day = await firstDay(sql, state, ">", day)) days.add(day);
  }
  return [...days].sort();
}

async function firstDay(sql: Sql, state: State, sign: ">" | ">=", day: ShopDay): Promise<ShopDay | null> {
  const row = await sql.row<{ day: ShopDay | null }>(
    `SELECT MIN(release_on) AS day FROM task WHERE state = ? AND release_on ${sign} ?`,
    [state, day],
  );
  return row?.day ?? null;
}
