// Tasks that collect a fact: done when their guide tells it, gone when it becomes known by another way.
import type { Sql } from "../infra/store.js";
import { audienceBasis } from "../journeys/audience-basis.js";
import { audienceCondition } from "../journeys/audience-sql.js";
import { type LiveTouchpoint, liveTouchpoints } from "../journeys/queries.js";
import type { TouchpointSpec } from "../journeys/spec.js";
import { ASKABLE, type Askable } from "../journeys/words.js";
import type { ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { end } from "./acting.js";
import { CORRECTABLE } from "./corrections.js";
import { cancelOpen } from "./leaving.js";
import { tasksToList } from "./listing.js";
import { acted } from "./moves.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { OF_TOUCHPOINT } from "./version-dates.js";
import { keyOf, touchpointsOf } from "./wording.js";

/** Cancels what is due by today, or waits before a guide, though its fact is known by now: an import that must not
 *  trigger leaves no mark of it. Words that WeCom holds are taken back by the check of what waits. Gives how many. */
export async function cancelAnswered(setup: Pick<TaskSetup, "store" | "world" | "config">): Promise<number> {
  const { store } = setup;
  const asking = (await liveTouchpoints(store.read)).filter(({ spec }) => spec.ask);
  if (asking.length === 0) return 0;
  const at = setup.world.now();
  const today = dayOf(setup, at);
  let cancelled = 0;
  for (const touchpoint of asking) {
    const answered = await answeredOf(store.read, touchpoint, today);
    cancelled += await cancelOpen(store, answered, "superseded", at);
  }
  return cancelled;
}

async function answeredOf(sql: Sql, { id, spec }: LiveTouchpoint, today: ShopDay): Promise<number[]> {
  const lacks = spec.ask ? [spec.ask] : [];
  const ofChild = spec.trigger.anchor.startsWith("child_") ? CHILD_LACKS[spec.ask ?? ""] : undefined;
  const lacking = ofChild
    ? { sql: ofChild, params: [] }
    : audienceCondition({ lacks }, await audienceBasis(sql), today);
  const rows = await sql.rows<{ id: number }>(
    `SELECT task.id FROM task JOIN customer c ON c.id = task.customer_id
     WHERE task.state IN (${CORRECTABLE.map((state) => `'${state}'`).join(", ")}) AND task.release_on <= ?
       AND ${OF_TOUCHPOINT} = ? AND NOT ${lacking.sql}`,
    [today, id, ...lacking.params],
  );
  return rows.map((row) => Number(row.id));
}

/** A task about one child asks for that child's fact, whatever is known of the others. */
const childLacks = (known: string) =>
  `NOT EXISTS (SELECT 1 FROM child k WHERE k.customer_id = task.customer_id AND k.child_no = task.child_no AND ${known})`;
const CHILD_LACKS: Readonly<Record<string, string>> = {
  "child.name": childLacks("k.name IS NOT NULL"),
  "child.born_on": childLacks("k.born_on IS NOT NULL"),
  "child.due_on": childLacks("COALESCE(k.born_on, k.due_on) IS NOT NULL"),
};

/** Completes the tasks on a guide's list that collect this fact of a customer, now that the guide has told it. Gives
 *  how many. */
export async function completeAsked(
  setup: TaskSetup,
  guideId: number,
  { customerId, childNo, fact, value }: { customerId: number; childNo: number; fact: Askable; value: string },
): Promise<number> {
  const { read } = setup.store;
  const listed = await tasksToList(read, guideId, dayOf(setup, setup.world.now()));
  const isMeant = (task: { childNo: number }) =>
    [task.childNo, childNo].includes(0) || task.childNo === childNo;
  const tasks = listed.filter((task) => task.customerId === customerId && isMeant(task));
  const touchpoints = await touchpointsOf(setup, tasks);
  const note = `${ASKABLE[fact].label} ${value}`;
  const done = { to: "done_by_hand", note, set: acted(setup.world.now()) } as const;
  let completed = 0;
  const isAnswer = ({ ask, trigger }: TouchpointSpec) =>
    ask === fact ||
    // not born yet, and the day it is due: that is an answer too, unless just this day has passed
    (ask === "child.born_on" && fact === "child.due_on" && trigger.anchor !== "child_due");
  const answered = tasks.filter((task) => {
    const spec = touchpoints.get(keyOf(task))?.spec;
    return spec && isAnswer(spec);
  });
  for (const task of answered)
    try {
      if ((await end(setup, guideId, task.id, done, "")).changed) completed++;
    } catch (error) {
      // words just leaving, or of which nobody knows: the fact is written all the same
      if (!(error instanceof Refusal)) throw error;
    }
  return completed;
}
