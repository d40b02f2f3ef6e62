// The day agreed on: one at a time, each an occurrence of its own, and always the owner's.
import { setNextTouch } from "../../src/customers/next-touch.js";
import { customerService } from "../../src/customers/service.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";

const zone = "Asia/Shanghai";

describeOnEachDatabase("the day agreed on", (db) => {
  it("takes the place of the one before, and follows the customer to another guide", async () => {
    const service = customerService({
      ...{ store: db(), zone, secretKey: Buffer.alloc(32, 7) },
      world: movableWorld(instantOf("2026-03-02", "12:00", zone)),
    });
    await service.push("stores", [{ store_code: "S1", store_name: "一店", region: "华东" }]);
    const guides = ["g1", "g2"].map((id) => ({ guide_userid: id, guide_name: id, store_code: "S1" }));
    await service.push("guides", guides);
    await service.push("customers", [{ external_userid: "c1", guide_userid: "g1", joined_on: "2026-01-01" }]);
    const ids = await db().read.rows<{ id: number }>("SELECT id FROM guide ORDER BY id");
    const customer = await db().read.row<{ id: number }>("SELECT id FROM customer");
    const id = customer?.id ?? 0;
    const anchor = () =>
      db().read.row(
        "SELECT on_date, cycle_on, guide_id, quiet_through FROM anchor WHERE customer_id = ? AND kind = 'next_touch'",
        [id],
      );
    const marks = async () =>
      (
        await db().read.rows<{ was: number }>(
          "SELECT was_cycle AS was FROM anchor_mark WHERE kind = 'next_touch' ORDER BY id",
        )
      ).map(({ was }) => was);
    await db().write((sql) => setNextTouch(sql, id, "2026-03-10"));
    await db().write((sql) => setNextTouch(sql, id, "2026-03-20"));
    const agreed = { on_date: "2026-03-20", cycle_on: 20260320, quiet_through: null };
    expect(await anchor()).toEqual({ ...agreed, guide_id: ids[0]?.id });
    expect(await marks()).toEqual([0, 20260310]);
    await service.push("customers", [{ external_userid: "c1", guide_userid: "g2" }]);
    expect(await anchor()).toEqual({ ...agreed, guide_id: ids[1]?.id });
    expect(await marks()).toEqual([0, 20260310, 20260320]);
    // what has nothing to do with it leaves it alone
    await service.push("customers", [{ external_userid: "c1", level: "VIP", customer_name: "王芳" }]);
    await service.push("children", [{ external_userid: "c1", child_no: 1, born_on: "2026-01-01" }]);
    const order = { order_no: "1", external_userid: "c1", ordered_on: "2026-02-01", quantity: 1 };
    await service.push("orders", [order]);
    expect(await anchor()).toEqual({ ...agreed, guide_id: ids[1]?.id });
    expect(await marks()).toEqual([0, 20260310, 20260320]);
  });
});
