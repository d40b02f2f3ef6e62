// Tasks of customers whom an import made and who go again: those nobody has seen go with them; with any other they stay.
import { selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import { GRACE_DAYS } from "../journeys/spec.js";
import { addDays, daysFromTo, type ShopDay } from "../kernel/calendar.js";

interface Found {
  id: number;
  customerId: number;
  unseen: number;
}

/** Planned, and shown to nobody: its going leaves no trace because it left none. */
const UNSEEN = "t.offered_at IS NULL AND t.state IN ('planned', 'held', 'cancelled')";

/** What taking imports back asks of tasks; `today` bounds the days looked at. */
export function importUndoTasks(today: () => ShopDay) {
  const find = (sql: Sql, ids: readonly number[], since: ShopDay) => tasksOf(sql, ids, since, today());
  const unseenOf = async (sql: Sql, ids: readonly number[], since: ShopDay) =>
    (await find(sql, ids, since)).filter(({ unseen }) => unseen === 1).map(({ id }) => id);
  return {
    /** Those of these customers for whom somebody has done something already. */
    begun: async (sql: Sql, ids: readonly number[], since: ShopDay): Promise<Set<number>> =>
      new Set(
        (await find(sql, ids, since)).flatMap(({ unseen, customerId }) => (unseen ? [] : [customerId])),
      ),

    /** How many of their tasks nobody has seen. */
    unseen: async (sql: Sql, ids: readonly number[], since: ShopDay): Promise<number> =>
      (await unseenOf(sql, ids, since)).length,

    /** Takes those away; gives how many. */
    forget: async (sql: Sql, ids: readonly number[], since: ShopDay): Promise<number> => {
      const gone = await unseenOf(sql, ids, since);
      if (gone.length === 0) return 0;
      const here = `IN (${marks(gone.length)})`;
      for (const table of ["task_event", "bundle_part", "task_reminder"])
        await sql.run(`DELETE FROM ${table} WHERE task_id ${here}`, gone);
      await sql.run(`DELETE FROM task WHERE id ${here}`, gone);
      return gone.length;
    },
  };
}

/** With whom a task may stand: the owner, nobody, or a friend of the customer's who stands in for the owner. */
const WITH = [
  { friend: "", guide: "t.guide_id = c.guide_id" },
  { friend: "", guide: "t.guide_id IS NULL" },
  {
    friend: "contact k ON k.customer_id = c.id AND k.guide_id <> COALESCE(c.guide_id, 0)",
    guide: "t.guide_id = k.guide_id",
  },
];

/** All tasks of customers made on a day: theirs are due about then or later. */
async function tasksOf(sql: Sql, ids: readonly number[], since: ShopDay, today: ShopDay): Promise<Found[]> {
  const days = daysFromTo(addDays(since, -GRACE_DAYS.most - 1), addDays(today, GRACE_DAYS.most + 1));
  const union = days.map(() => "SELECT ? AS day").join(" UNION ALL ");
  const fields = `t.id, t.customer_id AS customerId, CASE WHEN ${UNSEEN} THEN 1 ELSE 0 END AS unseen`;
  const found: Found[] = [];
  const then = sql.dialect.thenJoin;
  for (const { friend, guide } of WITH) {
    const params: Param[] = [...days];
    // most customers have no other friend: those are left before the days are gone through
    const head = `SELECT ${fields} FROM customer c ${friend && `${then} ${friend}`} ${then} (${union}) d
        ${then} task t ON t.release_on = d.day AND ${guide} AND t.customer_id = c.id WHERE c.id IN`;
    found.push(...(await selectIn<Found>(sql, head, ids, { params })));
  }
  return found.map(({ id, customerId, unseen }) => ({ id: Number(id), customerId, unseen: Number(unseen) }));
}
