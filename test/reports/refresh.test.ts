// Marks keep the roll-ups as a rebuild from nothing would make them, whatever moved and whoever refreshes at once.
import type { Store } from "../../src/infra/store.js";
import { addDays } from "../../src/kernel/calendar.js";
import { seeded } from "../../src/kernel/world.js";
import { rebuild, refreshMarked } from "../../src/reports/refresh.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { at, makeOrg, makeTask, zone } from "./support.js";

const levels = ["rollup_region", "rollup_store", "rollup_store_week", "rollup_guide"];
const places: Record<string, number>[] = [
  { store_id: 1, region_id: 3 },
  { store_id: 2, region_id: 4 },
  { store_id: 3, region_id: 5 },
  // the second shop before it moved house
  { store_id: 2, region_id: 5 },
];

describeOnEachDatabase("keeping roll-ups", (store) => {
  const parts = () => ({ store: store(), zone });
  const random = seeded(42);
  const draw = (most: number) => Math.floor(random() * most);
  const day = () => addDays("2026-02-27", draw(12));

  beforeAll(() => makeOrg(store()));

  test.each([1, 2, 3, 4])("after random changes, round %i", async () => {
    for (let i = 0; i < 12; i++) await makeTask(store(), { ...randomTask(), release_on: day() });
    for (let i = 0; i < 8; i++) await change(store(), { ...randomTask(), release_on: day() }, draw(10_000));
    await Promise.all([refreshMarked(parts()), refreshMarked(parts())]);
    const kept = await tables(store());
    expect(kept[3]?.length).toBeGreaterThan(0);
    await store().write(async (sql) => {
      for (const table of levels) await sql.run(`DELETE FROM ${table}`);
    });
    await rebuild(parts());
    expect(await tables(store())).toEqual(kept);
  });

  test("nothing marked, nothing done", async () => {
    expect(await refreshMarked(parts())).toBe(0);
  });

  function randomTask(): Record<string, string | number | null> {
    const sent = random() < 0.5;
    const acted: Record<string, number> = sent
      ? { acted_at: at("2026-03-03", "10:00"), sent_at: at("2026-03-03", "10:01") }
      : {};
    return {
      ...{ touchpoint_id: 1 + draw(2), guide_id: 1 + draw(6), state: sent ? "sent" : "offered" },
      ...{ observed: draw(2), ...places[draw(places.length)], ...acted },
    };
  }
});

/** Moves a task to another guide, place or day, and marks where it was and where it is. */
async function change(store: Store, values: Record<string, string | number | null>, seed: number) {
  const mark =
    "INSERT INTO rollup_mark (on_day, guide_id) SELECT release_on, guide_id FROM task WHERE id = ?";
  const columns = Object.keys(values);
  await store.write(async (sql) => {
    const count = await sql.row<{ n: number }>("SELECT COUNT(*) AS n FROM task");
    const id = 1 + (seed % (count?.n ?? 1));
    await sql.run(mark, [id]);
    await sql.run(`UPDATE task SET ${columns.map((column) => `${column} = ?`).join(", ")} WHERE id = ?`, [
      ...Object.values(values),
      id,
    ]);
    await sql.run(mark, [id]);
  });
}

function tables(store: Store): Promise<unknown[][]> {
  const all = levels.map((table) => store.read.rows(`SELECT * FROM ${table} ORDER BY 1, 2, 3, 4, 5, 6`));
  return Promise.all(all);
}
