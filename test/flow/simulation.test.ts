// Four hundred days of a small brand, anything in any order, with outages, a clock that steps back and two processes at
// once: no occurrence twice, none lost, and whatever did not become a send says why.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parseConfig } from "../../src/infra/config.js";
import type { DialectName } from "../../src/infra/dialect.js";
import { makeLog } from "../../src/infra/log.js";
import { addDays, instantOf } from "../../src/kernel/calendar.js";
import { movableWorld, seeded } from "../../src/kernel/world.js";
import { wire } from "../../src/wire.js";
import { freshDatabase } from "../support/databases.js";
import { taskFaults } from "../support/invariants.js";
import { settings } from "../support/settings.js";
import { type Brand, firstDay, firstJourney, openBrand, todayOf, zone } from "../support/simulation/brand.js";
import { liveDay } from "../support/simulation/day.js";
import { type Expected, foresee } from "../support/simulation/oracle.js";

const DAYS = 400;
/** Days on which nobody was there, after one that went as usual; none: usually. */
const OUTAGES = [1, 3, 10];

async function simulate(kind: DialectName, seed: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "guidepost-simulation-"));
  const database = await freshDatabase(kind);
  const world = movableWorld(instantOf(firstDay, "00:00", zone), seed);
  const caps = { customer_per_day: 1, customer_per_month: 5, guide_per_day: 3 };
  const config = parseConfig({ ...settings(folder), channel: "notebook", caps });
  const store = await database.open();
  // two connections of one SQLite file in one process would wait for each other for ever
  const beside = kind === "sqlite" ? store : await database.open();
  const parts = { config, world, log: makeLog("silent") };
  const [one, other] = [wire({ ...parts, store }), wire({ ...parts, store: beside })];
  const brand: Brand = {
    ...{
      one,
      other,
      world,
      random: seeded(seed),
      people: [],
      journey: firstJourney(),
      since: new Map(),
      paused: false,
    },
  };
  try {
    const expected: Expected = new Map();
    await openBrand(brand);
    const last = addDays(firstDay, DAYS);
    while (todayOf(brand) < last) {
      await liveDay(brand);
      const gone = brand.random() < 0.04 ? (OUTAGES[Math.floor(brand.random() * 3)] ?? 0) : 0;
      await foresee(brand, expected, 1 + gone);
      world.set(instantOf(addDays(todayOf(brand), 1 + gone), "00:00", zone));
    }
    await Promise.all([one.passes.planMarked(), one.passes.expire()]);
    await check(brand, expected);
  } finally {
    await Promise.all([one.close(), other.close()]);
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function check(brand: Brand, expected: Expected): Promise<void> {
  const { store } = brand.one;
  const rows = await store.read.rows<{
    key: string;
    customer: number;
    child: number;
    occurrence: number;
    state: string;
    reason: string | null;
  }>(
    `SELECT t.touchpoint_key AS \`key\`, k.customer_id AS customer, k.child_no AS child, k.occurrence, k.state, k.reason
     FROM task k JOIN touchpoint t ON t.id = k.touchpoint_id`,
  );
  const identities = rows.map(
    ({ key, customer, child, occurrence }) => `${key} ${customer} ${child} ${occurrence}`,
  );
  expect(new Set(identities).size).toBe(identities.length);
  const known = new Set(identities);
  expect([...expected].filter(([identity]) => !known.has(identity))).toEqual([]);
  expect(await taskFaults(store, { expiredOn: todayOf(brand) })).toEqual([]);
  const crowded = await store.read.rows(
    "SELECT customer_id, sent_on, COUNT(*) AS n FROM delivery GROUP BY customer_id, sent_on HAVING COUNT(*) > 1",
  );
  expect(crowded).toEqual([]);
  const seen = new Set(rows.map(({ state, reason }) => reason ?? state));
  expect(EXPECTED_ENDS.filter((end) => !seen.has(end))).toEqual([]);
}

/** Ends that four hundred days of anything hold some of. */
const EXPECTED_ENDS = [
  ...["sent", "done_by_hand", "held_out", "merged", "cap", "missed_run", "grace_passed", "paused"],
  ...["opted_out", "not_a_friend", "no_guide", "bought_already", "guide_skipped_busy"],
];

const kinds: DialectName[] = ["sqlite", "mysql"];
describe.each(kinds)("a simulated brand [%s]", (kind) => {
  const isHere =
    kind === "sqlite" ? process.env.GUIDEPOST_TEST_SQLITE !== "no" : process.env.GUIDEPOST_TEST_MYSQL;
  (isHere ? it : it.skip)("loses nothing, doubles nothing, and says why", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e9 }), (seed) => simulate(kind, seed)),
      { numRuns: 1, endOnFailure: true },
    );
  });
});
