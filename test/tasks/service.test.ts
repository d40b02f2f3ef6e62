// What a guide can do to a task: each action once, whatever the channel holds, and never to a neighbour's.
import type { Store } from "../../src/infra/store.js";
import { enforceStop, resume, stopEverything } from "../../src/tasks/halt.js";
import { offerDue } from "../../src/tasks/offering.js";
import { pollOutstanding } from "../../src/tasks/outcomes.js";
import { recheckWaiting } from "../../src/tasks/rechecking.js";
import { reconcile } from "../../src/tasks/reconcile.js";
import { stoppedSince } from "../../src/tasks/stop.js";
import { describeOnEachDatabase } from "../support/databases.js";
import * as support from "../support/task-stand.js";
import {
  enrolCustomer,
  minute,
  monday,
  openShop,
  planTask,
  type Stand,
  standOn,
} from "../support/task-stand.js";

const { hour, today } = support;

describeOnEachDatabase("a guide's service", (open) => {
  let store: Store;
  let stand: Stand;
  beforeEach(async () => {
    store = open();
    await openShop(store);
    stand = standOn(store);
    for (const id of [11, 12, 13]) await enrolCustomer(store, id);
  });
  const calls = () => stand.notebook.entries.flatMap((entry) => (entry.kind === "handedOver" ? [entry] : []));
  const offered = async (...names: support.TouchpointName[]) => {
    const ids: number[] = [];
    for (const [at, name] of names.entries()) ids.push(await planTask(store, name, 11 + at));
    await offerDue(stand.setup);
    return ids as [number, ...number[]];
  };
  const handedOver = async (...names: support.TouchpointName[]) => {
    const ids = await offered(...names);
    await stand.sender.dispatchDue();
    return ids;
  };
  const events = async (state: string) =>
    (await store.read.rows("SELECT id FROM task_event WHERE to_state = ?", [state])).length;

  it("lists the day with the reason for each customer", async () => {
    const ids = await offered("greeting", "call", "baby");
    const list = await stand.service.todaysList(1);
    expect(
      list.map(({ position, customerName, why, words }) => [position, customerName, why, words]),
    ).toEqual([
      [1, "客户11", "加好友第7天", "早上好，这里是万达店的兰兰。"],
      [2, "客户12", "加好友第7天", null],
      [3, "客户13", "宝宝今天满6个月", "豆豆今天满6个月啦。"],
    ]);
    expect(list[2]).toMatchObject({
      ...{ taskId: ids[2], touchpointName: "baby", journeyName: "新客旅程", way: "mass", childName: "豆豆" },
      ...{ stateName: "待处理", dueOn: today, expiresOn: "2026-03-05", acted: false, replied: false },
    });
    expect(await stand.service.todaysList(2)).toEqual([]);
    await stand.service.skip(1, ids[0], "busy");
    expect((await stand.service.showList(1)).map(({ taskId }) => taskId)).toEqual(ids);
  });

  it("keeps what was done today of earlier days on the list, until the day is over", async () => {
    const ids = await offered("greeting", "call", "baby");
    const list = async () =>
      (await stand.service.todaysList(1)).map(({ taskId, acted }) => [taskId, acted] as const);
    stand.pass(24 * hour);
    await stand.service.doneByHand(1, ids[1] ?? 0, "聊过了");
    await stand.service.skip(1, ids[2] ?? 0, "busy");
    expect(await list()).toEqual([
      [ids[0], false],
      [ids[1], true],
      [ids[2], true],
    ]);
    // done with, but nothing that figures may call completed
    expect(await stand.task(ids[2] ?? 0)).toMatchObject({ state: "skipped", acted_at: null });
    stand.pass(24 * hour);
    expect(await list()).toEqual([[ids[0], false]]);
  });

  it("knows no task of a neighbour, none not offered, none at all", async () => {
    const [id] = await offered("greeting");
    const planned = await planTask(store, "call", 13);
    const { service } = stand;
    for (const [guide, task] of [
      [2, id],
      [1, planned],
      [1, 999_999],
      [1, Number.NaN],
    ] as const)
      for (const act of [
        () => service.one(guide, task),
        () => service.skip(guide, task, "busy"),
        () => service.later(guide, task),
        () => service.edit(guide, task, "您好"),
        () => service.doneByHand(guide, task, "聊过"),
        () => service.reportSent(guide, task),
        () => service.takeWords(guide, task),
        () => service.approve(guide, [task]),
        () => service.supply(guide, task, "小名", "豆豆"),
        () => service.answerUnknown(guide, task, true),
      ])
        await expect(act()).rejects.toMatchObject({ kind: "not_found" });
    expect(await stand.states()).toEqual(["offered", "planned"]);
  });

  it.each(["offered", "handed over"])("skips once, %s", async (when) => {
    const [id, other] = await (when === "offered" ? offered : handedOver)("greeting", "greeting");
    expect(await stand.service.skip(1, id, "already_spoke", "昨天聊过")).toEqual({
      ...{ taskId: id, changed: true, state: "skipped", stateName: "已跳过", message: "已跳过：已经聊过。" },
    });
    expect(await stand.service.skip(1, id, "busy")).toMatchObject({ changed: false, state: "skipped" });
    expect(await events("skipped")).toBe(1);
    expect(await stand.task(id)).toMatchObject({ reason: "guide_skipped_already_spoke", acted_at: null });
    stand.pass(minute);
    await stand.sender.dispatchDue();
    expect(calls().at(-1)?.followUp.externalUserids).toEqual(["wm-12"]);
    expect((await stand.task(other ?? 0)).state).toBe("handed_over");
    const [first] = calls();
    if (calls().length === 2) stand.notebook.confirm(first?.providerRef ?? "");
    await pollOutstanding(stand.setup);
    expect(await stand.states()).toEqual(["skipped: guide_skipped_already_spoke", "handed_over"]);
  });

  it.each(["offered", "handed over"])("does once what is tapped twice at the same time, %s", async (when) => {
    const [id, other] = await (when === "offered" ? offered : handedOver)("greeting", "call");
    const { service } = stand;
    const taps = [() => service.skip(1, id, "busy"), () => service.doneByHand(1, other ?? 0, "聊过")];
    for (const tap of taps) {
      const answers = await Promise.all([tap(), tap(), tap()]);
      expect(answers.filter(({ changed }) => changed)).toHaveLength(1);
    }
    expect([await events("skipped"), await events("done_by_hand")]).toEqual([1, 1]);
  });

  it("sends once what a page reports twice at the same time, and a bot is told twice to send", async () => {
    const [page, bot] = await offered("page", "bot");
    const { service } = stand;
    const [words, same] = await Promise.all([service.takeWords(1, page), service.takeWords(1, page)]);
    expect([words, same].map(({ go }) => go).sort()).toEqual([false, true]);
    expect(same.words).toBe(words.words);
    const reports = await Promise.all([service.reportSent(1, page), service.reportSent(1, page)]);
    expect(reports.filter(({ changed }) => changed)).toHaveLength(1);
    const approvals = await Promise.all([service.approve(1, [bot ?? 0]), service.approve(1, [bot ?? 0])]);
    expect(approvals.flat().filter(({ changed }) => changed)).toHaveLength(1);
    stand.pass(minute);
    await Promise.all([stand.sender.dispatchDue(), stand.sender.dispatchDue()]);
    expect(await store.read.rows("SELECT task_id FROM delivery ORDER BY task_id")).toHaveLength(2);
    const sentBy = (stand.setup.channels.bot as typeof stand.notebook).entries;
    expect(sentBy.filter(({ kind }) => kind === "handedOver")).toHaveLength(1);
  });

  it("refuses a reason that is none", async () => {
    const [id] = await offered("greeting");
    await expect(stand.service.skip(1, id, "lazy" as "busy")).rejects.toMatchObject({ kind: "invalid" });
  });

  it("says so when the guide had confirmed before", async () => {
    const [id] = await handedOver("greeting");
    stand.notebook.confirm(calls()[0]?.providerRef ?? "");
    expect(await stand.service.skip(1, id, "busy")).toMatchObject({
      ...{ changed: false, state: "sent", message: "这条消息已经发出。" },
    });
  });

  it("edits once, keeps the original, and the edit goes out", async () => {
    const [id] = await offered("greeting", "greeting");
    expect(await stand.service.edit(1, id, " 亲爱的，早！ ")).toMatchObject({
      changed: true,
      state: "offered",
    });
    expect(await stand.service.edit(1, id, "亲爱的，早！")).toMatchObject({ changed: false });
    expect(await stand.service.one(1, id)).toMatchObject({
      ...{ words: "亲爱的，早！", original: "早上好，这里是万达店的兰兰。" },
    });
    await stand.sender.dispatchDue();
    expect(calls().map(({ followUp }) => [followUp.externalUserids, followUp.text])).toEqual([
      [["wm-12"], "早上好，这里是万达店的兰兰。"],
      [["wm-11"], "亲爱的，早！"],
    ]);
    expect(await store.read.rows("SELECT edited_by FROM task_edit")).toEqual([{ edited_by: "guide:1" }]);
  });

  it("edits what WeCom holds: taken back first, the others offered anew", async () => {
    const [id, other] = await handedOver("greeting", "greeting");
    expect(await stand.service.edit(1, id, "亲爱的，早！")).toMatchObject({
      changed: true,
      state: "offered",
    });
    await stand.sender.dispatchDue();
    expect(
      calls()
        .slice(1)
        .map(({ followUp }) => [followUp.externalUserids, followUp.text]),
    ).toEqual([
      [["wm-12"], "早上好，这里是万达店的兰兰。"],
      [["wm-11"], "亲爱的，早！"],
    ]);
    stand.notebook.confirm(calls()[0]?.providerRef ?? "");
    for (const { providerRef } of calls().slice(1)) stand.notebook.confirm(providerRef);
    stand.pass(minute);
    await pollOutstanding(stand.setup);
    const rows = await store.read.rows("SELECT task_id, words FROM delivery ORDER BY task_id");
    expect(rows).toEqual([
      { task_id: id, words: "亲爱的，早！" },
      { task_id: other, words: "早上好，这里是万达店的兰兰。" },
    ]);
  });

  it("lets an edit stand in for a value that is missing", async () => {
    await store.write((sql) => sql.run("UPDATE child SET name = NULL"));
    const [id] = await offered("baby");
    expect((await stand.task(id)).state).toBe("needs_data");
    expect(await stand.service.edit(1, id, "宝宝半岁快乐！")).toMatchObject({
      changed: true,
      state: "offered",
    });
    await stand.sender.dispatchDue();
    expect(calls()[0]?.followUp.text).toBe("宝宝半岁快乐！");
  });

  it("checks the guide's words like HQ's", async () => {
    const [id, call] = await offered("greeting", "call");
    await expect(stand.service.edit(1, id, "能治愈湿疹")).rejects.toMatchObject({ kind: "invalid" });
    await expect(stand.service.edit(1, id, "  ")).rejects.toMatchObject({ kind: "invalid" });
    await expect(stand.service.edit(1, id, "长".repeat(1334))).rejects.toMatchObject({ kind: "invalid" });
    await expect(stand.service.edit(1, call ?? 0, "您好")).rejects.toMatchObject({ kind: "unsupported" });
  });

  it("puts off by two hours, else to tomorrow, else not at all", async () => {
    const [id, other] = await handedOver("greeting", "personal");
    await store.write((sql) => sql.run("UPDATE task SET expires_on = ? WHERE id = ?", [today, other ?? 0]));
    expect(await stand.service.later(1, id)).toMatchObject({
      state: "offered",
      message: "好的，两小时后再提醒。",
    });
    await stand.sender.dispatchDue();
    expect(calls()).toHaveLength(2);
    stand.pass(2 * hour);
    await stand.sender.dispatchDue();
    expect(calls()).toHaveLength(3);
    stand.world.set(Date.UTC(2026, 2, 2, 11));
    expect(await stand.service.later(1, id)).toMatchObject({ message: "好的，明天再提醒。" });
    expect(await stand.task(id)).toMatchObject({
      snoozed_until: Date.UTC(2026, 2, 3, 1, 7),
      release_on: today,
    });
    await expect(stand.service.later(1, other ?? 0)).rejects.toThrow("今天到期");
  });

  it("reminds of what was put off, once, unless it was done meanwhile", async () => {
    const [first, second] = await offered("call", "call", "call");
    await stand.service.later(1, first);
    await stand.service.later(1, second ?? 0);
    await stand.service.doneByHand(1, second ?? 0, "聊过");
    const texts = () =>
      stand.notebook.entries.flatMap((entry) =>
        entry.kind === "told" && entry.note.kind === "text" ? [entry.note.text] : [],
      );
    await offerDue(stand.setup);
    expect(texts()).toEqual([]);
    stand.pass(2 * hour);
    await offerDue(stand.setup);
    await offerDue(stand.setup);
    expect(texts()).toEqual(["您之前说稍后跟进：\n1. 客户11"]);
    expect(await store.read.rows("SELECT * FROM task_reminder")).toEqual([]);
  });

  it("records what was done by hand, once", async () => {
    const [id, massed] = await handedOver("call", "greeting");
    stand.pass(hour);
    expect(await stand.service.doneByHand(1, id, "电话回访，宝宝很好")).toMatchObject({
      state: "done_by_hand",
    });
    expect(await stand.service.doneByHand(1, id, "又一次")).toMatchObject({ changed: false });
    expect(await stand.task(id)).toMatchObject({ acted_at: monday + hour });
    expect((await stand.service.one(1, id)).history.at(-1)).toMatchObject({
      ...{ note: "电话回访，宝宝很好", actor: "guide:1", stateName: "已人工完成" },
    });
    expect(await stand.service.doneByHand(1, massed ?? 0, "当面说了")).toMatchObject({
      state: "done_by_hand",
    });
    expect((await stand.handOvers())[0]?.state).toBe("stopped");
  });

  it("sends from the page: claimed, reported, once", async () => {
    const [id] = await offered("page");
    expect(await stand.service.takeWords(1, id)).toEqual({ words: "客户11，页面问候。", go: true });
    expect(await stand.service.takeWords(1, id)).toEqual({ words: "客户11，页面问候。", go: false });
    expect(await stand.states()).toEqual(["sending"]);
    stand.pass(minute);
    expect(await stand.service.reportSent(1, id)).toMatchObject({ changed: true, state: "sent" });
    expect(await stand.service.reportSent(1, id)).toMatchObject({ changed: false, state: "sent" });
    expect(await stand.task(id)).toMatchObject({
      acted_at: monday + minute,
      sent_at: monday + minute,
      proven: 0,
    });
    expect((await stand.service.one(1, id)).history.map(({ to }) => to)).toEqual([
      ...["offered", "approved", "sending", "sent"],
    ]);
    expect(await store.read.rows("SELECT task_id FROM delivery")).toHaveLength(1);
  });

  it("takes a page's report without a claim, and late ones", async () => {
    const [id, other] = await offered("page", "page");
    expect(await stand.service.reportSent(1, id)).toMatchObject({ changed: true, state: "sent" });
    await stand.service.takeWords(1, other ?? 0);
    stand.pass(11 * minute);
    await reconcile(stand.setup);
    expect((await stand.task(other ?? 0)).state).toBe("unknown");
    expect(await stand.service.reportSent(1, other ?? 0)).toMatchObject({ changed: true, state: "sent" });
  });

  it("gives a page no words that may not go", async () => {
    const [id] = await offered("page");
    await store.write((sql) => sql.run("UPDATE customer SET opted_out = 1"));
    await expect(stand.service.takeWords(1, id)).rejects.toThrow("客户已退订");
    expect(await stand.states()).toEqual(["skipped: opted_out"]);
    await expect(stand.service.reportSent(1, (await offered("greeting"))[0])).rejects.toThrow();
  });

  it("sends by a bot half a minute after the approval, unless it is taken back", async () => {
    const bot = stand.setup.channels.bot as typeof stand.notebook;
    const [id, other] = await offered("bot", "bot");
    await stand.sender.dispatchDue();
    expect(bot.entries).toEqual([]);
    const answers = await stand.service.approve(1, [id, other ?? 0, id]);
    expect(answers.map(({ changed }) => changed)).toEqual([true, true]);
    expect(await stand.service.approve(1, [id])).toMatchObject([{ changed: false }]);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["approved", "approved"]);
    expect(await stand.service.takeBack(1, [other ?? 0])).toMatchObject([
      { taskId: other, state: "offered" },
    ]);
    expect(await stand.service.takeBack(2)).toEqual([]);
    stand.pass(30_000);
    expect(await stand.sender.dispatchDue()).toMatchObject({ sent: 1 });
    expect(await stand.states()).toEqual(["sent", "offered"]);
    expect(await stand.task(id)).toMatchObject({ acted_at: monday, sent_at: monday + 30_000 });
    expect(await stand.service.takeBack(1)).toEqual([]);
  });

  it("points to WeCom for what is confirmed there", async () => {
    const [id] = await handedOver("greeting");
    expect(await stand.service.approve(1, [id])).toMatchObject([
      { changed: false, message: expect.stringContaining("群发助手") },
    ]);
  });

  it("asks for approval where a channel would send at once", async () => {
    const { notebook } = stand;
    notebook.promises.confirmsThere = false;
    const [id] = await offered("greeting");
    await stand.sender.dispatchDue();
    expect(calls()).toEqual([]);
    await stand.service.approve(1, [id]);
    expect(await stand.states()).toEqual(["approved"]);
  });

  it("takes back what the customer may not have any more, and offers the others anew", async () => {
    await handedOver("greeting", "greeting", "greeting");
    await store.write((sql) => sql.run("UPDATE customer SET opted_out = 1 WHERE id = 12"));
    expect(await recheckWaiting(stand.setup)).toBe(1);
    expect(await stand.states()).toEqual(["offered", "skipped: opted_out", "offered"]);
    expect(await recheckWaiting(stand.setup)).toBe(0);
    await stand.sender.dispatchDue();
    expect(calls().at(-1)?.followUp.externalUserids).toEqual(["wm-11", "wm-13"]);
  });

  it("stops everything at once, and floods nobody when it goes on", async () => {
    await planTask(store, "noon", 12);
    await planTask(store, "call", 13);
    await handedOver("greeting");
    expect(await stopEverything(stand.setup, "account:1")).toEqual({ planned: 1, withdrawn: 1, left: 0 });
    expect(await stopEverything(stand.setup, "account:2")).toEqual({ planned: 0, withdrawn: 0, left: 0 });
    expect(await stoppedSince(store.read)).toEqual({ at: monday, by: "account:1" });
    expect(await stand.states()).toEqual(["planned: emergency_stop", "offered", "planned: emergency_stop"]);
    const rows = await store.read.rows("SELECT release_on, released_on FROM task WHERE state = 'planned'");
    expect(rows).toEqual([1, 2].map(() => ({ release_on: "2026-03-03", released_on: null })));
    expect(await resume(stand.setup, "account:1")).toBe(true);
    expect(await resume(stand.setup, "account:1")).toBe(false);
    expect(await enforceStop(stand.setup)).toEqual({ planned: 0, withdrawn: 0, left: 0 });
    await stand.sender.dispatchDue();
    expect(calls()).toHaveLength(1);
  });
});
