// The intake over real HTTP: whatever order, piece and repetition the archive's records come in, the same stands in the
// database in the end, and the same in the reports; and a replay of it all changes nothing.
import { join } from "node:path";
import fc from "fast-check";
import request from "supertest";
import { createApp } from "../../src/http.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { archived, putDelivery, putTask, recallOf } from "../support/chats.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { type House, openHouse } from "../support/house.js";

const zone = "Asia/Shanghai";
const day = "2026-03-02";
const noon = instantOf(day, "12:00", zone);
const hour = 3_600_000;
const said = (msgid: string, from: string, to: string, hours: number, text: string) =>
  archived(msgid, from, to, noon + hours * hour, text);
const typed = (msgid: string, msgtype: string, hours: number, from = "wm1", to = "lan") => ({
  ...said(msgid, from, to, hours, ""),
  msgtype,
  text: undefined,
  [msgtype]: { sdkfileid: "x" },
});

const first = said("m1", "wm1", "lan", -70, "好的呀");
const angry = said("m2", "wm1", "lan", -20, "我要投诉");
const photo = typed("m3", "image", -19);
/** Five days of two guides and three customers, with all that may be odd about records. */
const records: object[] = [
  ...[first, recallOf(first, noon - 69 * hour), angry, recallOf(angry, noon - 19.9 * hour)],
  ...[photo, recallOf(photo, noon - 18 * hour)],
  ...["voice", "emotion", "video", "location", "link", "weapp", "card", "file", "sphfeed"].map((type, n) =>
    typed(`t${n}`, type, -30 + n * 5, n % 2 ? "wm2" : "wm1"),
  ),
  said("m4", "lan", "wm1", -24, "第1条"),
  said("m5", "wm1", "lan", -23.5, "谢谢"),
  said("m6", "wm2", "lan", -47, "别再发了"),
  said("m7", "wm2", "mei", -46, "宝宝发烧了"),
  said("m8", "wm2", "mei", -45, "在医院了"),
  said("m9", "wm3", "lan", -100, "嗯嗯"),
  said("m10", "wm3", "lan", -1, "我通过了你的联系人验证请求，现在我们可以开始聊天了"),
  said("m11", "wm3", "mei", -0.5, "👶🏻"),
  { ...said("x1", "wm1", "lan", -3, "群里"), roomid: "room" },
  { msgid: "x2", action: "switch", time: noon, user: "lan" },
  said("x3", "stranger", "lan", -3, "退订"),
  said("x4", "lan", "mei", -3, "同事"),
  { ...said("x5", "wm1", "lan", -3, "x"), msgtime: "soon" },
];

describeOnEachDatabase("any order of records", (store) => {
  let house: House;
  let push: (messages: readonly object[]) => Promise<unknown>;

  beforeAll(async () => {
    house = openHouse(store(), movableWorld(noon));
    house.put("brand/stores.csv", "门店编码,门店名称,大区,城市\nS1,一店,华东,上海市\nS2,二店,华南,广州市\n");
    house.put("brand/guides.csv", "导购账号,导购姓名,门店编码\nlan,兰兰,S1\nmei,小梅,S2\n");
    const rows = ["wm1,林悦,lan", "wm2,何佳,lan", "wm3,王芳,mei"].map((row) => `${row},2026-01-01`);
    house.put("brand/customers.csv", `客户ID,姓名,导购账号,加入日期\n${rows.join("\n")}\n`);
    await house.services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
    await house.services.passes.plan();
    const { key } = await house.services.identity.keys.create("archive", noon);
    const server = createApp(await house.services.app()).callback();
    push = (messages) =>
      request(server)
        .post("/api/intake/messages")
        .set("Authorization", `Bearer ${key}`)
        .send({ messages })
        .expect(200);
    // sends of both guides, two of them on one day
    const sends = [
      [1, 1, 1, -24],
      [2, 1, 1, -20.5],
      [3, 1, 2, -48],
      [4, 2, 2, -48],
      [5, 1, 3, -71],
    ] as const;
    for (const [taskId, guideId, customerId, hours] of sends) {
      const at = noon + hours * hour;
      const on = "2026-03-01";
      await putTask(store(), { id: taskId, guideId, customerId, state: "sent", day: on, offeredAt: at });
      await putDelivery(store(), { taskId, guideId, customerId, at, on, words: `第${taskId}条` });
    }
    await store().write((sql) =>
      sql.run(
        `UPDATE task SET region_id = (SELECT s.region_id FROM guide g JOIN store s ON s.id = g.store_id WHERE g.id = task.guide_id),
           store_id = (SELECT g.store_id FROM guide g WHERE g.id = task.guide_id)`,
      ),
    );
  });
  afterAll(() => house.close());

  const rows = (sql: string) => store().read.rows<Record<string, unknown>>(sql);
  const clean = () =>
    store().write(async (sql) => {
      await sql.run("DELETE FROM task WHERE state <> 'sent'");
      await sql.run("UPDATE task SET replied_at = NULL, observed = 0, proven = 0");
      await sql.run("UPDATE customer SET opted_out = 0");
      const tables = ["message", "urgent_reply", "credit_mark", "rollup_mark", "guide_list", "task_event"];
      for (const table of [...tables, "rollup_guide", "rollup_store", "rollup_region"])
        await sql.run(`DELETE FROM ${table}`);
      await sql.run("INSERT INTO rollup_mark (on_day, guide_id) VALUES ('2026-03-01', 1), ('2026-03-01', 2)");
    });
  /** All that the records decide. Cells where nothing happened are none. */
  const found = async () => {
    await house.services.passes.figures();
    const cells = (table: string, place: string) =>
      rows(
        `SELECT ${place}, touchpoint_id, on_day, issued, completed, delivered, observed, replied, messages, open_tasks FROM ${table}
         WHERE issued + delivered + observed + replied + messages + open_tasks > 0 ORDER BY ${place}, touchpoint_id, on_day`,
      );
    return {
      messages: await rows(
        `SELECT msgid, guide_id, customer_id, store_id, region_id, sender, sent_at, sent_on, type, text, recalled, task_id
         FROM message ORDER BY msgid`,
      ),
      sent: await rows("SELECT id, replied_at, observed, proven FROM task WHERE state = 'sent' ORDER BY id"),
      urgent: await rows("SELECT msgid, kind, word, opt_out FROM urgent_reply ORDER BY msgid"),
      open: await rows(
        "SELECT customer_id, guide_id FROM task WHERE state = 'offered' ORDER BY customer_id, guide_id",
      ),
      optedOut: await rows("SELECT external_userid FROM customer WHERE opted_out = 1"),
      guides: await cells("rollup_guide", "guide_id"),
      regions: await cells("rollup_region", "region_id"),
    };
  };

  test("comes to the same, and a replay changes nothing", async () => {
    await clean();
    await push(records);
    const expected = await found();
    expect(expected.messages).toHaveLength(20);
    expect(expected.messages.filter(({ type }) => type === "voice")).toMatchObject([{ text: null }]);
    expect(expected.sent.map(({ id, replied_at }) => [Number(id), replied_at !== null])).toEqual([
      [1, true],
      [2, true],
      [3, true],
      [4, true],
      [5, false],
    ]);
    expect(expected.urgent.map(({ msgid }) => msgid)).toEqual(["m2", "m6", "m7", "m8"]);
    expect(expected.open).toHaveLength(2);
    expect(expected.regions.length).toBeGreaterThan(0);
    const pieces = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 });
    const order = fc.shuffledSubarray(records, { minLength: records.length });
    const again = fc.array(fc.nat(records.length - 1), { maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(order, again, pieces, fc.boolean(), async (shuffled, repeats, sizes, atOnce) => {
        await clean();
        const all = [...shuffled, ...repeats.flatMap((n) => records[n] ?? [])];
        const pushes = cut(all, sizes);
        if (atOnce) await Promise.all(pushes.map(push));
        else for (const some of pushes) await push(some);
        await house.services.passes.urgent();
        expect(await found()).toEqual(expected);
        const events = await rows("SELECT COUNT(*) AS n FROM task_event");
        await push([...shuffled].reverse());
        expect(await rows("SELECT * FROM rollup_mark")).toEqual([]);
        expect(await rows("SELECT COUNT(*) AS n FROM task_event")).toEqual(events);
        expect(await found()).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });
});

/** A list in pieces of these sizes, over and over. */
function cut<T>(all: readonly T[], sizes: readonly number[]): T[][] {
  const pieces: T[][] = [];
  for (let at = 0, n = 0; at < all.length; n++) {
    const size = sizes[n % sizes.length] ?? 1;
    pieces.push(all.slice(at, at + size));
    at += size;
  }
  return pieces;
}
