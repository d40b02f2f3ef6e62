// HQ's home: the day beside last week, what needs a decision with its number and place, and green when nothing does.
import type { Store } from "../../../src/infra/store.js";
import { addRequest } from "../../../src/journeys/publish-requests.js";
import { digestOf } from "../../../src/journeys/spec.js";
import { rebuild } from "../../../src/reports/refresh.js";
import { describeOnEachDatabase } from "../../support/databases.js";
import { type DeskHouse, openDeskHouse } from "../../support/desk-house.js";
import { enrolCustomer, openShop, planTask, zone } from "../../support/task-stand.js";

const today = "2026-03-02";

const journey = (key: string) => ({
  ...{ key, name: "关怀" },
  touchpoints: [{ key: "day", name: "问候", after: "joined", days: 3, send: "page", words: "您好。" }],
});

describeOnEachDatabase("overview", (open) => {
  let store: Store;
  let house: DeskHouse;
  beforeEach(async () => {
    store = open();
    house = await openDeskHouse(store, today);
    await openShop(store);
    await house.account("hq", "hq");
    // a year whose statutory days are known
    await store.write(async (sql) => {
      for (let day = 1; day <= 11; day++)
        await sql.run("INSERT INTO calendar_day (on_day, kind, name) VALUES (?, 'off', '假')", [
          `2026-05-${String(day).padStart(2, "0")}`,
        ]);
    });
  });
  afterEach(() => house.close());
  const overview = async () => (await (await house.as("hq")).get("/overview")).text;
  const decisions = async (text?: string) =>
    [
      ...(text ?? (await overview())).matchAll(
        /decision-count[^>]*>([^<]+)<\/span><span class="decision-what"><strong>([^<]+)</g,
      ),
    ].map(([, n, title]) => `${title} ${n}`);

  const askFor = async (key: string) => {
    const { drafts } = house.services;
    await drafts.save(key, journey(key), "system");
    const digest = digestOf((await drafts.read(key)).spec);
    const asked = { journeyKey: key, digest, insideGrace: false, note: "", by: "account:1", at: 0 };
    await store.write((sql) => addRequest(sql, asked));
  };

  test("is where HQ begins, green when nothing needs a decision", async () => {
    const hq = await house.as("hq");
    expect((await hq.get("/")).headers.location).toBe("/overview");
    const text = await overview();
    expect(text).toContain("没有需要处理的");
    expect(text).toContain("今天还没有下发任务");
  });

  test("says the day's figures beside the same weekday last week", async () => {
    for (const [id, day, state] of [
      [11, today, "sent"],
      [12, today, "handed_over"],
      [13, "2026-02-23", "sent"],
      [14, "2026-02-27", "handed_over"],
      [15, "2026-02-10", "needs_data"],
      [16, "2026-02-10", "expired"],
    ] as const) {
      await enrolCustomer(store, id);
      const task = await planTask(store, "page", id, { dueOn: day, state });
      await store.write((sql) =>
        sql.run(
          `UPDATE task SET offered_at = 1, store_id = 3, region_id = 5, acted_at = ?, sent_at = ? WHERE id = ?`,
          [state === "sent" ? 1 : null, state === "sent" ? 1 : null, task],
        ),
      );
    }
    await rebuild({ store, zone });
    const text = await overview();
    const kpis = [...text.matchAll(/kpi-name">([^<]+)<\/div>\s*<div class="kpi-value">([^<]+)</g)].map(
      ([, name, value]) => `${name} ${value}`,
    );
    expect(kpis).toEqual(["下发 2", "完成 1", "回复 0", "往日还没完成 2", "失败 0"]);
    expect(text).toContain("上周一全天 1");
    const [, late = ""] = /href="([^"]+)">\s*<div class="kpi-name">往日还没完成/.exec(text) ?? [];
    const address = late.replaceAll("&amp;", "&").replaceAll("&#x3D;", "=");
    const { text: tasks } = await (await house.as("hq")).get(address);
    expect(tasks).toContain("还没完成");
    expect(tasks).toContain("共 2 个任务");
    expect(tasks).toMatch(/2月10日[\s\S]*2月27日/);
  });

  test("counts what needs a decision, the urgent first, each with its place", async () => {
    await askFor("care");
    const now = house.world.now();
    for (const id of [11, 12]) {
      await enrolCustomer(store, id);
      await planTask(store, "page", id, { state: id === 11 ? "held" : "planned" });
    }
    await store.write(async (sql) => {
      await sql.run("DELETE FROM calendar_day");
      await sql.run(
        "INSERT INTO job_run (job, scheduled_at, state, started_at, ended_at, result) VALUES ('plan', ?, 'failed', ?, ?, '坏了')",
        [now, now, now],
      );
      await sql.run(
        `INSERT INTO data_fault (customer_id, child_no, field, value, reason, seen_on)
         VALUES (11, 1, 'born_on', '3000-01-01', '太远的将来', ?)`,
        [today],
      );
      await sql.run(
        `INSERT INTO urgent_reply (msgid, customer_id, guide_id, said_at, said_on, kind, word, state)
         VALUES ('m', 11, 1, ?, ?, 'complaint', '投诉', 'new')`,
        [now, today],
      );
      await sql.run(
        "INSERT INTO channel_gap (channel, account, began_at, reason) VALUES ('wechaty', 'lan', ?, '断线')",
        [now - 60_000],
      );
    });
    const text = await overview();
    expect(await decisions(text)).toEqual([
      "紧急回复还没处理 1",
      "定时工作出错 1",
      "聊天账号中断过 1",
      "没有导购的任务 1",
      "发布等审批 1",
      "日历缺法定节假日 1",
      "资料有问题 1",
    ]);
    const hq = await house.as("hq");
    const links = [...text.matchAll(/<li><a href="([^"]+)"><span class="decision/g)].map(([, href]) =>
      href?.replaceAll("&amp;", "&").replaceAll("&#x3D;", "="),
    );
    expect(links).toContain("/settings/calendar?year=2026");
    for (const href of links.filter((one) => !one?.includes("/publish")))
      expect([href, (await hq.get(href ?? "")).status]).toEqual([href, 200]);
  });

  test("a request whose draft is gone, or says something else, waits for nobody", async () => {
    await askFor("care");
    await askFor("more");
    expect(await decisions()).toEqual(["发布等审批 2"]);
    for (const key of ["care", "more"]) expect(await overview()).toContain(journey(key).name);
    await house.services.drafts.discard("care", "system");
    await house.services.drafts.save("more", { ...journey("more"), name: "另一个名字" }, "system");
    expect(await decisions()).toEqual([]);
  });

  test("an experiment to be decided is led to, several to their list", async () => {
    const publish = async (key: string) => {
      const variants = ["plain", "warm"].map((arm) => ({ key: arm, share: 50, words: `您好，${arm}` }));
      const touchpoints = [{ key: "day", name: "问候", after: "joined", days: 3, send: "page", variants }];
      await house.services.drafts.save(key, { ...journey(key), touchpoints }, "system");
      await house.services.drafts.publish(key, { yes: true, by: "system" });
    };
    const judged = () =>
      store.write((sql) =>
        sql.run("UPDATE experiment SET state = 'undecided', winner = 1 WHERE state = 'running'"),
      );
    await publish("care");
    expect(await decisions()).toEqual([]);
    await judged();
    expect(await overview()).toContain('href="/experiments/care/day"');
    await publish("more");
    await judged();
    await publish("young");
    expect(await decisions()).toEqual(["实验等你定 2"]);
    expect(await overview()).toContain('<a href="/experiments"><span class="decision');

    const hq = await house.as("hq");
    const names = [...(await hq.get("/experiments")).text.matchAll(/\/experiments\/(\w+)\/day/g)];
    expect(names.map(([, key]) => key)).toEqual(["more", "care", "young"]);
    const { text } = await hq.get("/experiments/care/day");
    expect(text).toContain("评定已经结束");
    await hq.post("/experiments/care/day/settle", { variant: "warm" });
    const settled = (await hq.get("/experiments/care/day")).text;
    expect(settled).toContain("现在所有客户用 warm");
    expect(settled).not.toContain("评定已经结束");
    expect(await decisions()).toEqual(["实验等你定 1"]);
  });

  test("names guides whose day is full", async () => {
    const cap = house.services.guidePerDay;
    for (let id = 100; id < 100 + cap + 2; id++) {
      await enrolCustomer(store, id);
      const isOver = id >= 100 + cap;
      await planTask(store, "page", id, {
        releaseOn: isOver ? "2026-03-03" : today,
        dueOn: today,
        released: !isOver,
        state: isOver ? "planned" : "offered",
      });
    }
    expect(await decisions()).toEqual(["导购今天排满了 1"]);
    expect(await overview()).toContain("兰兰 多 2");
  });
});
