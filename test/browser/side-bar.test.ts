// The side bar beside a chat, as a guide has it in WeCom: the sandbox is the client around our page, with WeCom's own
// script between them. And the two ways to log in by WeCom.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type FrameLocator, type Page } from "playwright-core";
import type { Store } from "../../src/infra/store.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";
import { openSandboxHouse, password, type SandboxHouse } from "../support/house.js";

const SCREENS = join(dirname(fileURLToPath(import.meta.url)), "__screens__");
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 760 };
const zone = "Asia/Shanghai";
const today = "2026-03-12";
const at = (time: string, day = today) => instantOf(day, time, zone);

const journey = `
key: care
name: 新客关怀
touchpoints:
  - { key: day-3, name: 第3天关怀, after: joined, days: 3, send: page, words: "{{customer.name}}，奶粉开罐三天了，宝宝喝得还习惯吗？" }
`;
const customers = ["林悦", "许婷", "何佳", "周晓彤", "梁雨薇", "苏锦", "方宁"];
const files: Record<string, string> = {
  "stores.csv": "门店编码,门店名称,大区\nS1,徐汇店,华东\n",
  "guides.csv": "导购账号,导购姓名,门店编码\nLan.Li,兰兰,S1\nmei,梅梅,S1\n",
  "customers.csv": `客户ID,姓名,导购账号,加入日期,来源\n${customers.map((name, n) => `wm${n + 1},${name},Lan.Li,2026-03-09,门店\n`).join("")}`,
  "children.csv": "客户ID,宝宝序号,宝宝姓名,出生日期\nwm1,1,糖糖,2025-09-10\n",
};

let database: TestDatabase;
let store: Store;
let house: SandboxHouse;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** what went wrong in the pages: errors of scripts, of the policy, of the network */
let complaints: string[];

beforeAll(async () => {
  mkdirSync(SCREENS, { recursive: true });
  database = await freshDatabase("sqlite");
  store = await database.open();
  house = await openSandboxHouse(store, at("10:00", "2026-03-10"));
  const { sandbox, services, url, world } = house;
  // where the house is served is known only now
  const { key } = await services.identity.keys.create("archive", world.now());
  sandbox.connect({
    callbackUrl: `${url}/wecom/callback`,
    intake: { url: `${url}/api/intake/messages`, key },
  });
  const external = customers.map((name, n) => ({ externalUserid: `wm${n + 1}`, name }));
  sandbox.enrol({
    guides: [
      { userid: "Lan.Li", name: "兰兰", skill: 0 },
      { userid: "mei", name: "梅梅", skill: 0 },
      { userid: "newcomer", name: "新同事", skill: 0 },
    ],
    customers: [...external, { externalUserid: "wm99", name: "刚加的客户" }],
    contacts: [...external.map((one) => one.externalUserid), "wm99"].map((externalUserid) => ({
      ...{ guideUserid: "Lan.Li", externalUserid, createdAt: at("11:00", "2026-03-09") },
    })),
  });
  for (const [name, text] of Object.entries(files)) house.put(`brand/${name}`, text);
  await services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
  await services.applyJourney(house.put("care.yaml", journey), { yes: true, by: "system" });
  await house.morning(today);
  browser = await chromium.launch({
    executablePath: process.env.GUIDEPOST_TEST_BROWSER ?? "",
    args: ["--no-sandbox"],
  });
});
afterAll(async () => {
  await browser.close();
  await house.close();
  await database.drop();
});
afterEach(() => context.close());

async function open(viewport = DESK, colorScheme: "light" | "dark" = "light"): Promise<void> {
  context = await browser.newContext({ viewport, colorScheme, locale: "zh-CN" });
  page = await context.newPage();
  complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
}

/** The chat of a guide with a customer, the side bar beside it. */
async function openChat(externalUserid: string, userid = "Lan.Li", ...rest: Parameters<typeof open>) {
  await open(...rest);
  await page.goto(`${house.sandbox.url}/sandbox/chats/${userid}/${externalUserid}`);
  return page.frameLocator("iframe");
}

async function look(name: string): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: join(SCREENS, `${name}.png`) });
  const over = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
  expect({ name, over, complaints }).toEqual({ name, over: 0, complaints: [] });
}

const tap = (bar: FrameLocator, customer: string) =>
  bar.getByRole("button", { name: `发给 ${customer}` }).click();
const answer = (word: "发送" | "取消") => page.locator("dialog").getByRole("button", { name: word }).click();
const chat = () => page.locator("#log p.guide").allInnerTexts();
const task = async (externalUserid: string) =>
  store.read.row<{ id: number; state: string; proven: number }>(
    `SELECT t.id, t.state, t.proven FROM task t JOIN customer c ON c.id = t.customer_id WHERE c.external_userid = ?`,
    [externalUserid],
  );
const written = (externalUserid: string) =>
  house.sandbox.archive().records.filter(({ tolist }) => tolist[0] === externalUserid).length;

describe("the side bar", () => {
  it("shows whose chat it is; a tap sends today's words, once, and the archive proves it", async () => {
    const bar = await openChat("wm1");
    await bar.getByRole("heading", { level: 1, name: "林悦" }).waitFor();
    expect(await bar.locator(".person").textContent()).toContain("糖糖（6个月");
    await look("side-bar-desk");
    await tap(bar, "林悦");
    await page.getByRole("heading", { name: "发给 林悦" }).waitFor();
    expect((await task("wm1"))?.state).toBe("sending");
    await page.screenshot({ path: join(SCREENS, "side-bar-confirm-desk.png") });
    await answer("发送");
    await bar.locator("article.done", { hasText: "林悦" }).waitFor();
    await page.locator("#log p.guide").waitFor();
    expect(await chat()).toEqual([expect.stringContaining("林悦，奶粉开罐三天了")]);
    await house.services.passes.credit();
    expect(await task("wm1")).toMatchObject({ state: "sent", proven: 1 });
    await page.reload();
    await bar.locator("article.done", { hasText: "已核实" }).waitFor();
    expect(written("wm1")).toBe(1);
    await look("side-bar-done-desk");
  });

  it("gives the words back when the guide cancels", async () => {
    const bar = await openChat("wm2");
    await tap(bar, "许婷");
    await answer("取消");
    await bar.getByRole("button", { name: "发给 许婷" }).waitFor();
    expect([(await task("wm2"))?.state, written("wm2")]).toEqual(["offered", 0]);
    await tap(bar, "许婷");
    await answer("发送");
    await bar.locator("article.done", { hasText: "许婷" }).waitFor();
    expect([(await task("wm2"))?.state, written("wm2")]).toEqual(["sent", 1]);
    expect(complaints).toEqual([]);
  });

  it("never sends again what was sent without an answer: the archive tells", async () => {
    const bar = await openChat("wm3");
    await tap(bar, "何佳");
    await page.getByLabel("发出后不回音").check();
    await answer("发送");
    await page.locator("#log p.guide").waitFor();
    await page.reload();
    // the archive's push has told already
    await bar.locator("article.done", { hasText: "何佳" }).waitFor();
    expect([(await task("wm3"))?.state, written("wm3")]).toEqual(["sent", 1]);
  });

  it("asks after a reload in the middle of a tap, and keeps a second phone from sending too", async () => {
    const bar = await openChat("wm4");
    await tap(bar, "周晓彤");
    await page.getByRole("heading", { name: "发给 周晓彤" }).waitFor();
    await page.reload();
    await bar.getByText("没有等到结果").waitFor();
    expect(await bar.getByRole("button", { name: "发给" }).count()).toBe(0);
    await page.screenshot({ path: join(SCREENS, "side-bar-asks-desk.png") });
    await bar.getByRole("button", { name: "没有发出" }).click();
    await bar.getByRole("button", { name: "发给 周晓彤" }).waitFor();
    expect([(await task("wm4"))?.state, written("wm4")]).toEqual(["offered", 0]);
  });

  it("tells the server later what it could not tell at once", async () => {
    const bar = await openChat("wm5");
    await page.route("**/sent", (route) => route.abort());
    await tap(bar, "梁雨薇");
    await answer("发送");
    await page.locator("#log p.guide").waitFor();
    await bar.locator("#notice", { hasText: "连上后会自动补记" }).waitFor();
    await page.unroute("**/sent");
    await page.reload();
    await bar.locator("article.done", { hasText: "梁雨薇" }).waitFor();
    expect([(await task("wm5"))?.state, written("wm5")]).toEqual(["sent", 1]);
  });

  it("outside of a chat hands the words to 群发助手, for this customer alone", async () => {
    await openChat("wm6");
    await page.getByLabel("页面从这里打开").selectOption("normal");
    const list = page.frameLocator("iframe");
    await list.getByRole("button", { name: "发给 苏锦" }).click();
    await page.getByRole("heading", { name: "群发助手：苏锦" }).waitFor();
    await answer("发送");
    await list.locator("article.done", { hasText: "苏锦" }).waitFor({ state: "attached" });
    expect([(await task("wm6"))?.state, written("wm6"), written("wm7")]).toEqual(["sent", 1, 0]);
    expect(complaints).toEqual([]);
  });

  it("knows no customer it has not heard of, and nobody's without a chat", async () => {
    const bar = await openChat("wm99");
    await bar.getByText("还没有这位客户的资料").waitFor();
    await look("side-bar-nobody-desk");
    await page.getByLabel("页面从这里打开").selectOption("chat_attachment");
    await page.frameLocator("iframe").getByText("这里看不到当前客户").waitFor();
  });

  it.each([
    ["light", PHONE],
    ["dark", PHONE],
    ["dark", DESK],
  ] as const)("fits, %s at %o", async (scheme, size) => {
    const bar = await openChat("wm7", "Lan.Li", size, scheme);
    await bar.getByRole("button", { name: "发给 方宁" }).waitFor();
    const [, frame] = page.frames();
    const root = "document.documentElement";
    const over = await frame?.evaluate(`${root}.scrollWidth - ${root}.clientWidth`);
    expect(over).toBe(0);
    await look(`side-bar-${scheme}-${size.width}`);
  });
});

describe("logging in by WeCom", () => {
  it("is silent for a guide inside WeCom; a member unknown to us reads why", async () => {
    const bar = await openChat("wm7", "Lan.Li", PHONE);
    await bar.getByRole("heading", { level: 1, name: "方宁" }).waitFor();
    await page.goto(`${house.sandbox.url}/sandbox/chats/newcomer/wm7`);
    await page.frameLocator("iframe").getByText("你还不在导购名单里").waitFor();
    expect(await page.frameLocator("iframe").locator("code").textContent()).toBe("newcomer");
  });

  it("by QR code at a desk: HQ by their userid, a guide to their list", async () => {
    const { identity } = house.services;
    await identity.createAccount({ login: "mei", name: "梅梅", role: "hq", password });
    await open();
    await page.goto(`${house.url}/report?from=2026-03-01&to=2026-03-12`);
    await page.getByRole("link", { name: "用企业微信登录" }).click();
    await page.getByRole("heading", { name: "企业微信扫码登录" }).waitFor();
    await look("qr-desk");
    await page.getByRole("link", { name: "梅梅" }).click();
    await page.waitForURL(/\/report\?from=2026-03-01&to=2026-03-12$/);
    await context.clearCookies();
    await page.goto(`${house.url}/sign-in`);
    await look("sign-in-by-wecom-desk");
    await page.getByRole("link", { name: "用企业微信登录" }).click();
    await page.getByRole("link", { name: "兰兰" }).click();
    await page.waitForURL(/\/g\/today$/);
  });

  it("tells whoever refuses, is no member, or comes with a state that is not theirs", async () => {
    await open();
    await page.goto(`${house.url}/sign-in/wecom`);
    await page.getByRole("link", { name: "不同意登录" }).click();
    await page.getByText("你没有同意登录").waitFor();
    await page.getByRole("link", { name: "再试一次" }).click();
    await page.getByRole("link", { name: "不是企业成员的微信用户" }).click();
    await page.getByText("只有企业成员能进来").waitFor();
    await page.goto(`${house.url}/sign-in/wecom/back?code=abc&state=0123456789abcdef`);
    await page.getByText("登录没有完成").waitFor();
    await page.screenshot({ path: join(SCREENS, "sign-in-fault-desk.png") });
  });
});
