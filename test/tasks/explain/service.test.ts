// The timeline of a customer from a real database: what there is, what there is not, and who may see it.
import type { Viewer } from "../../../src/identity/viewer.js";
import { explainService } from "../../../src/tasks/explain/service.js";
import { describeOnEachDatabase } from "../../support/databases.js";
import { enrolCustomer, openShop, planTask, standOn, zone } from "../../support/task-stand.js";

const person = (role: Viewer["role"], ids: Partial<Viewer> = {}): Viewer => ({
  ...{ accountId: 1, role, name: "", guideId: null, storeId: null, regionId: null, ...ids },
});
const hq = person("hq");

describeOnEachDatabase("explain", (store) => {
  const ask = () => {
    const { world } = standOn(store());
    return explainService({ store: store(), world, zone });
  };

  beforeEach(async () => {
    await openShop(store());
    await enrolCustomer(store(), 1);
    await enrolCustomer(store(), 2, { guideId: 2 });
  });

  it("has a line for every touchpoint, tasks and what is to come", async () => {
    await planTask(store(), "greeting", 1, { state: "offered" });
    await planTask(store(), "churn", 1, { state: "planned", released: false, dueOn: "2026-03-02" });
    await planTask(store(), "baby", 2, { state: "offered" });
    await store().write((sql) =>
      sql.run("UPDATE task SET slot = 20260116 WHERE occurrence = 20260116 AND customer_id = 1"),
    );
    const { timeline, ...head } = await ask().explain(hq, { customer: "wm-1" });
    expect(head).toEqual({ customer: "wm-1", name: "客户1", guide: "兰兰", today: "2026-03-02" });
    expect(
      timeline.map(({ touchpoint, child, due_on, state, computed }) => ({
        touchpoint,
        child,
        due_on,
        state,
        computed,
      })),
    ).toEqual(
      expect.arrayContaining([
        { touchpoint: "greeting", child: 0, due_on: "2026-03-02", state: "offered", computed: false },
        { touchpoint: "churn", child: 0, due_on: "2026-03-02", state: "planned", computed: false },
        { touchpoint: "baby", child: 1, due_on: "2026-03-02", state: "to_come", computed: true },
      ]),
    );
    expect(timeline).toHaveLength(8);
    expect(timeline.find(({ touchpoint }) => touchpoint === "baby")?.child_name).toBe("豆豆");
  });

  it("tells who is outside the audience, and keeps the tasks of touchpoints that are gone", async () => {
    await planTask(store(), "call", 1, { state: "skipped" });
    await store().write(async (sql) => {
      await sql.run("UPDATE task SET reason = 'guide_skipped_busy'");
      await sql.run("UPDATE touchpoint SET live = 0 WHERE touchpoint_key IN ('call', 'page')");
      const spec = await sql.row<{ spec: string }>(
        "SELECT spec FROM touchpoint_version WHERE touchpoint_id = 1",
      );
      const narrowed = JSON.stringify({ ...JSON.parse(spec?.spec ?? "{}"), audience: { source: ["门店"] } });
      await sql.run("UPDATE touchpoint_version SET spec = ? WHERE touchpoint_id = 1", [narrowed]);
    });
    const { timeline } = await ask().explain(hq, { customer: "wm-1" });
    const of = (key: string) => timeline.filter(({ touchpoint }) => touchpoint === key);
    expect(of("greeting")).toMatchObject([{ state: "none", reason: "not_in_audience", computed: true }]);
    expect(of("call")).toMatchObject([{ state: "skipped", reason: "guide_skipped_busy" }]);
    expect(of("page")).toEqual([]);
  });

  it("keeps to a day", async () => {
    const { timeline } = await ask().explain(hq, { customer: "wm-1", on: "2026-03-03" });
    expect(timeline).toEqual([]);
  });

  it.each<[string, Viewer, boolean]>([
    ["hq", hq, true],
    ["the region's manager", person("manager", { regionId: 5 }), true],
    ["another region's", person("manager", { regionId: 6 }), false],
    ["the store's manager", person("store_manager", { storeId: 3 }), true],
    ["another store's", person("store_manager", { storeId: 4 }), false],
    ["the guide", person("guide", { guideId: 1 }), true],
    ["a colleague", person("guide", { guideId: 2 }), false],
  ])("is seen by %s: %s", async (_who, viewer, seen) => {
    const told = ask().explain(viewer, { customer: "wm-1" });
    if (seen) await expect(told).resolves.toMatchObject({ customer: "wm-1" });
    else await expect(told).rejects.toMatchObject({ kind: "not_found" });
  });

  it("knows nobody it was not told of", async () => {
    await expect(ask().explain(hq, { customer: "wm-9" })).rejects.toMatchObject({ kind: "not_found" });
  });
});
