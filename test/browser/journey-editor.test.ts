// HQ writes a journey in a real browser: with the keys alone, with a mouse, on a phone, with scripts off, two at once.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { touchpointsIn } from "../../src/journeys/trigger-data.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";
import { expectAccessible } from "./axe.js";
import { type OpenedBrand, openBrand, PASSWORD } from "./open.js";
import { settled } from "./stage.js";

const SCREENS = join(dirname(fileURLToPath(import.meta.url)), "__screens__");
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const DRAFT = "/journeys/look/draft";

let database: TestDatabase;
let brand: OpenedBrand;
let browser: Browser;
let contexts: BrowserContext[] = [];
/** what went wrong in the pages: errors of scripts, of the policy, of the network */
let complaints: string[] = [];

beforeAll(async () => {
  mkdirSync(SCREENS, { recursive: true });
  database = await freshDatabase("sqlite");
  brand = await openBrand(await database.open());
  await brand.services.identity.createAccount({
    login: "hq2",
    name: "周运营",
    role: "hq",
    password: PASSWORD,
  });
  browser = await chromium.launch({
    executablePath: process.env.GUIDEPOST_TEST_BROWSER ?? "",
    args: ["--no-sandbox"],
  });
});
afterAll(async () => {
  await browser.close();
  await brand.close();
  await database.drop();
});
beforeEach(async () => {
  complaints = [];
  await brand.services.drafts.discard("look", "system");
});
afterEach(async () => {
  for (const context of contexts) await context.close();
  contexts = [];
});

async function enter(login = "hq", viewport = DESK, javaScriptEnabled = true): Promise<Page> {
  const context = await browser.newContext({
    viewport,
    locale: "zh-CN",
    baseURL: brand.url,
    javaScriptEnabled,
  });
  contexts.push(context);
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  // a preview asked for anew takes the place of the one on its way
  const isReplaced = (text: string) => /^htmx:(sendAbort|afterRequest),/.test(text);
  page.on("console", (line) => {
    if (line.type() === "error" && !isReplaced(line.text())) complaints.push(line.text());
  });
  await page.goto("/sign-in");
  await page.getByLabel("账号").fill(login);
  await page.getByLabel("密码").fill(PASSWORD);
  await Promise.all([
    page.waitForURL(/report|overview|team/),
    page.getByRole("button", { name: "登录" }).click(),
  ]);
  return page;
}

/** A picture to look at, and the promise that nothing sticks out sideways, went wrong or is kept from somebody. */
async function look(page: Page, name: string): Promise<void> {
  await settled(page);
  // hiding the caret would leave a style on every field
  await page.screenshot({ path: join(SCREENS, `${name}.png`), fullPage: true, caret: "initial" });
  const over = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
  expect({ name, over, complaints }).toEqual({ name, over: 0, complaints: [] });
  await expectAccessible(page);
}

const when = (page: Page, key: string) => page.locator(`#t-${key} .tp-when`);
const draftOf = async (key: string) => (await brand.services.drafts.show(key)).draft?.data ?? {};
const touchpointOf = async (key: string, touchpoint: string) =>
  touchpointsIn(await draftOf(key)).find((one) => one.key === touchpoint);
const isSaved = (page: Page) => page.locator("#save-state", { hasText: "已保存到草稿" }).waitFor();

describe.each([
  ["desk", DESK],
  ["phone", PHONE],
])("on a %s", (size, viewport) => {
  it("the journeys, one as it is live, its timeline, a touchpoint with its phone, a new one", async () => {
    const page = await enter("hq", viewport);
    await page.goto("/journeys");
    await look(page, `journey-list-${size}`);
    await page.getByRole("link", { name: "新客育儿旅程" }).click();
    await page.getByText("宝宝满6个月").first().waitFor();
    await look(page, `journey-live-${size}`);
    await page.getByRole("link", { name: "编辑", exact: true }).click();
    await page.getByRole("heading", { name: "时间线" }).waitFor();
    await look(page, `journey-draft-${size}`);
    await page.getByRole("link", { name: "满6个月" }).click();
    await page.locator(".bubble").waitFor();
    expect(await page.locator(".bubble").textContent()).toContain("今天满6个月啦");
    await look(page, `journey-touchpoint-${size}`);
    await page.goto(`${DRAFT}/new?anchor=day&day=06-18&direction=on`);
    await look(page, `journey-new-touchpoint-${size}`);
  });
});

describe("with the keys alone", () => {
  /** Goes on by Tab until the place is reached. */
  async function tabTo(page: Page, what: string, most = 160): Promise<void> {
    for (let n = 0; n < most; n++) {
      await page.keyboard.press("Tab");
      const here = (await page.evaluate(
        "[document.activeElement?.getAttribute('aria-label'), document.activeElement?.name, document.activeElement?.id, document.activeElement?.textContent?.trim()].filter(Boolean)",
      )) as string[];
      if (here.includes(what)) return;
    }
    throw new Error(`no ${what} by Tab on ${page.url()}`);
  }

  it("a journey is begun, written, moved, asked for and, by another, published", async () => {
    const page = await enter();
    await tabTo(page, "旅程");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/journeys$/);
    await tabTo(page, "新建旅程");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/journeys\/new$/);
    await page.keyboard.type("键盘旅程");
    await tabTo(page, "key");
    await page.keyboard.type("keys");
    await page.keyboard.press("Enter");
    await page.waitForURL(/keys\/draft\/new/);
    await page.keyboard.type("第九天问候");
    await tabTo(page, "n");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("9");
    await tabTo(page, "话术");
    await page.keyboard.type("，九天啦");
    await page.keyboard.press("Home");
    await tabTo(page, "客户称呼");
    await page.keyboard.press("Enter");
    expect(await page.locator("textarea").inputValue()).toBe("{{customer.name}}，九天啦");
    await look(page, "journey-keys-new");
    await tabTo(page, "保存，回到时间线");
    await page.keyboard.press("Enter");
    await page.waitForURL(/keys\/draft#t-day-9$/);
    // the card has the focus: two days later, one day earlier
    await page.locator("#t-day-9 .tp-name:focus").waitFor();
    await when(page, "day-9").getByText("加好友后第9天").waitFor();
    for (const [key, said] of [
      ["ArrowRight", "第10天"],
      ["ArrowRight", "第11天"],
      ["ArrowLeft", "第10天"],
    ] as const) {
      await page.keyboard.press(key);
      await when(page, "day-9").getByText(said).waitFor();
    }
    expect(await page.locator("#moved").textContent()).toContain("第九天问候：加好友后第10天");
    expect(await touchpointOf("keys", "day-9")).toMatchObject({
      days: 10,
      words: "{{customer.name}}，九天啦",
    });
    await tabTo(page, "移动、复制、删掉「第九天问候」");
    await page.keyboard.press("Enter");
    await tabTo(page, "复制一个");
    await page.keyboard.press("Enter");
    await page.waitForURL(/t\/day-9-2$/);
    expect(touchpointsIn(await draftOf("keys"))).toHaveLength(2);
    await tabTo(page, "回到时间线");
    await page.keyboard.press("Enter");
    await page.waitForURL(/keys\/draft#t-day-9-2$/);
    await tabTo(page, "预测和发布…", 400);
    await page.keyboard.press("Enter");
    await page.waitForURL(/keys\/publish$/);
    await look(page, "journey-keys-publish");
    await tabTo(page, "提交给同事审批");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "撤回申请" }).waitFor();
    expect((await brand.services.drafts.show("keys")).version).toBeNull();
    const other = await enter("hq2");
    await other.goto("/journeys/keys/publish");
    await tabTo(other, "批准并发布");
    await other.keyboard.press("Enter");
    await other.getByText("第 1 版已经生效").waitFor();
    expect(await brand.services.drafts.show("keys")).toMatchObject({
      version: 1,
      state: "live",
      draft: null,
    });
    expect(complaints).toEqual([]);
  });
});

describe("with a mouse", () => {
  it("cards are dragged to another month; what cannot be is said and stays", async () => {
    const page = await enter();
    await page.goto(DRAFT);
    const drag = async (key: string, row: string, label: string) => {
      const card = await page.locator(`#t-${key}`).boundingBox();
      const cell = await page
        .locator(`.cell[data-row=${row}]`)
        .filter({ has: page.getByText(label, { exact: true }) })
        .first()
        .boundingBox();
      if (!card || !cell) throw new Error("not in sight");
      await page.mouse.move(card.x + 12, card.y + card.height - 5);
      await page.mouse.down();
      await page.mouse.move(cell.x + 30, cell.y + 30, { steps: 6 });
      await page.mouse.up();
    };
    await drag("month-6", "child_born", "8个月");
    await when(page, "month-6").getByText("宝宝满8个月").waitFor();
    // another row is another thing to wait for
    await drag("month-6", "joined", "31–60天");
    await page.waitForTimeout(200);
    expect(await when(page, "month-6").textContent()).toBe("宝宝满8个月");
    await page.locator("#t-day-3 .tp-more > summary").click();
    await page
      .locator("#t-day-3")
      .getByLabel(/移到第/)
      .fill("-2");
    await page.locator("#t-day-3").getByRole("button", { name: "移过去" }).click();
    await page.locator("#notice", { hasText: "不能提前" }).waitFor();
    expect(await when(page, "day-3").textContent()).toBe("加好友后第3天");
    expect(await touchpointOf("look", "month-6")).toMatchObject({ months: 8 });
    await page.locator("#t-birthday .tp-more > summary").click();
    await page.locator("#t-birthday").getByText("删掉", { exact: true }).click();
    await look(page, "journey-delete");
    await page.locator("#t-birthday").getByRole("button", { name: "确定删掉" }).click();
    await page.locator("#t-birthday").waitFor({ state: "detached" });
    expect(await touchpointOf("look", "birthday")).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  it("every change is kept at once; what may not be said is marked and never kept", async () => {
    const page = await enter();
    await page.goto(`${DRAFT}/t/month-6`);
    await page.getByLabel("话术", { exact: true }).fill("我们的奶粉比母乳更好，{{customer.name}}！");
    await page.locator(".claim mark", { hasText: "比母乳" }).waitFor();
    await page.getByLabel("名称", { exact: true }).focus();
    await page.locator("[data-fault=words]", { hasText: "替代母乳" }).waitFor();
    await look(page, "journey-claims");
    expect((await brand.services.drafts.show("look")).draft).toBeNull();
    await page.getByLabel("话术", { exact: true }).fill("{{customer.name}}，{{child.name}}半岁啦！");
    await page.getByLabel("过了这天还能发几天").fill("5");
    await page.getByLabel("名称", { exact: true }).focus();
    await isSaved(page);
    expect(await touchpointOf("look", "month-6")).toMatchObject({
      grace_days: 5,
      words: "{{customer.name}}，{{child.name}}半岁啦！",
    });
    await page.getByRole("button", { name: "最坏情况" }).click();
    await page
      .locator(".worst.failing", { hasText: "没有宝宝小名" })
      .getByText("宝宝小名", { exact: true })
      .waitFor();
    await page.locator(".worst", { hasText: "双胞胎" }).getByText("糖糖妈，小宝半岁啦！").waitFor();
    await look(page, "journey-worst");
    await page.getByRole("button", { name: "看真实客户" }).click();
    await page.locator(".preview-who").waitFor();
    const first = await page.locator(".preview-who b").textContent();
    await page.getByRole("button", { name: "下一位客户" }).click();
    await page.locator(".preview-who b", { hasNotText: first ?? "" }).waitFor();
    await page.getByLabel("找一位客户来看").fill("林悦");
    await page.getByRole("button", { name: "找", exact: true }).click();
    await page.locator(".preview-hits, .preview-who b").getByText("林悦").first().waitFor();
    expect(complaints).toEqual([]);
  });

  it("while one of several customers is to be picked, the phone goes on saying what is typed", async () => {
    const page = await enter();
    await page.goto(`${DRAFT}/t/month-6`);
    const who = await page.locator(".preview-who b").textContent();
    for (const [typed, answer] of [
      ["林", ".preview-hits li"],
      ["查无此人", "#preview-body .note"],
    ] as const) {
      await page.getByLabel("找一位客户来看").fill(typed);
      await page.getByRole("button", { name: "找", exact: true }).click();
      await page.locator(answer).first().waitFor();
      await page.getByLabel("话术", { exact: true }).fill(`和${typed}说一声`);
      await page.locator(".phone .bubble", { hasText: `和${typed}说一声` }).waitFor();
      expect(await page.locator(".preview-who b").textContent()).toBe(who);
      expect(await page.getByLabel("找一位客户来看").inputValue()).toBe(typed);
    }
  });

  it.each(["month-6", "no-order-30", "day-3"])("nothing moves while %s is loaded", async (key) => {
    const page = await enter();
    // scripts of a visitor's first page come late
    await page.route(/\/touchpoint\.js/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      await route.continue();
    });
    await page.addInitScript(`window.moved = [];
      new PerformanceObserver((list) => window.moved.push(...list.getEntries().map(({ value, sources }) =>
        [value, ...sources.map(({ node }) => node?.id || node?.className)].join(" "))))
        .observe({ type: "layout-shift", buffered: true });`);
    await page.goto(`${DRAFT}/t/${key}`);
    await page.locator("#audience-count", { hasText: "位客户符合" }).waitFor();
    await page.locator(".preview-who").waitFor();
    await settled(page);
    expect(await page.evaluate("window.moved")).toEqual([]);
  });

  it("an audience is built from conditions and groups and counted; words get a rival, a link and a picture", async () => {
    const page = await enter();
    await page.goto(`${DRAFT}/t/no-order-30`);
    await page.getByRole("button", { name: "+ 条件" }).click();
    await page.getByLabel("按什么").selectOption("child_stage");
    await page.getByLabel("6–12个月").check();
    await page.getByRole("button", { name: "+ 一组条件" }).click();
    await page.getByLabel("按什么").nth(1).selectOption("orders");
    await page.getByLabel("至少").fill("一单");
    await page.getByLabel("名称", { exact: true }).focus();
    await page.locator("[data-fault='audience.1.0']", { hasText: "整数" }).waitFor();
    await page.getByLabel("至少").fill("1");
    await page.getByLabel("名称", { exact: true }).focus();
    await isSaved(page);
    await page.locator("#audience-count", { hasText: "位客户符合" }).waitFor();
    expect(await page.locator("#audience-count").textContent()).toMatch(/不知道宝宝生日或预产期/);
    expect(await touchpointOf("look", "no-order-30")).toMatchObject({
      audience: { child_stage: ["6-12"], any: [{ orders: { at_least: 1 } }] },
    });
    await page.getByRole("button", { name: "和另一个版本比一比" }).click();
    await page.getByLabel("版本 B 的话术").fill("{{customer.name}}，家里的奶粉还够吗？");
    await page.getByRole("button", { name: "+ 链接" }).click();
    await page.getByLabel("标题").fill("到店有礼");
    await page.getByLabel("网址").fill("https://example.com/a");
    await page.getByRole("button", { name: "+ 图片" }).click();
    await page
      .locator("[name='attachment.1.upload']")
      .setInputFiles({ name: "假.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await page.locator("[data-fault='attachment.1.file']", { hasText: "JPG 或 PNG" }).waitFor();
    await page.locator("[name='attachment.1.upload']").setInputFiles(join(SCREENS, "journey-list-desk.png"));
    await page.locator(".enclosure-file img").waitFor();
    await isSaved(page);
    expect(await touchpointOf("look", "no-order-30")).toMatchObject({
      variants: [
        { key: "A", share: 50 },
        { key: "B", share: 50, words: "{{customer.name}}，家里的奶粉还够吗？" },
      ],
      attachments: [
        { kind: "link", title: "到店有礼" },
        { kind: "picture", file: expect.stringMatching(/^kept\/.+\.png$/) },
      ],
    });
    await page.getByLabel("现在的回复率").fill("20");
    await page.getByRole("button", { name: "算一算" }).click();
    await page.getByText("每个版本要发 2,943 条").waitFor();
    await look(page, "journey-rich");
  });
});

it("two at one touchpoint: the second is told whose it is, loses nothing and decides", async () => {
  const [one, two] = [await enter("hq"), await enter("hq2")];
  for (const page of [one, two]) await page.goto(`${DRAFT}/t/month-6`);
  await one.getByLabel("话术", { exact: true }).fill("陈总监的话");
  await one.getByRole("button", { name: "保存", exact: true }).last().click();
  await isSaved(one);
  await two.getByLabel("话术", { exact: true }).fill("周运营的话");
  await two.getByLabel("名称", { exact: true }).focus();
  await two.locator("#conflict", { hasText: "陈总监" }).waitFor();
  expect(await two.getByLabel("话术", { exact: true }).inputValue()).toBe("周运营的话");
  expect(await touchpointOf("look", "month-6")).toMatchObject({ words: "陈总监的话" });
  await look(two, "journey-conflict");
  await two.getByRole("button", { name: "用我的版本" }).click();
  await isSaved(two);
  expect(await touchpointOf("look", "month-6")).toMatchObject({ words: "周运营的话" });
});

it("with scripts off every step is a form", async () => {
  const page = await enter("hq", DESK, false);
  await page.goto(DRAFT);
  await page.locator("#t-day-3 .tp-more > summary").click();
  await page
    .locator("#t-day-3")
    .getByLabel(/移到第/)
    .fill("5");
  await page.locator("#t-day-3").getByRole("button", { name: "移过去" }).click();
  await when(page, "day-3").getByText("第5天").waitFor();
  await page.getByRole("link", { name: "第3天关怀" }).click();
  await page.getByLabel("话术", { exact: true }).fill("全网第一的奶粉");
  await page.getByRole("button", { name: "保存", exact: true }).last().click();
  await page.locator("[data-fault=words]", { hasText: "绝对化用语" }).waitFor();
  expect(await page.getByLabel("话术", { exact: true }).inputValue()).toBe("全网第一的奶粉");
  await page.getByLabel("话术", { exact: true }).fill("您好，三天了还习惯吗？");
  await page.getByRole("button", { name: "+ 条件" }).click();
  await page.getByLabel("按什么").waitFor();
  expect(await page.getByLabel("话术", { exact: true }).inputValue()).toBe("您好，三天了还习惯吗？");
  await page.getByRole("textbox", { name: "等级" }).fill("金卡、银卡");
  await page.getByRole("button", { name: "保存，回到时间线" }).click();
  await page.waitForURL(/draft#t-day-3$/);
  expect(await touchpointOf("look", "day-3")).toMatchObject({
    days: 5,
    audience: { level: ["金卡", "银卡"] },
  });
  await page.goto(`${DRAFT}/t/month-6?preview=1`);
  await page.locator(".bubble", { hasText: "今天满6个月啦" }).waitFor();
  await page.getByRole("button", { name: "最坏情况" }).click();
  await page.locator(".worst", { hasText: "双胞胎" }).waitFor();
});

it("managers read what is live and find no way to change it", async () => {
  const page = await enter("manager");
  await page.goto("/journeys/look");
  await page.getByText("宝宝满6个月").first().waitFor();
  expect(await page.getByRole("link", { name: "编辑" }).count()).toBe(0);
  expect((await page.goto(DRAFT))?.status()).toBe(403);
});
