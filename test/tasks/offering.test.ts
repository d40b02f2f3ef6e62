// Offering: each guide's list once a day at their hour, words rendered, what lacks a value asked for.
import type { Sql, Store } from "../../src/infra/store.js";
import { offerDue } from "../../src/tasks/offering.js";
import { pullStop, releaseStop } from "../../src/tasks/stop.js";
import { describeOnEachDatabase } from "../support/databases.js";
import {
  day,
  enrolCustomer,
  monday,
  openShop,
  planTask,
  type Stand,
  standOn,
  today,
} from "../support/task-stand.js";

describeOnEachDatabase("offering", (open) => {
  let store: Store;
  let stand: Stand;
  beforeEach(async () => {
    store = open();
    await openShop(store);
    stand = standOn(store);
    for (const id of [11, 12, 13]) await enrolCustomer(store, id);
    await enrolCustomer(store, 21, { guideId: 2 });
  });
  const told = () => stand.notebook.entries.flatMap((entry) => (entry.kind === "told" ? [entry] : []));

  it("makes the list, renders the words, groups what is the same, and tells the guide once", async () => {
    const ids = [await planTask(store, "greeting", 11), await planTask(store, "greeting", 12)];
    ids.push(await planTask(store, "personal", 13));
    await planTask(store, "greeting", 21, { guideId: 2 });
    expect(await offerDue(stand.setup)).toEqual({ guides: 2, offered: 4, needsData: 0 });
    expect(await stand.states()).toEqual(["offered", "offered", "offered", "offered"]);
    expect(await stand.task(ids[0] ?? 0)).toMatchObject({ offered_at: monday, store_id: 3, region_id: 5 });
    expect((await stand.handOvers()).map(({ words, customers }) => [words, customers])).toEqual([
      ["早上好，这里是万达店的兰兰。", 2],
      ["客户13，您好！", 1],
      ["早上好，这里是万达店的梅梅。", 1],
    ]);
    expect(
      told()
        .map(({ guideUserid }) => guideUserid)
        .sort(),
    ).toEqual(["lan", "mei"]);
    expect(told().find(({ guideUserid }) => guideUserid === "lan")?.note).toMatchObject({
      ...{ title: "今日跟进 3 位客户", cardId: "list-1-2026-03-02" },
      description: "greeting offered, greeting offered, personal offered",
    });
    expect(await store.read.rows("SELECT guide_id, on_day, state FROM guide_day ORDER BY guide_id")).toEqual([
      { guide_id: 1, on_day: today, state: "told" },
      { guide_id: 2, on_day: today, state: "told" },
    ]);
  });

  it("does it once a day, however often it runs, and from two processes", async () => {
    await planTask(store, "greeting", 11);
    const passes = await Promise.all([offerDue(stand.setup), offerDue(stand.setup), offerDue(stand.setup)]);
    expect(passes.reduce((sum, { offered }) => sum + offered, 0)).toBe(1);
    await planTask(store, "greeting", 12);
    expect(await offerDue(stand.setup)).toEqual({ guides: 0, offered: 0, needsData: 0 });
    expect(await stand.handOvers()).toHaveLength(1);
    expect(await store.read.rows("SELECT to_state FROM task_event")).toEqual([{ to_state: "offered" }]);
  });

  it("waits for the guide's hour", async () => {
    await planTask(store, "greeting", 11);
    stand.world.set(Date.UTC(2026, 2, 2, 1, 6));
    expect((await offerDue(stand.setup)).guides).toBe(0);
    stand.world.set(monday);
    expect((await offerDue(stand.setup)).guides).toBe(1);
  });

  it("offers nothing that was not released today, and nothing to guides who left", async () => {
    await planTask(store, "greeting", 11, { released: false });
    await planTask(store, "greeting", 12, { releaseOn: "2026-03-03" });
    await planTask(store, "greeting", 21, { guideId: 2 });
    await store.write((sql) => sql.run("UPDATE guide SET left_on = ? WHERE id = 2", [today]));
    expect((await offerDue(stand.setup)).guides).toBe(0);
  });

  it("asks for what the words miss, and makes them whole once it is known", async () => {
    await store.write((sql) => sql.run("UPDATE child SET name = NULL WHERE customer_id = 11"));
    const id = await planTask(store, "baby", 11);
    expect(await offerDue(stand.setup)).toEqual({ guides: 1, offered: 0, needsData: 1 });
    expect(await stand.states()).toEqual(["needs_data: no_data"]);
    expect(await stand.handOvers()).toEqual([]);
    expect(told()[0]?.note).toMatchObject({ description: "baby needs_data" });
    const [item] = await stand.service.todaysList(1);
    expect(item).toMatchObject({ words: null, missing: ["宝宝小名"], stateName: "待补资料", position: 1 });
    expect(item?.asks).toEqual([{ field: "child.name", label: "宝宝小名", word: "小名" }]);
    const answer = await stand.service.supply(1, id, "小名", " 豆豆 ");
    expect(answer).toMatchObject({ changed: true, state: "offered", message: "已记录宝宝小名。" });
    expect(stand.facts).toEqual([
      { customerId: 11, childNo: 1, field: "child.name", value: "豆豆", actor: "guide:1" },
    ]);
    expect((await stand.handOvers()).map(({ words }) => words)).toEqual(["豆豆今天满6个月啦。"]);
    await expect(stand.service.supply(1, id, "星座", "白羊")).rejects.toThrow("可以补充的资料");
  });

  it("makes whole the next day what was known meanwhile", async () => {
    await store.write((sql) => sql.run("UPDATE child SET name = NULL WHERE customer_id = 11"));
    await planTask(store, "baby", 11);
    await offerDue(stand.setup);
    await store.write((sql) => sql.run("UPDATE child SET name = '豆豆' WHERE customer_id = 11"));
    stand.pass(day);
    await planTask(store, "call", 12, { dueOn: "2026-03-03" });
    await offerDue(stand.setup);
    expect(await stand.states()).toEqual(["offered", "offered"]);
    expect((await stand.handOvers()).map(({ words }) => words)).toEqual(["豆豆今天满6个月啦。"]);
  });

  it("a guide with leftovers alone gets the morning's card too, once", async () => {
    const id = await planTask(store, "page", 11);
    await offerDue(stand.setup);
    stand.pass(day);
    expect(await offerDue(stand.setup)).toEqual({ guides: 1, offered: 0, needsData: 0 });
    expect(await offerDue(stand.setup)).toEqual({ guides: 0, offered: 0, needsData: 0 });
    const notes = told().map(({ guideUserid, note }) => [
      guideUserid,
      note.kind === "card" ? note.cardId : "",
    ]);
    expect(notes).toEqual([
      ["lan", "list-1-2026-03-02"],
      ["lan", "list-1-2026-03-03"],
    ]);
    expect(await store.read.rows("SELECT task_id FROM guide_list WHERE guide_id = 1")).toEqual([
      { task_id: id },
    ]);
  });

  it("a morning's list of leftovers that failed is made by the next pass", async () => {
    const id = await planTask(store, "page", 11);
    await offerDue(stand.setup);
    stand.pass(day);
    const failing: Store = {
      ...store,
      write: (work) =>
        store.write((sql) => {
          const run: Sql["run"] = async (text, params) => {
            if (text.includes("INTO guide_list")) throw new Error("killed");
            return sql.run(text, params);
          };
          return work({ ...sql, run });
        }),
    };
    await expect(offerDue({ ...stand.setup, store: failing })).rejects.toThrow("killed");
    expect(await offerDue(stand.setup)).toEqual({ guides: 1, offered: 0, needsData: 0 });
    expect(await store.read.rows("SELECT task_id FROM guide_list WHERE guide_id = 1")).toEqual([
      { task_id: id },
    ]);
  });

  it("leftovers wait for the release of the day, and nobody without any is told", async () => {
    await planTask(store, "page", 11);
    await offerDue(stand.setup);
    stand.pass(day);
    const next = await planTask(store, "call", 12, { dueOn: "2026-03-03", released: false });
    expect((await offerDue(stand.setup)).guides).toBe(0);
    await store.write((sql) => sql.run("UPDATE task SET released_on = '2026-03-03' WHERE id = ?", [next]));
    expect(await offerDue(stand.setup)).toEqual({ guides: 1, offered: 1, needsData: 0 });
    expect(told().map(({ guideUserid }) => guideUserid)).toEqual(["lan", "lan"]);
  });

  it("keeps words for their hour", async () => {
    await planTask(store, "noon", 11);
    await offerDue(stand.setup);
    const row = await store.read.row<{ next_at: number }>("SELECT next_at FROM hand_over");
    expect(Number(row?.next_at)).toBe(Date.UTC(2026, 2, 2, 4, 5));
  });

  it("does not hand over what the guide must do or approve", async () => {
    for (const [at, name] of (["call", "page", "bot"] as const).entries())
      await planTask(store, name, 11 + at);
    expect((await offerDue(stand.setup)).offered).toBe(3);
    expect(await stand.handOvers()).toEqual([]);
  });

  it("stands still while work is stopped", async () => {
    await planTask(store, "greeting", 11);
    await store.write((sql) => pullStop(sql, { at: monday, by: "account:1" }));
    expect((await offerDue(stand.setup)).guides).toBe(0);
    await store.write((sql) => releaseStop(sql));
    expect((await offerDue(stand.setup)).guides).toBe(1);
  });

  it("tells again whom it could not tell, and lists what is left from earlier days first", async () => {
    stand.notebook.lose("mei");
    await planTask(store, "greeting", 21, { guideId: 2 });
    const old = await planTask(store, "call", 11);
    await offerDue(stand.setup);
    expect(await store.read.rows("SELECT guide_id, state FROM guide_day ORDER BY guide_id")).toEqual([
      { guide_id: 1, state: "told" },
      { guide_id: 2, state: "unreachable" },
    ]);
    stand.pass(day);
    const fresh = await planTask(store, "greeting", 12, { dueOn: "2026-03-03" });
    await offerDue(stand.setup);
    expect((await stand.service.todaysList(1)).map(({ taskId, position }) => [taskId, position])).toEqual([
      [old, 1],
      [fresh, 2],
    ]);
  });
});
