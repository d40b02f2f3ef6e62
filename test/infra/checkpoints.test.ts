// The write-ahead log is carried over beside the work: it begins anew now and then, and nothing committed is lost.
import { statSync } from "node:fs";
import { setTimeout as after } from "node:timers/promises";
import { openDatabase } from "../../src/database.js";
import { checkpointer } from "../../src/infra/checkpoints.js";
import type { Store } from "../../src/infra/store.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";

const MIB = 2 ** 20;
let database: TestDatabase;
let store: Store;

beforeEach(async () => {
  database = await freshDatabase("sqlite");
  store = await database.open();
});
afterEach(() => database.drop());

const fileOf = () => database.url.slice("sqlite:".length);
const sizes = () => ({ log: statSync(`${fileOf()}-wal`).size, file: statSync(fileOf()).size });

/** Some 0.4 MiB in one transaction. */
const write = (round: number) =>
  store.write(async (sql) => {
    for (let row = 0; row < 100; row++)
      await sql.run("INSERT INTO setting (name, value) VALUES (?, ?)", [
        `k${round}-${row}`,
        "x".repeat(4000),
      ]);
  });

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds() && tries < 200; tries++) await after(20);
  expect(holds()).toBe(true);
}

test("a log that grew is carried over in the background and then begins anew", async () => {
  for (let round = 0; round < 40; round++) await write(round);
  expect(sizes().log).toBeGreaterThan(8 * MIB);
  await until(() => sizes().file > 12 * MIB);
  await after(300);
  const before = sizes().log;
  for (let round = 40; round < 60; round++) await write(round);
  expect(sizes().log).toBe(before);
});

test("closing keeps all that was committed, in the middle of a checkpoint too", async () => {
  for (let round = 0; round < 15; round++) await write(round);
  await store.close();
  const again = await openDatabase(database.url);
  expect(await again.read.rows("SELECT COUNT(*) AS n FROM setting WHERE name LIKE 'k%'")).toEqual([
    { n: 1500 },
  ]);
  await again.close();
});

test("without a log there is room, and nothing to stop", async () => {
  const none = checkpointer("/nowhere/at/all.sqlite");
  await none.room();
  none.afterCommit();
  await none.stop();
});
