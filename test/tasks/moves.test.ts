// Moving tasks: only what life allows, each move written down once, two movers sharing the tasks out, figures marked.
import type { Store } from "../../src/infra/store.js";
import { type Move, markFigures, moveTasks, moveWhere } from "../../src/tasks/moves.js";
import { describeOnEachDatabase } from "../support/databases.js";

const at = 1_750_000_000_000;
const release: Move = { from: ["planned"], to: "offered", actor: "system", at, set: { offered_at: at } };

describeOnEachDatabase("moves", (open) => {
  let store: Store;
  let next = 0;
  beforeEach(async () => {
    store = open();
    await store.write(async (sql) => {
      for (const table of ["task", "task_event", "rollup_mark"]) await sql.run(`DELETE FROM ${table}`);
    });
  });

  const planned = (count: number, state = "planned", offeredAt: number | null = null) =>
    store.write(async (sql) => {
      const ids: number[] = [];
      for (let i = 0; i < count; i++) {
        const { insertedId } = await sql.run(
          `INSERT INTO task (touchpoint_id, occurrence, customer_id, child_no, version_id, guide_id, state, priority,
             variant, late, due_on, anchor_on, release_on, expires_on, offered_at)
           VALUES (1, 0, ?, 0, 1, ?, ?, 0, 0, 0, '2026-03-01', '2026-02-01', '2026-03-01', '2026-03-04', ?)`,
          [++next, 7 + (i % 2), state, offeredAt],
        );
        ids.push(insertedId);
      }
      return ids;
    });
  const states = () =>
    store.read.rows("SELECT state, reason, COUNT(*) AS n FROM task GROUP BY state, reason");
  const events = () =>
    store.read.rows<{ task_id: number; from_state: string; to_state: string; reason: string; actor: string }>(
      "SELECT task_id, at, actor, from_state, to_state, reason, note FROM task_event ORDER BY id",
    );
  const figureMarks = () =>
    store.read.rows("SELECT on_day, guide_id FROM rollup_mark ORDER BY on_day, guide_id, id");

  it("moves, writes an event a task, and marks the figures once a guide", async () => {
    const ids = await planned(4);
    expect(await store.write((sql) => moveTasks(sql, ids, { ...release, note: "今天" }))).toEqual(ids);
    expect(await states()).toEqual([{ state: "offered", reason: null, n: 4 }]);
    expect((await events())[0]).toEqual({
      ...{ task_id: ids[0], at, actor: "system", from_state: "planned", to_state: "offered" },
      ...{ reason: null, note: "今天" },
    });
    expect(await figureMarks()).toEqual([
      { on_day: "2026-03-01", guide_id: 7 },
      { on_day: "2026-03-01", guide_id: 8 },
    ]);
  });

  it("leaves alone what is elsewhere already", async () => {
    const ids = await planned(2);
    await store.write((sql) => moveTasks(sql, ids, release));
    expect(await store.write((sql) => moveTasks(sql, ids, release))).toEqual([]);
    expect(await events()).toHaveLength(2);
  });

  it("marks what was never offered once it has ended, with its guide's place of that moment", async () => {
    const ids = await planned(1);
    await store.write(async (sql) => {
      await markFigures(sql, ids);
      await sql.run("INSERT INTO store (id, code, name, region_id) VALUES (4, 'S4', '店', 5)");
      await sql.run("INSERT INTO guide (id, userid, name, store_id) VALUES (7, 'g7', '导购', 4)");
    });
    expect(await figureMarks()).toEqual([]);
    const skip: Move = { from: ["planned"], to: "skipped", reason: "cap", actor: "system", at };
    await store.write((sql) => moveTasks(sql, ids, skip));
    expect(await figureMarks()).toEqual([{ on_day: "2026-03-01", guide_id: 7 }]);
    const place = await store.read.row("SELECT store_id, region_id FROM task WHERE id = ?", [ids[0] ?? 0]);
    expect(place).toEqual({ store_id: 4, region_id: 5 });
  });

  it("marks both days when the day changes", async () => {
    const ids = await planned(1, "handed_over", at);
    const move: Move = {
      ...{ from: ["handed_over"], to: "planned", reason: "receive_limit", actor: "system", at },
      set: { release_on: "2026-03-02", released_on: null, acted_at: null },
    };
    await store.write((sql) => moveTasks(sql, ids, move));
    expect(await figureMarks()).toEqual([
      { on_day: "2026-03-01", guide_id: 7 },
      { on_day: "2026-03-02", guide_id: 7 },
    ]);
  });

  it("computes values per row", async () => {
    const ids = await planned(2);
    const set = { acted_at: { sql: "COALESCE(acted_at, ? + task.customer_id)", params: [at] } };
    await store.write((sql) => moveTasks(sql, ids, { ...release, set: { ...release.set, ...set } }));
    const rows = await store.read.rows<{ n: number }>("SELECT acted_at - customer_id AS n FROM task");
    expect(rows.map(({ n }) => Number(n))).toEqual([at, at]);
  });

  it("moves by condition, a part at a time", async () => {
    await planned(5);
    const some = await store.write((sql) => moveWhere(sql, { sql: "guide_id = ?", params: [7] }, release, 2));
    expect(some).toHaveLength(2);
    const rest = await store.write((sql) => moveWhere(sql, { sql: "guide_id = ?", params: [7] }, release));
    expect(rest).toHaveLength(1);
  });

  it.each<[string, Move]>([
    ["no such move", { from: ["planned"], to: "sent", actor: "system", at }],
    ["late news are reconciliation's", { from: ["expired"], to: "sent", actor: "system", at }],
    ["a reason is needed", { from: ["offered"], to: "skipped", actor: "system", at }],
    ["not for this state", { from: ["offered"], to: "expired", reason: "cap", actor: "system", at }],
  ])("refuses: %s", async (_why, move) => {
    await expect(store.write((sql) => moveTasks(sql, [1], move))).rejects.toThrow(/^no /);
    await expect(store.write((sql) => moveWhere(sql, { sql: "1 = 1" }, move))).rejects.toThrow(/^no /);
  });

  it("lets reconciliation find out late", async () => {
    const ids = await planned(1, "expired", at);
    const move: Move = { from: ["expired"], to: "sent", actor: "system", at, set: { late: 1 } };
    await store.write((sql) => moveTasks(sql, ids, { ...move, by: "reconciliation" }));
    expect(await states()).toEqual([{ state: "sent", reason: null, n: 1 }]);
  });

  it("shares tasks out between movers at the same time", async () => {
    const ids = await planned(60, "offered");
    const skip: Move = { from: ["offered"], to: "skipped", reason: "cap", actor: "system", at };
    const expire: Move = { from: ["offered"], to: "expired", reason: "grace_passed", actor: "system", at };
    const movers = [skip, expire, skip, expire].map((move) =>
      store.write((sql) => moveWhere(sql, { sql: `id IN (${ids.join()})` }, move, 25)),
    );
    const moved = (await Promise.all(movers)).flat();
    expect(new Set(moved).size).toBe(moved.length);
    expect(await events()).toHaveLength(moved.length);
    expect(new Set((await events()).map(({ task_id }) => task_id)).size).toBe(moved.length);
  });
});
