// The forecast at the reference size: its days beside the same days planned and released in earnest, and a month counted
// without caps beside one day's planning; what others feel meanwhile.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { insertRows } from "../../src/infra/batches.js";
import type { Store } from "../../src/infra/store.js";
import { addDays, daysFromTo, instantOf, type ShopDay } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { forecastService } from "../../src/tasks/forecast/service.js";
import { sumOf } from "../../src/tasks/forecast/shape.js";
import { planner } from "../../src/tasks/planner.js";
import { releaseDue } from "../../src/tasks/release.js";
import { standOn } from "../support/task-stand.js";
import { type BenchDatabase, onEachDatabase } from "./databases.js";
import type { Felt } from "./forecast-felt.js";
import * as harness from "./harness.js";
import { dueDay, insertBare, makePlanBrand, type PlanSize, plansOn, reference, zone } from "./plan-data.js";

/** GUIDEPOST_BENCH_CUSTOMERS: another size than the reference's, with as many due in proportion. */
const share = Number(process.env.GUIDEPOST_BENCH_CUSTOMERS ?? reference.customers) / reference.customers;
const of = (n: number) => Math.round(n * share);
const sizes: Record<harness.Mode, PlanSize> = {
  full: {
    ...{ customers: of(reference.customers), joined: of(reference.joined), ordered: of(reference.ordered) },
    ...{ born: of(reference.born), guides: of(reference.guides) },
  },
  ci: { ...reference, customers: 60_000, joined: 300, ordered: 780, born: 48, guides: 300 },
};
const rounds = 3;
const DAYS = 3;
const MONTH = 30;
const firstDay = addDays(dueDay, 1 - DAYS);
const monthBegins = addDays(dueDay, 1 - MONTH);

/** The bench. */
export const bench: harness.Bench = {
  name: "forecast",
  run: async (mode, out) => {
    const bars = harness.bars(mode, out);
    const rows: (string | number)[][] = [];
    await onEachDatabase(out, async (database) => {
      rows.push(...(await measure(database, sizes[mode], bars)));
    });
    harness.table(out, ["database", "what", "ms", "ms a day", "tasks a day"], rows);
    return bars.kept();
  },
};

async function measure(database: BenchDatabase, size: PlanSize, bars: harness.Bars) {
  const { store, title } = database;
  await fill(store, size);
  const felt = await feltBeside(database);
  const times = { ahead: [] as number[], counted: [] as number[] };
  let foreseen = { planned: 0, released: 0 };
  let due = 0;
  for (let round = 0; round < rounds; round++) {
    const ahead = await harness.timed(() => forecastOn(store).forecast({ days: DAYS }));
    foreseen = sumOf(ahead.value.days);
    times.ahead.push(ahead.ms);
    await planAfter(store, addDays(monthBegins, -1));
    const counted = await harness.timed(() =>
      forecastOn(store, monthBegins).forecast({ days: MONTH, withoutCaps: true }),
    );
    await planAfter(store, addDays(firstDay, -1));
    due = sumOf(counted.value.days).planned;
    times.counted.push(counted.ms);
    harness.note(
      `${title}: ${DAYS} days ahead ${harness.round(ahead.ms)} ms, ${MONTH} counted ${harness.round(counted.ms)} ms`,
    );
  }
  const real = await liveThrough(store);
  if (real.planned !== foreseen.planned || real.released !== foreseen.released)
    throw new Error(`foreseen ${JSON.stringify(foreseen)}, but it was ${JSON.stringify(real)}`);
  const [ahead, counted] = [harness.median(times.ahead), harness.median(times.counted)];
  const day = real.planMs + real.releaseMs;
  bars.atMost(`${title}: a forecast day ÷ planning and releasing that day`, ahead / DAYS / day, 1, "×");
  bars.atMost(`${title}: ${MONTH} days counted ÷ planning one`, counted / real.planMs, 10, "×");
  bars.atMost(`${title}: another writer's wait`, felt.wait, 50, "ms");
  bars.atMost(`${title}: /healthz meanwhile`, felt.health, 100, "ms");
  bars.atMost(`${title}: memory`, felt.memory, 300, "MB");
  const planned = real.planned / DAYS;
  return [
    [title, "planned in earnest", real.planMs * DAYS, real.planMs, planned],
    [title, "released in earnest", real.releaseMs * DAYS, real.releaseMs, planned],
    [title, `forecast of ${DAYS} days`, ahead, ahead / DAYS, foreseen.planned / DAYS],
    [title, `${MONTH} days without caps`, counted, counted / MONTH, due / MONTH],
  ];
}

/** The forecast as it stands in the morning of a day. */
export function forecastOn(store: Store, day = firstDay) {
  const world = movableWorld(instantOf(day, "05:00", zone));
  const { setup } = standOn(store, { world });
  return forecastService({ setup, calendarOn: () => ({ ensure: async () => {} }) });
}

/** The days as they come: planned, released, and completed by everybody. */
async function liveThrough(store: Store) {
  const sum = { planned: 0, released: 0, planMs: 0, releaseMs: 0 };
  for (const day of daysFromTo(firstDay, dueDay)) {
    const world = movableWorld(instantOf(day, "05:10", zone));
    const { setup } = standOn(store, { world });
    const plan = await harness.timed(() => planner({ store, zone, world }).planDue());
    world.set(instantOf(day, "08:20", zone));
    const release = await harness.timed(() => releaseDue(setup));
    sum.planned += plan.value.planned;
    sum.released += release.value.released;
    sum.planMs += plan.ms / DAYS;
    sum.releaseMs += release.ms / DAYS;
    await complete(store, day);
    harness.note(
      `${day} in earnest: planned in ${harness.round(plan.ms)} ms, released in ${harness.round(release.ms)} ms`,
    );
  }
  return sum;
}

function complete(store: Store, day: ShopDay): Promise<unknown> {
  return store.write(async (sql) => {
    await sql.run(
      `INSERT INTO delivery (task_id, guide_id, customer_id, sent_at, sent_on, words)
       SELECT id, guide_id, customer_id, 1, ?, '' FROM task WHERE state = 'planned' AND release_on = ? AND released_on = ?`,
      [day, day, day],
    );
    await sql.run(
      "UPDATE task SET state = 'sent', offered_at = 1 WHERE state = 'planned' AND release_on = ? AND released_on = ?",
      [day, day],
    );
  });
}

/** The brand with its stores, and three days of follow-ups that have arrived. */
async function fill(store: Store, size: PlanSize): Promise<void> {
  await makePlanBrand(store, size);
  const shops = Math.ceil(size.guides / 3);
  const of = (n: number, make: (at: number) => (string | number)[]) =>
    Array.from({ length: n }, (_, at) => make(at + 1));
  await store.write(async (sql) => {
    await insertRows(
      sql,
      "INSERT INTO region (id, parent_id, name, depth, trail)",
      of(8, (n) => [n, 0, `大区${n}`, 0, `/${n}/`]),
    );
    await insertRows(
      sql,
      "INSERT INTO store (id, code, name, region_id)",
      of(shops, (n) => [n, `s${n}`, `门店${n}`, 1 + (n % 8)]),
    );
    await insertRows(
      sql,
      "INSERT INTO guide (id, userid, name, store_id)",
      of(size.guides, (n) => [n, `g${n}`, `导购${n}`, 1 + (n % shops)]),
    );
    await sql.run("UPDATE touchpoint SET plans_from = ?", [monthBegins]);
  });
  await store.write((sql) =>
    sql.run(
      `INSERT INTO contact (customer_id, guide_id, began_on)
       SELECT id, guide_id, '2026-01-01' FROM customer WHERE guide_id IS NOT NULL`,
    ),
  );
  for (const day of daysFromTo(addDays(firstDay, -3), addDays(firstDay, -1))) {
    const plans = await plansOn(store, day);
    await store.write((sql) => insertBare(sql, "task", plans, "planned"));
    await store.write((sql) => sql.run("UPDATE task SET released_on = due_on WHERE due_on = ?", [day]));
    await complete(store, day);
  }
  // the planner's memory of its touchpoints
  await planner({ store, zone, world: movableWorld(instantOf(firstDay, "05:00", zone)) }).planByHand({
    ...{ from: monthBegins, to: monthBegins, dryRun: true },
  });
  await planAfter(store, addDays(firstDay, -1));
  for (const table of store.dialect.name === "mysql" ? ["task", "contact", "delivery"] : [])
    await store.read.rows(`ANALYZE TABLE ${table}`);
}

/** The planner has come as far as a day. */
function planAfter(store: Store, day: ShopDay): Promise<unknown> {
  return store.write((sql) =>
    sql.run("UPDATE touchpoint_plan SET planning_on = ?, planned_through = ?", [day, day]),
  );
}

/** What others feel while a process of its own looks ahead, as a server would. */
async function feltBeside({ url }: BenchDatabase): Promise<Felt> {
  const program = fileURLToPath(new URL("./forecast-felt.js", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, url], { maxBuffer: 2 ** 20 });
  return JSON.parse(stdout) as Felt;
}
