// Words that will lack a value: asked of the database roughly, then said in earnest of those few that may lack one.
import { setImmediate as turn } from "node:timers/promises";
import { grouped } from "../../infra/batches.js";
import { marks } from "../../infra/dialect.js";
import { liveTouchpoints } from "../../journeys/queries.js";
import type { WordedTouchpoint } from "../../journeys/words-cache.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { moveWhere } from "../moves.js";
import { type TaskRow, tasksOf } from "../rows.js";
import type { TaskSetup } from "../setup.js";
import { lacksWords, wordTasks } from "../wording.js";
import { guideRanges } from "./going.js";

/** Tasks of a touchpoint that fall due on a day and lack a value for a variable of their words. */
export interface Lacking {
  touchpointId: number;
  variable: string;
  tasks: number;
}

/** Looks at the words of what is due or released on a day. Released tasks that lack a value move to `needs_data`, as
 *  offering them would; gives what those due lack. `days`: of release_on, on which the day's tasks stand. */
export async function sendLacking(
  setup: TaskSetup,
  on: ShopDay,
  days: readonly ShopDay[],
): Promise<Lacking[]> {
  const { store } = setup;
  const conditions = days.length > 0 ? await mayLackBy(setup, on) : [];
  const sums = new Map<string, Lacking>();
  for (const range of conditions.length > 0 ? await guideRanges(store.read) : []) {
    for (const { touchpointIds, lack } of conditions) {
      const where = [`touchpoint_id IN (${touchpointIds.join(", ")})`, range, lack].join(" AND ");
      const rows = await store.read.rows<{ id: number }>(
        `SELECT task.id FROM task${store.read.dialect.force("task_day")} WHERE release_on IN (${marks(days.length)})
           AND COALESCE(state, '') = 'planned' AND (released_on = ? OR due_on = ?) AND ${where}`,
        [...days, on, on],
      );
      const ids = rows.map(({ id }) => Number(id));
      if (ids.length > 0) await say(setup, await tasksOf(store.read, ids), on, sums);
    }
    await turn();
  }
  return [...sums.values()];
}

/** Says the words of these tasks: what cannot be said is counted where it is due, and moved where it was released. */
async function say(
  setup: TaskSetup,
  tasks: readonly TaskRow[],
  on: ShopDay,
  sums: Map<string, Lacking>,
): Promise<void> {
  const worded = [...(await wordTasks(setup, setup.store.read, tasks, on)).values()].filter(lacksWords);
  for (const { task, missing } of worded)
    for (const variable of task.dueOn === on ? missing : []) {
      const key = `${task.touchpointId} ${variable}`;
      const sum = sums.get(key) ?? { touchpointId: task.touchpointId, variable, tasks: 0 };
      sums.set(key, { ...sum, tasks: sum.tasks + 1 });
    }
  const at = setup.world.now();
  const which = {
    sql: `id IN (${marks(worded.length) || "NULL"}) AND released_on = ?`,
    params: [...worded.map(({ task }) => task.id), on],
  };
  const move = { from: ["planned"], to: "needs_data", reason: "no_data", actor: "system", at } as const;
  await setup.store.write((sql) => moveWhere(sql, which, { ...move, set: { offered_at: at } }));
}

interface Condition {
  touchpointIds: number[];
  /** SQL over `task` */
  lack: string;
}

/** For the touchpoints whose words can lack anything: when they may. */
async function mayLackBy(setup: TaskSetup, on: ShopDay): Promise<Condition[]> {
  const conditions: { id: number; lack: string }[] = [];
  for (const { id, versionId } of await liveTouchpoints(setup.store.read)) {
    const lack = mayLack(await setup.touchpoint(versionId, id), on);
    if (lack) conditions.push({ id, lack });
  }
  return [...grouped(conditions, ({ lack }) => lack)].map(([lack, same]) => ({
    touchpointIds: same.map(({ id }) => id),
    lack,
  }));
}

/** A condition that holds for every task whose words lack a value, and for few others; null: none ever does. */
function mayLack({ words, variants }: WordedTouchpoint, on: ShopDay): string | null {
  const all = [...(words ? [words] : []), ...(variants?.values() ?? [])];
  const names = [...new Set(all.flatMap(({ variables }) => variables))];
  const parts = names.flatMap((name) => {
    const lack = (MAY_LACK[name] ?? (() => "1 = 1"))(on);
    return lack ?? [];
  });
  return parts.length > 0 ? `(${[...new Set(parts)].sort().join(" OR ")})` : null;
}

const ofCustomer = (lack: string) =>
  `EXISTS (SELECT 1 FROM customer c WHERE c.id = task.customer_id AND ${lack})`;
const blank = (column: string) => `(${column} IS NULL OR TRIM(${column}) = '')`;
const CHILDREN = "SELECT 1 FROM child x WHERE x.customer_id = task.customer_id";
/** The task's child has it; of a task about no child, the customer's only one. */
const ofChild = (has: string) =>
  `(NOT EXISTS (${CHILDREN} AND (x.child_no = task.child_no OR task.child_no = 0) AND ${has})
    OR (task.child_no = 0 AND (SELECT COUNT(*) FROM child y WHERE y.customer_id = task.customer_id) <> 1))`;
const ofChildren = (lack: string) => `(NOT EXISTS (${CHILDREN}) OR EXISTS (${CHILDREN} AND ${lack}))`;
const ofOrder = (kind: string) =>
  `NOT EXISTS (SELECT 1 FROM anchor o WHERE o.customer_id = task.customer_id AND o.kind = '${kind}' AND o.child_no = 0
    AND o.on_date IS NOT NULL)`;

const isBorn = (on: ShopDay) => `x.born_on <= '${on}'`;
const bornAfter = (on: ShopDay) => `(x.born_on IS NULL OR x.born_on > '${on}')`;
const never = () => null;

/** When a variable may have no value, in SQL over `task`, on a day. One that is not told of here may lack one always. */
const MAY_LACK: Readonly<Record<string, (on: ShopDay) => string | null>> = {
  "customer.name": () => ofCustomer(blank("c.name")),
  "customer.phone": () => ofCustomer("c.phone_cipher IS NULL"),
  "customer.birthday": () => ofCustomer("c.birthday IS NULL"),
  "customer.level": () => ofCustomer(blank("c.level")),
  "customer.brand_preference": () => ofCustomer(blank("c.brand_preference")),
  "child.name": () => ofChild(`NOT ${blank("x.name")}`),
  // may be asked for an age, which an unborn child has none of
  "child.born_on": (on) => ofChild(isBorn(on)),
  "child.due_on": (on) => ofChild(`x.due_on <= '${on}'`),
  "child.age": (on) => ofChild(isBorn(on)),
  "child.months": (on) => ofChild(isBorn(on)),
  children: () => ofChildren(blank("x.name")),
  children_ages: (on) => ofChildren(`(${blank("x.name")} OR ${bornAfter(on)})`),
  "first_order.on": () => ofOrder("first_order"),
  "last_order.on": () => ofOrder("last_order"),
  "guide.name": never,
  "store.name": never,
  today: never,
  due_on: never,
  anchor_on: never,
  days: never,
  months: never,
  years: never,
};
