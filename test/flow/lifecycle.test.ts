// The turns of lives, whole: journeys drafted, published, paused, archived; the house stopped or down for days; customers
// imported, merged, erased and back; day by day through the passes the clock runs, every task accounted for at the end.
import { join } from "node:path";
import request from "supertest";
import { addDays, daysFromTo, instantOf, type ShopDay, shopDayOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import type { Services } from "../../src/wire.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";
import { type House, openHouse, serve } from "../support/house.js";
import { taskFaults } from "../support/invariants.js";

const zone = "Asia/Shanghai";
const guides = ["lan", "mei", "hong"];
const yes = { yes: true, by: "account:1" };
const touchpoint = (key: string, days: number, more: object = {}) => ({
  ...{ key, name: key, after: "joined", days, send: "mass", words: `${key}您好` },
  ...more,
});
const journey = (...touchpoints: object[]) => ({ key: "care", name: "关怀", touchpoints });

describeOnEachDatabase("the turns of lives", (store) => {
  let house: House;
  let world: House["world"];
  let services: Services;

  beforeEach(async () => {
    await emptied(store());
    house = openHouse(store(), movableWorld(instantOf("2026-03-09", "10:00", zone)));
    ({ world, services } = house);
    put("stores.csv", "门店编码,门店名称,大区\nS1,一店,华东\n");
    put("guides.csv", `导购账号,导购姓名,门店编码\n${guides.map((id) => `${id},${id},S1`).join("\n")}\n`);
    await load(false);
  });
  afterEach(async () => {
    expect(await taskFaults(store(), { expiredOn: shopDayOf(world.now(), zone) })).toEqual([]);
    await house.close();
  });

  const put = (name: string, text: string) => house.put(`brand/${name}`, text);
  const load = (trigger: boolean) => services.customers.importFrom(join(house.folder, "brand"), { trigger });
  const clock = (day: ShopDay, time: string) => house.clock(day, time);
  const today = () => shopDayOf(world.now(), zone);
  /** a day from its night to the guides' hour, and the words on their way */
  const morning = async (day: ShopDay) => {
    await house.night(day);
    await house.morning(day);
    await services.passes.recheck();
  };
  const push = async (
    table: Parameters<Services["customers"]["push"]>[0],
    rows: object[],
    way?: { trigger: boolean },
  ) => {
    for (let at = 0; at < rows.length; at += 1_000)
      for (const { faults } of await services.customers.push(table, rows.slice(at, at + 1_000), way))
        expect(faults).toEqual([]);
  };
  const customer = (id: string, joined: ShopDay, row: object = {}, way?: { trigger: boolean }) =>
    push(
      "customers",
      [{ external_userid: id, name: id, guide_userid: "lan", joined_on: joined, ...row }],
      way,
    );
  const publish = async (data: ReturnType<typeof journey>, insideGrace = false) => {
    await services.drafts.save(data.key, data, "account:1");
    return services.drafts.publish(data.key, { ...yes, insideGrace });
  };
  /** "touchpoint customer state: reason" in order of due day */
  const tasks = async () => {
    const rows = await store().read.rows<Record<string, string | null>>(
      `SELECT t.touchpoint_key AS tp, c.external_userid AS id, k.state, k.reason
       FROM task k JOIN touchpoint t ON t.id = k.touchpoint_id LEFT JOIN customer c ON c.id = k.customer_id
       ORDER BY k.due_on, t.touchpoint_key, c.external_userid`,
    );
    return rows.map(({ tp, id, state, reason }) => `${tp} ${id} ${state}${reason ? `: ${reason}` : ""}`);
  };
  const counts = async () => {
    const rows = await store().read.rows<{ state: string; reason: string | null; n: number }>(
      "SELECT state, reason, COUNT(*) AS n FROM task GROUP BY state, reason ORDER BY state, reason",
    );
    return Object.fromEntries(
      rows.map(({ state, reason, n }) => [reason ? `${state}: ${reason}` : state, Number(n)]),
    );
  };
  const sent = (key: string, id: string) =>
    store().write(async (sql) => {
      const task = await sql.row<{ id: number; customerId: number; guideId: number }>(
        `SELECT k.id, k.customer_id AS customerId, k.guide_id AS guideId FROM task k
           JOIN touchpoint t ON t.id = k.touchpoint_id JOIN customer c ON c.id = k.customer_id
         WHERE t.touchpoint_key = ? AND c.external_userid = ?`,
        [key, id],
      );
      await sql.run("UPDATE task SET state = 'sent', reason = NULL, offered_at = 1 WHERE id = ?", [
        task?.id ?? 0,
      ]);
      await sql.run("DELETE FROM task_event WHERE task_id = ?", [task?.id ?? 0]);
      await sql.run(
        "INSERT INTO delivery (task_id, guide_id, customer_id, sent_at, sent_on, words) VALUES (?, ?, ?, ?, ?, '好')",
        [task?.id ?? 0, task?.guideId ?? 0, task?.customerId ?? 0, world.now(), today()],
      );
    });

  test("a draft is stored as data, refused by its paths, seen in counts and published once", async () => {
    const wrong = journey({
      ...touchpoint("day-3", 3),
      days: -1,
      audience: { level: 3 },
      words: "{{no.such}}",
    });
    const refused = await services.drafts.save("care", wrong, "account:1").catch((error) => error);
    expect(refused.faults.map(({ field }: { field: string }) => field)).toEqual(
      expect.arrayContaining(["touchpoints.0.days", "touchpoints.0.words"]),
    );
    for (let ago = 0; ago < 6; ago++) await customer(`c${ago}`, addDays(today(), -ago));
    await services.drafts.save("care", journey(touchpoint("day-3", 3)), "account:1");
    const preview = await services.drafts.preview("care", true);
    expect(preview.counts).toMatchObject({ newToday: 1, newInsideGrace: 3, new: 3, touchpoints: 1 });
    expect(await tasks()).toEqual([]);
    const first = await services.drafts.publish("care", { yes: false, by: "account:1", insideGrace: true });
    expect(first).toMatchObject({ version: 1, counts: { new: 3 } });
    expect((await services.drafts.show("care")).draft).toBeNull();
    await services.passes.planMarked();
    expect(await counts()).toEqual({ planned: 3 });
    await services.drafts.save("care", journey(touchpoint("day-3", 4)), "account:1");
    const unsaid = await services.drafts
      .publish("care", { yes: false, by: "account:1" })
      .catch((error) => error);
    expect(unsaid).toMatchObject({ kind: "conflict" });
    expect(unsaid.message).toContain("re-rendered 0, moved 3, cancelled 0, new 0");
    await services.drafts.publish("care", yes);
    expect((await services.drafts.show("care")).live).toEqual(journey(touchpoint("day-3", 4)));
    await morning("2026-03-11");
    expect(Object.values(await counts()).reduce((sum, n) => sum + n, 0)).toBe(4);
  });

  test("HQ does all of it over HTTP, a manager none, a CRM what is a CRM's", async () => {
    const { url, close } = await serve(services);
    await store().write((sql) => sql.run("DELETE FROM account"));
    const region = await store().read.row<{ id: number }>("SELECT id FROM region");
    const { identity } = services;
    await identity.createAccount({ login: "hq", name: "陈", role: "hq", password: "a long password" });
    await identity.createAccount({
      ...{ login: "east", name: "孙", role: "manager", password: "a long password" },
      regionId: region?.id ?? 0,
    });
    const signedIn = async (login: string) => {
      const agent = request.agent(url);
      await agent.post("/sign-in").type("form").send({ login, password: "a long password" }).expect(303);
      const page = await agent.get("/report");
      const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
      return { agent, csrf };
    };
    const hq = await signedIn("hq");
    const draft = (data: object) =>
      hq.agent.put("/api/journeys/care/draft").set("X-CSRF-Token", hq.csrf).send(data);
    const post = (path: string, body: object = {}) =>
      hq.agent.post(`/api/journeys/${path}`).set("X-CSRF-Token", hq.csrf).send(body);
    const wrong = await draft(journey({ ...touchpoint("day-3", 3), words: "" })).expect(422);
    expect(wrong.body.error.faults[0]).toMatchObject({ field: "touchpoints.0.words" });
    await draft({ ...journey(touchpoint("day-3", 3)), key: "other" }).expect(422);
    await hq.agent
      .put("/api/journeys/care/draft")
      .send(journey(touchpoint("day-3", 3)))
      .expect(403);
    const saved = await draft(journey(touchpoint("day-3", 3))).expect(200);
    expect(saved.body).toMatchObject({ basedOn: null, isOld: false });
    await customer("a", addDays(today(), -3));
    const preview = await hq.agent.get("/api/journeys/care/draft/preview").expect(200);
    expect(preview.body).toMatchObject({ differs: true, needsYes: false, counts: { new: 1 } });
    expect((await post("care/publish").expect(200)).body).toMatchObject({ published: true, version: 1 });
    await post("care/publish").expect(404);
    await draft(journey(touchpoint("day-3", 4))).expect(200);
    await post("care/publish").expect(409);
    await post("care/publish", { yes: true }).expect(200);
    expect((await post("care/pause").expect(200)).body).toEqual({ state: "paused", changed: true });
    const listed = await hq.agent.get("/api/journeys").expect(200);
    expect(listed.body.journeys).toMatchObject([{ key: "care", state: "paused", version: 2 }]);
    await post("care/archive").expect(200);
    await post("care/resume").expect(409);
    await post("nowhere/pause").expect(404);
    const shown = await hq.agent.get("/api/journeys/care").expect(200);
    expect(shown.body.events.map(({ what }: { what: string }) => what)).toEqual(["archived", "paused"]);
    expect((await hq.agent.get("/api/faults?limit=5").expect(200)).body).toEqual({ counts: [], faults: [] });
    await hq.agent.get("/api/faults?limit=5000").expect(422);
    const east = await signedIn("east");
    for (const path of ["/api/journeys", "/api/journeys/care", "/api/faults"])
      await east.agent.get(path).expect(403);
    await customer("b", addDays(today(), -3));
    const key = (await identity.keys.create("crm", world.now())).key;
    const crm = (path: string, body: object) =>
      request(url).post(path).set("Authorization", `Bearer ${key}`).send(body);
    await crm("/api/customers/merge", { from: "a" }).expect(422);
    await crm("/api/customers/merge", { from: "a", into: "b" }).expect(200);
    await crm("/api/customers/erase", { external_userid: "b" }).expect(200);
    await crm("/api/customers/erase", { external_userid: "b" }).expect(404);
    await request(url).post("/api/customers/erase").send({ external_userid: "b" }).expect(401);
    await crm("/api/customers?trigger=maybe", []).expect(422);
    const described = await request(url).get("/api/openapi.json").expect(200);
    for (const path of ["/api/journeys/{key}/draft", "/api/customers/merge", "/api/faults"])
      expect(Object.keys(described.body.paths)).toContain(path);
    await close();
  });

  test("a later choice of the grace plans its days again, once", async () => {
    for (let ago = 0; ago < 12; ago++) await customer(`c${ago}`, addDays(today(), -ago));
    await publish(journey(touchpoint("day-9", 9)));
    await morning("2026-03-10");
    expect((await tasks()).length).toBe(2);
    const changed = journey(touchpoint("day-9", 5));
    await services.drafts.save("care", changed, "account:1");
    const { counts: foreseen } = await services.drafts.preview("care", true);
    await publish(changed, true);
    const before = (await tasks()).length;
    await services.passes.planMarked();
    expect((await tasks()).length - before).toBe(foreseen.new);
    expect(foreseen.new).toBe(4);
    await services.passes.planMarked();
    await morning("2026-03-11");
    expect((await tasks()).length - before).toBe(5);
  });

  test("words that wait to be called are made anew by a new version, a guide's own stay theirs", async () => {
    for (const id of ["a", "b"]) await customer(id, "2026-03-07");
    const noon = (words: string) => journey(touchpoint("day-3", 3, { at: "14:00", words }));
    await publish(noon("早上好"), true);
    await morning("2026-03-10");
    expect(await counts()).toEqual({ offered: 2 });
    const lan =
      (await store().read.row<{ id: number }>("SELECT id FROM guide WHERE userid = 'lan'"))?.id ?? 0;
    const list = await services.tasks.todaysList(lan);
    const own = list.find(({ customerName }) => customerName === "b")?.taskId ?? 0;
    await services.tasks.edit(lan, own, "我自己的话");
    const published = await publish(noon("下午好"));
    expect(published.counts).toMatchObject({ rerendered: 1, moved: 0, cancelled: 0 });
    clock("2026-03-10", "14:05");
    await services.passes.dispatch();
    const called = await store().read.rows<{ words: string; customers: number }>(
      "SELECT words, customers FROM hand_over WHERE state = 'waiting' ORDER BY words",
    );
    expect(called.map(({ words, customers }) => [words, customers]).sort()).toEqual([
      ["下午好", 1],
      ["我自己的话", 1],
    ]);
  });

  test("a paused journey keeps everything back, and resuming floods nobody", async () => {
    const spread = Array.from({ length: 1_000 }, (_, n) => ({
      external_userid: `c${n}`,
      ...{ name: `c${n}`, guide_userid: guides[n % 3] ?? "lan", joined_on: addDays("2026-03-09", -(n % 14)) },
    }));
    await push("customers", spread);
    await publish(journey(touchpoint("day-7", 7), touchpoint("day-10", 10, { send: "page" })));
    await morning("2026-03-10");
    const out = await counts();
    expect(out).toMatchObject({ handed_over: expect.any(Number), offered: expect.any(Number) });
    const paused = await services.setJourneyState("care", "paused", "account:1");
    expect(paused).toMatchObject({ changed: true, left: 0 });
    expect(paused.kept).toBe((out.handed_over ?? 0) + (out.offered ?? 0));
    expect(Object.keys(await counts())).toEqual(expect.arrayContaining(["planned: paused"]));
    for (const day of daysFromTo("2026-03-11", "2026-03-20")) {
      await morning(day);
      expect(await issued(day)).toEqual([]);
    }
    const resumed = await services.setJourneyState("care", "live", "account:1");
    expect(resumed.changed).toBe(true);
    const waited = await counts();
    expect(waited["skipped: paused"]).toBeGreaterThan(500);
    expect(waited["expired: missed_run"]).toBeUndefined();
    for (const day of daysFromTo("2026-03-21", "2026-03-25")) {
      await morning(day);
      for (const { n } of await issued(day)) expect(n).toBeLessThanOrEqual(60);
    }
    const ended = await counts();
    expect(Object.values(ended).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(1_000);
    expect(ended["skipped: paused"]).toBe(waited["skipped: paused"]);
    expect((await services.drafts.show("care")).events.map(({ what, by }) => [what, by])).toEqual([
      ["resumed", "account:1"],
      ["paused", "account:1"],
    ]);
  });

  /** tasks before guides on a day, by guide */
  const issued = (day: ShopDay) =>
    store().read.rows<{ guideId: number; n: number }>(
      `SELECT guide_id AS guideId, COUNT(*) AS n FROM task WHERE offered_at >= ? AND offered_at < ?
         AND state NOT IN ('planned') GROUP BY guide_id`,
      [instantOf(day, "00:00", zone), instantOf(addDays(day, 1), "00:00", zone)],
    );

  test("an archived journey plans no more, keeps its history and may come back; what was sent is not sent again", async () => {
    for (const id of ["a", "b", "c"]) await customer(id, "2026-03-06");
    await publish(journey(touchpoint("day-3", 3)), true);
    await morning("2026-03-10");
    await sent("day-3", "a");
    const archived = await services.setJourneyState("care", "archived", "account:1");
    expect(archived).toMatchObject({ changed: true, cancelled: 2 });
    await customer("d", "2026-03-08");
    await morning("2026-03-11");
    expect(await tasks()).toEqual([
      "day-3 a sent",
      "day-3 b cancelled: archived",
      "day-3 c cancelled: archived",
    ]);
    await expect(services.setJourneyState("care", "live", "account:1")).rejects.toThrow("归档");
    await services.drafts.save("care", journey(touchpoint("day-3", 3)), "account:1");
    const again = await services.drafts.publish("care", { ...yes, insideGrace: true });
    expect(again).toMatchObject({ published: true, version: 2, counts: { new: 1 } });
    await services.passes.planMarked();
    // b and c had been before their guides: they stay ended
    expect((await tasks()).filter((line) => line.includes("planned"))).toEqual(["day-3 d planned"]);
  });

  test("an emergency stop takes back what is out, and going on floods nobody", async () => {
    const rows = Array.from({ length: 300 }, (_, n) => ({
      ...{ external_userid: `c${n}`, name: `c${n}`, guide_userid: guides[n % 3] ?? "lan" },
      joined_on: addDays("2026-03-09", -(n % 10)),
    }));
    await push("customers", rows);
    await publish(journey(touchpoint("day-7", 7), touchpoint("day-5", 5, { send: "page" })));
    await morning("2026-03-10");
    const out = await counts();
    await services.stopEverything("account:1");
    expect(await counts()).not.toHaveProperty("handed_over");
    for (const day of daysFromTo("2026-03-11", "2026-03-12")) {
      await morning(day);
      expect(await issued(day)).toEqual([]);
    }
    await services.resume("account:1");
    await morning("2026-03-13");
    for (const { n } of await issued("2026-03-13")) expect(n).toBeLessThanOrEqual(60);
    expect((await issued("2026-03-13")).length).toBe(3);
    expect(out.handed_over).toBeGreaterThan(0);
  });

  // one customer due each day from the 10th on, three days of grace
  test.each([
    [1, { offered: 2 }],
    [3, { offered: 4 }],
    [10, { offered: 4, "expired: grace_passed": 1, "expired: missed_run": 6 }],
  ])("after %i days of silence each missed day has its tasks, late or missed", async (days, expected) => {
    await publish(journey(touchpoint("day-3", 3, { send: "hand", words: undefined })));
    const joined = (day: number) => addDays("2026-03-07", day);
    for (let day = 0; day <= Math.min(days, 2); day++) await customer(`c${day}`, joined(day));
    await morning("2026-03-10");
    for (let day = 3; day <= days; day++) {
      clock(joined(day), "12:00");
      await customer(`c${day}`, joined(day));
    }
    await morning(addDays("2026-03-10", days));
    expect(await counts()).toEqual(expected);
    const late = await store().read.rows("SELECT id FROM task WHERE late = 1 AND state = 'offered'");
    expect(late).toHaveLength(Math.min(days - 1, 3));
  });

  test("an import falls due only where it is told to; pushes and planning by hand do", async () => {
    await publish(journey(touchpoint("day-3", 3)), true);
    put("customers.csv", "客户ID,姓名,导购账号,加入日期\nquiet,静,lan,2026-03-06\n");
    await load(false);
    put("customers.csv", "客户ID,姓名,导购账号,加入日期\nloud,响,lan,2026-03-06\n");
    await load(true);
    await customer("bulk", "2026-03-06", {}, { trigger: false });
    await customer("event", "2026-03-06");
    await morning("2026-03-09");
    expect((await tasks()).map((line) => line.split(" ")[1])).toEqual(["event", "loud"]);
    await services.planByHand({ from: "2026-03-09", to: "2026-03-09", dryRun: false });
    expect((await tasks()).map((line) => line.split(" ")[1])).toEqual(["bulk", "event", "loud", "quiet"]);
    // what comes due later is nobody's past
    await publish(journey(touchpoint("day-3", 3), touchpoint("day-5", 5)));
    await morning("2026-03-11");
    expect((await tasks()).filter((line) => line.startsWith("day-5"))).toHaveLength(4);
  });

  test("whether a baby was born is asked once of its guide, and ends with the answer", async () => {
    for (const id of ["asked", "told", "moved"]) await customer(id, "2025-12-01");
    const child = (id: string, row: object) =>
      push("children", [{ external_userid: id, child_no: 1, ...row }]);
    await child("told", { due_on: "2026-03-01" });
    await child("moved", { due_on: "2026-03-01" });
    await push("children", [{ external_userid: "asked", child_no: 1, born_on: "2023-01-01" }]);
    await push("children", [{ external_userid: "asked", child_no: 2, due_on: "2026-03-01" }]);
    for (const day of daysFromTo("2026-03-09", "2026-03-15")) await morning(day);
    expect(await tasks()).toEqual(["asked", "moved", "told"].map((id) => `confirm-birth ${id} offered`));
    expect((await services.customers.faults(10)).faults).toEqual([]);
    const lan = await store().read.row<{ id: number }>("SELECT id FROM guide WHERE userid = 'lan'");
    const list = await services.tasks.todaysList(lan?.id ?? 0);
    const ofAsked = list.find(({ customerName }) => customerName === "asked");
    await services.tasks.supply(lan?.id ?? 0, ofAsked?.taskId ?? 0, "生日", "2026-03-04");
    await child("told", { born_on: "2026-03-05" });
    await child("moved", { due_on: "2026-03-20" });
    await services.passes.planMarked();
    expect(await tasks()).toEqual([
      "confirm-birth asked done_by_hand",
      "confirm-birth told cancelled: superseded",
      "confirm-birth moved planned: anchor_corrected",
    ]);
    const children = await store().read.rows(
      "SELECT child_no, born_on FROM child WHERE due_on = '2026-03-01'",
    );
    expect(children).toEqual(expect.arrayContaining([{ child_no: 2, born_on: "2026-03-04" }]));
    clock("2026-04-20", "10:00");
    const { counts: faults, faults: lines } = await services.customers.faults(10);
    expect(faults).toMatchObject([{ field: "birth", count: 1 }]);
    expect(lines).toMatchObject([{ customer: "moved", guide: "lan", child: 1, value: "2026-03-20" }]);
  });

  test("two ids become one person: nothing twice, nothing lost, news of the old id is the other's", async () => {
    await customer("old", "2026-03-03", { guide_userid: "mei", tags: ["二胎"], phone: "13800138000" });
    await customer("new", "2026-03-05");
    const child = (id: string, no: number, row: object) =>
      push("children", [{ external_userid: id, child_no: no, ...row }]);
    await child("old", 1, { name: "大宝", born_on: "2025-09-10" });
    await child("new", 1, { name: "豆豆", born_on: "2025-09-10" });
    await child("old", 2, { name: "小宝", due_on: "2026-06-01" });
    await push("orders", [{ order_no: "o1", external_userid: "old", ordered_on: "2026-03-06", quantity: 2 }]);
    const six = touchpoint("month-6", 6, { after: "child_born", months: 6, days: undefined, send: "page" });
    await publish(journey(touchpoint("day-3", 3), touchpoint("day-5", 5), six), true);
    await morning("2026-03-10");
    await sent("day-5", "old");
    const merged = await services.changes.merge({ from: "old", into: "new", by: "api:1" });
    expect(merged.ended).toBeGreaterThan(0);
    await services.passes.planMarked();
    const own = (await tasks()).filter((line) => line.split(" ")[1] === "new");
    expect(own.filter((line) => line.startsWith("day-5"))).toEqual(["day-5 new sent"]);
    expect(own.filter((line) => line.startsWith("month-6"))).toHaveLength(1);
    for (const day of daysFromTo("2026-03-11", "2026-03-14")) await morning(day);
    expect((await tasks()).filter((line) => line === "day-5 new sent")).toHaveLength(1);
    const row = await store().read.row<Record<string, unknown>>(
      "SELECT id, joined_on, phone_cipher FROM customer WHERE external_userid = 'new'",
    );
    expect(row).toMatchObject({ joined_on: "2026-03-03", phone_cipher: expect.any(String) });
    // what still comes in under the old id
    await child("old", 2, { born_on: "2026-03-12" });
    await push("orders", [{ order_no: "o2", external_userid: "old", ordered_on: "2026-03-12", quantity: 1 }]);
    await customer("old", "2026-03-03", { name: "老名字", guide_userid: "mei" });
    const named = await store().read.row("SELECT name FROM customer WHERE external_userid = 'new'");
    expect(named).toEqual({ name: "new" });
    const children = await store().read.rows(
      "SELECT child_no, name, born_on FROM child WHERE customer_id = ? ORDER BY child_no",
      [Number(row?.id)],
    );
    expect(children).toMatchObject([
      { child_no: 1, name: "豆豆", born_on: "2025-09-10" },
      { child_no: 2, name: "小宝", born_on: "2026-03-12" },
    ]);
    expect(await store().read.rows("SELECT DISTINCT customer_id AS id FROM customer_order")).toEqual([
      { id: row?.id },
    ]);
    await expect(services.changes.merge({ from: "old", into: "new", by: "api:1" })).rejects.toThrow(
      "已经并入",
    );
  });

  test("an erased customer leaves nothing personal, and coming back is told nothing twice", async () => {
    await customer("x", "2026-03-05", { phone: "13800138000" });
    await push("children", [{ external_userid: "x", child_no: 1, name: "豆豆", born_on: "2025-09-10" }]);
    await publish(journey(touchpoint("day-5", 5), touchpoint("day-6", 6)), true);
    await morning("2026-03-10");
    await sent("day-5", "x");
    await morning("2026-03-11");
    expect(await services.changes.erase({ customer: "x", by: "api:1" })).toEqual({ ended: 0 });
    // it waited for its guide's tap in the chat system, where it was taken back
    expect(await store().read.rows("SELECT state, words FROM hand_over WHERE state <> 'waiting'")).toEqual([
      { state: "stopped", words: "" },
    ]);
    const rows = await store().read.rows(
      "SELECT external_userid, name, phone_cipher, joined_on FROM customer",
    );
    expect(JSON.stringify(rows)).not.toMatch(/"x"|2026-03-05|13800/);
    for (const table of ["child", "contact", "customer_order", "data_fault"])
      expect(await store().read.rows(`SELECT * FROM ${table}`)).toEqual([]);
    expect(await store().read.rows("SELECT words FROM delivery")).toEqual([{ words: "" }]);
    expect(await counts()).toEqual({ "skipped: erased": 1, sent: 1 });
    await morning("2026-03-12");
    await customer("x", "2026-03-08");
    for (const day of daysFromTo("2026-03-12", "2026-03-17")) await morning(day);
    expect(await counts()).toEqual({ "skipped: erased": 1, sent: 1 });
    await expect(services.changes.erase({ customer: "nobody", by: "api:1" })).rejects.toThrow("没有客户");
  });

  test("a friendship that ends ends what waited, and one begun again repeats nothing", async () => {
    await customer("x", "2026-03-05");
    await publish(journey(touchpoint("day-5", 5), touchpoint("day-8", 8)), true);
    await morning("2026-03-10");
    await sent("day-5", "x");
    const at = (day: ShopDay) => ({
      guideUserid: "lan",
      externalUserid: "x",
      at: instantOf(day, "11:00", zone),
    });
    clock("2026-03-11", "11:00");
    await services.customers.contactEnded(at("2026-03-11"));
    for (const day of daysFromTo("2026-03-12", "2026-03-14")) await morning(day);
    expect(await tasks()).toEqual(["day-5 x sent", "day-8 x held: no_guide"]);
    await morning("2026-03-17");
    expect(await tasks()).toEqual(["day-5 x sent", "day-8 x skipped: not_a_friend"]);
    clock("2026-03-18", "11:00");
    await services.customers.contactAdded(at("2026-03-18"));
    for (const day of daysFromTo("2026-03-19", "2026-03-28")) await morning(day);
    expect(await tasks()).toEqual(["day-5 x sent", "day-8 x skipped: not_a_friend"]);
  });
});
