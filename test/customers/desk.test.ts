// A customer opened at the desk: their card, whom they turned out to be, and every number shown, counted and written down.
import { customerDesk, PHONES_AN_HOUR } from "../../src/customers/desk.js";
import { customerService } from "../../src/customers/service.js";
import type { Viewer } from "../../src/identity/viewer.js";
import { movableWorld } from "../../src/kernel/world.js";
import { customerChanges } from "../../src/tasks/customer-changes.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { standOn } from "../support/task-stand.js";

const secretKey = Buffer.alloc(32, 7);
const HOUR = 3_600_000;
const start = Date.UTC(2026, 2, 2, 4);
const person = (accountId: number, role: Viewer["role"], ids: Partial<Viewer> = {}): Viewer => ({
  ...{ accountId, role, name: "", guideId: null, storeId: null, regionId: null, ...ids },
});

describeOnEachDatabase("the desk", (db) => {
  const world = movableWorld(start);
  const desk = () => customerDesk({ store: db(), world, secretKey });
  const idOf = async (id: string) =>
    (await db().read.row<{ id: number }>("SELECT id FROM customer WHERE external_userid = ?", [id]))?.id ?? 0;

  beforeAll(async () => {
    const customers = customerService({ store: db(), world, zone: "Asia/Shanghai", secretKey });
    await customers.push("stores", [{ store_code: "S1", store_name: "一店", region: "华东" }]);
    await customers.push("guides", [{ guide_userid: "lan", guide_name: "兰兰", store_code: "S1" }]);
    const row = { guide_userid: "lan", joined_on: "2026-03-01" };
    await customers.push("customers", [
      { ...row, external_userid: "a", name: "张三", phone: "13812341234", birthday: "1890-01-01" },
      { ...row, external_userid: "b", name: "李四" },
      { ...row, external_userid: "old", name: "李四" },
    ]);
    await customers.push("children", [
      { external_userid: "a", child_no: 1, name: "豆豆", born_on: "2025-09-02" },
    ]);
    await customers.push("orders", [
      { order_no: "T1", external_userid: "a", ordered_on: "2026-02-01", quantity: 2, amount: 268 },
    ]);
    await customerChanges(standOn(db()).setup).merge({ from: "old", into: "b", by: "system" });
  });

  it("shows all that is known, the number masked", async () => {
    expect(await desk().card(person(1, "hq"), await idOf("a"))).toMatchObject({
      ...{ name: "张三", phone: "138****1234", guide: "兰兰", store: "一店", storeCode: "S1", stopped: 0 },
      contacts: [{ guide: "兰兰", store: "一店", beganOn: "2026-03-01", endedOn: null, remark: null }],
      children: [{ childNo: 1, name: "豆豆", bornOn: "2025-09-02" }],
      sum: { orders: 1, quantity: 2, amountCents: 26_800, lastOn: "2026-02-01" },
      orders: [{ orderNo: "T1", orderedOn: "2026-02-01", amount: 268 }],
      faults: [{ field: "birthday", value: "1890-01-01", childNo: 0 }],
    });
  });

  it("leads from an id given up to whose it is, and knows nobody else", async () => {
    const hq = person(1, "hq");
    expect(await desk().card(hq, await idOf("old"))).toEqual({ mergedInto: await idOf("b") });
    const owner = person(4, "guide", { guideId: 1 });
    expect(await desk().card(owner, await idOf("old"))).toEqual({ mergedInto: await idOf("b") });
    expect(await desk().card(hq, await idOf("b"))).toMatchObject({ otherIds: ["old"] });
    await expect(desk().card(hq, 999)).rejects.toMatchObject({ kind: "not_found" });
    for (const stranger of [person(2, "guide", { guideId: 9 }), person(3, "store_manager", { storeId: 9 })])
      for (const asked of [
        desk().card(stranger, await idOf("a")),
        desk().card(stranger, await idOf("old")),
        desk().showPhone(stranger, await idOf("a")),
      ])
        await expect(asked).rejects.toMatchObject({ kind: "not_found" });
  });

  it("shows a number to one person so often an hour, and writes each down", async () => {
    const id = await idOf("a");
    for (let n = 0; n < PHONES_AN_HOUR; n++) {
      world.set(start + n * 1_000);
      expect(await desk().showPhone(person(5, "hq"), id)).toBe("13812341234");
    }
    await expect(desk().showPhone(person(5, "hq"), id)).rejects.toMatchObject({ kind: "too_many" });
    expect(await desk().showPhone(person(6, "hq"), id)).toBe("13812341234");
    world.set(start + HOUR);
    expect(await desk().showPhone(person(5, "hq"), id)).toBe("13812341234");
    await expect(desk().showPhone(person(5, "hq"), id)).rejects.toMatchObject({ kind: "too_many" });
    const lines = await db().read.rows(
      "SELECT DISTINCT action, subject, before_json, after_json FROM audit_entry WHERE done_by = 'account:5'",
    );
    expect(lines).toEqual([
      { action: "customer.unmask", subject: `customer:${id}`, before_json: null, after_json: null },
    ]);
    await expect(desk().showPhone(person(6, "hq"), await idOf("b"))).rejects.toMatchObject({
      kind: "not_found",
    });
  });
});
