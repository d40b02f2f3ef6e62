// Taps with keys of their own: told twice, by two phones or after a crash, done once and answered the same.
import type { Store } from "../../src/infra/store.js";
import { Refusal } from "../../src/kernel/refusals.js";
import { forgetTaps, tapOnce } from "../../src/tasks/taps.js";
import { describeOnEachDatabase, emptied, runsCounted } from "../support/databases.js";
import { minute, monday, standOn } from "../support/task-stand.js";

describeOnEachDatabase("a tap", (open) => {
  let store: Store;
  let done: string[];
  beforeEach(async () => {
    store = open();
    await emptied(store);
    done = [];
  });
  const tell = (key: string, { guideId = 1, what = "skip 1", at = monday, says = "已跳过。" } = {}) => {
    const world = { now: () => at };
    return tapOnce({ store, world }, { guideId, key, what }, async () => {
      done.push(`${guideId} ${what}`);
      return { message: says };
    });
  };
  const rows = () => store.read.rows("SELECT tap FROM guide_tap");

  it("is done once and answered the same, whatever would be answered now", async () => {
    expect(await tell("k1")).toEqual({ message: "已跳过。" });
    expect(await tell("k1", { says: "没有改动。" })).toEqual({ message: "已跳过。" });
    expect(done).toHaveLength(1);
  });

  it("told at once from two pages is done once", async () => {
    const both = await Promise.allSettled([tell("k1"), tell("k1")]);
    expect(done).toHaveLength(1);
    for (const one of both)
      if (one.status === "fulfilled") expect(one.value).toEqual({ message: "已跳过。" });
      else expect(one.reason).toMatchObject({ kind: "too_many" });
  });

  it("told again by many at once makes none of them begin anew for another's lock", async () => {
    await tell("k1");
    const counted = runsCounted(store);
    const world = { now: () => monday };
    const tap = { guideId: 1, key: "k1", what: "skip 1" };
    for (let round = 0; round < 10; round++)
      await Promise.all(
        Array.from({ length: 8 }, () => tapOnce({ store: counted.store, world }, tap, async () => ({}))),
      );
    expect(counted.runs()).toBe(80);
  });

  it("is another one with another key, and another guide's", async () => {
    await tell("k1");
    await tell("k2");
    await tell("k1", { guideId: 2 });
    expect(done).toEqual(["1 skip 1", "1 skip 1", "2 skip 1"]);
  });

  it("without a key is done each time and leaves nothing", async () => {
    await tell("");
    await tell("");
    expect([done.length, await rows()]).toEqual([2, []]);
  });

  it("keeps its no", async () => {
    const refuse = (text: string) => async () => {
      done.push(text);
      throw new Refusal("invalid", text, [{ where: "words", value: "治愈", expected: "别的" }]);
    };
    const tap = { guideId: 1, key: "k1", what: "edit 1" };
    const world = { now: () => monday };
    for (const text of ["不能这样说", "另一个错"])
      await expect(tapOnce({ store, world }, tap, refuse(text))).rejects.toMatchObject({
        ...{ kind: "invalid", message: "不能这样说" },
        faults: [{ where: "words", value: "治愈", expected: "别的" }],
      });
    expect(done).toEqual(["不能这样说"]);
  });

  it.each([
    ["a fault", new Error("the database is away")],
    ["somebody else's task", new Refusal("not_found", "没有这个任务。")],
  ])("after %s leaves no trace and may be told again", async (_what, error) => {
    const tap = { guideId: 1, key: "k1", what: "skip 1" };
    const fails = tapOnce({ store, world: { now: () => monday } }, tap, async () => Promise.reject(error));
    await expect(fails).rejects.toBe(error);
    expect(await rows()).toEqual([]);
    expect(await tell("k1")).toEqual({ message: "已跳过。" });
  });

  it("may not be used for something else", async () => {
    await tell("k1");
    await expect(tell("k1", { what: "skip 2" })).rejects.toMatchObject({ kind: "invalid" });
    expect(done).toEqual(["1 skip 1"]);
  });

  it("whose process died is done by the next who tells it, not before it must be dead", async () => {
    await store.write((sql) =>
      sql.run("INSERT INTO guide_tap (guide_id, tap, what, at) VALUES (1, 'k1', 'skip 1', ?)", [monday]),
    );
    await expect(tell("k1", { at: monday + minute - 1 })).rejects.toMatchObject({ kind: "too_many" });
    expect(await tell("k1", { at: monday + minute + 1 })).toEqual({ message: "已跳过。" });
    expect(done).toHaveLength(1);
  });

  it("is forgotten when it is old", async () => {
    await tell("k1");
    await tell("k2", { at: monday + 2 * minute });
    await forgetTaps(store, monday + minute);
    expect(await rows()).toEqual([{ tap: "k2" }]);
  });

  it("by the service's verbs moves a task once", async () => {
    const stand = standOn(store);
    const answer = () => stand.service.tapOnce({ guideId: 1, key: "k1", what: "x" }, async () => ({}));
    expect([await answer(), await answer()]).toEqual([{ message: "" }, { message: "" }]);
  });
});
