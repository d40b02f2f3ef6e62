// One day planned by the product, timed: into an empty table, on top of what there is, and once more.
import type { Store } from "../../src/infra/store.js";
import { addDays, type ShopDay } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { type Planned, planner } from "../../src/tasks/planner.js";
import * as harness from "./harness.js";
import { planningTime, zone } from "./plan-data.js";

/** One measured piece of work: its time and the rows it made. */
export interface Took {
  ms: number;
  rows: number;
}

export async function emptyTasks(store: Store): Promise<void> {
  const empty = store.dialect.name === "mysql" ? "TRUNCATE TABLE task" : "DELETE FROM task";
  await store.write((sql) => sql.run(empty));
}

/** The planner's daily run into an empty table. */
export async function fresh(store: Store, day: ShopDay): Promise<Took> {
  await emptyTasks(store);
  return dayOnTop(store, day);
}

/** The planner's daily run on top of what there is. */
export async function dayOnTop(store: Store, day: ShopDay): Promise<Took> {
  const before = addDays(day, -1);
  await store.write((sql) =>
    sql.run("UPDATE touchpoint_plan SET planning_on = ?, planned_through = ?", [before, before]),
  );
  return taken(() => plannerOn(store, day).planDue());
}

export async function again(store: Store, day: ShopDay): Promise<Took> {
  return taken(() => plannerOn(store, day).planByHand({ from: day, to: day, dryRun: false }));
}

async function taken(work: () => Promise<Planned>): Promise<Took> {
  const { ms, value } = await harness.timed(work);
  return { ms, rows: value.planned };
}

function plannerOn(store: Store, day: ShopDay) {
  return planner({ store, zone, world: movableWorld(planningTime(day)) });
}
