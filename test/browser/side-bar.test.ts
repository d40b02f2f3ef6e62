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
import { png } from "../support/pictures.js";
import { settled } from "./stage.js";

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
  - { key: day-3, name: 第3天关怀, after: joined, days: 3, send: page, audience: { source: [门店] }, words: "{{customer.name}}，奶粉开罐三天了，宝宝喝得还习惯吗？" }
  - key: day-3-card
    name: 第3天喂养卡
    after: joined
    days: 3
    send: page
    audience: { source: [展会] }
    words: "{{customer.name}}，喂养卡给您放在这里了。"
    attachments:
      - { kind: picture, file: card.png }
      - { kind: link, title: 开罐须知, url: "https://example.com/open", desc: 三分钟看懂, picurl: "https://example.com/open.png" }
  - key: day-3-same
    name: 第3天同一段话
    after: joined
    days: 3
    send: page
    audience: { source: [会员日] }
    words: 会员日的礼物在这里。
    attachments:
      - { kind: picture, file: gift.png }
`;
const customers = [
  "林悦",
  "许婷",
  "何佳",
  "周晓彤",
  "梁雨薇",
  "苏锦",
  "方宁",
  "邓洁",
  "沈璐",
  "叶青",
  "卢敏",
];
/** Where they came from: it decides which of the touchpoints is theirs. */
const sourceOf = (n: number) => (n < 7 ? "门店" : n < 9 ? "展会" : "会员日");
const [card, gift] = [png(60, 40, "#2a7"), png(50, 50, "#a27")];
const files: Record<string, string> = {
  "stores.csv": "门店编码,门店名称,大区\nS1,徐汇店,华东\n",
  "guides.csv": "导购账号,导购姓名,门店编码\nLan.Li,兰兰,S1\nmei,梅梅,S1\n",
  "customers.csv": `客户ID,姓名,导购账号,加入日期,来源\n${customers.map((name, n) => `wm${n + 1},${name},Lan.Li,2026-03-09,${sourceOf(n)}\n`).join("")}`,
  "children.csv": "客户ID,宝宝序号,宝宝姓名,出生日期\nwm1,1,糖糖,2025-09-10\n",
};

let database: TestDatabase;
let store: Store;
let house: SandboxHouse;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** what the page handed to WeCom and the guide let go, in order */
let handed: { name: string; params: Record<string, unknown> }[];
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
  house.put("card.png", card);
  house.put("gift.png", gift);
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
  context = await browser.newContext({ viewport, colorScheme, locale: "zh-CN", serviceWorkers: "block" });
  page = await context.newPage();
  complaints = [];
  handed = [];
  page.on("request", (request) => {
    if (!request.url().endsWith("/sandbox-client/invoke")) return;
    const { name, params, tapped } = request.postDataJSON() as (typeof handed)[number] & { tapped: boolean };
    // what the SDK signs every call with
    const own = Object.entries(params ?? {}).filter(([key]) => !/^(appId|verify\w+)$/.test(key));
    if (tapped) handed.push({ name, params: Object.fromEntries(own) });
  });
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
  await settled(page);
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
    await bar.getByText("待发送：已发送").waitFor();
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

  it("puts picture and link into the chat before the words, each as WeCom takes it", async () => {
    const bar = await openChat("wm8");
    await bar.locator(".enclosed img").waitFor();
    await look("side-bar-enclosed-desk");
    await tap(bar, "邓洁");
    for (const shown of ["[图片]", "[链接] 开罐须知", "邓洁，喂养卡给您放在这里了。"]) {
      await page.locator("dialog p", { hasText: shown }).waitFor();
      await answer("发送");
    }
    await bar.locator("article.done", { hasText: "邓洁" }).waitFor();
    expect(handed).toEqual([
      {
        name: "sendChatMessage",
        params: { msgtype: "image", image: { mediaid: expect.any(String) }, enterChat: true },
      },
      {
        name: "sendChatMessage",
        params: {
          ...{ msgtype: "news", enterChat: true },
          news: {
            ...{ title: "开罐须知", desc: "三分钟看懂" },
            ...{ link: "https://example.com/open", imgUrl: "https://example.com/open.png" },
          },
        },
      },
      {
        name: "sendChatMessage",
        params: { msgtype: "text", text: { content: "邓洁，喂养卡给您放在这里了。" }, enterChat: true },
      },
    ]);
    const { mediaid } = (handed[0]?.params.image ?? {}) as { mediaid?: string };
    const shown = await fetch(`${house.sandbox.url}/sandbox/media/${mediaid}`);
    expect(Buffer.from(await shown.arrayBuffer()).equals(card)).toBe(true);
    expect([(await task("wm8"))?.state, await chat()]).toEqual([
      "sent",
      [
        expect.stringContaining("[图片]"),
        expect.stringContaining("[链接] 开罐须知"),
        expect.stringContaining("喂养卡"),
      ],
    ]);
  });

  it("leaves out what is in the chat already when the guide cancelled in between", async () => {
    const bar = await openChat("wm9");
    await tap(bar, "沈璐");
    await page.locator("dialog p", { hasText: "[图片]" }).waitFor();
    await answer("发送");
    await page.locator("dialog p", { hasText: "[链接]" }).waitFor();
    await answer("取消");
    await bar.getByRole("button", { name: "发给 沈璐" }).waitFor();
    expect([(await task("wm9"))?.state, handed.length]).toEqual(["offered", 1]);
    await tap(bar, "沈璐");
    for (const shown of ["[链接]", "沈璐，喂养卡"]) {
      await page.locator("dialog p", { hasText: shown }).waitFor();
      await answer("发送");
    }
    await bar.locator("article.done", { hasText: "沈璐" }).waitFor();
    expect(handed.map(({ params }) => params.msgtype)).toEqual(["image", "news", "text"]);
    expect((await task("wm9"))?.state).toBe("sent");
  });

  it("never sends words without their picture: not while it cannot be had, not when WeCom takes none", async () => {
    const bar = await openChat("wm10");
    const { faults } = house.sandbox;
    faults.add({ kind: "busy", path: "media/upload", times: 3 });
    await tap(bar, "叶青");
    await bar.getByText("附件还没有准备好").waitFor();
    await bar.getByRole("button", { name: "发给 叶青" }).waitFor();
    expect([(await task("wm10"))?.state, handed]).toEqual(["offered", []]);
    faults.add({ kind: "code", code: 40123, path: "media/upload" });
    await tap(bar, "叶青");
    await bar.getByText("不能从这里发").waitFor();
    await page.screenshot({ path: join(SCREENS, "side-bar-by-hand-desk.png") });
    expect([(await task("wm10"))?.state, handed]).toEqual(["sending", []]);
    await bar.getByRole("button", { name: "没有发出" }).click();
    await bar.getByRole("button", { name: "发给 叶青" }).waitFor();
    expect([(await task("wm10"))?.state, written("wm10")]).toEqual(["offered", 0]);
  });

  it("hands the same words with their picture to several at once", async () => {
    await openChat("wm10");
    await page.getByLabel("页面从这里打开").selectOption("normal");
    const list = page.frameLocator("iframe");
    await list.getByRole("button", { name: "一次发给 2 位" }).click();
    await page.getByRole("heading", { name: "群发助手：叶青、卢敏" }).waitFor();
    await answer("发送");
    await list.locator("article.done", { hasText: "卢敏" }).waitFor({ state: "attached" });
    expect(handed).toEqual([
      {
        name: "shareToExternalContact",
        params: {
          ...{ externalUserIds: ["wm10", "wm11"], text: { content: "会员日的礼物在这里。" } },
          attachments: [{ msgtype: "image", image: { mediaid: expect.any(String) } }],
        },
      },
    ]);
    expect([(await task("wm10"))?.state, (await task("wm11"))?.state]).toEqual(["sent", "sent"]);
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
