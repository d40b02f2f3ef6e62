// One way to hold a transaction: overlapping ones never melt into one, what fails leaves nothing, nobody is held up.
import { setTimeout as sleep } from "node:timers/promises";
import type { Sql, Store } from "../../src/infra/store.js";
import { describeOnEachDatabase, freshDatabase } from "../support/databases.js";

const put = (sql: Sql, name: string, value = "1") =>
  sql.run("INSERT INTO setting (name, value) VALUES (?, ?)", [name, value]);
const names = async (store: Pick<Store, "read">) =>
  (await store.read.rows<{ name: string }>("SELECT name FROM setting ORDER BY name")).map(({ name }) => name);

describeOnEachDatabase("store", (open, kind) => {
  let store: Store;
  beforeEach(async () => {
    store = open();
    await store.write((sql) => sql.run("DELETE FROM setting"));
  });

  it("gives back what the work gives, and its error as it was", async () => {
    expect(await store.write(async () => 7)).toBe(7);
    const error = new Error("no");
    await expect(store.write(() => Promise.reject(error))).rejects.toBe(error);
  });

  it("keeps a commit apart from a rollback that overlaps it", async () => {
    const failing = (name: string) =>
      store.write(async (sql) => {
        await put(sql, `${name} 1`);
        await sql.rows("SELECT 1 AS one");
        await put(sql, `${name} 2`);
        throw new Error(name);
      });
    const going = (name: string) =>
      store.write(async (sql) => {
        await put(sql, `${name} 1`);
        await sql.rows("SELECT 1 AS one");
        await put(sql, `${name} 2`);
      });
    const all = [failing("a"), going("b"), failing("c"), going("d"), failing("e")];
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual([
      ...["rejected", "fulfilled", "rejected", "fulfilled", "rejected"],
    ]);
    expect(await names(store)).toEqual(["b 1", "b 2", "d 1", "d 2"]);
  });

  it("shows others nothing before the commit, and the work all it has written", async () => {
    await store.write(async (sql) => {
      await put(sql, "mine");
      expect(await names({ read: sql })).toEqual(["mine"]);
      expect(await names(store)).toEqual([]);
    });
    expect(await names(store)).toEqual(["mine"]);
  });

  it("goes on after a statement that failed", async () => {
    await expect(store.write((sql) => sql.run("INSERT INTO nowhere VALUES (1)"))).rejects.toThrow();
    await store.write((sql) => put(sql, "after"));
    expect(await names(store)).toEqual(["after"]);
  });

  it("says what a statement changed", async () => {
    await store.write(async (sql) => {
      const event =
        "INSERT INTO task_event (task_id, at, actor, from_state, to_state) VALUES (1, 0, 'system', 'a', 'b')";
      const first = await sql.run(event);
      expect((await sql.run(event)).insertedId).toBe(first.insertedId + 1);
      expect(await sql.run("UPDATE task_event SET at = 5")).toMatchObject({ affected: 2 });
      const ignored = `${sql.dialect.insertIgnore} INTO setting (name, value) VALUES ('x', '1')`;
      expect((await sql.run(ignored)).affected).toBe(1);
      expect((await sql.run(ignored)).affected).toBe(0);
    });
  });

  const onMysql = kind === "mysql" ? it : it.skip;
  onMysql("does again what a deadlock undid", async () => {
    await store.write(async (sql) => {
      await put(sql, "a", "0");
      await put(sql, "b", "0");
    });
    let tries = 0;
    const both = (first: string, second: string) =>
      store.write(async (sql) => {
        tries++;
        const add = (name: string) => sql.run("UPDATE setting SET value = value + 1 WHERE name = ?", [name]);
        await add(first);
        await sleep(50);
        await add(second);
      });
    await Promise.all([both("a", "b"), both("b", "a")]);
    expect(tries).toBeGreaterThan(2);
    const rows = await store.read.rows<{ value: string }>("SELECT value FROM setting");
    expect(rows.map(({ value }) => value)).toEqual(["2", "2"]);
  });
});

describe("another process at the same SQLite file", () => {
  it("is waited for while everything else here goes on", async () => {
    const database = await freshDatabase("sqlite");
    try {
      const [ours, theirs] = [await database.open(), await database.open()];
      const ticks: number[] = [];
      const clock = setInterval(() => ticks.push(performance.now()), 5);
      const order: string[] = [];
      const held = theirs.write(async (sql) => {
        await put(sql, "theirs");
        await sleep(150);
        order.push("theirs");
      });
      const waiting = ours.write(async (sql) => {
        await put(sql, "ours");
        order.push("ours");
      });
      await Promise.all([held, waiting]);
      clearInterval(clock);
      expect(order).toEqual(["theirs", "ours"]);
      expect(ticks.length).toBeGreaterThan(5);
      expect(await names(ours)).toEqual(["ours", "theirs"]);
    } finally {
      await database.drop();
    }
  });
});
