// A guide's day over wechaty, whole: a real puppet server behind gRPC, killed in between; nobody gets anything twice.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "../../src/infra/config.js";
import { makeLog } from "../../src/infra/log.js";
import type { Store } from "../../src/infra/store.js";
import { addDays, instantOf, shopDayOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { type Services, wire } from "../../src/wire.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";
import { password, serve, signedIn } from "../support/house.js";
import { settings } from "../support/settings.js";
import { until } from "../support/until.js";
import { type PuppetProcess, startPuppetServer } from "../support/wechaty/server.js";

const zone = "Asia/Shanghai";
const minute = 60_000;
const customers = ["wm1", "wm2", "wm3"];
const today = shopDayOf(Date.now(), zone);
const joined = addDays(today, -3);
const files = {
  "stores.csv": "门店编码,门店名称,大区\nS1,徐汇店,华东\n",
  "guides.csv": "导购账号,导购姓名,门店编码\nlan,兰兰,S1\n",
  "customers.csv": `客户ID,姓名,导购账号,加入日期\n${customers.map((id, n) => `${id},客户${n + 1},lan,${joined}`).join("\n")}\n`,
  "care.yaml": `
key: care
name: 新客关怀
touchpoints:
  - key: day-3
    name: 第3天关怀
    after: joined
    days: 3
    send: bot
    words: "{{customer.name}}您好，我是{{guide.name}}。"
`,
};

/** A clock that runs with the machine's: today from ten in the morning on, in the shop's zone. */
function clock() {
  let shift = instantOf(today, "10:00", zone) - Date.now();
  return {
    world: { ...movableWorld(0), now: () => Date.now() + shift },
    shift: () => shift,
    pass: (ms: number) => {
      shift += ms;
    },
  };
}

describe("a day over wechaty", () => {
  const { world, shift, pass } = clock();
  let database: TestDatabase;
  let store: Store;
  let server: PuppetProcess;
  let services: Services;
  const folder = mkdtempSync(join(tmpdir(), "guidepost-wechaty-"));

  beforeAll(async () => {
    database = await freshDatabase("sqlite");
    store = await database.open();
    server = await startPuppetServer("lan", customers);
    await server.order({ do: "clock", shift: shift() });
    const base = settings(folder);
    const config = parseConfig({
      ...{ ...base, channel: "wechaty" },
      wechaty: {
        ...(base.wechaty as object),
        ...{ puppet: "wechaty-puppet-service", options: JSON.stringify(server.client), guide: "lan" },
        ...{ pause_ms: 0, ding_seconds: 1 },
      },
    });
    services = wire({ config, world, log: makeLog("silent"), store, puppets: await server.puppets() });
    await prepare();
    await services.startChannel();
  });
  afterAll(async () => {
    await services.close();
    await server.close();
    await store.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function prepare(): Promise<void> {
    mkdirSync(join(folder, "brand"));
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(folder, name.endsWith(".csv") ? "brand" : "", name), text);
    await services.customers.importFrom(join(folder, "brand"), { trigger: false });
    await services.applyJourney(join(folder, "care.yaml"), { yes: false, by: "system" });
    await services.planByHand({ from: today, to: today, dryRun: false });
    await services.passes.release();
  }

  const lines = () => server.sentTo("lan");
  /** What the assistant answers the guide. */
  const says = async (text: string) => {
    const before = lines().length;
    await server.order({ do: "guide says", text });
    await until(() => lines().length > before);
    return lines().at(-1);
  };
  const states = async () =>
    (await store.read.rows<{ state: string }>("SELECT state FROM task ORDER BY id")).map(
      ({ state }) => state,
    );
  /** The half minute in which an approval can be taken back is over. */
  const halfMinute = async () => {
    pass(minute);
    await server.order({ do: "clock", shift: shift() });
  };
  const got = () => customers.map((one) => server.sentTo(one).length);

  test("the list, 发 1, the words, the answer and its credit", async () => {
    await services.passes.offer();
    expect(lines().at(-1)).toContain("3 位客户");
    // nothing leaves without the guide's word
    await services.passes.dispatch();
    expect(got()).toEqual([0, 0, 0]);
    expect(await says("任务")).toContain("1. 客户1");
    expect(await says("发 1")).toContain("已确认，半分钟后发出");
    await services.passes.dispatch();
    expect(got()).toEqual([0, 0, 0]);
    await halfMinute();
    await services.passes.dispatch();
    expect(server.sentTo("wm1")).toEqual(["客户1您好，我是兰兰。"]);
    expect(await states()).toEqual(["sent", "offered", "offered"]);
    await new Promise((done) => setTimeout(done, 5));
    await server.order({ do: "customer says", who: "wm1", text: "谢谢，宝宝挺好的" });
    const replied = () => store.read.row<{ id: number }>("SELECT id FROM task WHERE replied_at IS NOT NULL");
    await until(async () => (await replied()) !== undefined);
    expect(await replied()).toBeDefined();
  });

  test("a server that dies after it sent: asked, never repeated; what was approved meanwhile goes out when it is back", async () => {
    expect(await says("发 2")).toContain("已确认");
    await halfMinute();
    await server.order({ do: "mishap", mishap: "dies after" });
    await services.passes.dispatch();
    expect(await states()).toEqual(["sent", "unknown", "offered"]);
    await services.tasks.approve(1, [3]);
    pass(5 * minute);
    await services.passes.dispatch();
    expect(await states()).toEqual(["sent", "unknown", "approved"]);
    await server.restart();
    await server.order({ do: "clock", shift: shift() });
    await until(async () => {
      await services.passes.dispatch();
      return (await states())[2] === "sent";
    });
    await services.passes.reconcile();
    await services.passes.reconcile();
    expect(lines().some((line) => line.includes("没有收到回执"))).toBe(true);
    expect(lines().some((line) => line.includes("我刚才断线了"))).toBe(true);
    await says("任务");
    expect(await says("已发出 2")).toContain("已发出");
    await services.passes.dispatch();
    expect(await states()).toEqual(["sent", "sent", "sent"]);
    expect(got()).toEqual([1, 1, 1]);
  });

  test("what HQ lets go by itself goes at its time, and not to whom the guide skipped", async () => {
    const next = addDays(today, 1);
    pass(instantOf(next, "09:40", zone) - world.now());
    await server.order({ do: "clock", shift: shift() });
    writeFileSync(
      join(folder, "auto.yaml"),
      `key: auto\nname: 自动问候\ntouchpoints:\n  - { key: day-4, name: 第4天, after: joined, days: 4, send: bot, automatic: true, words: "{{customer.name}}，睡得好吗？" }\n`,
    );
    await services.applyJourney(join(folder, "auto.yaml"), { yes: true, by: "system" });
    await services.planByHand({ from: next, to: next, dryRun: false });
    await services.passes.release();
    await services.passes.offer();
    expect(lines().at(-1)).toContain("3 位到点自动发出");
    expect(await says("任务")).toContain("10:10 自动发");
    expect(await says("跳过 2 太忙")).toContain("已跳过");
    const before = got();
    await services.passes.dispatch();
    expect(got()).toEqual(before);
    pass(31 * minute);
    await server.order({ do: "clock", shift: shift() });
    await services.passes.dispatch();
    await until(() => got().reduce((sum, n) => sum + n, 0) === 5);
    expect(got()).toEqual([2, 1, 2]);
    expect(server.sentTo("wm1").at(-1)).toBe("客户1，睡得好吗？");
    expect((await states()).slice(3)).toEqual(["sent", "skipped", "sent"]);
    const approvals = await store.read.rows<{ actor: string; reason: string }>(
      "SELECT actor, reason FROM task_event WHERE to_state = 'approved' AND reason IS NOT NULL",
    );
    expect(approvals).toEqual([
      { actor: "system", reason: "automatic" },
      { actor: "system", reason: "automatic" },
    ]);
  });

  test("HQ reads of the gap and what it cost", async () => {
    await services.identity.createAccount({ login: "hq", name: "总部", role: "hq", password });
    const page = await serve(services);
    const { text } = await (await signedIn(page.url, "hq")).get("/operations/channel").expect(200);
    await page.close();
    expect(text).toContain("聊天账号的中断");
    expect(text).toContain("其间的客户消息没有记录，回复率可能偏低");
  });
});
