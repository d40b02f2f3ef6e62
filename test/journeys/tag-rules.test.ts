// Tags by rule: given and taken for all once a day, for changed customers soon after, never against people.
import { customerService } from "../../src/customers/service.js";
import { tagService } from "../../src/customers/tag-service.js";
import { audienceService } from "../../src/journeys/audience-service.js";
import { tagRuleService } from "../../src/journeys/tag-rules.js";
import { tagging } from "../../src/journeys/tagging.js";
import { addDays, instantOf, type ShopDay } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { freshFolder } from "../support/folders.js";

const zone = "Asia/Shanghai";
const today: ShopDay = "2026-06-15";

describeOnEachDatabase("tags by rule", (open) => {
  const world = movableWorld(0);
  const on = (day: ShopDay) => world.set(instantOf(day, "04:00", zone));
  const parts = () => ({ store: open(), world, zone });
  const customers = () => customerService({ ...parts(), secretKey: Buffer.alloc(32, 7) });
  const rules = () => tagRuleService(parts());
  const tags = () => tagging(parts());
  const order = (id: string, daysAgo: number, more = {}) =>
    customers().push("orders", [
      {
        order_no: `${id}${daysAgo}`,
        external_userid: id,
        ordered_on: addDays(today, -daysAgo),
        quantity: 2,
        ...more,
      },
    ]);
  /** "a 沉睡" of every tag by rule. */
  const carried = async () =>
    (
      await open().read.rows<{ id: string; name: string }>(
        `SELECT c.external_userid AS id, t.name FROM customer_tag t JOIN customer c ON c.id = t.customer_id
         WHERE t.source = 'rule' ORDER BY t.name, c.external_userid`,
      )
    ).map(({ id, name }) => `${id} ${name}`);

  beforeAll(async () => {
    on(today);
    for (const id of ["a", "b", "c"])
      await customers().push("customers", [{ external_userid: id, level: "金卡" }]);
    await order("a", 5);
    await order("b", 61);
    await tagService(parts()).add(["c"], "沉睡", "account:1");
    // it builds on one that is not there yet
    await rules().set("唤醒名单", { tag: ["沉睡"], level: ["金卡"] }, "account:1");
    await rules().set("沉睡", { last_order_days: { at_least: 61 } }, "account:1");
  });

  it("are listed with their words", async () => {
    expect((await rules().list()).map(({ name, says, setBy }) => [name, says, setBy])).toEqual([
      ["唤醒名单", "等级：金卡；标签：沉睡", "account:1"],
      ["沉睡", "距上次购买至少61天", "account:1"],
    ]);
  });

  it("come to all at once when a rule was set, and of one rule with another", async () => {
    expect(await tags().changed()).toBeGreaterThan(0);
    expect(await carried()).toEqual(["b 唤醒名单", "c 唤醒名单", "b 沉睡"]);
    expect(await tags().changed()).toBe(0);
    expect(await tags().daily()).toEqual({ given: 0, taken: 0 });
  });

  it("follow an order by its mark", async () => {
    await order("b", 1);
    expect(await tags().changed()).toBeGreaterThan(0);
    expect(await carried()).toEqual(["c 唤醒名单"]);
    const { past } = await tagService(parts()).show("b");
    expect(past.map(({ name, source, takenBy }) => [name, source, takenBy])).toEqual([
      ["沉睡", "rule", "rule"],
      ["唤醒名单", "rule", "rule"],
    ]);
  });

  it("follow the days, once a day, and leave people's tags alone", async () => {
    on(addDays(today, 60));
    expect(await tags().changed()).toBe(0);
    expect(await carried()).toEqual(["c 唤醒名单"]);
    expect(await tags().daily()).toEqual({ given: 4, taken: 0 });
    expect(await tags().daily()).toEqual({ given: 0, taken: 0 });
    expect(await carried()).toEqual(["a 唤醒名单", "b 唤醒名单", "c 唤醒名单", "a 沉睡", "b 沉睡"]);
    const { tags: own } = await tagService(parts()).show("c");
    expect(own.map(({ name, source, by }) => [name, source, by])).toEqual([
      ["唤醒名单", "rule", "rule"],
      ["沉睡", "manual", "account:1"],
    ]);
  });

  it("follow an import that does not trigger, which leaves no marks", async () => {
    const folder = freshFolder({
      "customers.csv": ["external_userid,level", "a,银卡"],
      "orders.csv": ["order_no,external_userid,ordered_on", `n1,b,${addDays(today, 59)}`],
    });
    await customers().importFrom(folder.path, { trigger: false });
    folder.drop();
    expect(await open().read.rows("SELECT id FROM customer_mark")).toEqual([]);
    await tags().changed();
    expect(await carried()).toEqual(["c 唤醒名单", "a 沉睡"]);
  });

  it("are of nobody who was erased", async () => {
    await rules().set("没有金卡", { not: { level: ["金卡"] } }, "account:1");
    await tags().changed();
    expect(await carried()).toContain("a 没有金卡");
    await open().write((sql) =>
      sql.run("UPDATE customer SET external_userid = 'erased:1' WHERE external_userid = 'a'"),
    );
    expect((await audienceService(parts()).count({ not: { level: ["金卡"] } })).customers).toBe(0);
    await rules().set("没有金卡", { not: { level: ["金卡"] } }, "account:1");
    await tags().changed();
    await open().write((sql) =>
      sql.run("UPDATE customer SET external_userid = 'a' WHERE external_userid = 'erased:1'"),
    );
    expect(await carried()).toEqual(["c 唤醒名单"]);
    await rules().drop("没有金卡", "account:1");
    await tags().everybody();
  });

  it("of the models go with the day of risk, and an order takes them away", async () => {
    const { id } = (await open().read.row<{ id: number }>(
      "SELECT id FROM customer WHERE external_userid = 'a'",
    )) ?? { id: 0 };
    const now = addDays(today, 60);
    await open().write(async (sql) => {
      await sql.run(
        "INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on) VALUES (?, 'at_risk', 0, ?, 20260610)",
        [id, addDays(now, 1)],
      );
      await sql.run(
        `INSERT INTO model_value (customer_id, last_on, purchases, span_days, quantity, model, low_on, computed_on)
         VALUES (?, '2026-06-10', 1, 0, 2, 'bg_nbd', ?, ?)`,
        [id, addDays(now, 2), now],
      );
    });
    const byModel = async () => {
      const { tags: own } = await tagService(parts()).show("a");
      return own.filter(({ source }) => source === "model").map(({ name, by }) => `${name} ${by}`);
    };
    await tags().everybody();
    expect(await byModel()).toEqual([]);
    on(addDays(now, 1));
    await tags().daily();
    expect(await byModel()).toEqual(["流失风险·易挽回 at_risk"]);
    on(addDays(now, 2));
    await tags().daily();
    expect(await byModel()).toEqual(["流失风险·难挽回 at_risk"]);
    await order("a", -60);
    await tags().changed();
    expect(await byModel()).toEqual([]);
    on(now);
    await customers().push("orders", [
      { order_no: "a-60", external_userid: "a", ordered_on: addDays(today, 60), status: "refunded" },
    ]);
    await tags().everybody();
  });

  it("are given and taken once by two processes at a time", async () => {
    const past = () => open().read.rows("SELECT id FROM customer_tag_past");
    await rules().set("银卡客", { level: ["银卡"] }, "account:1");
    await Promise.all([tags().everybody(), tags().everybody()]);
    expect((await carried()).filter((line) => line.endsWith("银卡客"))).toEqual(["a 银卡客"]);
    const before = (await past()).length;
    await open().write((sql) => sql.run("UPDATE customer SET level = '金卡' WHERE external_userid = 'a'"));
    await Promise.all([tags().everybody(), tags().everybody()]);
    expect((await carried()).filter((line) => line.endsWith("银卡客"))).toEqual([]);
    expect((await past()).length).toBe(before + 1);
    await open().write((sql) => sql.run("UPDATE customer SET level = '银卡' WHERE external_userid = 'a'"));
    await rules().drop("银卡客", "account:1");
    await tags().everybody();
  });

  it("end with their rule", async () => {
    expect(await rules().drop("沉睡", "account:2")).toBe(1);
    await expect(rules().drop("沉睡", "account:2")).rejects.toMatchObject({ kind: "not_found" });
    expect(await carried()).toEqual(["c 唤醒名单"]);
    const { past } = await tagService(parts()).show("a");
    expect(past[0]).toMatchObject({ name: "沉睡", source: "rule", takenBy: "account:2" });
  });

  it.each<[string, string, object, string]>([
    ["a tag that is none", "", { level: ["a"] }, "标签名称不对"],
    ["everyone", "所有人", {}, "至少要有一个条件"],
    ["what is no rule", "x", { city: ["上海"] }, "人群规则不对"],
    ["itself", "甲", { not: { tag: ["甲"] } }, "互相依赖：甲 → 甲"],
  ])("%s is refused", async (_what, name, rule, words) => {
    await expect(rules().set(name, rule, "account:1")).rejects.toThrow(words);
  });

  it("a circle of rules is refused", async () => {
    await rules().set("乙", { tag: ["丙"] }, "account:1");
    await expect(
      rules().set("丙", { any: [{ level: ["a"] }, { tag: ["乙"] }] }, "account:1"),
    ).rejects.toThrow("互相依赖");
  });
});
