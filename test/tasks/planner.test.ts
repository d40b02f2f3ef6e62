// Planning on a database: what falls due, once for life, by watermarks, missed runs, by hand, two planners at once.
import type { Store } from "../../src/infra/store.js";
import { addDays } from "../../src/kernel/calendar.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openPlanShop, type PlanStand, planStandOn, trigger } from "../support/plan-stand.js";

const today = "2026-03-02";
const day3 = { "day-3": trigger("joined", 3) };

describeOnEachDatabase("planner", (open, kind) => {
  let store: Store;
  let stand: PlanStand;
  beforeEach(async () => {
    store = open();
    await openPlanShop(store);
    stand = planStandOn(store);
  });
  const planned = async () => (await stand.plan.planDue()).days;

  describe("once for life", () => {
    const due = { ...day3, "month-1": trigger("joined", 1, "months") };
    const join = async (n: number) => {
      const rows = Array.from({ length: n }, (_, at) => ({
        ...{ external_userid: `c${at}`, name: "", guide_userid: at % 9 === 0 ? null : "lan" },
        joined_on: at % 3 === 0 ? "2026-02-02" : "2026-02-27",
      }));
      await stand.customers.push("customers", rows);
    };
    const twice = () =>
      store.read.rows(
        `SELECT touchpoint_id FROM task GROUP BY touchpoint_id, customer_id, child_no, occurrence HAVING COUNT(*) > 1`,
      );

    it("adds nothing the second time, by the daily run or by hand", async () => {
      await stand.publish(due);
      await join(60);
      expect((await stand.plan.planDue()).planned).toBe(60);
      expect(await stand.plan.planDue()).toEqual({ planned: 0, days: [] });
      const span = { from: today, to: today, dryRun: false };
      expect(await stand.plan.planByHand(span)).toEqual({ planned: 0, days: [] });
      expect((await stand.tasks()).length).toBe(60);
    });

    it.each([1, 7, 1000])("in pieces of %i anchors as in one", async (piece) => {
      await stand.publish(due);
      await join(60);
      const pieces = planStandOn(store, { piece });
      expect((await pieces.plan.planDue()).planned).toBe(60);
      expect(await twice()).toEqual([]);
    });

    it("from several planners at once, on connections of their own", async () => {
      await stand.publish(due);
      await join(150);
      const other = await openAgain(store);
      try {
        const planners = [store, other, store, other].map((one) => planStandOn(one, { piece: 10 }).plan);
        const span = { from: today, to: today, dryRun: false };
        const runs = await Promise.all(
          planners.map((plan, at) => (at < 2 ? plan.planDue() : plan.planByHand(span))),
        );
        expect(runs.reduce((sum, run) => sum + run.planned, 0)).toBe(150);
        expect(await twice()).toEqual([]);
        expect((await stand.tasks()).length).toBe(150);
      } finally {
        if (other !== store) await other.close();
      }
    });

    it("tells beforehand what it will do", async () => {
      await stand.publish({ ...due, birthday: trigger("customer_birthday", 0, "days", "yearly") });
      await join(40);
      await stand.customer("b1", { birthday: "1990-03-03" });
      const span = { from: addDays(today, -2), to: addDays(today, 2), dryRun: true };
      const told = await stand.plan.planByHand(span);
      expect(await stand.tasks()).toEqual([]);
      expect(await stand.plan.planByHand({ ...span, dryRun: false })).toEqual(told);
      expect(told.planned).toBe(41);
    });

    it("whatever words, names and dates HQ publishes under the same key", async () => {
      await stand.publish(due);
      await join(6);
      await stand.plan.planDue();
      await store.write((sql) => sql.run("UPDATE task SET state = 'sent'"));
      for (const other of [trigger("guide_assigned", 3), trigger("first_order", 3), trigger("joined", 3)]) {
        await stand.publish({ ...due, "day-3": { ...other, name: "另一个名字" } });
        expect((await stand.plan.planDue()).planned).toBe(0);
      }
      expect(await twice()).toEqual([]);
    });
  });

  describe("watermark", () => {
    const marks = () =>
      store.read.rows<{ through: string; on: string }>(
        "SELECT planned_through AS through, planning_on AS `on` FROM touchpoint_plan",
      );

    it("moves with the day's last task, and never back", async () => {
      await stand.publish(day3, { from: "2026-01-01" });
      stand.on("2026-03-05");
      await stand.plan.planDue();
      expect(await marks()).toEqual([{ through: "2026-03-05", on: "2026-03-05" }]);
      stand.on("2026-03-01");
      await stand.plan.planDue();
      await stand.plan.planByHand({ from: "2026-01-01", to: "2026-01-02", dryRun: false });
      expect(await marks()).toEqual([{ through: "2026-03-05", on: "2026-03-05" }]);
      await stand.plan.planByHand({ from: "2026-03-09", to: "2026-03-09", dryRun: false });
      expect(await marks()).toEqual([{ through: "2026-03-05", on: "2026-03-05" }]);
    });

    it("stays when the last piece fails, and the next run ends the day", async () => {
      await stand.publish(day3);
      for (const id of ["c1", "c2", "c3"]) await stand.customer(id, { joined_on: "2026-02-27" });
      const fails = failingAfter(store, 4);
      await expect(planStandOn(fails, { piece: 1 }).plan.planDue()).rejects.toThrow("no more");
      expect(await marks()).toEqual([{ through: null, on: today }]);
      expect((await stand.plan.planDue()).planned).toBeGreaterThan(0);
      expect((await stand.tasks()).length).toBe(3);
      expect(await marks()).toEqual([{ through: today, on: today }]);
    });

    it("a touchpoint published after the day's run still plans that day", async () => {
      await stand.publish(day3);
      await stand.customer("c1", { joined_on: "2026-02-23" });
      await stand.plan.planDue();
      await stand.publish({ ...day3, "day-7": trigger("joined", 7) });
      expect(await stand.plan.planMarked()).toMatchObject({ touched: 1 });
      expect(await stand.tasks()).toEqual(["day-7 c1 2026-03-02 planned"]);
    });

    it("does not plan days before a touchpoint was published", async () => {
      await stand.publish(day3);
      stand.on("2026-03-04");
      await stand.customer("c1", { joined_on: "2026-02-22" });
      await stand.publish({ ...day3, "day-9": trigger("joined", 9), "day-10": trigger("joined", 10) });
      await stand.plan.planDue();
      expect(await stand.tasks()).toEqual(["day-10 c1 2026-03-04 planned"]);
    });
  });

  describe("missed runs", () => {
    it("plans each missed day by its own date: late inside the grace, ended outside", async () => {
      await stand.publish(day3);
      await stand.plan.planDue();
      for (const day of ["03", "04", "05", "06", "07", "08"]) {
        const joined = addDays(`2026-03-${day}`, -3);
        if (joined > stand.today()) stand.on(joined);
        await stand.customer(`due-${day}`, { joined_on: joined });
      }
      stand.on("2026-03-08");
      expect((await planned()).map(({ on }) => on)).toEqual(
        ["03", "04", "05", "06", "07", "08"].map((day) => `2026-03-${day}`),
      );
      expect(await stand.tasks()).toEqual([
        "day-3 due-03 2026-03-03 expired: missed_run",
        "day-3 due-04 2026-03-04 expired: missed_run",
        "day-3 due-05 2026-03-05 planned late",
        "day-3 due-06 2026-03-06 planned late",
        "day-3 due-07 2026-03-07 planned late",
        "day-3 due-08 2026-03-08 planned",
      ]);
      expect(await stand.task("day-3", "due-05")).toMatchObject({
        ...{ release_on: "2026-03-08", expires_on: "2026-03-08" },
      });
    });
  });

  describe("by hand", () => {
    const imported = (row: object) =>
      store.write((sql) => sql.run("UPDATE anchor SET quiet_through = ?", [Object.values(row)[0] as string]));

    it("heeds neither the import switch nor the publish date, and plans as that day's run would have", async () => {
      await stand.publish(day3);
      await stand.customer("c1", { joined_on: "2026-02-20" });
      await stand.customer("c2", { joined_on: "2026-02-27" });
      await imported({ quietThrough: today });
      expect((await stand.plan.planDue()).planned).toBe(0);
      const span = { from: "2026-02-20", to: today, dryRun: false };
      expect(await stand.plan.planByHand(span)).toEqual({
        planned: 2,
        days: [
          { on: "2026-02-23", touchpoint: "day-3", planned: 1 },
          { on: today, touchpoint: "day-3", planned: 1 },
        ],
      });
      expect(await stand.tasks()).toEqual(["day-3 c1 2026-02-23 planned", "day-3 c2 2026-03-02 planned"]);
    });

    it("the daily run suppresses an import's days up to its own, and no later ones", async () => {
      await stand.publish({ ...day3, "day-4": trigger("joined", 4) });
      await stand.customer("c1", { joined_on: "2026-02-27" });
      await imported({ quietThrough: today });
      await stand.plan.planDue();
      stand.on("2026-03-03");
      await stand.plan.planDue();
      expect(await stand.tasks()).toEqual(["day-4 c1 2026-03-03 planned"]);
    });
  });

  it("goes on with the new version when one is published between two pieces", async () => {
    await stand.publish(day3);
    for (const id of ["c1", "c2", "c3", "c4"]) await stand.customer(id, { joined_on: "2026-02-27" });
    let pieces = 0;
    const between: Store = {
      ...store,
      write: async (work) => {
        const done = await store.write(work);
        if (++pieces === 4) await stand.publish({ "day-3": { ...trigger("joined", 3), graceDays: 9 } });
        return done;
      },
    };
    const made = await planStandOn(between, { piece: 1 }).plan.planDue();
    expect(made.planned).toBe(4);
    const rows = await store.read.rows("SELECT DISTINCT version_id, expires_on FROM task");
    expect(rows).toEqual([{ version_id: expect.any(Number), expires_on: "2026-03-11" }]);
  });

  async function openAgain(first: Store): Promise<Store> {
    const { openDatabase } = await import("../../src/database.js");
    return openDatabase(await urlOf(first, kind));
  }
});

/** A store whose `write` fails from some call on. */
function failingAfter(store: Store, calls: number): Store {
  let left = calls;
  return {
    ...store,
    write: (work) => (left-- > 0 ? store.write(work) : Promise.reject(new Error("no more"))),
  };
}

async function urlOf(store: Store, kind: string): Promise<string> {
  if (kind === "mysql") {
    const row = await store.read.row<{ name: string }>("SELECT DATABASE() AS name");
    return `${(process.env.GUIDEPOST_TEST_MYSQL ?? "").replace(/\/$/, "")}/${row?.name}`;
  }
  const files = await store.read.rows<{ file: string }>("PRAGMA database_list");
  return `sqlite:${files[0]?.file}`;
}
