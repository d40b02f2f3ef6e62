import type { Store, StoreApart } from "../../src/infra/store.js";
import { describeOnEachDatabase } from "../support/databases.js";

const add = "INSERT INTO rollup_mark (on_day, guide_id) VALUES (?, ?)";
const put = "(task_id, guide_id, customer_id, sent_at, sent_on, words) VALUES (?, 1, 1, 0, '2026-03-02', '')";
const guides = async ({ read }: Store) =>
  (await read.rows<{ g: number }>("SELECT guide_id AS g FROM rollup_mark ORDER BY id")).map(({ g }) => g);

describeOnEachDatabase("a store apart", (open) => {
  let apart: StoreApart;
  beforeAll(async () => {
    const store = open();
    await store.write(async (sql) => {
      for (const guide of [1, 2, 3]) await sql.run(add, ["2026-03-02", guide]);
      await sql.run(`INSERT INTO delivery ${put}`, [1]);
    });
    const tables = {
      shadows: ["rollup_mark", "setting"],
      beside: { delivery: "delivery_ahead" },
      scratch: { setting_kept: "setting" },
      muted: ["task_event"],
    };
    apart = await store.apart(tables, async (sql, named) => {
      await sql.run(`INSERT INTO ${named("rollup_mark")} SELECT * FROM rollup_mark WHERE guide_id > 1`);
    });
  });
  afterAll(() => apart.close());

  it("has its own rows under the real table's name", async () => {
    await apart.write((sql) => sql.run(add, ["2026-03-02", 9]));
    await open().write((sql) => sql.run(add, ["2026-03-02", 4]));
    expect(await guides(apart)).toEqual([2, 3, 9]);
    expect(await guides(open())).toEqual([1, 2, 3, 4]);
  });

  it("goes on from the largest id copied, and keeps the table's keys", async () => {
    const ids = await apart.read.rows<{ id: number }>("SELECT id FROM rollup_mark ORDER BY id");
    expect(ids.map(({ id }) => Number(id))).toEqual([2, 3, 4]);
    const put = "INSERT INTO setting (name, value) VALUES ('a', '1')";
    await apart.write((sql) => sql.run(put));
    await expect(apart.write((sql) => sql.run(put))).rejects.toThrow();
    expect(await open().read.rows("SELECT name FROM setting")).toEqual([]);
  });

  it("cannot write any other table, nor hold up who does", async () => {
    const region = "INSERT INTO region (parent_id, name, depth, trail) VALUES (0, '华东', 0, '')";
    await expect(apart.write((sql) => sql.run(region))).rejects.toThrow();
    await expect(apart.read.run(region)).rejects.toThrow();
    await apart.write(async (sql) => {
      await sql.run("DELETE FROM rollup_mark WHERE guide_id = 9");
      await sql.rows("SELECT id FROM region");
      await open().write((real) => real.run(region));
    });
    expect(await open().read.rows("SELECT name FROM region")).toEqual([{ name: "华东" }]);
  });

  it("holds more rows of a table that stays in sight", async () => {
    await apart.write((sql) => sql.run(`INSERT INTO ${sql.beside?.delivery} ${put}`, [2]));
    const both = "SELECT task_id AS id FROM delivery UNION ALL SELECT task_id FROM delivery_ahead";
    expect(await apart.read.rows(both)).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it("leaves out what would be written to a muted table", async () => {
    const event =
      "INSERT INTO task_event (task_id, at, actor, from_state, to_state) VALUES (1, 0, '', '', '')";
    expect(await apart.write((sql) => sql.run(event))).toEqual({ affected: 0, insertedId: 0 });
    expect(await apart.read.rows("SELECT id FROM task_event")).toEqual([]);
  });

  it("forgets a table at once", async () => {
    await apart.empty("rollup_mark");
    await apart.write((sql) => sql.run(add, ["2026-03-02", 8]));
    expect(await guides(apart)).toEqual([8]);
    expect(await guides(open())).toEqual([1, 2, 3, 4]);
    await apart.write((sql) => sql.run("INSERT INTO setting_kept SELECT * FROM setting"));
    expect(await apart.read.rows("SELECT name FROM setting_kept")).toEqual([{ name: "a" }]);
    await expect(apart.empty("region")).rejects.toThrow("region");
    await expect(apart.write((sql) => sql.run("DELETE FROM region"))).rejects.toThrow();
  });
});
