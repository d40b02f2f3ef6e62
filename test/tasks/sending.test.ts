// Sending and what becomes of it: claims, every kind of answer, outcomes per customer, never twice.
import { ChannelError, type ChannelErrorKind } from "../../src/channels/port.js";
import type { Store } from "../../src/infra/store.js";
import { offerDue } from "../../src/tasks/offering.js";
import { pollOutstanding } from "../../src/tasks/outcomes.js";
import { pullStop } from "../../src/tasks/stop.js";
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

describeOnEachDatabase("sending", (open) => {
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
    return ids;
  };
  const fail = (
    kind: ChannelErrorKind,
    when: "before" | "after" = "before",
    code?: number,
    retryAfter?: number,
  ) => stand.notebook.failNext(new ChannelError(kind, "no", code, retryAfter), when);
  const change = (sql: string) => store.write((on) => on.run(sql));

  it("hands the words over, reads the guide's tap, and writes the delivery down", async () => {
    const [first, second] = await offered("greeting", "greeting");
    expect(await stand.sender.dispatchDue()).toMatchObject({ handedOver: 2 });
    expect(calls().map(({ followUp }) => [followUp.guideUserid, followUp.externalUserids])).toEqual([
      ["lan", ["wm-11", "wm-12"]],
    ]);
    expect(await stand.states()).toEqual(["handed_over", "handed_over"]);
    stand.pass(40 * minute);
    stand.notebook.confirm(calls()[0]?.providerRef ?? "", { "wm-12": "not_a_friend" });
    stand.pass(10 * minute);
    expect(await pollOutstanding(stand.setup)).toBe(1);
    expect(await stand.states()).toEqual(["sent", "skipped: not_a_friend"]);
    const confirmedAt = monday + 40 * minute;
    expect(await stand.task(first ?? 0)).toMatchObject({
      acted_at: confirmedAt,
      sent_at: confirmedAt,
      late: 0,
    });
    expect(await stand.task(second ?? 0)).toMatchObject({ acted_at: confirmedAt, sent_at: null });
    const words = "早上好，这里是万达店的兰兰。";
    const where = { task_id: first, guide_id: 1, customer_id: 11 };
    expect(await store.read.rows("SELECT * FROM delivery")).toEqual([
      { ...where, sent_at: confirmedAt, sent_on: today, acted_at: confirmedAt, words, way: "mass" },
    ]);
    expect(await store.read.rows("SELECT customer_id, guide_id FROM credit_mark")).toEqual([
      { customer_id: 11, guide_id: 1 },
    ]);
    expect((await stand.service.one(1, first ?? 0)).history.map(({ to }) => to)).toEqual([
      ...["offered", "sending", "handed_over", "sent"],
    ]);
    expect(await pollOutstanding(stand.setup)).toBe(0);
  });

  it("sends nothing twice, however often and by however many it is told to", async () => {
    await offered("greeting", "personal", "baby");
    await Promise.all([1, 2, 3].map(() => stand.sender.dispatchDue()));
    await stand.sender.dispatchDue();
    expect(calls()).toHaveLength(3);
    expect(
      calls()
        .flatMap(({ followUp }) => followUp.externalUserids)
        .sort(),
    ).toEqual(["wm-11", "wm-12", "wm-13"]);
    for (const { providerRef } of calls()) stand.notebook.confirm(providerRef);
    stand.pass(2 * minute);
    await Promise.all([pollOutstanding(stand.setup), pollOutstanding(stand.setup)]);
    expect(await stand.states()).toEqual(["sent", "sent", "sent"]);
    expect(await store.read.rows("SELECT task_id FROM delivery")).toHaveLength(3);
    expect(await store.read.rows("SELECT id FROM task_event WHERE to_state = 'sent'")).toHaveLength(3);
  });

  it("plans for tomorrow who may receive no more today, and ends it on the last day", async () => {
    const ids = [
      await planTask(store, "greeting", 11),
      await planTask(store, "greeting", 12, { expiresOn: today }),
    ];
    await offerDue(stand.setup);
    await stand.sender.dispatchDue();
    stand.notebook.confirm(calls()[0]?.providerRef ?? "", {
      "wm-11": "receive_limit",
      "wm-12": "receive_limit",
    });
    stand.pass(minute);
    await pollOutstanding(stand.setup);
    expect(await stand.states()).toEqual(["planned: receive_limit", "skipped: receive_limit"]);
    expect(await stand.task(ids[0] ?? 0)).toMatchObject({
      ...{ release_on: "2026-03-03", released_on: null, acted_at: null, hand_over_id: null },
    });
    expect(await stand.task(ids[1] ?? 0)).toMatchObject({ acted_at: monday });
  });

  it("keeps looking for customers still open, for a day", async () => {
    await offered("greeting", "greeting");
    await stand.sender.dispatchDue();
    stand.notebook.confirm(calls()[0]?.providerRef ?? "", { "wm-11": "open" });
    stand.pass(minute);
    await pollOutstanding(stand.setup);
    expect(await stand.states()).toEqual(["handed_over", "sent"]);
    stand.pass(25 * hour);
    await pollOutstanding(stand.setup);
    expect(await stand.states()).toEqual(["failed: channel_fault", "sent"]);
  });

  it.each<[string, string, string]>([
    ["opted out", "UPDATE customer SET opted_out = 1", "skipped: opted_out"],
    ["no contact any more", "UPDATE contact SET ended_on = '2026-03-01'", "skipped: not_a_friend"],
    ["another guide", "UPDATE customer SET guide_id = 2", "planned"],
    ["the anchor moved", "UPDATE anchor SET on_date = '2026-02-24'", "planned: anchor_corrected"],
    ["the anchor is gone", "DELETE FROM anchor", "cancelled: anchor_corrected"],
    ["the guide left", "UPDATE guide SET left_on = '2026-03-02'", "held: guide_left"],
    [
      "had one today",
      `INSERT INTO delivery (task_id, guide_id, customer_id, sent_at, sent_on, words)
       VALUES (999, 1, 11, 1, '2026-03-02', 'x')`,
      "planned: cap",
    ],
  ])("checks once more before it calls: %s", async (_case, sql, state) => {
    const [id] = await offered("greeting");
    await change(sql);
    await stand.sender.dispatchDue();
    expect(calls()).toEqual([]);
    expect(await stand.states()).toEqual([state]);
    expect((await stand.handOvers()).map((one) => one.state)).toEqual(["dropped"]);
    if (state === "planned")
      expect(await stand.task(id ?? 0)).toMatchObject({
        guide_id: 2,
        release_on: "2026-03-03",
        released_on: null,
      });
  });

  it("leaves a mark when the anchor moved, so that planning moves the task too", async () => {
    await offered("baby");
    await change("DELETE FROM anchor_mark");
    await change("UPDATE anchor SET on_date = '2025-09-03' WHERE kind = 'child_born'");
    await stand.sender.dispatchDue();
    const marks = await store.read.rows(
      "SELECT customer_id AS customer, kind, child_no AS child FROM anchor_mark",
    );
    expect(marks).toEqual([{ customer: 11, kind: "child_born", child: 1 }]);
  });

  it("does not ask to buy who has bought", async () => {
    await offered("churn");
    await change("UPDATE anchor SET on_date = '2026-03-01', cycle_on = 20260301 WHERE kind = 'last_order'");
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["skipped: bought_already"]);
  });

  it("lets the others of a group go", async () => {
    await offered("greeting", "greeting", "greeting");
    await change("UPDATE customer SET opted_out = 1 WHERE id = 12");
    await stand.sender.dispatchDue();
    expect(calls()[0]?.followUp.externalUserids).toEqual(["wm-11", "wm-13"]);
    expect(await stand.states()).toEqual(["handed_over", "skipped: opted_out", "handed_over"]);
    expect(await stand.handOvers()).toMatchObject([{ customers: 2, state: "waiting" }]);
  });

  it("keeps the customer's cap between tasks of one customer", async () => {
    await planTask(store, "greeting", 11);
    await planTask(store, "personal", 11);
    await offerDue(stand.setup);
    await stand.sender.dispatchDue();
    expect(calls()).toHaveLength(1);
    expect(await stand.states()).toEqual(["handed_over", "planned: cap"]);
  });

  it("calls again after errors that may be repeated, later and later", async () => {
    const [id] = await offered("greeting");
    fail("retry");
    expect(await stand.sender.dispatchDue()).toMatchObject({ again: 1, handedOver: 0 });
    expect(await stand.states()).toEqual(["sending"]);
    await stand.sender.dispatchDue();
    expect(calls()).toHaveLength(0);
    stand.pass(minute);
    fail("retry");
    await stand.sender.dispatchDue();
    stand.pass(minute);
    expect(await stand.sender.dispatchDue()).toMatchObject({ handedOver: 1 });
    expect(calls()).toHaveLength(1);
    expect((await stand.service.one(1, id ?? 0)).history).toHaveLength(3);
    expect(await store.read.row("SELECT tries FROM hand_over")).toEqual({ tries: 3 });
  });

  it.each([
    ["is with the guide", undefined, "handed_over"],
    ["is sent again later", "retry", "sending"],
    ["nobody knows of", "unknown", "unknown"],
    ["was refused", "fix", "failed: channel_refused"],
  ] as const)(
    "has the figures counted anew of what %s, once the call has ended",
    async (_what, kind, state) => {
      await offered("personal");
      await change("DELETE FROM rollup_mark");
      if (kind) fail(kind);
      await stand.sender.dispatchDue();
      expect(await stand.states()).toEqual([state]);
      expect(await store.read.rows("SELECT on_day, guide_id FROM rollup_mark")).toEqual([
        { on_day: support.today, guide_id: 1 },
      ]);
    },
  );

  it("has the figures counted anew of a group that is called again in halves", async () => {
    await offered("greeting", "greeting");
    await change("DELETE FROM rollup_mark");
    fail("fix", "before", 40096);
    await stand.sender.dispatchDue();
    expect(await store.read.rows("SELECT DISTINCT guide_id FROM rollup_mark")).toEqual([{ guide_id: 1 }]);
  });

  it("checks again before it calls again", async () => {
    await offered("greeting");
    fail("retry");
    await stand.sender.dispatchDue();
    await change("UPDATE customer SET opted_out = 1");
    stand.pass(minute);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["skipped: opted_out"]);
    expect(calls()).toEqual([]);
  });

  it("rests when a limit was reached, and when the set-up is broken", async () => {
    await offered("greeting", "personal", "baby");
    for (const kind of ["wait", "operations"] as const) {
      const before = calls().length;
      for (let n = 0; n < 3; n++) fail(kind, "before", 45009, 60_000);
      await stand.sender.dispatchDue();
      expect(calls()).toHaveLength(before);
      expect(await stand.states()).toEqual(["sending", "sending", "sending"]);
      await stand.sender.dispatchDue();
      expect(calls()).toHaveLength(before);
      stand.pass(10 * minute);
    }
    await stand.sender.dispatchDue();
    expect(calls()).toHaveLength(3);
  });

  it.each<[string, number | undefined, string]>([
    ["the data are wrong", 40058, "failed: channel_refused"],
    ["no contact of this guide", 84061, "skipped: not_a_friend"],
    ["nobody to send to", 41048, "skipped: not_a_friend"],
    ["nobody said why", undefined, "failed: channel_refused"],
  ])("never calls again when %s", async (_case, code, state) => {
    await offered("greeting");
    fail("fix", "before", code);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual([state]);
    stand.pass(hour);
    await stand.sender.dispatchDue();
    expect(calls()).toEqual([]);
  });

  it("does not let one bad customer keep the words from the others", async () => {
    await offered("greeting", "greeting", "greeting");
    const handOver = stand.notebook.handOver.bind(stand.notebook);
    stand.notebook.handOver = (followUp) =>
      followUp.externalUserids.includes("wm-12")
        ? Promise.reject(new ChannelError("fix", "bad id", 40096))
        : handOver(followUp);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["handed_over", "failed: channel_refused", "handed_over"]);
    expect(calls().map(({ followUp }) => followUp.externalUserids)).toEqual([["wm-13"], ["wm-11"]]);
  });

  it("counts those refused at once", async () => {
    await offered("greeting", "greeting");
    const handOver = stand.notebook.handOver.bind(stand.notebook);
    stand.notebook.handOver = async (followUp) => ({
      ...(await handOver(followUp)),
      refused: [{ externalUserid: "wm-12", reason: "not_a_friend" }],
    });
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["handed_over", "skipped: not_a_friend"]);
  });

  it("makes words of an earlier day anew before it calls", async () => {
    const [id] = await offered("greeting");
    fail("operations");
    await stand.sender.dispatchDue();
    stand.pass(support.day);
    await change("UPDATE guide SET name = '小兰' WHERE id = 1");
    await stand.sender.dispatchDue();
    expect(calls().map(({ followUp }) => followUp.text)).toEqual(["早上好，这里是万达店的小兰。"]);
    expect((await stand.service.one(1, id ?? 0)).words).toBe("早上好，这里是万达店的小兰。");
  });

  it("calls nothing while work is stopped", async () => {
    await offered("greeting");
    await store.write((sql) => pullStop(sql, { at: monday, by: "system" }));
    await stand.sender.dispatchDue();
    expect(calls()).toEqual([]);
  });

  it("keeps to the hour of the words", async () => {
    await offered("noon");
    await stand.sender.dispatchDue();
    expect(calls()).toEqual([]);
    stand.pass(3 * hour);
    await stand.sender.dispatchDue();
    expect(calls()).toHaveLength(1);
  });

  it("leaves a stop in the chat system itself as a no", async () => {
    await offered("greeting");
    await stand.sender.dispatchDue();
    await stand.notebook.stop({ ref: "", providerRef: calls()[0]?.providerRef ?? "", guideUserid: "lan" });
    stand.pass(minute);
    await pollOutstanding(stand.setup);
    expect(await stand.states()).toEqual(["failed: channel_refused"]);
  });
});
