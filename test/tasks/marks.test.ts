// Marks: what changed after planning is planned and corrected, once; nothing that changed while planning ran is lost.
import type { Store } from "../../src/infra/store.js";
import { addDays } from "../../src/kernel/calendar.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openPlanShop, type PlanStand, planStandOn, trigger } from "../support/plan-stand.js";

const today = "2026-03-02";
const journey = {
  "day-3": trigger("joined", 3),
  lapse: trigger("last_order", 30, "days", "each" as const),
  moon: trigger("child_born", 1, "months"),
  soon: trigger("child_due", -2, "weeks"),
};

describeOnEachDatabase("marks", (open) => {
  let store: Store;
  let stand: PlanStand;
  beforeEach(async () => {
    store = open();
    await openPlanShop(store);
    stand = planStandOn(store);
    await stand.publish(journey);
  });
  const work = () => stand.plan.planMarked();
  const marks = async () => (await store.read.rows("SELECT id FROM anchor_mark")).length;

  describe("days behind the watermark", () => {
    it("are planned inside the grace, late, and no further back", async () => {
      stand.on("2026-03-10");
      await stand.plan.planDue();
      for (const ago of [3, 4, 5, 6, 7])
        await stand.customer(`c${ago}`, { joined_on: addDays("2026-03-10", -ago) });
      await stand.customer("tomorrow", { joined_on: "2026-03-08" });
      expect(await marks()).toBeGreaterThan(0);
      expect(await work()).toMatchObject({ touched: 4 });
      expect(await marks()).toBe(0);
      expect(await stand.tasks()).toEqual([
        "day-3 c6 2026-03-07 planned late",
        "day-3 c5 2026-03-08 planned late",
        "day-3 c4 2026-03-09 planned late",
        "day-3 c3 2026-03-10 planned",
      ]);
      expect(await work()).toEqual({ marks: 0, touched: 0 });
    });

    it("are planned by more marks than one transaction takes", async () => {
      await stand.plan.planDue();
      const rows = Array.from({ length: 450 }, (_, at) => ({
        ...{ external_userid: `c${at}`, name: "", guide_userid: "lan", joined_on: "2026-02-27" },
      }));
      await stand.customers.push("customers", rows);
      expect(await work()).toMatchObject({ touched: 450 });
    });

    it("are worked off once by two at the same time", async () => {
      await stand.plan.planDue();
      for (const id of ["c1", "c2", "c3"]) await stand.customer(id, { joined_on: "2026-02-27" });
      const both = await Promise.all([work(), work()]);
      expect(both.reduce((sum, { touched }) => sum + touched, 0)).toBe(3);
    });

    it("heed the publish date, the audience and an import that must not trigger", async () => {
      await stand.publish({ "day-3": { ...trigger("joined", 3), audience: { level: ["金卡"] } } });
      await stand.plan.planDue();
      const joined_on = "2026-02-27";
      await stand.customer("plain", { joined_on });
      await stand.customer("gold", { joined_on, level: "金卡" });
      await stand.customer("yesterday", { joined_on: "2026-02-26", level: "金卡" });
      await stand.customer("imported", { joined_on, level: "金卡" });
      await store.write((sql) =>
        sql.run(
          `UPDATE anchor SET quiet_through = ? WHERE customer_id = (SELECT id FROM customer WHERE external_userid = 'imported')`,
          [today],
        ),
      );
      await work();
      expect(await stand.tasks()).toEqual(["day-3 gold 2026-03-02 planned"]);
    });
  });

  describe("corrections", () => {
    beforeEach(async () => {
      await stand.customer("c1", { joined_on: "2026-02-27" });
      await stand.child("c1", 1, { born_on: "2026-02-02" });
      await stand.order("c1", "o1", "2026-01-31");
      await stand.plan.planDue();
      expect(await stand.tasks()).toEqual([
        "day-3 c1 2026-03-02 planned",
        "lapse c1 2026-03-02 planned",
        "moon c1/1 2026-03-02 planned",
      ]);
    });
    const born = (day: string | null) => stand.child("c1", 1, { born_on: day });
    const moon = async () => (await stand.tasks()).find((line) => line.startsWith("moon"));

    it("move an open task to its new day, and write that down", async () => {
      await born("2026-02-05");
      expect(await work()).toEqual({ marks: 1, touched: 1 });
      expect(await stand.task("moon", "c1")).toMatchObject({
        ...{ state: "planned", due_on: "2026-03-05", anchor_on: "2026-02-05", release_on: "2026-03-05" },
        ...{ expires_on: "2026-03-08", occurrence: 0, slot: 20260202 },
      });
      expect(await stand.events()).toEqual([
        { from_state: "planned", to_state: "planned", reason: "anchor_corrected", note: expect.any(String) },
      ]);
      stand.on("2026-03-05");
      expect((await stand.plan.planDue()).planned).toBe(0);
    });

    it("bring an earlier day inside the grace to today, late; cancel one past it", async () => {
      await born("2026-01-31");
      await work();
      expect(await moon()).toBe("moon c1/1 2026-02-28 planned: anchor_corrected late");
      expect(await stand.task("moon", "c1")).toMatchObject({ release_on: today, expires_on: "2026-03-03" });
      await born("2026-01-20");
      await work();
      expect(await moon()).toContain("cancelled: anchor_corrected");
    });

    it("cancel what is gone, and bring it back when it falls due again", async () => {
      await stand.child("c1", 1, { born_on: null, due_on: "2026-04-01" });
      await work();
      expect(await moon()).toBe("moon c1/1 2026-03-02 cancelled: anchor_corrected");
      await born("2026-02-04");
      await work();
      expect(await moon()).toBe("moon c1/1 2026-03-04 planned");
      expect((await stand.events()).map(({ to_state }) => to_state)).toEqual(["cancelled", "planned"]);
      expect((await stand.tasks()).filter((line) => line.startsWith("moon"))).toHaveLength(1);
    });

    it("never bring back what was offered once", async () => {
      await store.write((sql) =>
        sql.run("UPDATE task SET offered_at = 1, state = 'offered', released_on = release_on"),
      );
      await stand.customers.setStopped(await stand.idOf("c1"), true);
      await work();
      expect(await moon()).toContain("cancelled: stopped");
      await stand.customers.setStopped(await stand.idOf("c1"), false);
      await work();
      expect(await moon()).toContain("cancelled: stopped");
    });

    it("end every baby task of a customer who was stopped, and no other", async () => {
      await stand.customers.setStopped(await stand.idOf("c1"), true);
      await work();
      expect(await stand.tasks()).toEqual([
        "day-3 c1 2026-03-02 planned",
        "lapse c1 2026-03-02 planned",
        "moon c1/1 2026-03-02 cancelled: stopped",
      ]);
    });

    it("a birth ends what counted from the due date", async () => {
      await stand.customer("hope", { joined_on: "2026-01-01" });
      await stand.child("hope", 1, { due_on: "2026-03-16" });
      await work();
      expect(await stand.tasks()).toContain("soon hope/1 2026-03-02 planned");
      await stand.child("hope", 1, { born_on: "2026-03-01" });
      await work();
      expect(await stand.tasks()).toContain("soon hope/1 2026-03-02 cancelled: superseded");
    });

    it("an order ends the cycle it answers; a refund brings it back", async () => {
      const lapse = async () => (await stand.tasks()).filter((line) => line.startsWith("lapse"));
      await stand.order("c1", "o2", today);
      await work();
      expect(await lapse()).toEqual(["lapse c1 2026-03-02 cancelled: bought_already"]);
      await stand.order("c1", "o2", today, "refunded");
      await work();
      expect(await lapse()).toEqual(["lapse c1 2026-03-02 planned"]);
    });

    it.each(["sending", "handed_over", "sent", "done_by_hand", "skipped", "expired", "failed", "unknown"])(
      "leave alone what is %s",
      async (state) => {
        await store.write((sql) => sql.run("UPDATE task SET state = ?, reason = NULL", [state]));
        await born("2026-02-05");
        await stand.order("c1", "o2", today);
        await stand.customer("c1", { guide_userid: "mei", joined_on: "2026-02-28" });
        await work();
        expect(new Set((await stand.tasks()).map((line) => line.split(" ").slice(2).join(" ")))).toEqual(
          new Set([`2026-03-02 ${state}`]),
        );
        expect(await stand.events()).toEqual([]);
      },
    );

    it("a milestone sent once is never sent again, whatever the date becomes", async () => {
      await store.write((sql) => sql.run("UPDATE task SET state = 'sent'"));
      for (const day of ["2026-02-04", null, "2026-02-06", "2026-02-10"]) {
        await (day ? born(day) : stand.child("c1", 1, { born_on: null, due_on: "2026-04-01" }));
        await work();
        for (const later of ["2026-03-04", "2026-03-06", "2026-03-10"]) {
          stand.on(later);
          await stand.plan.planDue();
        }
      }
      expect((await stand.tasks()).filter((line) => line.startsWith("moon"))).toEqual([
        "moon c1/1 2026-03-02 sent",
      ]);
    });

    it("follow the owner: to another guide, to nobody, and back", async () => {
      const guideId = async () => (await stand.task("day-3", "c1")).guide;
      await stand.customer("c1", { guide_userid: "mei", joined_on: "2026-02-27" });
      await work();
      expect(await guideId()).toBe("mei");
      const news = { guideUserid: "mei", externalUserid: "c1", at: stand.world.now() };
      await stand.customers.contactEnded(news);
      await stand.customers.contactEnded({ ...news, guideUserid: "lan" });
      await work();
      expect(await stand.tasks()).toContain("day-3 c1 2026-03-02 held: no_guide");
      await stand.customers.contactAdded({ ...news, at: stand.world.now() + 1 });
      await work();
      expect(await stand.tasks()).toContain("day-3 c1 2026-03-02 planned");
      expect(await guideId()).toBe("mei");
    });
  });

  describe("while planning runs", () => {
    it.each([1, 2, 3, 4, 5, 6])(
      "a date corrected after transaction %i is planned all the same",
      async (when) => {
        for (const id of ["c1", "c2", "c3"]) await stand.customer(id, { joined_on: "2026-02-20" });
        await stand.plan.planMarked();
        stand.on("2026-03-03");
        let at = 0;
        const between: Store = {
          ...store,
          write: async (works) => {
            const done = await store.write(works);
            // into the day that is being planned, for a customer its pieces may have passed
            if (++at === when) {
              await stand.customer("c1", { joined_on: "2026-02-28" });
              // and the marks are worked off before the day is done
              await planStandOn(store).plan.planMarked();
            }
            return done;
          },
        };
        for (const id of ["c2", "c3"]) await stand.customer(id, { joined_on: "2026-02-28" });
        await planStandOn(between, { piece: 1 }).plan.planDue();
        if (at < when) await stand.customer("c1", { joined_on: "2026-02-28" });
        await stand.plan.planDue();
        expect(await stand.tasks()).toEqual([
          "day-3 c1 2026-03-03 planned",
          "day-3 c2 2026-03-03 planned",
          "day-3 c3 2026-03-03 planned",
        ]);
      },
    );
  });
});
