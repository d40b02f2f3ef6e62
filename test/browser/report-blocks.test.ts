// The report's two blocks in a browser: the ways with their meanings, and WeCom's figures in a table of their own below.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import type { Store } from "../../src/infra/store.js";
import { addDays, shopDayOf } from "../../src/kernel/calendar.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";
import { NOW, ZONE } from "./brand.js";
import { type OpenedBrand, openBrand, PASSWORD } from "./open.js";
import { settled } from "./stage.js";

const SCREENS = join(dirname(fileURLToPath(import.meta.url)), "__screens__");
const yesterday = addDays(shopDayOf(NOW, ZONE), -1);

let database: TestDatabase;
let store: Store;
let brand: OpenedBrand;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(SCREENS, { recursive: true });
  database = await freshDatabase("sqlite");
  store = await database.open();
  brand = await openBrand(store);
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

async function report(width: number) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    locale: "zh-CN",
    baseURL: brand.url,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
  await page.goto("/sign-in");
  await page.getByLabel("账号").fill("hq");
  await page.getByLabel("密码").fill(PASSWORD);
  await Promise.all([page.waitForURL(/overview/), page.getByRole("button", { name: "登录" }).click()]);
  await page.goto("/report");
  await settled(page);
  return { page, complaints, close: () => context.close() };
}

test("before anything was read it says why there is nothing yet", async () => {
  const { page, close } = await report(1280);
  const block = page.locator("#wecom-statistics");
  expect(await block.textContent()).toContain("还没有读到数据");
  expect(await block.locator("table").count()).toBe(0);
  await close();
});

test.each([
  ["desk", 1280],
  ["phone", 390],
])("on a %s ours and WeCom's figures stand apart, each with what it means", async (size, width) => {
  await store.write(async (sql) => {
    await sql.run("DELETE FROM guide_behaviour");
    for (const { id } of brand.guides)
      await sql.run(
        `INSERT INTO guide_behaviour (on_day, guide_id, applies, contacts, chats, messages, lost, answered_per_mille,
           answer_minutes, read_at) VALUES (?, ?, 0, 2, 5, 31, 0, 875, 12, ?)`,
        [yesterday, id, NOW],
      );
  });
  const { page, complaints, close } = await report(width);
  const block = page.locator("#wecom-statistics");
  const words = await block.textContent();
  expect(words).toContain("不是客户对触达的回复率");
  expect(await block.locator("tfoot").textContent()).toContain("87.5%");
  const ways = page.locator("#ways");
  expect(await ways.locator("thead").textContent()).toMatch(
    /已点按.*已确认.*送达.*已证实.*接收已满.*非好友.*迟到/s,
  );
  await ways.getByText("这些数字的含义").click();
  expect(await ways.locator("dl").textContent()).toContain("企业微信返回状态 3");
  const tops = await page.$$eval("#units, #ways, #wecom-statistics", (all) =>
    all.map((one) => one.getBoundingClientRect().top),
  );
  expect(tops).toEqual([...tops].sort((a, b) => a - b));
  await page.screenshot({ path: join(SCREENS, `report-blocks-${size}.png`), fullPage: true });
  const over = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
  expect({ over, complaints }).toEqual({ over: 0, complaints: [] });
  await close();
});
