// Touchpoints that wait for a calendar day: everybody once a year, over as many days as wished, whatever happens meanwhile.
import type { Store } from "../../src/infra/store.js";
import { turnOf } from "../../src/journeys/days.js";
import type { DayRef, DayTrigger, TouchpointSpec } from "../../src/journeys/spec.js";
import { addDays, daysFromTo, type ShopDay } from "../../src/kernel/calendar.js";
import { loadSeeds } from "../../src/org/calendar-seeds.js";
import { type CalendarService, calendarService } from "../../src/org/calendar-service.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openPlanShop, type PlanStand, planStandOn } from "../support/plan-stand.js";

const seeds = loadSeeds();

const around = (day: DayRef, { days: n = 0, spread = 1 } = {}): { trigger: DayTrigger } => ({
  trigger: {
    ...{ anchor: "day", day, offset: { unit: "days", n }, spreadDays: spread },
    repeat: "dates" in day ? "once" : "yearly",
  },
});

async function openCalendar(store: Store): Promise<CalendarService> {
  const calendar = calendarService({ store, seeds });
  const days = [2026, 2027, 2028].flatMap((year) => [
    ...["06-18 618", "11-11 双11"].map((said) => ({
      on: `${year}-${said.slice(0, 5)}`,
      name: said.slice(6),
    })),
  ]);
  const named = [...days, { on: "2026-08-19", name: "七夕" }];
  await calendar.set(named.map((day) => ({ ...day, kind: "named" })));
  await store.write((sql) => sql.run("DELETE FROM calendar_mark"));
  return calendar;
}

describeOnEachDatabase("calendar days", (store) => {
  let stand: PlanStand;
  let calendar: CalendarService;
  beforeEach(async () => {
    await openPlanShop(store());
    calendar = await openCalendar(store());
    stand = planStandOn(store(), { piece: 3 });
    stand.on("2026-06-13");
  });
  const planOn = async (...days: ShopDay[]) => {
    for (const day of days) {
      stand.on(day);
      await stand.plan.planDue();
    }
  };
  const people = async (...ids: string[]) => {
    for (const id of ids) await stand.customer(id, { joined_on: "2026-01-01" });
  };
  const crowd = Array.from({ length: 25 }, (_, at) => `c${String(at).padStart(2, "0")}`);
  const buckets = async () =>
    new Map(
      (
        await store().read.rows<{ id: string; bucket: number }>(
          "SELECT external_userid AS id, bucket FROM customer",
        )
      ).map(({ id, bucket }) => [id, bucket]),
    );

  it("fall due for everybody on the day, every year anew", async () => {
    stand.on("2026-11-06");
    await people("a", "b");
    await stand.publish({ eleven: around({ name: "双11" }), before: around({ name: "双11" }, { days: -3 }) });
    await planOn(...daysFromTo("2026-11-06", "2026-11-13"));
    expect(await stand.tasks()).toEqual([
      "before a 2026-11-08 planned",
      "before b 2026-11-08 planned",
      "eleven a 2026-11-11 planned",
      "eleven b 2026-11-11 planned",
    ]);
    expect(await stand.task("before", "a")).toMatchObject({
      ...{ occurrence: 2026, slot: 0, child_no: 0, anchor_on: "2026-11-11", guide: "lan" },
    });
    await stand.plan.planByHand({ from: "2027-11-08", to: "2027-11-11", dryRun: false });
    expect((await stand.tasks()).filter((line) => line.endsWith("planned"))).toHaveLength(8);
  });

  it("are spread over as many days as wished, each customer on the day of their bucket and once", async () => {
    await people(...crowd);
    const { trigger } = around({ name: "618" }, { spread: 5, days: -2 });
    await stand.publish({ big: { trigger } });
    await planOn(...daysFromTo("2026-06-14", "2026-06-22"));
    await stand.plan.planByHand({ from: "2026-06-14", to: "2026-06-22", dryRun: false });
    const turns = await buckets();
    const lines = crowd.map((id) => `big ${id} ${turnOf(trigger, "2026-06-18", turns.get(id) ?? 0)} planned`);
    expect((await stand.tasks()).sort()).toEqual(lines.sort());
    expect(new Set(lines.map((line) => line.split(" ")[2])).size).toBeGreaterThan(3);
  });

  it("wait for dates given once, and never come back", async () => {
    stand.on("2026-06-03");
    await people("a");
    await stand.publish({ party: around({ dates: ["2026-06-05", "2027-06-07"] }) });
    await planOn("2026-06-04", "2026-06-05");
    for (const day of ["2027-06-05", "2027-06-07", "2028-06-05"])
      await stand.plan.planByHand({ from: day, to: day, dryRun: false });
    expect(await stand.tasks()).toEqual(["party a 2026-06-05 planned", "party a 2027-06-07 planned"]);
  });

  it("reach whoever becomes a customer while the days run, if their turn is still to come", async () => {
    const { trigger } = around({ monthDay: "06-18" }, { spread: 10 });
    await people("a");
    await stand.publish({ big: { trigger } });
    await planOn(...daysFromTo("2026-06-15", "2026-06-22"));
    for (const id of crowd) await stand.customer(id);
    await stand.plan.planMarked();
    await planOn(...daysFromTo("2026-06-23", "2026-06-30"));
    const turns = await buckets();
    const expected = crowd
      .map((id) => ({ id, on: turnOf(trigger, "2026-06-18", turns.get(id) ?? 0) }))
      .filter(({ on }) => on >= "2026-06-22")
      .map(({ id, on }) => `big ${id} ${on} planned`);
    const made = (await stand.tasks()).filter((line) => !line.startsWith("big a "));
    expect(made.sort()).toEqual(expected.sort());
    expect(expected.length).toBeGreaterThan(3);
    expect(expected.length).toBeLessThan(crowd.length);
  });

  it("keep to audience and import switch, and hold what has no guide", async () => {
    await stand.customer("in", { joined_on: "2026-01-01", source: "门店" });
    await stand.customer("out", { joined_on: "2026-01-01", source: "电商" });
    await stand.customer("alone", { joined_on: "2026-01-01", source: "门店", guide_userid: null });
    await stand.customer("quiet", { joined_on: "2026-01-01", source: "门店" });
    await store().write((sql) =>
      sql.run("UPDATE customer SET quiet_through = '2026-06-18' WHERE external_userid = 'quiet'"),
    );
    await stand.publish({ big: { ...around({ name: "618" }), audience: { source: ["门店"] } } });
    await planOn("2026-06-18");
    expect(await stand.tasks()).toEqual(["big alone 2026-06-18 held: no_guide", "big in 2026-06-18 planned"]);
  });

  it("leave out whoever is erased or merged into another", async () => {
    await people("a", "b", "c");
    await store().write(async (sql) => {
      await sql.run(
        "UPDATE customer SET external_userid = 'erased:x', guide_id = NULL WHERE external_userid = 'b'",
      );
      await sql.run("UPDATE customer SET merged_into = 1 WHERE external_userid = 'c'");
    });
    await stand.publish({ big: around({ name: "618" }) });
    await planOn("2026-06-18");
    expect(await stand.tasks()).toEqual(["big a 2026-06-18 planned"]);
  });

  it("are planned late inside the grace and end as missed after it", async () => {
    await people(...crowd);
    const { trigger } = around({ name: "618" }, { spread: 10 });
    await stand.publish({ big: { trigger } });
    await planOn("2026-06-17", "2026-06-24");
    const turns = await buckets();
    const expected = crowd.flatMap((id) => {
      const on = turnOf(trigger, "2026-06-18", turns.get(id) ?? 0);
      if (on > "2026-06-24") return [];
      const state = addDays(on, 3) < "2026-06-24" ? "expired: missed_run" : "planned";
      return [`big ${id} ${on} ${state}${state === "planned" && on < "2026-06-24" ? " late" : ""}`];
    });
    expect((await stand.tasks()).sort()).toEqual(expected.sort());
  });

  it("are made once by two planners at once", async () => {
    await people(...crowd);
    await stand.publish({ big: around({ name: "618" }) });
    stand.on("2026-06-18");
    const other = planStandOn(store(), { piece: 4 });
    other.on("2026-06-18");
    const [one, two] = await Promise.all([stand.plan.planDue(), other.plan.planDue()]);
    expect(one.planned + two.planned).toBe(crowd.length);
    expect(await stand.tasks()).toHaveLength(crowd.length);
  });

  it("are counted by a dry run as they are made", async () => {
    await people(...crowd);
    await stand.publish({ big: around({ name: "618" }, { spread: 3 }) });
    const span = { from: "2026-06-18", to: "2026-06-20" };
    const counted = await stand.plan.planByHand({ ...span, dryRun: true });
    expect(counted.planned).toBe(crowd.length);
    expect(await stand.plan.planByHand({ ...span, dryRun: false })).toEqual(counted);
    expect((await stand.plan.planByHand({ ...span, dryRun: true })).planned).toBe(0);
  });

  describe("corrected", () => {
    beforeEach(() => stand.on("2026-08-13"));
    const move = (on: ShopDay) => calendar.set([{ on, kind: "named", name: "七夕" }]);

    it("to later: open tasks move, what was sent stays, and nobody gets a second one", async () => {
      await people("a", "b", "c", "d");
      await stand.publish({ love: around({ name: "七夕" }, { days: -3 }) });
      await planOn("2026-08-16");
      await store().write((sql) =>
        sql.run(
          "UPDATE task SET state = 'sent' WHERE customer_id = (SELECT id FROM customer WHERE external_userid = 'b')",
        ),
      );
      await move("2026-08-22");
      await stand.plan.planMarked();
      expect(await stand.tasks()).toEqual([
        "love b 2026-08-16 sent",
        "love a 2026-08-19 planned: anchor_corrected",
        "love c 2026-08-19 planned: anchor_corrected",
        "love d 2026-08-19 planned: anchor_corrected",
      ]);
      await planOn(...daysFromTo("2026-08-17", "2026-08-23"));
      expect(await stand.tasks()).toHaveLength(4);
    });

    it("to earlier: turns that have come by the new date are made late", async () => {
      await people("a", "b");
      await stand.publish({ love: around({ name: "七夕" }) });
      await planOn("2026-08-15");
      await move("2026-08-14");
      await planOn("2026-08-16");
      expect(await stand.tasks()).toEqual([
        "love a 2026-08-14 planned late",
        "love b 2026-08-14 planned late",
      ]);
      await planOn("2026-08-19", "2026-08-20");
      expect(await stand.tasks()).toHaveLength(2);
    });

    it("away: open tasks go, and come back with the day", async () => {
      await people("a");
      await stand.publish({ love: around({ name: "七夕" }, { spread: 2 }) });
      await planOn("2026-08-19", "2026-08-20");
      await calendar.remove({ kind: "named", name: "七夕", year: 2026 });
      await stand.plan.planMarked();
      expect((await stand.tasks())[0]).toMatch(/^love a 2026-08-(19|20) cancelled: anchor_corrected/);
      await move("2026-08-20");
      await stand.plan.planMarked();
      expect(await stand.tasks()).toHaveLength(1);
      expect((await stand.tasks())[0]).toMatch(/^love a 2026-08-2[01] planned/);
    });

    it("in the middle of planning: nothing is left on the old date", async () => {
      await people(...crowd);
      await stand.publish({ love: around({ name: "七夕" }) });
      stand.on("2026-08-19");
      await Promise.all([stand.plan.planDue(), move("2026-08-21")]);
      await stand.plan.planMarked();
      await planOn("2026-08-20", "2026-08-21");
      expect((await stand.tasks()).map((line) => line.split(" ")[2])).toEqual(crowd.map(() => "2026-08-21"));
    });
  });

  it("follow their customer to another guide", async () => {
    await people("a");
    await stand.publish({ big: around({ name: "618" }) });
    await planOn("2026-06-18");
    await stand.customer("a", { guide_userid: "mei", joined_on: "2026-01-01" });
    await stand.plan.planMarked();
    expect(await stand.task("big", "a")).toMatchObject({ guide: "mei", state: "planned" });
  });

  const versions: [
    what: string,
    after: Partial<TouchpointSpec> & { trigger: DayTrigger },
    due: ShopDay,
    state: string,
  ][] = [
    ["another distance", around({ name: "618" }, { days: 1 }), "2026-06-19", "planned"],
    ["another day", around({ monthDay: "06-20" }), "2026-06-20", "planned"],
    ["a date once", around({ dates: ["2026-06-21"] }), "2026-06-21", "planned"],
    ["a day long past", around({ monthDay: "05-01" }), "2026-06-18", "cancelled: anchor_corrected"],
  ];
  it.each(versions)("follow a new version with %s", async (_what, after, due, state) => {
    await people("a");
    await stand.publish({ big: around({ name: "618" }) });
    await planOn("2026-06-18");
    await stand.publish({ big: after });
    expect(await stand.tasks()).toEqual([`big a ${due} ${state}`]);
    await planOn("2026-06-19", "2026-06-20", "2026-06-21", "2026-06-22");
    expect(await stand.tasks()).toHaveLength(1);
  });
});
