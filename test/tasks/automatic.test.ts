// What HQ lets a bot send without a tap: at its time, checked like everything else, and never against the guide.
import type { Store } from "../../src/infra/store.js";
import { offerDue } from "../../src/tasks/offering.js";
import { describeOnEachDatabase } from "../support/databases.js";
import {
  day,
  enrolCustomer,
  hour,
  minute,
  monday,
  openShop,
  planTask,
  respec,
  type Stand,
  standOn,
} from "../support/task-stand.js";

describeOnEachDatabase("automatic sending", (open) => {
  let store: Store;
  let stand: Stand;
  let id: number;
  const begin = async (more: object = {}, quiet?: { quiet_from: string; quiet_to: string }) => {
    store = open();
    await openShop(store);
    await respec(store, "bot", { automatic: true, ...more });
    stand = standOn(store, quiet ? { quiet } : {});
    await enrolCustomer(store, 11);
    id = await planTask(store, "bot", 11);
    await offerDue(stand.setup);
  };
  const history = async () =>
    (await stand.service.one(1, id)).history.map(({ to, reasonName }) => [to, reasonName]);
  const deliveries = async () => (await store.read.rows("SELECT task_id FROM delivery")).length;

  it("is off where HQ says nothing", async () => {
    await begin({ automatic: undefined });
    stand.pass(3 * hour);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["offered"]);
    expect((await stand.service.todaysList(1))[0]).toMatchObject({ automatic: false, sendsAt: null });
  });

  it("waits half an hour after the list, then goes, approved by the clock", async () => {
    await begin();
    expect((await stand.service.todaysList(1))[0]).toMatchObject({
      ...{ automatic: true, state: "offered", sendsAt: monday + 30 * minute },
    });
    stand.pass(29 * minute);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["offered"]);
    stand.pass(minute);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["sent"]);
    expect(await history()).toEqual([
      ["offered", null],
      ["approved", "自动发送"],
      ["sending", null],
      ["sent", null],
    ]);
    await stand.sender.dispatchDue();
    expect(await deliveries()).toBe(1);
  });

  it("goes at the hour HQ names", async () => {
    await begin({ at: "12:05" });
    expect((await stand.service.todaysList(1))[0]?.sendsAt).toBe(Date.UTC(2026, 2, 2, 4, 5));
  });

  it.each<[string, (stand: Stand, id: number) => Promise<unknown>, string]>([
    ["skipped", ({ service }, task) => service.skip(1, task, "busy"), "skipped: guide_skipped_busy"],
    ["put off", ({ service }, task) => service.later(1, task), "offered"],
    ["done by hand", ({ service }, task) => service.doneByHand(1, task, "已当面聊过"), "done_by_hand"],
  ])("%s before its time does not go", async (_what, act, state) => {
    await begin();
    await act(stand, id);
    stand.pass(hour);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual([state]);
    expect(await deliveries()).toBe(0);
  });

  it("put off goes later, by itself", async () => {
    await begin();
    await stand.service.later(1, id);
    stand.pass(2 * hour);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["sent"]);
  });

  it("goes once when the guide would not wait", async () => {
    await begin();
    await stand.service.approve(1, [id]);
    stand.pass(minute);
    await stand.sender.dispatchDue();
    stand.pass(hour);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["sent"]);
    expect(await deliveries()).toBe(1);
    expect((await history()).map(([to, reason]) => `${to} ${reason}`)).not.toContain("approved 自动发送");
  });

  it("goes in the guide's own words", async () => {
    await begin();
    await stand.service.edit(1, id, "客户11，周末来店里坐坐吗？");
    stand.pass(hour);
    await stand.sender.dispatchDue();
    expect(await store.read.rows("SELECT words FROM delivery")).toEqual([
      { words: "客户11，周末来店里坐坐吗？" },
    ]);
  });

  it.each<[string, string, string]>([
    ["opted out", "UPDATE customer SET opted_out = 1 WHERE id = 11", "cancelled: opted_out"],
    ["is no friend any more", "UPDATE contact SET ended_on = '2026-03-02'", "skipped: not_a_friend"],
  ])("is checked in the claiming transaction: a customer who %s", async (_what, change, state) => {
    await begin();
    await store.write((sql) => sql.run(change));
    stand.pass(hour);
    await stand.sender.dispatchDue();
    const [now] = await stand.states();
    expect(now?.split(": ")[1]).toBe(state.split(": ")[1]);
    expect(await deliveries()).toBe(0);
  });

  it("never goes with a value missing; once it is there, at its time", async () => {
    const born = { anchor: "child_born", offset: { unit: "months", n: 6 }, repeat: "once" };
    await begin({ words: "{{child.name}}最近好吗？", trigger: born, at: "23:00" });
    await store.write(async (sql) => {
      await sql.run("UPDATE child SET name = NULL");
      for (const table of ["task", "guide_day", "hand_over", "hand_over_task", "task_event"])
        await sql.run(`DELETE FROM ${table}`);
    });
    await respec(store, "bot", { at: null });
    stand = standOn(store);
    id = await planTask(store, "bot", 11);
    await store.write((sql) => sql.run("UPDATE task SET child_no = 1, anchor_on = '2025-09-02'"));
    await offerDue(stand.setup);
    expect(await stand.states()).toEqual(["needs_data: no_data"]);
    stand.pass(hour);
    await stand.sender.dispatchDue();
    expect(await deliveries()).toBe(0);
    await stand.service.supply(1, id, "小名", "豆豆");
    await stand.sender.dispatchDue();
    expect(await store.read.rows("SELECT words FROM delivery")).toEqual([{ words: "豆豆最近好吗？" }]);
  });

  it("keeps quiet hours and speaks of the next day in the morning", async () => {
    await begin(
      { at: "12:05", words: "{{customer.name}}，今天过得好吗？" },
      { quiet_from: "12:00", quiet_to: "08:00" },
    );
    stand.pass(3 * hour);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["offered"]);
    stand.world.set(monday + day);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["offered"]);
    const [ready] = await store.read.rows<{ on: string; at: number }>(
      "SELECT prepared_on AS `on`, next_at AS at FROM hand_over WHERE state = 'ready'",
    );
    expect(ready).toMatchObject({ on: "2026-03-03" });
    expect(Number(ready?.at)).toBe(Date.UTC(2026, 2, 3, 4, 5));
  });

  it("is stopped by the emergency stop", async () => {
    await begin();
    await store.write((sql) =>
      sql.run('INSERT INTO setting (name, value) VALUES (\'stopped\', \'{"at":1,"by":"x"}\')'),
    );
    stand.pass(hour);
    await stand.sender.dispatchDue();
    expect(await deliveries()).toBe(0);
  });
});
