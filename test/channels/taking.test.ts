// Taking stored pushes: oldest first, each by one process, none of a guide's before an older one has ended.
import { type StoredCallback, takePushes } from "../../src/channels/taking.js";
import type { Store } from "../../src/infra/store.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";

const minute = 60_000;
const none = new Set<number>();

describeOnEachDatabase("pushes taken", (store) => {
  const world = movableWorld(1_770_000_000_000);
  const takeOn = (on: Store, own: ReadonlySet<number> = none) =>
    takePushes({ store: on, world, channel: "wecom", whose: (body) => body.split(" ")[0] ?? "" }, own);
  const take = (own?: ReadonlySet<number>) => takeOn(store(), own);
  const bodies = (taken: readonly StoredCallback[]) => taken.map(({ body }) => body);
  const put = (all: readonly string[]) =>
    store().write(async (sql) => {
      for (const body of all)
        await sql.run(
          `INSERT INTO callback (digest, channel, body, received_at, state, tries, taken_until)
           VALUES (?, 'wecom', ?, ?, 'stored', 0, 0)`,
          [body, body, world.now()],
        );
    });
  const numbered = (guide: string, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, n) => `${guide} ${from + n}`);
  beforeEach(() => store().write((sql) => sql.run("DELETE FROM callback")));

  test("who waited for another taker's rows leaves the guides alone that the other is at", async () => {
    await put([...numbered("lan", 1, 34), "mei 1", "lan 35", "mei 2"]);
    let tell: () => void = () => undefined;
    let free: () => void = () => undefined;
    const hasTaken = new Promise<void>((done) => {
      tell = done;
    });
    const mayEnd = new Promise<void>((done) => {
      free = done;
    });
    const slow: Store = {
      ...store(),
      write: (work) =>
        store().write(async (sql) => {
          const result = await work(sql);
          tell();
          await mayEnd;
          return result;
        }),
    };
    const first = takeOn(slow);
    await hasTaken;
    const second = take();
    await new Promise((done) => setTimeout(done, 150));
    free();
    expect(bodies(await first)).toEqual(numbered("lan", 1, 32));
    expect(bodies(await second)).toEqual(["mei 1", "mei 2"]);
  });

  test("past pages of a guide somebody is at, others' are found; a younger push holds no older one up", async () => {
    await put([...numbered("lan", 1, 80), ...numbered("mei", 1, 3), "hong 1"]);
    await store().write((sql) =>
      sql.run("UPDATE callback SET taken_until = ? WHERE body IN ('lan 1', 'mei 2')", [world.now() + minute]),
    );
    expect(bodies(await take())).toEqual(["mei 1", "hong 1"]);
  });

  test("what still waits in this process's own lanes is not taken a second time, however long it waits", async () => {
    await put(["lan 1", "mei 1"]);
    const own = new Set((await take()).map(({ id }) => id));
    world.set(world.now() + 3 * minute);
    await put(["lan 2"]);
    expect(bodies(await take(own))).toEqual(["lan 2"]);
    expect(await store().read.rows("SELECT tries FROM callback ORDER BY id")).toEqual([
      { tries: 1 },
      { tries: 1 },
      { tries: 1 },
    ]);
    expect(bodies(await take())).toEqual(["lan 1", "mei 1"]);
  });

  test("the backlog behind a page is not read", async () => {
    await put(numbered("lan", 1, 100));
    await take();
    const read: string[] = [];
    const watched: Store = {
      ...store(),
      write: (work) =>
        store().write((sql) =>
          work({
            ...sql,
            rows: async <T>(text: string, params?: Parameters<typeof sql.rows>[1]) => {
              const rows = await sql.rows<T>(text, params);
              read.push(...rows.map((row) => (row as StoredCallback).body));
              return rows;
            },
          }),
        ),
    };
    await store().write((sql) =>
      sql.run(
        "UPDATE callback SET taken_until = ? WHERE id > (SELECT id FROM (SELECT MIN(id) + 64 AS id FROM callback) f)",
        [world.now() + minute],
      ),
    );
    await store().write((sql) => sql.run("UPDATE callback SET state = 'done' WHERE tries = 1"));
    expect(bodies(await takeOn(watched))).toEqual(numbered("lan", 33, 64));
    expect(read.filter((body) => Number(body.split(" ")[1]) > 65)).toEqual([]);
  });
});
