// Experiments judged on their days and the uplift of touchpoints, with figures counted by hand.
import type { TouchpointSpec } from "../../../src/journeys/spec.js";
import { addDays, instantOf } from "../../../src/kernel/calendar.js";
import { experimentService } from "../../../src/reports/experiments/service.js";
import { describeOnEachDatabase } from "../../support/databases.js";
import { openPlanShop, type PlanStand, planStandOn, trigger } from "../../support/plan-stand.js";

const zone = "Asia/Shanghai";
const variants = [
  { key: "plain", share: 50, words: "您好" },
  { key: "warm", share: 50, words: "亲爱的，您好" },
];
const base = { ...trigger("joined", 3), send: "page", words: "您好", graceDays: 2 } as const;

describeOnEachDatabase("experiments", (store) => {
  let stand: PlanStand;
  let touchpointId: number;
  let versionId: number;
  const experiments = () =>
    experimentService({ store: store(), world: stand.world, zone, replyWindowHours: 72 });
  const publish = async (spec: Partial<TouchpointSpec>) => {
    await stand.publish({ a: { ...base, ...spec } });
    const row = await store().read.row<{ id: number; versionId: number }>(
      `SELECT t.id, j.live_version_id AS versionId FROM touchpoint t JOIN journey j ON j.id = t.journey_id`,
    );
    touchpointId = row?.id ?? 0;
    versionId = row?.versionId ?? 0;
  };
  let serial = 0;
  /** so many tasks of a variant, due on a day, of which so many were sent and so many answered */
  const tasks = async (
    { variant = 0, dueOn = "2026-03-02", state = "sent" },
    many: number,
    answered = 0,
  ): Promise<number[]> => {
    const customers: number[] = [];
    await store().write(async (sql) => {
      for (let at = 0; at < many; at++) {
        customers.push(++serial);
        await sql.run(
          `INSERT INTO task (touchpoint_id, occurrence, slot, customer_id, child_no, version_id, guide_id, state, priority,
             variant, late, due_on, anchor_on, release_on, expires_on, observed, sent_at, replied_at)
           VALUES (?, 0, 0, ?, 0, ?, 1, ?, 0, ?, 0, ?, ?, ?, ?, 1, ?, ?)`,
          [
            ...[touchpointId, serial, versionId, state, variant, dueOn, dueOn, dueOn, addDays(dueOn, 2)],
            ...[instantOf(dueOn, "10:00", zone), at < answered ? instantOf(dueOn, "11:00", zone) : null],
          ],
        );
      }
    });
    return customers;
  };
  const orders = async (customers: readonly number[], on: string, status = "paid") => {
    await store().write(async (sql) => {
      for (const customer of customers)
        await sql.run(
          "INSERT INTO customer_order (order_no, customer_id, ordered_on, quantity, status) VALUES (?, ?, ?, 1, ?)",
          [`${customer} ${on} ${status}`, customer, on, status],
        );
    });
  };
  const shown = async () => {
    const [one] = await experiments().show("j/a");
    if (!one) throw new Error("no experiment");
    return one;
  };

  beforeEach(async () => {
    await openPlanShop(store());
    stand = planStandOn(store());
    stand.on("2026-03-02");
  });

  test("a fixed horizon: judged once, on the day after the last answer may come, and the winner is everybody's", async () => {
    await publish({ variants, experiment: { pilot: 40, days: 14, looks: 1 } });
    await tasks({ variant: 1 }, 500, 60);
    await tasks({ variant: 2, dueOn: "2026-03-15" }, 500, 100);
    // due after the window, outside the pilot, not sent: none of them counts as a send
    await tasks({ variant: 2, dueOn: "2026-03-16" }, 50, 50);
    await tasks({ variant: 0 }, 70, 70);
    await tasks({ variant: 1, state: "expired" }, 5);
    await tasks({ variant: 2, state: "skipped" }, 6);
    const [waiting = 0] = await tasks({ variant: 0, dueOn: "2026-03-20", state: "planned" }, 1);

    // 14 days, 2 of grace, 3 for the answers: 2026-03-21
    stand.on("2026-03-20");
    expect(await experiments().judgeDue()).toBe(0);
    expect(await shown()).toMatchObject({
      state: "running",
      next_look_on: "2026-03-21",
      sentence: "running: judged on 2026-03-21, and not looked at before",
      looks: [],
      arms: [
        { key: "plain", share: 50, assigned: 505, sent: 500, replied: 60 },
        { key: "warm", share: 50, assigned: 506, sent: 500, replied: 100 },
      ],
    });
    stand.on("2026-03-21");
    expect(await experiments().judgeDue()).toBe(1);
    expect(await experiments().judgeDue()).toBe(0);
    const found = await shown();
    expect(found).toMatchObject({
      ...{ key: "j/a", state: "decided", winner: "warm", next_look_on: null },
      sentence: "warm is better: 20.0 % against 12.0 % replies, difference 8.0 points (3.5 to 12.5)",
      sentence_zh: "warm 更好：回复率 20.0% 对 12.0%，相差 8.0 个百分点（3.5 到 12.5）",
      looks: [{ number: 1, looked_on: "2026-03-21", sample_ratio: { holds: true } }],
    });
    expect(await store().read.row("SELECT variant FROM task WHERE customer_id = ?", [waiting])).toEqual({
      variant: 2,
    });
    // whoever falls due from now on gets it too, in the pilot or not
    for (let at = 0; at < 8; at++) await stand.customer(`new${at}`);
    stand.on("2026-03-24");
    await stand.plan.planDue();
    expect(await store().read.rows("SELECT DISTINCT variant FROM task WHERE due_on = '2026-03-24'")).toEqual([
      { variant: 2 },
    ]);
    // new words change nothing of that; other shares begin anew
    await publish({
      variants: variants.map((one) => ({ ...one, words: "早" })),
      experiment: { pilot: 40, days: 14, looks: 1 },
    });
    expect(await shown()).toMatchObject({ number: 1, state: "decided" });
    await publish({ variants, experiment: { pilot: 40, days: 15, looks: 1 } });
    expect((await experiments().show("j/a")).map(({ number, state }) => [number, state])).toEqual([
      [2, "running"],
      [1, "decided"],
    ]);
  });

  test("undecided stays with the first words, and says how many more sends it takes", async () => {
    await publish({ variants, experiment: { pilot: 100, days: 7, looks: 1 } });
    await tasks({ variant: 1 }, 300, 60);
    await tasks({ variant: 2 }, 300, 66);
    stand.on("2026-03-14");
    await experiments().judgeDue();
    expect(await shown()).toMatchObject({
      ...{ state: "undecided", winner: "plain" },
      sentence:
        "not decided: 12,419 more sends needed (600 sent, a difference of 2 points takes about 13,019)",
    });
  });

  test("what was judged without a winner is settled by people, once, and written down", async () => {
    await publish({ variants, experiment: { pilot: 40, days: 7, looks: 1 } });
    await expect(experiments().settle("j/a", "warm", "account:1")).rejects.toMatchObject({
      kind: "conflict",
    });
    await tasks({ variant: 1 }, 300, 60);
    await tasks({ variant: 2 }, 300, 66);
    const [waiting = 0] = await tasks({ variant: 1, dueOn: "2026-03-20", state: "planned" }, 1);
    expect(await shown()).toMatchObject({ last_due_on: "2026-03-08", last_look_on: "2026-03-14" });
    stand.on("2026-03-16");
    await experiments().judgeDue();
    expect(await shown()).toMatchObject({ state: "undecided", last_look_on: "2026-03-16" });
    await expect(experiments().settle("j/a", "cold", "account:1")).rejects.toMatchObject({ kind: "invalid" });
    await experiments().settle("j/a", "warm", "account:1");
    const found = await shown();
    expect(found).toMatchObject({ state: "settled", winner: "warm", ended_on: null });
    expect(found.sentence_zh).toMatch(/^尚无定论：还需发送 [\d,]+ 条（发了 600 条，.*；总部选定 warm$/);
    expect(await store().read.row("SELECT variant FROM task WHERE customer_id = ?", [waiting])).toEqual({
      variant: 2,
    });
    await expect(experiments().settle("j/a", "plain", "account:1")).rejects.toMatchObject({
      kind: "conflict",
    });
    const [audit] = await store().read.rows<{ before_json: string; after_json: string }>(
      "SELECT before_json, after_json FROM audit_entry WHERE action = 'experiment.settle'",
    );
    expect([audit?.before_json, audit?.after_json].map((json) => JSON.parse(json ?? ""))).toEqual([
      { state: "undecided", variant: "plain" },
      { state: "settled", variant: "warm" },
    ]);
    // the same experiment published again stays settled; another one begins anew
    await publish({ variants, experiment: { pilot: 40, days: 7, looks: 1 } });
    expect(await shown()).toMatchObject({ number: 1, state: "settled", winner: "warm" });
  });

  test("sizes that no draw explains: not to be trusted, and everybody keeps the first words", async () => {
    await publish({ variants, experiment: { pilot: 100, days: 7, looks: 1 } });
    await tasks({ variant: 1 }, 400, 40);
    await tasks({ variant: 2 }, 250, 100);
    stand.on("2026-03-14");
    await experiments().judgeDue();
    expect(await shown()).toMatchObject({ state: "mismatch", winner: "plain" });
    expect((await shown()).sentence).toMatch(/^not to be trusted/);
  });

  test("group-sequential: what a fixed horizon would call is not enough at an early look", async () => {
    await publish({ variants, experiment: { pilot: 100, days: 20, looks: 2 } });
    // z = 2.26 after half the window: more than 1.96, less than the 2.96 of the first of two looks
    await tasks({ variant: 1 }, 300, 45);
    await tasks({ variant: 2 }, 300, 66);
    stand.on("2026-03-17");
    expect(await experiments().judgeDue()).toBe(1);
    expect(await shown()).toMatchObject({ state: "running", next_look_on: "2026-03-27" });
    expect((await shown()).looks[0]?.bound).toBeCloseTo(2.963, 2);
    await tasks({ variant: 1, dueOn: "2026-03-15" }, 300, 45);
    await tasks({ variant: 2, dueOn: "2026-03-15" }, 300, 66);
    stand.on("2026-03-27");
    expect(await experiments().judgeDue()).toBe(1);
    const found = await shown();
    expect(found).toMatchObject({ state: "decided", winner: "warm" });
    expect(found.looks[1]?.bound).toBeCloseTo(1.969, 2);
  });

  test("decided at an early look, its figures stay those that were judged", async () => {
    await publish({ variants, experiment: { pilot: 100, days: 20, looks: 2 } });
    await tasks({ variant: 1 }, 300, 30);
    await tasks({ variant: 2 }, 300, 90);
    stand.on("2026-03-17");
    await experiments().judgeDue();
    // everybody has the winner's words since then
    await tasks({ variant: 2, dueOn: "2026-03-18" }, 300, 10);
    const found = await shown();
    expect(found).toMatchObject({ state: "decided", winner: "warm", last_due_on: "2026-03-11" });
    expect(found.arms.map(({ sent }) => sent)).toEqual([300, 300]);
    expect(found.counted).toMatchObject({ from: "2026-03-02", to: "2026-03-11" });
  });

  test("a run that was missed takes its looks later, over the same days", async () => {
    await publish({ variants, experiment: { pilot: 100, days: 20, looks: 2 } });
    await tasks({ variant: 1 }, 300, 45);
    await tasks({ variant: 2 }, 300, 66);
    await tasks({ variant: 1, dueOn: "2026-03-21" }, 300, 45);
    await tasks({ variant: 2, dueOn: "2026-03-21" }, 300, 66);
    stand.on("2026-06-01");
    expect(await experiments().judgeDue()).toBe(2);
    expect((await shown()).looks.map(({ arms }) => arms.map(({ sent }) => sent))).toEqual([
      [300, 300],
      [600, 600],
    ]);
  });

  test("uplift: all who were drawn against the held out; the sent alone are a marked second figure", async () => {
    await publish({ holdOut: 20 });
    const held = await tasks({ state: "held_out" }, 200);
    const sentTo = await tasks({ state: "sent" }, 600);
    const notSent = await tasks({ state: "expired" }, 200);
    await orders(held.slice(0, 20), "2026-03-10");
    await orders(sentTo.slice(0, 120), "2026-03-02");
    await orders(notSent.slice(0, 8), "2026-04-01");
    // the day before, the day after the 30th, and one that was taken back: none of them counts
    await orders(sentTo.slice(200, 300), "2026-03-01");
    await orders(held.slice(100, 150), "2026-04-02");
    await orders(notSent.slice(50, 90), "2026-03-15", "refunded");
    stand.on("2026-05-15");
    const found = await experiments().uplift("j/a");
    expect(found).toMatchObject({
      ...{ key: "j/a", from: "2026-03-02", to: "2026-04-14", hold_out: 20, provisional: false },
      assigned: { occurrences: 800, bought: 128 },
      held_out: { occurrences: 200, bought: 20 },
      sent_only: { occurrences: 600, bought: 120, biased: true },
      sample_ratio: { expected: [800, 200], holds: true },
    });
    // 16 % against 10 %: Newcombe's interval from Wilson's [.1362, .1871] and [.0657, .1496]
    expect(found.uplift.difference?.value).toBeCloseTo(0.06, 9);
    expect(found.uplift.difference?.low).toBeCloseTo(0.06 - Math.hypot(0.16 - 0.13624, 0.14944 - 0.1), 3);
    expect(found.uplift.difference?.high).toBeCloseTo(0.06 + Math.hypot(0.18702 - 0.16, 0.1 - 0.06566), 3);
    expect(found.sentence).toMatch(/^repurchase 16\.0 % against 10\.0 % held out: 6\.0 points \(/);
    expect(found.began_on).toBe("2026-03-02");
    const open = await experiments().uplift("j/a", { from: "2026-03-01", to: "2026-04-16" });
    expect(open).toMatchObject({ provisional: true, assigned: { bought: 128 } });
    await expect(experiments().uplift("j/b")).rejects.toMatchObject({ kind: "not_found" });
    await expect(experiments().uplift("j/a", { from: "2026-03-02", to: "2026-03-01" })).rejects.toMatchObject(
      {
        kind: "invalid",
      },
    );
  });

  test("uplift leaves out what was planned before there was a hold-out", async () => {
    await publish({});
    await tasks({ state: "sent" }, 100);
    await publish({ holdOut: 50 });
    await tasks({ state: "sent" }, 40);
    await tasks({ state: "held_out" }, 40);
    stand.on("2026-05-01");
    expect(await experiments().uplift("j/a")).toMatchObject({
      assigned: { occurrences: 40 },
      held_out: { occurrences: 40 },
    });
  });

  test("the league: every touchpoint with a hold-out, its p adjusted for their number", async () => {
    await stand.publish({
      a: { ...base, journeyHoldOut: 10 },
      b: { ...base, journeyHoldOut: 10, holdOut: 20 },
    });
    const lines = await experiments().league({ from: "2026-03-01", to: "2026-03-31" });
    expect(lines.map(({ key, hold_out, p_adjusted }) => [key, hold_out, p_adjusted])).toEqual([
      ["j/a", 10, null],
      ["j/b", 28, null],
    ]);
    expect((await experiments().list()).map(({ key, sentence }) => `${key}: ${sentence}`)).toEqual([
      "j/b: 20 % of customers are held out",
      "j: 10 % of customers are held out",
    ]);
    await expect(experiments().show("j/z")).rejects.toMatchObject({ kind: "not_found" });
  });
});
