// Release on a quiet day: nothing goes out, all that is planned waits for tomorrow as long as its grace lasts.
import { setImmediate as turn } from "node:timers/promises";
import { marks } from "../infra/dialect.js";
import type { Sql, Store } from "../infra/store.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { moveTasks } from "./moves.js";
import { ofAwakeJourneys } from "./resting.js";

/** How many tasks wait, and how many had no other day. */
export interface QuietRelease {
  putOff: number;
  skipped: number;
}

/** Tasks in one transaction. */
const BATCH = 1000;

/** Puts off what is planned for these days of `release_on`, up to today; what has no tomorrow is skipped (`quiet`). */
export async function putOffForQuiet(
  store: Store,
  days: readonly ShopDay[],
  today: ShopDay,
  at: number,
): Promise<QuietRelease> {
  const sum: QuietRelease = { putOff: 0, skipped: 0 };
  for (const day of days)
    for (let after = 0; ; ) {
      const done = await store.write((sql) => putOffSome(sql, { day, today, at, after }));
      sum.putOff += done.putOff;
      sum.skipped += done.skipped;
      if (done.last === null) break;
      after = done.last;
      await turn();
    }
  return sum;
}

async function putOffSome(
  sql: Sql,
  { day, today, at, after }: { day: ShopDay; today: ShopDay; at: number; after: number },
) {
  const awake = await ofAwakeJourneys(sql);
  const tomorrow = addDays(today, 1);
  const rows = await sql.rows<{ id: number; over: number }>(
    `SELECT id, CASE WHEN expires_on < ? THEN 1 ELSE 0 END AS \`over\` FROM task
     WHERE state = 'planned' AND release_on = ? AND id > ?${awake} ORDER BY id LIMIT ${BATCH}${sql.dialect.forUpdate}`,
    [tomorrow, day, after],
  );
  const idsOf = (over: boolean) =>
    rows.filter((row) => (row.over === 1) === over).map(({ id }) => Number(id));
  const later = idsOf(false);
  if (later.length > 0)
    await sql.run(`UPDATE task SET release_on = ?, released_on = NULL WHERE id IN (${marks(later.length)})`, [
      tomorrow,
      ...later,
    ]);
  const skipped = await moveTasks(sql, idsOf(true), {
    ...{ from: ["planned"], to: "skipped", reason: "quiet", actor: "system", at },
  });
  const last = rows.length < BATCH ? null : Number(rows.at(-1)?.id ?? 0);
  return { putOff: later.length, skipped: skipped.length, last };
}
