// The shared token: several processes renew it once; a holder that died does not stop the others.
import { databaseTokens, forgetTokens } from "../../src/channels/tokens.js";
import { TokenKeeper, type TokenStore } from "../../src/channels/wecom/token.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";

describeOnEachDatabase("tokens shared by processes", (store) => {
  const world = movableWorld(1_770_000_000_000);

  test("a token written by one is read by another", async () => {
    await databaseTokens(store(), world).write("a", { token: "t1", expiresAt: 5 });
    await databaseTokens(store(), world).write("a", { token: "t2", expiresAt: 7 });
    expect(await databaseTokens(store(), world).read("a")).toEqual({ token: "t2", expiresAt: 7 });
    expect(await databaseTokens(store(), world).read("b")).toBeUndefined();
  });

  test("ten keepers in three processes fetch once", async () => {
    let fetched = 0;
    const fetch = async () => ({ token: `t${++fetched}`, expiresIn: 7_200_000 });
    const processes = [1, 2, 3].map(() => databaseTokens(store(), world, { step: 2 }));
    const keepers = Array.from(
      { length: 10 },
      (_, at) => new TokenKeeper("corp", processes[at % 3] as TokenStore, fetch, world),
    );
    const tokens = await Promise.all(keepers.map((keeper) => keeper.token()));
    expect(new Set(tokens)).toEqual(new Set(["t1"]));
    expect(fetched).toBe(1);
  });

  test("many who begin at once each time, no lock of one is another's deadlock", async () => {
    const processes = Array.from({ length: 8 }, () => databaseTokens(store(), world, { step: 1 }));
    for (let round = 0; round < 20; round++)
      await Promise.all(
        processes.map((one) =>
          one.lock(`round ${round}`, () => one.write(`round ${round}`, { token: "t", expiresAt: round })),
        ),
      );
    expect(await processes[0]?.read("round 19")).toEqual({ token: "t", expiresAt: 19 });
  });

  test("nobody runs beside the holder, and a fault gives the lock back", async () => {
    const processes = [1, 2].map(() => databaseTokens(store(), world, { step: 1 }));
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((done) => setTimeout(done, 5));
      inside--;
      throw new Error("no answer");
    };
    const runs = processes.flatMap((one) => [one.lock("c", work), one.lock("c", work)]);
    expect((await Promise.allSettled(runs)).every((run) => run.status === "rejected")).toBe(true);
    expect(most).toBe(1);
  });

  test("a holder that died is waited for until its lease is over", async () => {
    const dead = databaseTokens(store(), world, { lease: 60_000 });
    void dead.lock("d", () => new Promise(() => undefined));
    await new Promise((done) => setTimeout(done, 30));
    const other = databaseTokens(store(), world, { step: 2 });
    let got = false;
    const waiting = other.lock("d", async () => {
      got = true;
    });
    await new Promise((done) => setTimeout(done, 30));
    expect(got).toBe(false);
    world.set(world.now() + 60_001);
    await waiting;
    expect(got).toBe(true);
  });

  test("a clock that stands still does not keep a dead holder's lock for ever", async () => {
    void databaseTokens(store(), world).lock("e", () => new Promise(() => undefined));
    await new Promise((done) => setTimeout(done, 30));
    expect(await databaseTokens(store(), world, { lease: 20, step: 2 }).lock("e", async () => 1)).toBe(1);
  });

  test("what was over long ago is forgotten, what lasts or is being made is not", async () => {
    const tokens = databaseTokens(store(), world);
    const before = world.now();
    await tokens.write("over", { token: "a", expiresAt: before - 1 });
    await tokens.write("lasting", { token: "b", expiresAt: Number.MAX_SAFE_INTEGER });
    await tokens.lock("making", () => forgetTokens(store(), before));
    const names = await store().read.rows<{ name: string }>(
      "SELECT name FROM channel_token WHERE name IN ('over', 'lasting', 'making') ORDER BY name",
    );
    expect(names.map(({ name }) => name)).toEqual(["lasting", "making"]);
  });
});
