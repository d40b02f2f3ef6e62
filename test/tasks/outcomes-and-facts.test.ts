// Reports by HQ's form and facts collected, over the real service and the real chat: what is written, what ends, what stays.
import { join } from "node:path";
import { projectRoot } from "../../src/infra/config.js";
import type { Store } from "../../src/infra/store.js";
import { pageRenderer } from "../../src/infra/templates-pages.js";
import { audienceBasis } from "../../src/journeys/audience-basis.js";
import { audienceCondition } from "../../src/journeys/audience-sql.js";
import type { TouchpointSpec } from "../../src/journeys/spec.js";
import { ASKABLE, type Askable } from "../../src/journeys/words.js";
import { isAnswered } from "../../src/tasks/answered.js";
import { cancelAnswered } from "../../src/tasks/asked.js";
import { chatService } from "../../src/tasks/chat.js";
import { peopleOf } from "../../src/tasks/facts.js";
import { offerDue } from "../../src/tasks/offering.js";
import { describeOnEachDatabase } from "../support/databases.js";
import {
  day,
  enrolCustomer,
  openShop,
  planTask,
  respec,
  type Stand,
  standOn,
  today,
  zone,
} from "../support/task-stand.js";

const form = { outcomes: ["接通", "未接通"], tags: ["二胎计划"], nextTouch: true };
const cards = pageRenderer(join(projectRoot, "templates/cards"));

describeOnEachDatabase("reports and facts", (open) => {
  let store: Store;
  let stand: Stand;
  beforeEach(async () => {
    store = open();
    await openShop(store);
    stand = standOn(store);
    for (const id of [11, 12]) await enrolCustomer(store, id);
  });
  /** The touchpoint `call`, from now on with this besides. */
  const changeCall = (more: Partial<TouchpointSpec>) => respec(store, "call", more);
  const offered = async (...customers: number[]) => {
    const ids: number[] = [];
    for (const id of customers) ids.push(await planTask(store, "call", id));
    await offerDue(stand.setup);
    return ids;
  };
  const say = async (text: string) => {
    const before = stand.notebook.entries.length;
    const chat = chatService({
      ...{ store, world: stand.world, zone, channel: stand.notebook, tasks: stand.service, cards },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    await chat.guideSaid({ guideUserid: "lan", text, at: stand.world.now() });
    const [entry] = stand.notebook.entries.slice(before);
    return entry?.kind === "told" && entry.note.kind === "text" ? entry.note.text : "";
  };
  const outcomes = () =>
    store.read.rows(
      "SELECT customer_id, outcome, tags, note, next_touch_on FROM task_outcome ORDER BY task_id",
    );

  it("takes the form in chat, and asks for the outcome where it was not said", async () => {
    await changeCall({ form });
    await offered(11, 12);
    await say("任务");
    expect(await say("1")).toContain(
      "跟进后回复：完成 1 接通（或 未接通） 备注，可加标签 #二胎计划，约下次写：下次 3月20日",
    );
    expect(await say("完成 1 已电话回访")).toContain("请选择结果：接通、未接通。");
    expect(await say("完成 1 接通 想试二段 #二胎计划 下次 3月20日")).toContain(
      "已记录：接通，3月20日再联系。",
    );
    expect(await say("完成 2 未接通 下次 1月5日")).toContain("已记录：未接通，1月5日再联系。");
    expect(await outcomes()).toEqual([
      ...[
        { customer_id: 11, outcome: "接通", tags: "二胎计划", note: "想试二段", next_touch_on: "2026-03-20" },
      ],
      // a day without a year is the next such day
      ...[{ customer_id: 12, outcome: "未接通", tags: null, note: null, next_touch_on: "2027-01-05" }],
    ]);
    expect(await store.read.rows("SELECT customer_id, name, source FROM customer_tag")).toEqual([
      { customer_id: 11, name: "二胎计划", source: "manual" },
    ]);
    const anchors = await store.read.rows(
      "SELECT customer_id, on_date, cycle_on, guide_id FROM anchor WHERE kind = 'next_touch' ORDER BY customer_id",
    );
    expect(anchors).toEqual([
      { customer_id: 11, on_date: "2026-03-20", cycle_on: 20260320, guide_id: 1 },
      { customer_id: 12, on_date: "2027-01-05", cycle_on: 20270105, guide_id: 1 },
    ]);
    const marks = await store.read.rows("SELECT customer_id, kind, was_cycle FROM anchor_mark ORDER BY id");
    expect(marks).toEqual([11, 12].map((id) => ({ customer_id: id, kind: "next_touch", was_cycle: 0 })));
  });

  it("writes nothing when the form is wrong, or the task has ended", async () => {
    await changeCall({ form });
    const [id = 0] = await offered(11);
    const filled = { outcome: "接通", tags: [], note: "", nextTouchOn: null };
    for (const wrong of [{ outcome: "好" }, { tags: ["VIP"] }, { nextTouchOn: today }])
      await expect(stand.service.doneByHand(1, id, { ...filled, ...wrong })).rejects.toMatchObject({
        kind: "invalid",
      });
    expect(await stand.states()).toEqual(["offered"]);
    await stand.service.skip(1, id, "busy");
    expect(await stand.service.doneByHand(1, id, filled)).toMatchObject({ changed: false, state: "skipped" });
    expect(await outcomes()).toEqual([]);
  });

  it("needs no form where HQ asks for none", async () => {
    const [id = 0] = await offered(11);
    expect(await stand.service.doneByHand(1, id, "聊过了")).toMatchObject({
      changed: true,
      state: "done_by_hand",
    });
    expect((await stand.service.one(1, id)).history.at(-1)?.note).toBe("聊过了");
    expect(await outcomes()).toEqual([]);
  });

  it("stands in the list the next time, the last report before the others", async () => {
    await changeCall({ form });
    const [id = 0] = await offered(11);
    await stand.service.doneByHand(1, id, "未接通");
    stand.pass(day);
    const next = await planTask(store, "page", 11, { dueOn: "2026-03-03" });
    await offerDue(stand.setup);
    expect((await stand.service.one(1, next)).why).toMatch(/；上次回访（3月2日）：未接通$/);
  });

  it("is done when the guide tells the fact, whichever of its tasks was meant", async () => {
    await changeCall({ ask: "child.name" });
    await store.write((sql) => sql.run("UPDATE child SET name = NULL"));
    const [id = 0] = await offered(11, 12);
    const page = await planTask(store, "page", 11);
    await store.write((sql) =>
      sql.run("UPDATE task SET state = 'offered', offered_at = 1 WHERE id = ?", [page]),
    );
    expect(await say("任务")).toContain("【问宝宝小名】");
    const answer = await stand.service.supply(1, page, "小名", "豆豆");
    expect(answer.message).toBe("已记录宝宝小名。任务完成。");
    expect(await stand.states()).toEqual(["done_by_hand", "offered", "offered"]);
    expect((await stand.service.one(1, id)).history.at(-1)?.note).toBe("宝宝小名 豆豆");
    expect(await say("补 2 小米")).toContain("任务完成");
    expect(await stand.states()).toEqual(["done_by_hand", "done_by_hand", "offered"]);
  });

  it("takes the answer to a question that has gone out already", async () => {
    await changeCall({ ask: "child.name", send: "page", words: "宝宝小名叫什么呀？" });
    await store.write((sql) => sql.run("UPDATE child SET name = NULL"));
    const [id = 0] = await offered(11);
    await stand.service.takeWords(1, id);
    await stand.service.reportSent(1, id);
    const asked = await stand.service.one(1, id);
    expect([asked.state, asked.asks.map(({ word }) => word)]).toEqual(["sent", ["小名"]]);
    expect((await stand.service.supply(1, id, "小名", "豆豆")).message).toBe("已记录宝宝小名。");
    expect((await stand.service.one(1, id)).asks).toEqual([]);
    expect(await stand.states()).toEqual(["sent"]);
  });

  it("goes when the fact is known by another way", async () => {
    await changeCall({ ask: "customer.birthday" });
    await offered(11);
    await planTask(store, "call", 12, { released: false });
    expect(await cancelAnswered(stand.setup)).toBe(0);
    await store.write((sql) => sql.run("UPDATE customer SET birthday = '1995-04-04'"));
    expect(await cancelAnswered(stand.setup)).toBe(2);
    expect(await stand.states()).toEqual(["cancelled: superseded", "cancelled: superseded"]);
    expect(await cancelAnswered(stand.setup)).toBe(0);
  });

  it("means the same by what is lacking in SQL and what is known in memory", async () => {
    await store.write(async (sql) => {
      for (const table of ["customer", "child"]) await sql.run(`DELETE FROM ${table}`);
      const people: [number, string, string | null, string | null][] = [
        ...([
          [1, "", null, null],
          [2, "王芳", "x", null],
          [3, "李娜", null, "1995-04-04"],
          [4, "张敏", "y", null],
        ] as const),
      ].map(([...one]) => one);
      for (const [id, name, phone, birthday] of people)
        await sql.run(
          "INSERT INTO customer (id, external_userid, name, phone_cipher, birthday, bucket) VALUES (?, ?, ?, ?, ?, 0)",
          [id, `wm-${id}`, name, phone, birthday],
        );
      const children: [number, number, string | null, string | null, string | null][] = [
        ...([
          [2, 1, null, null, "2026-06-01"],
          [3, 1, "豆豆", null, null],
          [3, 2, null, "2025-01-01", null],
        ] as const),
      ].map(([...one]) => one);
      for (const child of children)
        await sql.run(
          "INSERT INTO child (customer_id, child_no, name, born_on, due_on) VALUES (?, ?, ?, ?, ?)",
          child,
        );
    });
    const tasks = [1, 2, 3, 4].map((customerId) => ({ customerId, guideId: 1, childNo: 0 }));
    const people = await peopleOf(store.read, tasks);
    const expected: Record<Askable, number[]> = {
      ...{ "customer.name": [1], "customer.phone": [1, 3], "customer.birthday": [1, 2, 4] },
      ...{ "child.name": [1, 2, 4], "child.born_on": [1, 2, 4], "child.due_on": [1, 4] },
    };
    for (const fact of Object.keys(ASKABLE) as Askable[]) {
      const { sql, params } = audienceCondition({ lacks: [fact] }, await audienceBasis(store.read), today);
      const rows = await store.read.rows<{ id: number }>(
        `SELECT c.id FROM customer c WHERE ${sql} ORDER BY c.id`,
        params,
      );
      expect([fact, rows.map(({ id }) => id)]).toEqual([fact, expected[fact]]);
      const unanswered = tasks.filter((task) => !isAnswered(fact, task, people));
      expect([fact, unanswered.map(({ customerId }) => customerId)]).toEqual([fact, expected[fact]]);
    }
  });
});
