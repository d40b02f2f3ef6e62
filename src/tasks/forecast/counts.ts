// What falls due in days ahead, counted and no more: no caps, no release, one reading of an index a touchpoint and day.
import { setImmediate as turn } from "node:timers/promises";
import type { Sql } from "../../infra/store.js";
import { liveTouchpoints } from "../../journeys/queries.js";
import { daysFromTo, type ShopDay } from "../../kernel/calendar.js";
import { countDueOwned, type Owned } from "../plan-reads.js";
import { type Planner, planner } from "../planner.js";
import { statesOf } from "../watermark.js";
import { copiesOf } from "./copies.js";
import { type ForecastParts, type PublishDraft, type Span, setupAhead } from "./days.js";

/** Tasks of one touchpoint that fall due on a day. */
export interface DueCount {
  touchpointId: number;
  open: Owned;
  heldOut: Owned;
}

/** Looks at a day's counts; `sql` knows a draft's touchpoints too. */
export type LookAtCounts = (on: ShopDay, counts: readonly DueCount[], sql: Sql) => Promise<void>;

/** Counts what is due on each day from `from` on: what has its task already, and what will have. Writes nothing real. */
export async function countAhead(
  { setup: real, calendarOn }: ForecastParts,
  { from, ...span }: Span & { from: ShopDay },
  look: LookAtCounts,
  publishDraft?: PublishDraft,
): Promise<void> {
  const ask = { start: span.start, to: span.to, withDraft: !!publishDraft, withTasks: false };
  const { store } = await copiesOf(real.store, ask);
  try {
    const setup = setupAhead(real, store, span);
    // the guides of one piece, some 60 kB, are more than MySQL gives unasked
    if (store.dialect.name === "mysql") await store.read.run("SET SESSION group_concat_max_len = 4194304");
    await publishDraft?.(setup, { follow: false });
    const plan = planner({ store, world: setup.world, zone: setup.config.zone });
    const calendar = calendarOn(store);
    for (const on of daysFromTo(from, span.to)) {
      await calendar.ensure(on);
      await look(on, [...(await thereOn(store.read, on)), ...(await dueOn(plan, on, span.asIf))], store.read);
    }
  } finally {
    await store.close();
  }
}

async function dueOn(plan: Planner, on: ShopDay, asIf: boolean): Promise<DueCount[]> {
  const counts: DueCount[] = [];
  await plan.eachDue(on, asIf, async (sql, { plan: due, slice }, basis) => {
    const owned = await countDueOwned(sql, due, slice, basis);
    counts.push({ touchpointId: due.touchpoint.id, ...owned });
  });
  return counts;
}

/** What has its task already, where the watermark has passed the day. */
async function thereOn(sql: Sql, on: ShopDay): Promise<DueCount[]> {
  const touchpoints = await liveTouchpoints(sql);
  const states = await statesOf(sql, touchpoints);
  const counts: DueCount[] = [];
  for (const { id } of touchpoints) {
    if ((states.get(id)?.plannedThrough ?? "") < on) continue;
    const rows = await sql.rows<{ guideId: number | null; held: number; n: number }>(
      `SELECT guide_id AS guideId, CASE WHEN state = 'held_out' THEN 1 ELSE 0 END AS held, COUNT(*) AS n
       FROM task WHERE touchpoint_id = ? AND due_on = ? GROUP BY guide_id, held`,
      [id, on],
    );
    const owned = (isHeld: boolean): Owned => {
      const some = rows.filter(({ held }) => (Number(held) === 1) === isHeld);
      const guides = some.flatMap(({ guideId, n }) =>
        guideId === null ? [] : Array<number>(Number(n)).fill(guideId),
      );
      return { n: some.reduce((sum, { n }) => sum + Number(n), 0), guides };
    };
    counts.push({ touchpointId: id, open: owned(false), heldOut: owned(true) });
    await turn();
  }
  return counts;
}
