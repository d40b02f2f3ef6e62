// An experiment whole: a file with a hold-out and two variants, planned, sent through the sandbox, answered, judged; and
// what the touchpoint changed.
import { join } from "node:path";
import request from "supertest";
import { instantOf } from "../../src/kernel/calendar.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openSandboxHouse, password, type SandboxHouse, signedIn } from "../support/house.js";

const at = (day: string, time: string) => instantOf(day, time, "Asia/Shanghai");
const guides = ["lan", "mei", "hua"];
const customers = Array.from({ length: 120 }, (_one, n) => ({ id: `wm${n}`, guide: guides[n % 3] ?? "lan" }));
const lines = (head: string, rows: string[]) => `${[head, ...rows].join("\n")}\n`;
const files: Record<string, string> = {
  "stores.csv": "门店编码,门店名称,大区,省份,城市\nS1,徐汇店,华东,上海市,上海市\n",
  "guides.csv": lines(
    "导购账号,导购姓名,门店编码",
    guides.map((id) => `${id},${id},S1`),
  ),
  "customers.csv": lines(
    "客户ID,姓名,导购账号,加入日期,来源",
    customers.map(({ id, guide }) => `${id},客户,${guide},2026-02-27,门店`),
  ),
};
const journey = `
key: care
name: 新客关怀
touchpoints:
  - key: day-3
    name: 第3天关怀
    after: joined
    days: 3
    send: mass
    hold_out: 20
    variants:
      - {key: plain, share: 50, words: 您好，有需要请告诉我。}
      - {key: warm, share: 50, words: 亲，这几天还习惯吗？有问题随时问我。}
    experiment: {days: 7}
`;

describeOnEachDatabase("an experiment", (store) => {
  let house: SandboxHouse;
  let world: SandboxHouse["world"];
  let sandbox: SandboxHouse["sandbox"];
  let services: SandboxHouse["services"];
  let url: string;

  beforeAll(async () => {
    house = await openSandboxHouse(store(), at("2026-02-28", "10:00"));
    ({ world, sandbox, services, url } = house);
    const { key } = await services.identity.keys.create("crm", world.now());
    sandbox.connect({
      callbackUrl: `${url}/wecom/callback`,
      intake: { url: `${url}/api/intake/messages`, key },
    });
    sandbox.enrol({
      guides: guides.map((userid) => ({ userid, name: userid, skill: 0 })),
      customers: customers.map(({ id }) => ({ externalUserid: id, name: "客户" })),
      contacts: customers.map(({ id, guide }) => ({
        ...{ guideUserid: guide, externalUserid: id, createdAt: at("2026-02-27", "11:00") },
      })),
    });
  });

  afterAll(() => house.close());

  /** customers by state and variant of their task */
  const groups = async () => {
    const rows = await store().read.rows<{ id: string; state: string; variant: number }>(
      `SELECT c.external_userid AS id, k.state, k.variant FROM task k JOIN customer c ON c.id = k.customer_id ORDER BY c.id`,
    );
    const of = (state: string, variant?: number) =>
      rows
        .filter((row) => row.state === state && (variant ?? row.variant) === row.variant)
        .map(({ id }) => id);
    return { held: of("held_out"), plain: of("sent", 1), warm: of("sent", 2), all: rows };
  };

  test("from the file to the verdict", async () => {
    for (const [name, text] of Object.entries(files)) house.put(`brand/${name}`, text);
    house.put("care.yaml", journey);
    await services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
    await services.applyJourney(join(house.folder, "care.yaml"), { yes: false, by: "system" });

    world.set(at("2026-03-02", "05:10"));
    await services.passes.plan();
    world.set(at("2026-03-02", "08:20"));
    await services.passes.release();
    world.set(at("2026-03-02", "09:20"));
    await services.passes.offer();
    await services.passes.dispatch();
    world.set(at("2026-03-02", "10:05"));
    for (const guide of guides)
      for (const { msgid } of sandbox.phone(guide)?.masses ?? []) await sandbox.guideConfirms(guide, msgid);
    world.set(at("2026-03-02", "10:30"));
    await services.passes.poll();

    const { held, plain, warm, all } = await groups();
    expect(all).toHaveLength(120);
    expect(held.length + plain.length + warm.length).toBe(120);
    expect(Math.min(held.length, plain.length, warm.length)).toBeGreaterThan(8);
    const texts = guides.flatMap((guide) => sandbox.phone(guide)?.masses.map(({ text }) => text) ?? []);
    expect(new Set(texts)).toEqual(
      new Set(["您好，有需要请告诉我。", "亲，这几天还习惯吗？有问题随时问我。"]),
    );

    world.set(at("2026-03-02", "11:00"));
    const answering = [...plain.slice(0, 4), ...warm.slice(0, Math.floor(warm.length * 0.7))];
    for (const id of answering) {
      const guide = customers.find((one) => one.id === id)?.guide ?? "";
      await sandbox.customerSays(id, guide, "好的，谢谢");
    }
    await services.passes.credit();

    // 7 days from 2026-02-28, 3 of grace, 3 for the answers
    world.set(at("2026-03-12", "06:12"));
    expect(await services.passes.judge()).toBeUndefined();
    world.set(at("2026-03-13", "06:12"));
    expect(await services.passes.judge()).toBe("1 次评定");
    const [found] = await services.experiments.show("care/day-3");
    expect(found).toMatchObject({
      ...{ state: "decided", winner: "warm" },
      arms: [
        { key: "plain", sent: plain.length, replied: 4 },
        { key: "warm", sent: warm.length, replied: Math.floor(warm.length * 0.7) },
      ],
    });
    expect(found?.sentence).toMatch(/^warm is better: \d+\.\d % against \d+\.\d % replies, difference /);
    await services.passes.figures();
    const report = await services.reports.report(
      { accountId: 0, role: "hq", name: "", guideId: null, storeId: null, regionId: null },
      { from: "2026-03-01", to: "2026-03-31", by: "variant" },
    );
    expect(report.rows.map(({ name, delivered }) => [name, delivered])).toEqual([
      ["第3天关怀 · plain", plain.length],
      ["第3天关怀 · warm", warm.length],
    ]);
  });

  test("what it changed, over HTTP and for HQ alone", async () => {
    const { held, plain, warm } = await groups();
    const buyers = [...held.slice(0, 2), ...plain.slice(0, 10), ...warm.slice(0, 12)];
    house.put(
      "brand/orders.csv",
      lines(
        "订单号,客户ID,下单日期,数量",
        buyers.map((id) => `D-${id},${id},2026-03-20,1`),
      ),
    );
    await services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
    world.set(at("2026-04-10", "10:00"));
    for (const [login, role] of [
      ["boss", "hq"],
      ["east", "manager"],
    ] as const) {
      const region = await store().read.row<{ id: number }>("SELECT id FROM region WHERE depth = 0");
      await services.identity.createAccount({
        ...{ login, name: login, role, password },
        ...(role === "manager" ? { regionId: region?.id ?? 0 } : {}),
      });
    }
    const boss = await signedIn(url, "boss");
    const { body } = await boss
      .get("/api/experiments/care/day-3/uplift?from=2026-03-01&to=2026-03-09")
      .expect(200);
    expect(body).toMatchObject({
      ...{ key: "care/day-3", hold_out: 20, provisional: false },
      assigned: { occurrences: plain.length + warm.length, bought: 22 },
      held_out: { occurrences: held.length, bought: 2 },
    });
    expect((await boss.get("/api/experiments").expect(200)).body.experiments).toHaveLength(2);
    expect((await boss.get("/api/uplift").expect(200)).body.touchpoints).toHaveLength(1);
    await boss.get("/api/experiments/care/day-9").expect(404);
    await boss.get("/api/uplift?from=yesterday").expect(422);
    const page = await boss.get("/experiments/care/day-3").expect(200);
    for (const said of [
      ...["warm 更好", "30 天内复购的提升", ">plain<", "算到 2026-03-06 到期的 · 2026-03-13 已评定"],
      ...[
        "到期日 2026-02-28 至 2026-03-10",
        `<span class="flag">样本少</span>`,
        "<strong>看不出差别</strong>",
      ],
    ])
      expect(page.text).toContain(said);
    expect((await boss.get("/experiments").expect(200)).text).toContain("20% 的客户留作对照");
    const journeys = await boss.get("/journeys/care").expect(200);
    for (const said of [
      "您好，有需要请告诉我。",
      "亲，这几天还习惯吗",
      "实验：plain 50%、warm 50%，7天后评定 · 对照 20%",
    ])
      expect(journeys.text).toContain(said);
    const east = await signedIn(url, "east");
    await east.get("/api/experiments").expect(403);
    const described = await request(url).get("/api/openapi.json").expect(200);
    expect(Object.keys(described.body.paths)).toContain("/api/experiments/{journey}/{touchpoint}/uplift");
  });
});
