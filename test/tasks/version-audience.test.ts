// A narrower audience takes open tasks away, a wider one gives back those no guide has seen.
import type { Store } from "../../src/infra/store.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openPlanShop, type PlanStand, planStandOn, trigger } from "../support/plan-stand.js";

const hello = (audience: object) => ({ hello: { ...trigger("joined", 0), audience } });

describeOnEachDatabase("a touchpoint's audience", (open) => {
  let store: Store;
  let stand: PlanStand;
  beforeEach(async () => {
    store = open();
    await openPlanShop(store);
    stand = planStandOn(store);
    await stand.publish(hello({}));
    await stand.customer("shop", { source: "门店", level: "金卡" });
    await stand.customer("web", { source: "网店" });
    await stand.customer("south", { guide_userid: "mei" });
    await stand.plan.planDue();
  });
  const lines = async () => (await stand.tasks()).map((line) => line.split(" ").slice(1).join(" "));

  it.each<[string, object, string[]]>([
    ["one source", { source: ["门店"] }, ["shop"]],
    ["a source and a level", { source: ["门店", "网店"], level: ["金卡"] }, ["shop"]],
    ["a region", { region: ["华南"] }, ["south"]],
    ["a region nobody is in", { region: ["西北"] }, []],
  ])("narrowed to %s", async (_what, audience, inside) => {
    await stand.publish(hello(audience));
    expect(await lines()).toEqual(
      ["shop", "south", "web"].map(
        (id) => `${id} ${stand.today()} ${inside.includes(id) ? "planned" : "cancelled: audience_left"}`,
      ),
    );
    await stand.publish(hello({}));
    await stand.plan.planMarked();
    expect((await lines()).every((line) => line.endsWith("planned"))).toBe(true);
  });

  it("what waits before a guide goes too, what was sent stays", async () => {
    await store.write(async (sql) => {
      await sql.run("UPDATE task SET state = 'sent', offered_at = 1 WHERE customer_id = ?", [
        await stand.idOf("web"),
      ]);
      // put off after it was offered
      await sql.run("UPDATE task SET offered_at = 1 WHERE customer_id = ?", [await stand.idOf("south")]);
      await sql.run("UPDATE task SET state = 'offered', offered_at = 1 WHERE customer_id = ?", [
        await stand.idOf("shop"),
      ]);
    });
    await stand.publish(hello({ region: ["西北"] }));
    const ends = { shop: "cancelled: audience_left", south: "cancelled: audience_left", web: "sent" };
    expect(await lines()).toEqual(Object.entries(ends).map(([id, end]) => `${id} ${stand.today()} ${end}`));
  });
});
