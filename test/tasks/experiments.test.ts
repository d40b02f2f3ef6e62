// Experiments in planning: who is held out and who gets which words, for ever and by their buckets alone.
import fc from "fast-check";
import { bucketOf } from "../../src/customers/buckets.js";
import { shuffled, type Variant } from "../../src/journeys/experiments.js";
import { wordsCache } from "../../src/journeys/words-cache.js";
import { addDays } from "../../src/kernel/calendar.js";
import { tasksOf } from "../../src/tasks/rows.js";
import { wordTasks } from "../../src/tasks/wording.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openPlanShop, type Planned, type PlanStand, planStandOn, trigger } from "../support/plan-stand.js";

const AB: Variant[] = [
  { key: "plain", share: 50, words: "您好" },
  { key: "warm", share: 50, words: "亲爱的，您好" },
];
const page = { send: "page", words: "您好" } as const;
const people = Array.from({ length: 60 }, (_one, at) => `wm${at}`);
const inArm = (seed: string, share: number) => {
  const held = new Set(shuffled(seed, [{ arm: 1, share }]).map(({ bucket }) => bucket));
  return people.filter((id) => held.has(bucketOf(id)));
};

describeOnEachDatabase("experiments in planning", (store) => {
  let stand: PlanStand;
  beforeEach(async () => {
    await openPlanShop(store());
    stand = planStandOn(store());
    stand.on("2026-03-02");
  });

  /** customers by state or variant of their task of a touchpoint */
  const by = async (column: "state" | "variant", key = "a") => {
    const rows = await store().read.rows<{ id: string; value: string }>(
      `SELECT c.external_userid AS id, k.${column} AS value FROM task k JOIN customer c ON c.id = k.customer_id
         JOIN touchpoint t ON t.id = k.touchpoint_id WHERE t.touchpoint_key = ? ORDER BY c.id, k.occurrence`,
      [key],
    );
    const groups: Record<string, string[]> = {};
    for (const { id, value } of rows) groups[value] = [...(groups[value] ?? []), id];
    return groups;
  };
  const enrol = async () => {
    for (const id of people) await stand.customer(id);
  };
  const after = trigger("joined", 3);

  test("a hold-out keeps back just those of its shuffle", async () => {
    await stand.publish({ a: { ...after, holdOut: 30 } }, { from: "2026-01-01" });
    await enrol();
    stand.on("2026-03-05");
    await stand.plan.planDue();
    const held = inArm("j/a hold-out", 30);
    expect(held.length).toBeGreaterThan(8);
    expect((await by("state")).held_out).toEqual(held);
    expect((await by("state")).planned).toHaveLength(people.length - held.length);
    const [task] = await store().read.rows<{ reason: string }>(
      "SELECT reason FROM task WHERE state = 'held_out' LIMIT 1",
    );
    expect(task).toEqual({ reason: "held_out" });
    // again, and by hand: nothing more
    await stand.plan.planDue();
    expect(
      (await stand.plan.planByHand({ from: "2026-03-05", to: "2026-03-05", dryRun: false })).planned,
    ).toBe(0);
  });

  test("a missed run holds out the same customers: the two sides differ in nothing but the message", async () => {
    await stand.publish({ a: { ...after, holdOut: 30, graceDays: 1 } }, { from: "2026-01-01" });
    await enrol();
    stand.on("2026-03-20");
    await stand.plan.planDue();
    expect((await by("state")).held_out).toEqual(inArm("j/a hold-out", 30));
    expect(Object.keys(await by("state")).sort()).toEqual(["expired", "held_out"]);
  });

  test("the journey's hold-out holds the same customers out of all its touchpoints", async () => {
    const held = inArm("j hold-out", 20);
    await stand.publish(
      { a: { ...after, journeyHoldOut: 20 }, b: { ...trigger("joined", 4), journeyHoldOut: 20 } },
      { from: "2026-01-01" },
    );
    await enrol();
    stand.on("2026-03-06");
    await stand.plan.planDue();
    expect((await by("state", "a")).held_out).toEqual(held);
    expect((await by("state", "b")).held_out).toEqual(held);
  });

  test("a calendar day too: the spread over days and the hold-out tell nothing of one another", async () => {
    const day: Planned = {
      trigger: {
        ...{ anchor: "day", day: { dates: ["2026-06-18"] }, offset: { unit: "days", n: 0 } },
        ...{ repeat: "once", spreadDays: 3 },
      },
    };
    await stand.publish({ a: { ...day, holdOut: 30 } }, { from: "2026-01-01" });
    await enrol();
    for (const on of ["2026-06-18", "2026-06-19", "2026-06-20"]) {
      stand.on(on);
      await stand.plan.planDue();
    }
    expect(new Set((await by("state")).held_out)).toEqual(new Set(inArm("j/a hold-out", 30)));
    const days = await store().read.rows(
      "SELECT DISTINCT due_on FROM task WHERE state = 'held_out' ORDER BY due_on",
    );
    expect(days).toHaveLength(3);
  });

  test("who was held out stays so when the hold-out ends, whatever comes: the next cycle, another owner, a refund", async () => {
    const churn = { ...trigger("last_order", 5, "days", "each"), holdOut: 30 };
    await stand.publish({ a: churn }, { from: "2026-01-01" });
    await enrol();
    for (const id of people) await stand.order(id, `1-${id}`, "2026-03-02");
    stand.on("2026-03-07");
    await stand.plan.planDue();
    const held = inArm("j/a hold-out", 30);
    expect((await by("state")).held_out).toEqual(held);

    const { holdOut: _none, ...without } = churn;
    await stand.publish({ a: without });
    for (const id of people) await stand.customer(id, { guide_userid: "mei" });
    for (const id of people) await stand.order(id, `2-${id}`, "2026-03-08");
    stand.on("2026-03-13");
    await stand.plan.planDue();
    const twice = (await by("state")).held_out ?? [];
    expect(new Set(twice)).toEqual(new Set(held));
    expect(twice).toHaveLength(2 * held.length);
    // somebody who came after the end is not held, whatever their bucket
    const late = Array.from({ length: 40 }, (_one, at) => `late${at}`);
    for (const id of late) await stand.customer(id);
    for (const id of late) await stand.order(id, `1-${id}`, "2026-03-13");
    stand.on("2026-03-18");
    await stand.plan.planDue();
    const now = await by("state");
    expect(now.held_out?.filter((id) => id.startsWith("late"))).toEqual([]);
    expect(now.planned?.filter((id) => id.startsWith("late"))).toHaveLength(late.length);
  });

  test("a held-out row is not moved by a correction nor by a version", async () => {
    await stand.publish({ a: { ...after, holdOut: 30 } }, { from: "2026-01-01" });
    await enrol();
    stand.on("2026-03-05");
    await stand.plan.planDue();
    const [id = ""] = inArm("j/a hold-out", 30);
    const before = await stand.task("a", id);
    await stand.customer(id, { joined_on: "2026-03-03" });
    await stand.plan.planMarked();
    await stand.publish({ a: { ...trigger("joined", 4), holdOut: 30 } });
    stand.on("2026-03-07");
    await stand.plan.planDue();
    expect(await stand.task("a", id)).toEqual(before);
  });

  test("an occurrence that falls due again comes back to all but the held out", async () => {
    const churn = { ...trigger("last_order", 5, "days", "each"), graceDays: 30 };
    await stand.publish({ a: churn }, { from: "2026-01-01" });
    await enrol();
    for (const id of people) await stand.order(id, `1-${id}`, "2026-03-02");
    stand.on("2026-03-07");
    await stand.plan.planDue();
    for (const id of people) await stand.order(id, `2-${id}`, "2026-03-07");
    await stand.plan.planMarked();
    expect((await by("state")).cancelled).toHaveLength(people.length);
    await stand.publish({ a: { ...churn, holdOut: 30 } });
    stand.on("2026-03-12");
    await stand.plan.planDue();
    const held = (await by("state")).held_out ?? [];
    for (const id of people) await stand.order(id, `2-${id}`, "2026-03-07", "refunded");
    await stand.plan.planMarked();
    const rows = await store().read.rows<{ id: string; state: string }>(
      `SELECT c.external_userid AS id, k.state FROM task k JOIN customer c ON c.id = k.customer_id
       WHERE k.occurrence = 20260302 ORDER BY c.id`,
    );
    const back = rows.filter(({ state }) => state === "planned").map(({ id }) => id);
    expect(held).toEqual(inArm("j/a hold-out", 30));
    expect(back).toEqual(people.filter((id) => !held.includes(id)));
  });

  test("publishing a hold-out draws what nobody has seen", async () => {
    await stand.publish({ a: after }, { from: "2026-01-01" });
    await enrol();
    stand.on("2026-03-05");
    await stand.plan.planDue();
    const held = inArm("j/a hold-out", 30);
    const counts = await stand.publish({ a: { ...after, holdOut: 30 } });
    expect(counts).toMatchObject({ heldOut: held.length, rerendered: 0, moved: 0, cancelled: 0 });
    expect((await by("state")).held_out).toEqual(held);
    const [event] = await stand.events();
    expect(event).toMatchObject({
      from_state: "planned",
      to_state: "held_out",
      reason: "held_out",
      note: "第2版",
    });
  });

  test("variants: everybody has one by their bucket, new words keep it, other shares begin anew", async () => {
    const of = (variants: Variant[]) => ({ a: { ...trigger("joined", 3), ...page, variants } });
    await stand.publish(of(AB), { from: "2026-01-01" });
    await enrol();
    stand.on("2026-03-05");
    await stand.plan.planDue();
    const first = await by("variant");
    const arms = shuffled("j/a variants 1", [
      { arm: 1, share: 50 },
      { arm: 2, share: 50 },
    ]);
    const armOf = new Map(arms.map(({ bucket, arm }) => [bucket, arm]));
    for (const arm of [1, 2])
      expect(first[arm]).toEqual(people.filter((id) => armOf.get(bucketOf(id)) === arm));

    await stand.publish(of(AB.map((one) => ({ ...one, words: `${one.words}！` }))));
    expect(await by("variant")).toEqual(first);
    const running = () =>
      store().read.rows("SELECT number, state, began_on, ended_on FROM experiment ORDER BY id");
    expect(await running()).toEqual([
      { number: 1, state: "running", began_on: "2026-03-02", ended_on: null },
    ]);

    await stand.publish(
      of([
        { ...(AB[0] as Variant), share: 80 },
        { ...(AB[1] as Variant), share: 20 },
      ]),
    );
    expect(await by("variant")).toEqual(first);
    expect(await running()).toEqual([
      { number: 1, state: "stopped", began_on: "2026-03-02", ended_on: "2026-03-05" },
      { number: 2, state: "running", began_on: "2026-03-06", ended_on: null },
    ]);
  });

  test("each task is worded as its variant, and as the first where the version no longer has it", async () => {
    await stand.publish({ a: { ...trigger("joined", 3), ...page, variants: AB } }, { from: "2026-01-01" });
    await enrol();
    stand.on("2026-03-05");
    await stand.plan.planDue();
    const said = async () => {
      const ids = (await store().read.rows<{ id: number }>("SELECT id FROM task ORDER BY id")).map(
        ({ id }) => id,
      );
      const setup = { touchpoint: wordsCache(store()).touchpoint, openPhone: () => undefined };
      const worded = await wordTasks(setup, store().read, await tasksOf(store().read, ids), stand.today());
      return [...worded.values()].map(({ task, text }) => `${task.variant} ${text}`);
    };
    expect(new Set(await said())).toEqual(new Set(["1 您好", "2 亲爱的，您好"]));
    const swapped = [
      { ...(AB[1] as Variant), words: "亲，您好" },
      { key: "short", share: 50, words: "早" },
    ];
    await stand.publish({ a: { ...trigger("joined", 3), ...page, words: "亲，您好", variants: swapped } });
    // `plain` is gone: the first words stand in for it; `warm` keeps its number
    expect(new Set(await said())).toEqual(new Set(["1 亲，您好", "2 亲，您好"]));
    expect(
      await store().read.rows("SELECT number, variant_key FROM touchpoint_variant ORDER BY number"),
    ).toEqual([
      { number: 1, variant_key: "plain" },
      { number: 2, variant_key: "warm" },
      { number: 3, variant_key: "short" },
    ]);
  });

  test("outside the pilot everybody gets the first words", async () => {
    const experiment = { pilot: 40, days: 14, looks: 1 };
    await stand.publish({ a: { ...after, ...page, variants: AB, experiment } }, { from: "2026-01-01" });
    await enrol();
    stand.on("2026-03-05");
    await stand.plan.planDue();
    const { 0: rest = [], 1: one = [], 2: two = [] } = await by("variant");
    expect(rest.length).toBeGreaterThan(people.length / 3);
    expect(Math.min(one.length, two.length)).toBeGreaterThan(3);
  });
});

describeOnEachDatabase("arms over time", (store) => {
  test("whatever happens between two occurrences, a customer keeps the arm", async () => {
    // what may happen to anybody, and to the file, in any order
    const happening = fc.constantFrom("order", "owner", "words", "name", "refund", "pass");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(happening, fc.nat(11)), { minLength: 5, maxLength: 25 }),
        async (steps) => {
          await openPlanShop(store());
          const stand = planStandOn(store());
          let day = "2026-03-02";
          let words = 0;
          const publish = () =>
            stand.publish({
              a: {
                ...trigger("last_order", 2, "days", "each"),
                ...{ ...page, name: `第${words}次`, experiment: { pilot: 70, days: 30, looks: 1 } },
                variants: AB.map((one) => ({ ...one, words: `${one.words}${words}` })),
              },
            });
          stand.on(day);
          await publish();
          const some = people.slice(0, 12);
          for (const id of some) await stand.customer(id);
          for (const [at, id] of some.entries()) await stand.order(id, `0-${at}`, day);
          for (const [step, [what, who]] of steps.entries()) {
            day = addDays(day, 1 + (who % 3));
            stand.on(day);
            const id = some[who] ?? "";
            if (what === "order") await stand.order(id, `${step + 1}-${who}`, day);
            if (what === "refund") await stand.order(id, `0-${who}`, "2026-03-02", "refunded");
            if (what === "owner") await stand.customer(id, { guide_userid: who % 2 ? "mei" : "lan" });
            if (what === "words" || what === "name") {
              words++;
              await publish();
            }
            await stand.plan.planDue();
          }
          const rows = await store().read.rows<{ n: number; arms: number }>(
            "SELECT COUNT(*) AS n, COUNT(DISTINCT variant) AS arms FROM task GROUP BY customer_id",
          );
          expect(rows.length).toBeGreaterThan(0);
          expect(rows.filter(({ arms }) => Number(arms) !== 1)).toEqual([]);
        },
      ),
      { numRuns: 8, seed: 20260302 },
    );
  });
});

test("two experiments' arms tell nothing of one another", () => {
  const halves = Array.from(
    { length: 13 },
    (_seed, at) =>
      new Set(shuffled(`j/${at} variants 1`, [{ arm: 1, share: 50 }]).map(({ bucket }) => bucket)),
  );
  // chi-square with one degree of freedom over 78 pairs of shuffles: their mean is 1, and few exceed 10.83 (p = .001)
  const values = halves.flatMap((one, at) =>
    halves
      .slice(at + 1)
      .map((other) => (4 * ([...one].filter((b) => other.has(b)).length - 2500) ** 2) / 2500),
  );
  expect(values.filter((value) => value > 10.83).length).toBeLessThan(3);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean).toBeGreaterThan(0.6);
  expect(mean).toBeLessThan(1.5);
});

test("a larger share keeps whom a smaller one had", () => {
  const held = (share: number) => shuffled("j/a hold-out", [{ arm: 1, share }]).map(({ bucket }) => bucket);
  expect(held(10)).toHaveLength(1000);
  expect(held(20).slice(0, 1000)).toEqual(held(10));
  expect(
    new Set(
      shuffled("x", [
        { arm: 1, share: 33 },
        { arm: 2, share: 67 },
      ]).map(({ bucket }) => bucket),
    ).size,
  ).toBe(10_000);
});
