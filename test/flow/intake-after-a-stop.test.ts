// Days without the program: who pulls the archive pushes all it still gives, five days of it, what we had among them. After
// one day and after three that comes to what it would have come to without the stop; after six the first day is lost, and
// just that, and HQ reads of it.
import { join } from "node:path";
import request from "supertest";
import { createApp } from "../../src/http.js";
import { instantOf, shopDayOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { archived, putDelivery, putTask } from "../support/chats.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";
import { type House, openHouse, password, serve, signedIn } from "../support/house.js";

const zone = "Asia/Shanghai";
const hour = 3_600_000;
const day = 24 * hour;
/** when the program stopped */
const stop = instantOf("2026-03-02", "12:00", zone);
const KEPT = 5 * day;
/** WeCom's, of whom nothing is asked here */
const wecom = {
  channel: "wecom",
  wecom: {
    ...{ base_url: "http://127.0.0.1:9", corpid: "wwtest", secret: "s".repeat(43), agentid: 1000002 },
    ...{ token: "tokentoken", aes_key: "a".repeat(43) },
  },
};

type Archived = ReturnType<typeof archived> & { msgtime: number };
/** Two days before the stop and seven after it: every five hours one of three customers says something, or a guide does. */
const all = Array.from({ length: 43 }, (_, n): Archived => {
  const at = stop + (n - 9) * 5 * hour + 600_000;
  const customer = `wm${(n % 3) + 1}`;
  const guide = n % 3 === 2 ? "mei" : "lan";
  const [from, to] = n % 7 === 3 ? [guide, customer] : [customer, guide];
  return { ...archived(`m${n}`, from, to, at, `第${n}句`), msgtime: at };
});

describeOnEachDatabase("after a stop", (store) => {
  const rows = <T = Record<string, unknown>>(sql: string) => store().read.rows<T>(sql);
  let house: House | undefined;
  /** Pushes records to the house that is open, as who pulls the archive does. */
  let push: (records: readonly Archived[]) => Promise<unknown>;
  let houses = 0;
  afterEach(async () => {
    await house?.close();
    house = undefined;
  });

  async function enter(now: number): Promise<House> {
    const opened = openHouse(store(), movableWorld(now), wecom);
    const { services } = opened;
    const { key } = await services.identity.keys.create(`archive ${++houses}`, now);
    const server = createApp(await services.app()).callback();
    push = (messages) =>
      request(server)
        .post("/api/intake/messages")
        .set("Authorization", `Bearer ${key}`)
        .send({ messages })
        .expect(200);
    house = opened;
    return opened;
  }

  async function begin(): Promise<void> {
    await emptied(store());
    const { put, folder, services } = await enter(stop);
    put("brand/stores.csv", "门店编码,门店名称,大区\nS1,一店,华东\nS2,二店,华南\n");
    put("brand/guides.csv", "导购账号,导购姓名,门店编码\nlan,兰兰,S1\nmei,小梅,S2\n");
    const people = ["wm1,林悦,lan", "wm2,何佳,lan", "wm3,王芳,mei"].map((row) => `${row},2026-01-01`);
    put("brand/customers.csv", `客户ID,姓名,导购账号,加入日期\n${people.join("\n")}\n`);
    await services.customers.importFrom(join(folder, "brand"), { trigger: false });
    await services.passes.plan();
    const guides = new Map(
      (await rows<{ id: number; userid: string }>("SELECT id, userid FROM guide")).map((one) => [
        one.userid,
        one.id,
      ]),
    );
    const customers = new Map(
      (await rows<{ id: number; name: string }>("SELECT id, external_userid AS name FROM customer")).map(
        (one) => [one.name, one.id],
      ),
    );
    // a follow-up every two days before the stop, for each: their answers come before it, in it and never
    let taskId = 0;
    for (const [customer, guide] of [
      ["wm1", "lan"],
      ["wm2", "lan"],
      ["wm3", "mei"],
    ] as const)
      for (const ago of [46, 3]) {
        const [guideId = 0, customerId = 0] = [guides.get(guide), customers.get(customer)];
        const at = stop - ago * hour;
        const on = shopDayOf(at, zone);
        const own = { guideId, customerId };
        await putTask(store(), { id: ++taskId, ...own, state: "sent", day: on, offeredAt: at });
        await putDelivery(store(), { taskId, ...own, at, on, words: "您好" });
      }
    await store().write(async (sql) => {
      await sql.run(
        `UPDATE task SET store_id = (SELECT g.store_id FROM guide g WHERE g.id = task.guide_id),
           region_id = (SELECT s.region_id FROM guide g JOIN store s ON s.id = g.store_id WHERE g.id = task.guide_id)`,
      );
      // the last that was seen of the program
      await sql.run(
        "INSERT INTO job_run (job, scheduled_at, state, started_at) VALUES ('offer', ?, 'done', ?)",
        [stop, stop],
      );
    });
  }

  /** What the archive gives at a moment: no more than five days. */
  const given = (now: number) => all.filter(({ msgtime }) => msgtime <= now && msgtime > now - KEPT);

  /** All figures the records decide, of whom by name: numbers go on where the house before ended. */
  async function figures() {
    const { passes } = (house as House).services;
    await passes.credit();
    await passes.figures();
    const cells = (table: string, place: string) =>
      rows(
        `SELECT ${place} AS place, touchpoint_id, on_day, issued, completed, delivered, observed, replied, messages
         FROM ${table} WHERE issued + delivered + observed + replied + messages > 0
         ORDER BY place, touchpoint_id, on_day`,
      );
    const guide = "(SELECT userid FROM guide WHERE id = guide_id)";
    const customer = "(SELECT external_userid FROM customer WHERE id = customer_id)";
    return {
      messages: await rows(
        `SELECT msgid, ${guide} AS guide, ${customer} AS customer, sender, sent_at, sent_on, task_id FROM message
         ORDER BY msgid`,
      ),
      sent: await rows("SELECT id, replied_at, observed, proven FROM task ORDER BY id"),
      guides: await cells("rollup_guide", guide),
      stores: await cells("rollup_store", "(SELECT code FROM store WHERE id = store_id)"),
      regions: await cells("rollup_region", "(SELECT name FROM region WHERE id = region_id)"),
    };
  }

  /** The figures had these records come as they were said. */
  async function withoutStop(records: readonly Archived[], until: number) {
    await begin();
    for (const record of records) {
      house?.world.set(record.msgtime);
      await push([record]);
    }
    house?.world.set(until);
    return figures();
  }

  /** The program again, after so many days: what the archive still gives is pushed. */
  async function again(days: number): Promise<number> {
    const now = stop + days * day;
    await house?.close();
    await (await enter(now)).services.startChannel();
    await push(given(now));
    return now;
  }

  const before = all.filter(({ msgtime }) => msgtime <= stop);
  const lostOf = (now: number) =>
    all.filter(({ msgtime }) => msgtime > stop && msgtime <= Math.min(now, now - KEPT));

  test.each([
    [1, 0],
    [3, 0],
    [6, 5],
  ])(
    "of %d days: %d messages are lost, nothing else differs, and a replay changes nothing",
    async (days, lost) => {
      const end = stop + days * day;
      const gone = lostOf(end);
      expect(gone).toHaveLength(lost);
      const said = all.filter((one) => one.msgtime <= end && !gone.includes(one));
      const expected = await withoutStop(said, end);
      expect(expected.messages).toHaveLength(said.length);
      await house?.close();
      await begin();
      await push(before);
      await figures();
      await again(days);
      expect(await figures()).toEqual(expected);
      const events = await rows("SELECT COUNT(*) AS n FROM task_event");
      // the same five days once more, and in another order
      await push(given(end));
      await push([...given(end)].reverse());
      expect(await rows("SELECT * FROM rollup_mark")).toEqual([]);
      expect(await rows("SELECT COUNT(*) AS n FROM task_event")).toEqual(events);
      expect(await figures()).toEqual(expected);
      const gaps = await rows("SELECT channel, account, began_at, ended_at FROM channel_gap");
      expect(gaps.map((gap) => [gap.account, Number(gap.began_at), Number(gap.ended_at)])).toEqual(
        lost > 0 ? [["会话存档", stop, end - KEPT]] : [],
      );
    },
  );

  test("what is lost is said to HQ, once, until somebody pushes it after all", async () => {
    await begin();
    await push(before);
    const now = await again(6);
    // the same stop, seen by another process that starts just then
    await house?.services.startChannel();
    await house?.services.identity.createAccount({ login: "hq", name: "总部", role: "hq", password });
    const page = await serve((house as House).services);
    const read = async () => {
      const hq = await signedIn(page.url, "hq");
      return (await hq.get("/operations/channel").set("Accept", "text/html").expect(200)).text;
    };
    const told = await read();
    expect(told.match(/会话存档<\/th>/g)).toHaveLength(1);
    expect(told).toContain("其间的客户消息没有记录，回复率可能偏低");
    expect(told).toContain("3月3日 12:00");
    await push(lostOf(now));
    const customers = lostOf(now).filter(({ from }) => String(from).startsWith("wm"));
    expect(await read()).toContain(`其间的客户消息已补记 ${customers.length} 条`);
    await page.close();
  });

  test("nothing is said to be lost where no archive was ever heard of, or nobody has stopped", async () => {
    await begin();
    await again(6);
    expect(await rows("SELECT id FROM channel_gap")).toEqual([]);
    await store().write((sql) =>
      sql.run("INSERT INTO job_run (job, scheduled_at, state, started_at) VALUES ('offer', ?, 'done', ?)", [
        stop + 6 * day - hour,
        stop + 6 * day - hour,
      ]),
    );
    await house?.services.startChannel();
    expect(await rows("SELECT id FROM channel_gap")).toEqual([]);
  });
});
