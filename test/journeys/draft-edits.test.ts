// A draft edited touchpoint by touchpoint, by one and by two: kept at once, never lost, written down.
import { draftEdits, EditConflict, freeKey } from "../../src/journeys/draft-edits.js";
import { settingsStamp, stampOf } from "../../src/journeys/draft-opening.js";
import { touchpointsIn } from "../../src/journeys/trigger-data.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";
import { type House, openHouse } from "../support/house.js";

const touchpoint = (key: string, days: number, words = `${key}您好`) => ({
  ...{ key, name: `触点 ${key}`, after: "joined", days, send: "mass", words },
});
const CARE = { key: "care", name: "关怀", touchpoints: [touchpoint("a", 3), touchpoint("b", 7)] };
const [ONE, TWO] = ["account:1", "account:2"];

describeOnEachDatabase("drafts in the making", (store) => {
  let house: House;
  let edits: ReturnType<typeof draftEdits>;

  beforeEach(async () => {
    await emptied(store());
    const world = movableWorld(instantOf("2026-03-09", "10:00", "Asia/Shanghai"));
    house = openHouse(store(), world);
    edits = draftEdits({ store: store(), world, drafts: house.services.drafts });
    await house.services.drafts.save("care", CARE, "system");
    await house.services.drafts.publish("care", { yes: true, by: "system" });
  });
  afterEach(() => house.close());

  const keys = async () => touchpointsIn((await edits.open("care")).data).map(({ key }) => key);
  const get = async (key: string) => {
    const found = touchpointsIn((await edits.open("care")).data).find((one) => one.key === key);
    if (!found) throw new Error(`no ${key}`);
    return found;
  };
  const stamp = async (key: string) => stampOf(await get(key));
  const audited = () =>
    store().read.rows<{ by: string; action: string; before: string | null; after: string | null }>(
      "SELECT done_by AS `by`, action, before_json AS `before`, after_json AS `after` FROM audit_entry WHERE done_by <> 'system' ORDER BY id",
    );

  it("begin from what is live: nothing is a draft before something changed", async () => {
    expect(await edits.open("care")).toMatchObject({ draft: null, version: 1, data: { name: "关怀" } });
    await edits.alter("care", { key: "a", stamp: null }, ONE, (was) => ({ ...was }));
    expect((await edits.open("care")).draft).toBeNull();
    await edits.alter("care", { key: "a", stamp: await stamp("a") }, ONE, (was) => ({ ...was, days: 4 }));
    const open = await edits.open("care");
    expect(open).toMatchObject({ draft: { changedBy: ONE, isOld: false }, version: 1 });
    expect(await get("a")).toMatchObject({ days: 4 });
    const [line, ...more] = await audited();
    expect(more).toEqual([]);
    expect([line?.by, line?.action, JSON.parse(line?.before ?? ""), JSON.parse(line?.after ?? "")]).toEqual([
      ...[ONE, "journey.draft"],
      ...[{ "touchpoints.a.days": "3" }, { "touchpoints.a.days": "4" }],
    ]);
  });

  it("two people change two touchpoints at once: both stay", async () => {
    const [a, b] = [await stamp("a"), await stamp("b")];
    await Promise.all([
      edits.put("care", { key: "a", stamp: a }, touchpoint("a", 5), ONE),
      edits.put("care", { key: "b", stamp: b }, touchpoint("b", 9), TWO),
    ]);
    expect([(await get("a")).days, (await get("b")).days]).toEqual([5, 9]);
  });

  it("two people change the same one: the second is told whose it is, and nothing of either is lost", async () => {
    const seen = await stamp("a");
    await edits.put("care", { key: "a", stamp: seen }, touchpoint("a", 5), ONE);
    const second = edits.put("care", { key: "a", stamp: seen }, touchpoint("a", 6), TWO);
    await expect(second).rejects.toThrow(EditConflict);
    await expect(second).rejects.toMatchObject({
      kind: "conflict",
      theirs: { days: 5 },
      open: { draft: { changedBy: ONE } },
    });
    expect(await get("a")).toMatchObject({ days: 5 });
    // sent twice is once; over it on purpose is allowed
    await edits.put("care", { key: "a", stamp: seen }, touchpoint("a", 5), TWO);
    await edits.put("care", { key: "a", stamp: null }, touchpoint("a", 6), TWO);
    expect(await get("a")).toMatchObject({ days: 6 });
  });

  it("ten at once on one touchpoint: one wins, nine are told", async () => {
    const seen = await stamp("a");
    const tries = Array.from({ length: 10 }, (_one, n) =>
      edits.put("care", { key: "a", stamp: seen }, touchpoint("a", 20 + n), ONE).then(
        () => "kept",
        (error: unknown) => (error instanceof EditConflict ? "told" : String(error)),
      ),
    );
    const ends = await Promise.all(tries);
    expect(ends.filter((end) => end === "kept")).toHaveLength(1);
    expect(ends.filter((end) => end === "told")).toHaveLength(9);
  });

  it("what is at fault is refused with the path to it, and the draft stays", async () => {
    const wrong = edits.put(
      "care",
      { key: "b", stamp: null },
      { ...touchpoint("b", 7), words: "全网第一" },
      ONE,
    );
    await expect(wrong).rejects.toMatchObject({
      kind: "invalid",
      faults: [{ field: "touchpoints.1.words" }],
    });
    expect((await edits.open("care")).draft).toBeNull();
  });

  it("touchpoints come, are copied beside themselves, and go; the last one stays", async () => {
    await edits.put("care", null, touchpoint("c", 30), ONE);
    expect(await edits.duplicate("care", "a", ONE)).toBe("a-2");
    expect(await keys()).toEqual(["a", "a-2", "b", "c"]);
    expect(await get("a-2")).toMatchObject({ name: "触点 a（副本）", days: 3 });
    const seen = await stamp("b");
    await edits.put("care", { key: "b", stamp: null }, touchpoint("b", 8), TWO);
    await expect(edits.remove("care", { key: "b", stamp: seen }, ONE)).rejects.toThrow(EditConflict);
    for (const key of ["a", "a-2", "b"]) await edits.remove("care", { key, stamp: null }, ONE);
    await expect(edits.remove("care", { key: "c", stamp: null }, ONE)).rejects.toMatchObject({
      kind: "invalid",
    });
    await expect(
      edits.put("care", { key: "gone", stamp: "x" }, touchpoint("gone", 1), ONE),
    ).rejects.toMatchObject({
      theirs: undefined,
    });
  });

  it("the journey itself: its name and hold-out, and back to none", async () => {
    const seen = settingsStamp((await edits.open("care")).data);
    await edits.settings("care", { name: "新关怀", holdOut: 5 }, seen, ONE);
    await expect(edits.settings("care", { name: "别的", holdOut: 5 }, seen, TWO)).rejects.toMatchObject({
      kind: "conflict",
    });
    expect((await edits.open("care")).data).toMatchObject({ name: "新关怀", hold_out: 5 });
    await edits.settings("care", { name: "新关怀", holdOut: undefined }, null, ONE);
    expect((await edits.open("care")).data).not.toHaveProperty("hold_out");
    await expect(edits.settings("care", { name: "", holdOut: 99 }, null, ONE)).rejects.toMatchObject({
      faults: [{ field: "name" }, { field: "hold_out" }],
    });
  });

  it("a new journey begins with its first touchpoint; a key is nobody's twice", async () => {
    const data = { key: "fresh", name: "新旅程", touchpoints: [touchpoint("a", 1)] };
    expect(await edits.begin(data, ONE)).toMatchObject({
      state: null,
      version: null,
      draft: { changedBy: ONE },
    });
    await expect(edits.begin(data, TWO)).rejects.toMatchObject({ kind: "conflict" });
    await expect(edits.begin({ ...data, key: "care" }, TWO)).rejects.toMatchObject({ kind: "conflict" });
    expect(JSON.parse((await audited()).at(-1)?.after ?? "")).toEqual(data);
  });
});

it.each([
  [[], "day-3", "day-3"],
  [["day-3"], "day-3", "day-3-2"],
  [["day-3", "day-3-2"], "day-3", "day-3-3"],
  [["day-3", "day-3-2"], "day-3-2", "day-3-3"],
  [["day-3"], "day-7", "day-7"],
])("of %j, a key like %s is %s", (used, like, free) => {
  expect(
    freeKey(
      used.map((key) => ({ key })),
      like,
    ),
  ).toBe(free);
});
