// A guide's phone: the list with and without a network, several at one tap, a customer's card, the own figures; light, dark,
// at the width of the smallest phones sold.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import type { Store } from "../../src/infra/store.js";
import { addDays } from "../../src/kernel/calendar.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";
import { until } from "../support/until.js";
import { expectAccessible } from "./axe.js";
import { addTask, at, insert, NOW, TODAY, type Unit } from "./brand.js";
import { type OpenedBrand, openBrand, PASSWORD } from "./open.js";
import { settled } from "./stage.js";

const SCREENS = join(dirname(fileURLToPath(import.meta.url)), "__screens__");
const PHONE = { width: 360, height: 740 };

let database: TestDatabase;
let store: Store;
let brand: OpenedBrand;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];
/** customers of the first guide who are told the same */
let same: number[];

beforeAll(async () => {
  mkdirSync(SCREENS, { recursive: true });
  database = await freshDatabase("sqlite");
  store = await database.open();
  brand = await openBrand(store);
  same = await addSame(brand.guides[0] as Unit);
  await addLife(brand.guides[0] as Unit);
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
afterEach(() => context.close());

/** Three who get the same words: those of 30天未复购 without a name, as the guide has written them. */
async function addSame(guide: Unit): Promise<number[]> {
  return store.write(async (sql) => {
    const ids: number[] = [];
    for (const [n, name] of ["孟佳", "邵颖", "段宁"].entries()) {
      const joined = addDays(TODAY, -90);
      const id = await insert(sql, "customer", {
        ...{ external_userid: `wmsame${n}`, name, guide_id: guide.id, joined_on: joined, bucket: n },
      });
      await insert(sql, "contact", { customer_id: id, guide_id: guide.id, began_on: joined });
      await insert(sql, "anchor", {
        ...{ customer_id: id, kind: "last_order", child_no: 0, on_date: addDays(TODAY, -30), cycle_on: 0 },
        guide_id: guide.id,
      });
      const touchpoint = await sql.row<{ id: number }>(
        "SELECT touchpoint_id AS id FROM touchpoint_version WHERE name = '30天未复购'",
      );
      const task = await addTask(sql, guide, TODAY, {
        ...{ touchpoint_id: touchpoint?.id ?? 0, customer_id: id, state: "offered", reason: null },
        anchor_on: addDays(TODAY, -30),
      });
      await insert(sql, "task_edit", {
        ...{
          task_id: task,
          words: "店里周六有辅食课，来坐坐吗？",
          original: "",
          edited_at: 1,
          edited_by: `guide:${guide.id}`,
        },
      });
      ids.push(task);
    }
    return ids;
  });
}

/** What is known of 林悦: tags, orders, a call, a chat with an answer. */
async function addLife(guide: Unit): Promise<void> {
  await store.write(async (sql) => {
    const row = await sql.row<{ id: number }>(
      "SELECT id FROM customer WHERE name = '林悦' AND guide_id = ?",
      [guide.id],
    );
    const customer_id = row?.id ?? 0;
    await sql.run(
      "UPDATE customer SET level = '金卡', source = '门店', brand_preference = '启赋' WHERE id = ?",
      [customer_id],
    );
    for (const name of ["新手妈妈", "混合喂养"])
      await insert(sql, "customer_tag", { customer_id, name, source: "manual" });
    for (const [n, ago] of [12, 41, 75].entries())
      await insert(sql, "customer_order", {
        ...{ order_no: `o${n}`, customer_id, ordered_on: addDays(TODAY, -ago), quantity: 2, amount: 596 },
        ...{ status: n === 1 ? "refunded" : "paid", category: "婴儿配方奶粉", subcategory: "二段" },
      });
    const sentOn = addDays(TODAY, -20);
    const sentAt = at(sentOn, "10:02");
    const version = await sql.row<{ touchpoint: number }>(
      "SELECT touchpoint_id AS touchpoint FROM touchpoint_version WHERE name = '新客回访'",
    );
    const task = await addTask(sql, guide, sentOn, {
      ...{ touchpoint_id: version?.touchpoint ?? 0, customer_id, state: "sent", reason: null, occurrence: 7 },
      ...{ acted_at: sentAt, sent_at: sentAt, replied_at: sentAt + 600_000, observed: 1 },
    });
    await insert(sql, "delivery", {
      ...{
        task_id: task,
        guide_id: guide.id,
        customer_id,
        sent_at: sentAt,
        sent_on: sentOn,
        acted_at: sentAt,
      },
      ...{ way: "page", words: "林悦，糖糖第一次吃辅食还顺利吗？" },
    });
    const pair = { guide_id: guide.id, customer_id, store_id: guide.storeId, region_id: guide.regionId };
    for (const [n, [sender, text, type]] of (
      [
        ["guide", "林悦，糖糖第一次吃辅食还顺利吗？", "text"],
        ["customer", "吃了两勺米粉，挺喜欢的，谢谢你惦记", "text"],
        ["customer", null, "image"],
      ] as const
    ).entries())
      await insert(sql, "message", {
        ...{ ...pair, msgid: `life${n}`, sender, text, type, sent_at: sentAt + n * 600_000, sent_on: sentOn },
        ...{ source: "archive", task_id: n === 1 ? task : null },
      });
    await insert(sql, "task_outcome", {
      ...{ task_id: task, customer_id, guide_id: guide.id, at: sentAt - 86_400_000, outcome: "接通" },
      ...{ note: "想试二段", next_touch_on: addDays(TODAY, 10) },
    });
  });
}

async function enter(
  colorScheme: "light" | "dark" = "light",
  more: BrowserContextOptions = {},
): Promise<void> {
  const here = { viewport: PHONE, colorScheme, locale: "zh-CN", baseURL: brand.url };
  context = await browser.newContext({ ...here, ...more });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  page = await context.newPage();
  complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => {
    // without a network the browser says so by itself
    if (line.type() === "error" && !/ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(line.text()))
      complaints.push(line.text());
  });
  await page.goto("/sign-in");
  await page.getByLabel("账号").fill("guide");
  await page.getByLabel("密码").fill(PASSWORD);
  await Promise.all([page.waitForURL(/today/), page.getByRole("button", { name: "登录" }).click()]);
}

async function look(name: string): Promise<void> {
  await settled(page);
  await page.screenshot({ path: join(SCREENS, `${name}.png`), fullPage: true });
  const over = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
  expect({ name, over, complaints }).toEqual({ name, over: 0, complaints: [] });
}

const card = (name: string) => page.locator("article.task:not(.same)", { hasText: name }).first();
const taskOf = async (name: string) =>
  store.read.row<{ id: number; state: string; reason: string | null }>(
    "SELECT t.id, t.state, t.reason FROM task t JOIN customer c ON c.id = t.customer_id WHERE c.name = ? AND t.guide_id = ? AND t.release_on = ?",
    [name, brand.guides[0]?.id ?? 0, TODAY],
  );
const events = async (name: string) =>
  (await store.read.rows("SELECT id FROM task_event WHERE task_id = ?", [(await taskOf(name))?.id ?? 0]))
    .length;
/** the worker has the page: from here on it opens without a network */
const isKept = (): Promise<boolean> =>
  page.evaluate<boolean>(
    "caches.open('guidepost-pages').then((pages) => pages.match('/g/today')).then(Boolean) .then(async (page) => page && (await (await caches.open('guidepost-parts')).keys()).length >= 4)",
  );

describe.each(["light", "dark"] as const)("in %s", (scheme) => {
  it("every page fits a thumb and everybody's eyes", async () => {
    await enter(scheme);
    await look(`guide-today-360-${scheme}`);
    await expectAccessible(page);
    const small = await page.evaluate(
      `[...document.querySelectorAll("main button, main summary, .tabs a, .phone-foot a, .phone-foot button")]
        .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML.slice(0, 120))`,
    );
    expect(small).toEqual([]);
    await page.getByRole("link", { name: "林悦" }).first().click();
    await page.getByRole("heading", { level: 1, name: "林悦" }).waitFor();
    await look(`guide-customer-360-${scheme}`);
    await expectAccessible(page);
    await page.goto("/g/figures");
    await look(`guide-figures-360-${scheme}`);
    await expectAccessible(page);
  });
});

it("a customer's card says who they are, what they bought, what was said and what came back", async () => {
  await enter();
  await page.getByRole("link", { name: "林悦" }).first().click();
  const text = await page.locator("main").textContent();
  for (const piece of ["金卡", "糖糖（6个月）", "新手妈妈", "接通：想试二段", "[图片]", "吃了两勺米粉"])
    expect(text).toContain(piece);
  expect(text).toContain("婴儿配方奶粉 二段 ×2（已退）");
  expect(text).toContain("回复：吃了两勺米粉，挺喜欢的，谢谢你惦记");
  expect((await page.goto(`/g/customers/${999_999}`))?.status()).toBe(404);
});

it("a tap without a network waits, outlives the page, and moves its task once", async () => {
  await enter();
  await until(isKept);
  const before = await events("周晓彤");
  await context.setOffline(true);
  await card("周晓彤").getByRole("button", { name: "已电话联系" }).click();
  await card("周晓彤").getByText("待发送：记结果").waitFor();
  await card("许婷").getByText("跳过", { exact: true }).click();
  await card("许婷").getByText("太忙").click();
  await card("许婷").getByRole("button", { name: "跳过这位客户" }).click();
  await card("许婷").getByText("待发送：跳过").waitFor();
  await page.getByText("2 个操作待发送").waitFor();
  await page.screenshot({ path: join(SCREENS, "guide-offline-360.png"), fullPage: true });
  expect((await taskOf("周晓彤"))?.state).toBe("offered");

  await page.reload();
  await card("林悦").waitFor();
  await card("周晓彤").getByText("待发送：记结果").waitFor();
  expect(await page.locator("#net").textContent()).toContain("存下的清单");
  await page.screenshot({ path: join(SCREENS, "guide-offline-reloaded-360.png") });

  await context.setOffline(false);
  await until(async () => (await taskOf("周晓彤"))?.state === "done_by_hand");
  await until(async () => (await taskOf("许婷"))?.state === "skipped");
  await page.locator("article.done", { hasText: "周晓彤" }).waitFor({ state: "attached" });
  // a page that was kept is opened anew when nothing waits any more
  await page.locator("body:not([data-kept])").waitFor();
  await page.locator("#net").waitFor({ state: "hidden" });
  expect(await events("周晓彤")).toBe(before + 1);
  expect((await taskOf("许婷"))?.reason).toBe("guide_skipped_busy");
  expect(
    await page.evaluate("Object.keys(localStorage).map((key) => localStorage.getItem(key)).join('')"),
  ).toBe("[]");
  expect(complaints).toEqual([]);
});

it("a phone on which another guide comes in by a link keeps nothing of the first one's", async () => {
  const kept = () =>
    page.evaluate<string>(
      "caches.open('guidepost-pages').then((pages) => pages.keys()).then((all) => all.map(({ url }) => url).join())",
    );
  await enter();
  await until(isKept);
  await page.getByRole("link", { name: "林悦" }).first().click();
  await page.getByRole("heading", { level: 1, name: "林悦" }).waitFor();
  await until(async () => (await kept()).includes("/g/customers/"));
  const [, other] = brand.guides as [Unit, Unit];
  await page.goto(`/g/open?t=${brand.services.identity.linkFor(other.id, NOW + 3_600_000)}`);
  await page.waitForURL(/today/);
  await settled(page);
  expect(await kept()).not.toContain("/g/customers/");
  expect(complaints).toEqual([]);
});

it("a tap that the server heard and whose answer was lost is told again and not done again", async () => {
  // what is caught on its way below is not to pass by through a worker
  await enter("light", { serviceWorkers: "block" });
  let heard = 0;
  let isSeen = false;
  await page.route("**/g/tasks/*/later", async (route) => {
    heard++;
    if (heard > 1) {
      // a page may tell it again sooner than one can look
      await until(() => isSeen);
      return route.continue();
    }
    await route.fetch();
    await route.abort("connectionreset");
  });
  await card("林悦").getByRole("button", { name: "稍后" }).click();
  await card("林悦").getByText("待发送：稍后").waitFor();
  isSeen = true;
  await until(() => heard > 1);
  await card("林悦").getByText("再提醒你").waitFor();
  const rows = await store.read.rows<{ n: number }>(
    "SELECT COUNT(*) AS n FROM guide_tap WHERE what LIKE 'later%'",
  );
  expect(rows.map(({ n }) => Number(n))).toEqual([1]);
  expect(complaints.filter((line) => !/CONNECTION_RESET/.test(line))).toEqual([]);
});

it("a waiting tap can be taken back while there is no network", async () => {
  await enter();
  await until(isKept);
  await context.setOffline(true);
  await card("何佳").getByText("跳过", { exact: true }).click();
  await card("何佳").getByText("其他原因").click();
  await card("何佳").getByRole("button", { name: "跳过这位客户" }).click();
  await card("何佳").getByRole("button", { name: "取消这次点按" }).click();
  expect(await card("何佳").getByText("待发送").count()).toBe(0);
  await context.setOffline(false);
  await page.reload();
  expect((await taskOf("何佳"))?.state).toBe("needs_data");
});

it("the same words go to several by one tap", async () => {
  await enter();
  const group = page.locator("article.same");
  expect(await group.getByRole("heading").first().textContent()).toBe("这 3 位客户，同一段话");
  await group.getByRole("button", { name: "一次发给 3 位" }).click();
  await group.getByRole("button", { name: "都已发送" }).waitFor();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe("店里周六有辅食课，来坐坐吗？");
  await page.screenshot({ path: join(SCREENS, "guide-same-360.png"), fullPage: true });
  await group.getByRole("button", { name: "都已发送" }).click();
  await until(async () => {
    const rows = await store.read.rows<{ state: string }>(
      `SELECT state FROM task WHERE id IN (${same.join(", ")})`,
    );
    return rows.every(({ state }) => state === "sent");
  });
  await page.getByText("已记录发送 3 位。").waitFor();
  expect(complaints).toEqual([]);
});

it("says when HQ has stopped everything, and when there is nothing to do", async () => {
  await enter();
  await store.write((sql) =>
    sql.run("INSERT INTO setting (name, value) VALUES ('stopped', ?)", [
      JSON.stringify({ at: at(TODAY, "14:05"), by: "account:1" }),
    ]),
  );
  await page.reload();
  await page.getByText("已紧急停止").waitFor();
  await look("guide-stopped-360");
  await expectAccessible(page);
  await store.write(async (sql) => {
    await sql.run("DELETE FROM setting WHERE name = 'stopped'");
    await sql.run("UPDATE task SET guide_id = ? WHERE guide_id = ?", [
      brand.guides[2]?.id ?? 0,
      brand.guides[0]?.id ?? 0,
    ]);
  });
  await page.reload();
  await page.getByRole("heading", { name: "今天没有待跟进的客户" }).waitFor();
  await look("guide-empty-360");
  await page.goto("/g/figures");
  await look("guide-figures-empty-360");
});
