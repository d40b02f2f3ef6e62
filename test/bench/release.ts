// The daily release at the reference size: ranks and caps over a day's planned tasks, with three days of follow-ups on
// their way and one guide in twenty on leave, beside one bare update of the same rows; and what another writer feels meanwhile.
import { insertRows } from "../../src/infra/batches.js";
import type { Store } from "../../src/infra/store.js";
import { addDays, daysFromTo } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { planner } from "../../src/tasks/planner.js";
import { type ReleaseSetup, releaseDue } from "../../src/tasks/release.js";
import { type BenchDatabase, onEachDatabase } from "./databases.js";
import * as harness from "./harness.js";
import { keepWriting } from "./other-writer.js";
import {
  dueDay,
  insertBare,
  makePlanBrand,
  type PlanSize,
  planningTime,
  plansOn,
  reference,
  zone,
} from "./plan-data.js";

const sizes: Record<harness.Mode, PlanSize> = {
  // as many due as ever, of a tenth of the customers: release never looks at those with nothing due
  full: { ...reference, customers: 300_000 },
  ci: { ...reference, customers: 12_000, joined: 600, ordered: 1_560, born: 95, guides: 400 },
};
const rounds = 3;

/** The bench. */
export const bench: harness.Bench = {
  name: "release",
  run: async (mode, out) => {
    const bars = harness.bars(mode, out);
    const rows: (string | number)[][] = [];
    await onEachDatabase(out, async (database) => {
      rows.push(...(await measure(database, sizes[mode], bars)));
    });
    harness.table(
      out,
      ["database", "what", "tasks", "ms", "tasks a second", "× bare", "another writer waited ms", "peak MB"],
      rows,
    );
    return bars.kept();
  },
};

async function measure(
  { store, title }: BenchDatabase,
  size: PlanSize,
  bars: harness.Bars,
): Promise<(string | number)[][]> {
  await fill(store, size);
  const setup: ReleaseSetup = {
    store,
    world: movableWorld(planningTime(dueDay)),
    config: { zone, caps: { customer_per_day: 1, customer_per_month: 12, guide_per_day: 60 } },
  };
  const memory = harness.watchMemory();
  const waits: number[] = [];
  let given = 0;
  const times = { bare: [] as number[], release: [] as number[], again: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.bare.push((await harness.timed(() => bare(store))).ms);
    await takeBack(store);
    const others = keepWriting((n) =>
      store.write((sql) => sql.run("UPDATE customer SET level = ? WHERE id = ?", [`${n}`, n])),
    );
    const release = await harness.timed(() => releaseDue(setup));
    waits.push(await others.stop());
    given = release.value.released + release.value.putOff;
    times.release.push(release.ms);
    times.again.push((await harness.timed(() => releaseDue(setup))).ms);
    harness.note(`${title}: ${JSON.stringify(release.value)} in ${harness.round(release.ms)} ms`);
    await takeBack(store);
  }
  const [bareMs, ms, again] = [times.bare, times.release, times.again].map(harness.median) as [
    number,
    number,
    number,
  ];
  const wait = harness.median(waits);
  const peak = memory.peak();
  memory.stop();
  bars.atMost(`${title}: release ÷ a bare update`, ms / bareMs, 20, "×");
  bars.atMost(`${title}: the same again ÷ the first time`, again / ms, 0.3, "×");
  bars.atMost(`${title}: another writer's wait`, wait, 50, "ms");
  const line = (what: string, time: number, waited: number | string = "") => [
    ...[title, what, given, time, (given * 1000) / time, time / bareMs, waited, peak],
  ];
  return [line("one bare update", bareMs), line("release", ms, wait), line("release, nothing new", again)];
}

/** The brand, three days of follow-ups of which a tenth is still on its way, and the day's planned tasks. */
async function fill(store: Store, size: PlanSize): Promise<void> {
  await makePlanBrand(store, size);
  const guides = Array.from({ length: size.guides }, (_, at) => [at + 1, `g${at + 1}`, `导购${at + 1}`, 1]);
  await store.write((sql) => insertRows(sql, "INSERT INTO guide (id, userid, name, store_id)", guides));
  await store.write((sql) =>
    sql.run(
      `INSERT INTO contact (customer_id, guide_id, began_on)
       SELECT id, guide_id, '2026-01-01' FROM customer WHERE guide_id IS NOT NULL`,
    ),
  );
  for (const day of daysFromTo(addDays(dueDay, -3), addDays(dueDay, -1))) {
    const plans = await plansOn(store, day);
    await store.write((sql) => insertBare(sql, "task", plans, "sent"));
  }
  await store.write(async (sql) => {
    await sql.run(
      `UPDATE task SET released_on = due_on, offered_at = 1,
         state = CASE WHEN customer_id % 10 = 0 THEN 'handed_over' ELSE 'sent' END`,
    );
    await sql.run(
      `INSERT INTO delivery (task_id, guide_id, customer_id, sent_at, sent_on, words)
       SELECT id, guide_id, customer_id, 1, due_on, '' FROM task WHERE state = 'sent' AND guide_id IS NOT NULL`,
    );
  });
  await planner({ store, zone, world: movableWorld(planningTime(dueDay)) }).planDue();
  await sendOnLeave(store);
  for (const table of store.dialect.name === "mysql" ? ["task", "contact", "delivery"] : [])
    await store.read.rows(`ANALYZE TABLE ${table}`);
}

/** One guide in twenty is away; another knows every third of their customers. */
async function sendOnLeave(store: Store): Promise<void> {
  const busy = await store.read.rows<{ id: number }>(
    "SELECT DISTINCT guide_id AS id FROM task WHERE state = 'planned' AND guide_id IS NOT NULL ORDER BY guide_id",
  );
  const ids = busy.map(({ id }) => id);
  const away = ids.filter((_, at) => at % 20 === 7);
  await store.write(async (sql) => {
    const until = addDays(dueDay, 2);
    await insertRows(
      sql,
      "INSERT INTO guide_leave (guide_id, from_on, to_on, said_by, said_on)",
      away.map((id) => [id, dueDay, until, "system", dueDay]),
    );
    await sql.run(
      `INSERT INTO contact (customer_id, guide_id, began_on)
       SELECT id, ${ids[0]}, '2026-01-01' FROM customer WHERE guide_id IN (${away.join(", ")}) AND id % 3 = 0`,
    );
  });
}

function bare(store: Store): Promise<unknown> {
  return store.write((sql) =>
    sql.run("UPDATE task SET released_on = ?, release_on = ? WHERE release_on = ? AND state = 'planned'", [
      ...[dueDay, dueDay, dueDay],
    ]),
  );
}

function takeBack(store: Store): Promise<unknown> {
  return store.write((sql) =>
    sql.run(
      `UPDATE task SET released_on = NULL, release_on = due_on, guide_id = COALESCE(deputy_of, guide_id), deputy_of = NULL
       WHERE due_on = ? AND state = 'planned'`,
      [dueDay],
    ),
  );
}
