// A brand for the planner: customers whose dates are unrelated to their ids (the hard case), and a journey of 43
// touchpoints; made by set-based SQL.
import { insertRows } from "../../src/infra/batches.js";
import { columnTypes } from "../../src/infra/dialect.js";
import type { Sql, Store } from "../../src/infra/store.js";
import { type LiveTouchpoint, liveTouchpoints } from "../../src/journeys/queries.js";
import { journeyService } from "../../src/journeys/service.js";
import type { AnchorKind, JourneySpec, Repeat, TouchpointSpec, Unit } from "../../src/journeys/spec.js";
import { anchorRanges } from "../../src/journeys/triggers.js";
import { addDays, daysFromTo, instantOf, type ShopDay } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { anchorDates, type DuePlan, duePlan } from "../../src/tasks/plan-sql.js";
import { note } from "./harness.js";

export const zone = "Asia/Shanghai";

/** The first day that is planned. */
export const dueDay: ShopDay = "2026-06-15";

/** Days from `dueDay` on, on which as much is due however few customers there are. */
export const ROUND_DAYS = 2;

export interface PlanSize {
  customers: number;
  /** anchors of each kind on one date */
  joined: number;
  ordered: number;
  born: number;
  guides: number;
}

/** As of the reference size: 60,000 due by joining, 118,000 by not buying, 85,000 by the baby's age. */
export const reference: PlanSize = {
  ...{ customers: 3_000_000, joined: 15_000, ordered: 39_000, born: 2_372 },
  guides: 10_000,
};

const DAYS = [3, 7, 15, 30];
const LAPSES = [30, 45, 60];

/** At 05:10 of a day. */
export function planningTime(day: ShopDay): number {
  return instantOf(day, "05:10", zone);
}

/** Makes customers with their anchors, and publishes the journey. */
export async function makePlanBrand(store: Store, size: PlanSize): Promise<void> {
  const world = movableWorld(planningTime(dueDay));
  const onPublish = () =>
    Promise.resolve({ rerendered: 0, moved: 0, cancelled: 0, newToday: 0, newInsideGrace: 0 });
  await journeyService({ store, world, zone, onPublish }).apply(journey(), "", { yes: true, by: "system" });
  await makeNumbers(store);
  const kinds: [AnchorKind, number, number][] = [
    ["joined", size.joined, 48_271],
    ["last_order", size.ordered, 69_621],
    ["child_born", size.born, 16_807],
  ];
  await chunks(size, (from, to) =>
    store.write((sql) =>
      sql.run(
        `INSERT INTO customer (id, external_userid, name, guide_id, bucket)
         SELECT n.id, CONCAT('wm', n.id), '客户', ${spread("n.id", size.guides, 40_692)} + 1, n.id % 10000 FROM
         (${numbers(from, to)}) n`,
      ),
    ),
  );
  for (const [kind, perDate, seed] of kinds) {
    const dates = await makeDates(store, kind, Math.round(size.customers / perDate));
    await chunks(size, (from, to) =>
      store.write((sql) => makeAnchors(sql, { kind, dates, seed, guides: size.guides }, from, to)),
    );
    note(`${store.dialect.name}: ${size.customers} anchors ${kind} over ${dates} dates`);
  }
  for (const table of store.dialect.name === "mysql" ? ["anchor", "customer", "task"] : [])
    await store.read.rows(`ANALYZE TABLE ${table}`);
}

/** The journey's live touchpoints, due on a day. */
export async function plansOn(store: Store, day: ShopDay): Promise<DuePlan[]> {
  const touchpoints: LiveTouchpoint[] = await liveTouchpoints(store.read);
  return touchpoints.map((touchpoint) => {
    const slots = { slotKind: touchpoint.spec.trigger.anchor, wandered: 0 } as const;
    return duePlan(touchpoint, slots, { dueOn: day, runDay: day, byHand: false });
  });
}

/** The same range reads as the planner's, inserted without any care: the baseline, and the past of other days. */
export async function insertBare(sql: Sql, table: string, plans: readonly DuePlan[], state: string) {
  for (const plan of plans) {
    const { id, versionId, spec } = plan.touchpoint;
    const occurrence = spec.trigger.repeat === "each" ? "cycle_on" : "0";
    for (const date of anchorDates(plan))
      await sql.run(
        `INSERT INTO ${table} (touchpoint_id, slot, occurrence, customer_id, child_no, version_id, guide_id, state,
           priority, variant, late, due_on, anchor_on, release_on, expires_on)
         SELECT ${id}, cycle_on, ${occurrence}, customer_id, child_no, ${versionId}, guide_id, '${state}', 0, 0, 0,
           ?, on_date, ?, ? FROM anchor WHERE kind = ? AND on_date = ?`,
        [plan.dueOn, plan.dueOn, plan.expiresOn, spec.trigger.anchor, date],
      );
  }
}

/** An empty table like `task`, with all its keys. */
export async function makeBareTable(store: Store, name: string): Promise<void> {
  await store.write(async (sql) => {
    await sql.run(`DROP TABLE IF EXISTS ${name}`);
    if (sql.dialect.name === "mysql") {
      await sql.run(`CREATE TABLE ${name} LIKE task`);
      return;
    }
    const made = await sql.rows<{ sql: string }>(
      "SELECT sql FROM sqlite_master WHERE tbl_name = 'task' AND sql IS NOT NULL ORDER BY type DESC",
    );
    for (const one of made) await sql.run(one.sql.replaceAll("task", name));
  });
}

function journey(): JourneySpec {
  const one = (anchor: AnchorKind, unit: Unit, repeat: Repeat) => (n: number) => ({
    ...{ key: `${anchor.replace("_", "-")}-${n}`, name: `${anchor} ${n}`, at: null, graceDays: 3 },
    ...({ priority: "milestone", send: "page", audience: {}, words: "你好" } as const),
    trigger: { anchor, offset: { unit, n }, repeat },
  });
  const months = Array.from({ length: 36 }, (_, at) => at + 1);
  const touchpoints: TouchpointSpec[] = [
    ...DAYS.map(one("joined", "days", "once")),
    ...LAPSES.map(one("last_order", "days", "each")),
    ...months.map(one("child_born", "months", "once")),
  ];
  return { key: "bench", name: "bench", touchpoints };
}

interface AnchorsOf {
  kind: AnchorKind;
  dates: number;
  seed: number;
  guides: number;
}

async function makeAnchors(sql: Sql, { kind, dates, seed, guides }: AnchorsOf, from: number, to: number) {
  await sql.run(
    `INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id)
     SELECT n.id, '${kind}', ${kind === "child_born" ? 1 : 0}, d.on_date, d.cycle_on, ${spread("n.id", guides, 40_692)} + 1
     FROM (${numbers(from, to)}) n
     JOIN bench_date d ON d.kind = '${kind}' AND d.n = ${spread("n.id", dates, seed)}`,
  );
}

/** A number in [0, most) for an id, unlike those of its neighbours (Lehmer, modulo 2^31 - 1). */
const spread = (id: string, most: number, seed: number) => `((${id} * ${seed}) % 2147483647) % ${most}`;

/** The ids `from` to `to`, `from` a multiple of 1,000. */
const numbers = (from: number, to: number) =>
  `SELECT ${from} + a.n * 1000 + b.n + 1 AS id FROM bench_n a JOIN bench_n b ON a.n * 1000 + b.n < ${to - from}`;

async function chunks({ customers }: PlanSize, work: (from: number, to: number) => Promise<unknown>) {
  const width = 250_000;
  for (let from = 0; from < customers; from += width) await work(from, Math.min(customers, from + width));
}

async function makeNumbers(store: Store): Promise<void> {
  const t = columnTypes(store.dialect.name);
  const thousand = Array.from({ length: 1000 }, (_, n) => [n]);
  await store.write(async (sql) => {
    await sql.run(`CREATE TABLE bench_n (n ${t.int} NOT NULL PRIMARY KEY)${t.end}`);
    await insertRows(sql, "INSERT INTO bench_n (n)", thousand);
    await sql.run(
      `CREATE TABLE bench_date (kind ${t.word(20)} NOT NULL, n ${t.int} NOT NULL, on_date ${t.date} NOT NULL,
         cycle_on ${t.int} NOT NULL, PRIMARY KEY (kind, n))${t.end}`,
    );
  });
}

/** The dates of a kind: those that fall due on the bench's days first, then the days before them, `count` at least. */
async function makeDates(store: Store, kind: AnchorKind, count: number): Promise<number> {
  const days = daysFromTo(dueDay, addDays(dueDay, ROUND_DAYS - 1));
  const triggers = journey()
    .touchpoints.map(({ trigger }) => trigger)
    .filter(({ anchor }) => anchor === kind);
  const due = triggers.flatMap((trigger) =>
    days.flatMap((day) => anchorRanges(trigger, day).flatMap(({ from, to }) => daysFromTo(from, to))),
  );
  const before = Array.from({ length: count }, (_, ago) => addDays(dueDay, -ago));
  const dates = [...new Set([...due, ...before])].slice(0, Math.max(count, new Set(due).size));
  await store.write((sql) =>
    insertRows(
      sql,
      "INSERT INTO bench_date (kind, n, on_date, cycle_on)",
      dates.map((day, n) => [kind, n, day, Number(day.replaceAll("-", ""))]),
    ),
  );
  return dates.length;
}
