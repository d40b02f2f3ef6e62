// A task is made once for life whatever becomes of the dates its place in the key is taken from.
import type { Store } from "../../src/infra/store.js";
import { addDays } from "../../src/kernel/calendar.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openPlanShop, type PlanStand, planStandOn, trigger } from "../support/plan-stand.js";

const today = "2026-03-02";
const hand = (day: string) => ({ from: day, to: day, dryRun: false });

describeOnEachDatabase("slots", (open) => {
  let store: Store;
  let stand: PlanStand;
  beforeEach(async () => {
    store = open();
    await openPlanShop(store);
    stand = planStandOn(store);
  });

  const write = (sql: string, params: (string | number | null)[] = []) =>
    store.write((on) => on.run(sql, params));

  /** An anchor as imports write it: the first date stays in cycle_on. */
  const anchor = (customer: number, kind: string, on: string | null, first: string) =>
    write(
      `REPLACE INTO anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id) VALUES (?, ?, 0, ?, ?, 1)`,
      [customer, kind, on, Number(first.replaceAll("-", ""))],
    );

  const identities = () =>
    store.read.rows<{ customer: number; slot: number }>(
      "SELECT customer_id AS customer, slot FROM task ORDER BY customer_id, slot",
    );

  it("another date of the same anchor: the slot stays where the first one put it", async () => {
    await stand.publish({ hello: trigger("joined", 3) });
    await anchor(11, "joined", "2026-02-27", "2026-02-27");
    expect((await stand.plan.planByHand(hand(today))).planned).toBe(1);
    for (const on of ["2026-02-28", null, "2026-03-01"]) {
      await anchor(11, "joined", on, "2026-02-27");
      for (let ago = 0; ago < 5; ago++)
        expect((await stand.plan.planByHand(hand(addDays(today, ago)))).planned).toBe(0);
    }
    expect(await identities()).toEqual([{ customer: 11, slot: 20260227 }]);
  });

  it("another anchor under the same key: who had one gets no second, whether or not there was an old anchor", async () => {
    await stand.publish({ hello: trigger("joined", 3) });
    await anchor(11, "joined", "2026-02-27", "2026-02-27");
    expect((await stand.plan.planByHand(hand(today))).planned).toBe(1);
    await stand.publish({ hello: trigger("first_order", 2) });
    for (const customer of [11, 12]) await anchor(customer, "first_order", "2026-02-28", "2026-02-28");
    // 12 has not joined: no slot can be told from that
    expect((await stand.plan.planByHand(hand(today))).planned).toBe(1);
    await anchor(12, "joined", "2026-02-20", "2026-02-20");
    expect((await stand.plan.planByHand(hand(today))).planned).toBe(0);
    await stand.publish({ hello: trigger("joined", 10) });
    expect((await stand.plan.planByHand(hand(today))).planned).toBe(0);
    expect(await identities()).toEqual([
      { customer: 11, slot: 20260227 },
      { customer: 12, slot: 0 },
    ]);
  });
});
