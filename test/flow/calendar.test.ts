// The brand's calendar at work, whole: a festival over several days, a date corrected, a quiet day, a quiet night; day by day
// through the same passes the clock runs.
import { join } from "node:path";
import { addDays, daysFromTo, instantOf, type ShopDay, shopDayOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { type House, openHouse } from "../support/house.js";
import { taskFaults } from "../support/invariants.js";

const zone = "Asia/Shanghai";
const ids = Array.from({ length: 24 }, (_, at) => `c${String(at).padStart(2, "0")}`);
const journey = `
key: festivals
name: 节日
touchpoints:
  - { key: moon, name: 中秋, before: 中秋, days: 6, spread_days: 4, send: mass, words: "{{customer.name}}，中秋安康。" }
  - { key: nine, name: 重阳, on: 重阳节, send: mass, words: "{{customer.name}}，重阳安康。" }
  - { key: only, name: 霜降, on: 霜降, send: page, grace_days: 0, words: "{{customer.name}}，天凉了。" }
  - { key: card, name: 小雪, on: 小雪, send: page, words: "{{customer.name}}，添衣。" }
`;

describeOnEachDatabase("the calendar at work", (store) => {
  let house: House;
  let world: House["world"];
  let services: House["services"];

  beforeAll(async () => {
    house = openHouse(store(), movableWorld(instantOf("2026-09-18", "10:00", zone)));
    ({ world, services } = house);
    const put = (name: string, lines: string[]) => house.put(`brand/${name}`, `${lines.join("\n")}\n`);
    put("stores.csv", ["门店编码,门店名称,大区", "S1,一店,华东"]);
    put("guides.csv", ["导购账号,导购姓名,门店编码", "lan,兰兰,S1", "mei,梅梅,S1"]);
    put("customers.csv", [
      "external_userid,name,guide_userid,joined_on",
      ...ids.map((id, at) => `${id},${id},${at % 2 ? "lan" : "mei"},2025-01-01`),
    ]);
    await services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
    const file = house.put("festivals.yaml", journey);
    const { warnings } = await services.applyJourney(file, { yes: true, by: "system" });
    expect(warnings).toEqual([]);
  });
  afterAll(() => house.close());
  afterEach(async () => {
    expect(await taskFaults(store(), { expiredOn: shopDayOf(world.now(), zone) })).toEqual([]);
  });

  const at = (day: ShopDay, time: string) => world.set(instantOf(day, time, zone));
  /** A day from its night to the guides' hour, and the words on their way. */
  const morning = async (day: ShopDay) => {
    await house.night(day);
    await house.morning(day);
  };
  /** How many tasks of a touchpoint stand where: "due state[: reason]". */
  const counts = async (key: string) => {
    const rows = await store().read.rows<{ due: ShopDay; state: string; reason: string | null; n: number }>(
      `SELECT k.due_on AS due, k.state, k.reason, COUNT(*) AS n FROM task k JOIN touchpoint t ON t.id = k.touchpoint_id
       WHERE t.touchpoint_key = ? GROUP BY k.due_on, k.state, k.reason ORDER BY k.due_on, k.state`,
      [key],
    );
    return Object.fromEntries(
      rows.map(({ due, state, reason, n }) => [`${due} ${state}${reason ? `: ${reason}` : ""}`, Number(n)]),
    );
  };
  const bucketsIn = async (from: number, to: number) => {
    const row = await store().read.row<{ n: number }>(
      "SELECT COUNT(*) AS n FROM customer WHERE bucket BETWEEN ? AND ?",
      [from, to],
    );
    return Number(row?.n ?? 0);
  };

  it("a festival goes out over four days, each customer on their own, with quiet nights between", async () => {
    const days = daysFromTo("2026-09-19", "2026-09-22");
    const expected: Record<string, number> = {};
    for (const [turn, day] of days.entries()) {
      await morning(day);
      expected[`${day} handed_over`] = await bucketsIn(turn * 2500, turn * 2500 + 2499);
      expect(await counts("moon")).toEqual(expected);
      // guides who have not tapped by the evening are left in peace until the morning
      at(day, "21:29");
      expect(await services.passes.quiet()).toBeUndefined();
      at(day, "21:30");
      await services.passes.quiet();
      const offered = Object.entries(expected).map(([key, n]) => [key.replace("handed_over", "offered"), n]);
      expect(await counts("moon")).toEqual(Object.fromEntries(offered));
      at(addDays(day, 1), "07:59");
      await services.passes.dispatch();
      expect(await counts("moon")).toEqual(Object.fromEntries(offered));
      at(addDays(day, 1), "08:00");
      await services.passes.dispatch();
      expect(await counts("moon")).toEqual(expected);
    }
    expect(Object.values(expected).reduce((sum, n) => sum + n, 0)).toBe(ids.length);
    for (const day of ["2026-09-26", "2026-10-17"]) await morning(day);
    expect(Object.keys(await counts("moon")).every((key) => key.endsWith("expired: grace_passed"))).toBe(
      true,
    );
  });

  it("a date corrected while the words wait for a tap takes them back to the new day", async () => {
    await morning("2026-10-18");
    expect(await counts("nine")).toEqual({ "2026-10-18 handed_over": ids.length });
    await services.calendar.set([{ on: "2026-10-20", kind: "named", name: "重阳" }]);
    at("2026-10-18", "12:00");
    await services.passes.recheck();
    await services.passes.planMarked();
    expect(await counts("nine")).toEqual({ "2026-10-20 planned: anchor_corrected": ids.length });
    await morning("2026-10-19");
    await morning("2026-10-20");
    expect(await counts("nine")).toEqual({ "2026-10-20 handed_over": ids.length });
  });

  it("a quiet day lets nothing out: what may wait waits, the rest ends as quiet", async () => {
    await services.calendar.set([
      { on: "2026-10-23", kind: "quiet", name: "哀悼日" },
      { on: "2026-10-23", kind: "named", name: "小雪" },
    ]);
    for (const day of ["2026-10-21", "2026-10-22", "2026-10-23"]) await morning(day);
    expect(await counts("only")).toEqual({ "2026-10-23 skipped: quiet": ids.length });
    expect(await counts("card")).toEqual({ "2026-10-23 planned": ids.length });
    await morning("2026-10-24");
    expect(await counts("card")).toEqual({ "2026-10-23 offered": ids.length });
  });

  it("the page puts no words into a chat at night, and says when it will", async () => {
    const row = await store().read.row<{ id: number; guideId: number }>(
      "SELECT id, guide_id AS guideId FROM task WHERE state = 'offered' ORDER BY id LIMIT 1",
    );
    const [id, guideId] = [Number(row?.id), Number(row?.guideId)];
    at("2026-10-24", "23:59");
    await expect(services.tasks.takeWords(guideId, id)).rejects.toThrow("明天08:00 后再发");
    at("2026-10-25", "00:01");
    await expect(services.tasks.takeWords(guideId, id)).rejects.toThrow("免打扰时段，08:00 后再发");
    at("2026-10-25", "08:00");
    expect(await services.tasks.takeWords(guideId, id)).toMatchObject({
      words: expect.stringContaining("添衣"),
    });
    expect(await services.tasks.reportSent(guideId, id)).toMatchObject({ state: "sent" });
    expect(
      await store().read.row("SELECT state, outside_quiet AS flag FROM task WHERE id = ?", [id]),
    ).toEqual({
      ...{ state: "sent", flag: 0 },
    });
  });
});
