// What a leave will do, said before it is entered: how many of the guide's open tasks go to whom, and which must wait.
import { grouped } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { leavesOn } from "../org/leaves.js";
import { WITH_GUIDE } from "./absences.js";
import { deputyFor } from "./deputies.js";
import { acquaintances } from "./deputing.js";
import { distinct } from "./facts.js";
import { LOOK_BACK } from "./listing.js";
import { openDays } from "./open-days.js";

/** A leave that somebody thinks of. */
export interface LeavePlan {
  guideId: number;
  from: ShopDay;
  to: ShopDay;
  /** named to stand in first */
  deputyId: number | null;
}

/** What it would do with what is open now; what falls due later goes the same ways. */
export interface LeaveEffect {
  /** to deputies, the most first */
  moved: { guideId: number; tasks: number }[];
  /** nobody knows their customers: they wait for the day the guide is back */
  waiting: number;
  /** of these, whose grace will have passed by then */
  expiring: number;
  backOn: ShopDay;
}

interface Open {
  customerId: number;
  expiresOn: ShopDay;
}

const STATES = ["planned", ...WITH_GUIDE, "handed_over"] as const;

/** What a leave would do today. */
export async function leavePreview(sql: Sql, plan: LeavePlan, today: ShopDay): Promise<LeaveEffect> {
  const { guideId, from, to, deputyId } = plan;
  const first = from > today ? from : addDays(today, -LOOK_BACK);
  const open = await openOf(sql, guideId, await openDays(sql, STATES, first, to));
  const contacts = await acquaintances(sql, distinct(open.map(({ customerId }) => customerId)), today);
  const away = await leavesOn(sql, from > today ? from : today);
  const deputyOf = ({ customerId }: Open) =>
    deputyFor(
      (contacts.get(customerId) ?? []).filter((contact) => contact.guideId !== guideId),
      deputyId,
      (id) => !away.has(id),
    );
  const groups = grouped(open, deputyOf);
  const alone = groups.get(null) ?? [];
  groups.delete(null);
  const backOn = addDays(to, 1);
  return {
    moved: [...groups]
      .map(([id, tasks]) => ({ guideId: id ?? 0, tasks: tasks.length }))
      .sort((a, b) => b.tasks - a.tasks || a.guideId - b.guideId),
    waiting: alone.length,
    expiring: alone.filter(({ expiresOn }) => expiresOn < backOn).length,
    backOn,
  };
}

async function openOf(sql: Sql, guideId: number, days: readonly ShopDay[]): Promise<Open[]> {
  if (days.length === 0) return [];
  return sql.rows<Open>(
    `SELECT customer_id AS customerId, expires_on AS expiresOn FROM task
     WHERE release_on IN (${marks(days.length)}) AND guide_id = ? AND deputy_of IS NULL
       AND COALESCE(state, '') IN (${marks(STATES.length)})`,
    [...days, guideId, ...STATES],
  );
}

/** A guide's open tasks, by state. */
export async function openTasksOf(
  sql: Sql,
  guideId: number,
  today: ShopDay,
): Promise<{ state: (typeof STATES)[number]; n: number }[]> {
  const days = await openDays(sql, STATES, addDays(today, -LOOK_BACK), addDays(today, LOOK_BACK));
  if (days.length === 0) return [];
  const rows = await sql.rows<{ state: (typeof STATES)[number]; n: number }>(
    `SELECT state, COUNT(*) AS n FROM task WHERE release_on IN (${marks(days.length)}) AND guide_id = ?
       AND COALESCE(state, '') IN (${marks(STATES.length)}) GROUP BY state`,
    [...days, guideId, ...STATES],
  );
  return rows.map(({ state, n }) => ({ state, n: Number(n) }));
}
