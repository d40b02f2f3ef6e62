// HQ, a manager and a guide walk through the product in a real browser, on a desk and on a phone.
import { join } from "node:path";
import type { Page } from "playwright-core";
import { DESK, lookAt, openPage, openStage, PHONE, SCREENS, type Stage, signIn } from "./stage.js";

let stage: Stage;
let page: Page;
/** what went wrong in the page: errors of scripts, of the policy, of the network */
let complaints: string[];

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
afterEach(() => page.context().close());

async function enter(
  login: string | null,
  viewport = DESK,
  colorScheme: "light" | "dark" = "light",
): Promise<void> {
  complaints = [];
  page = await openPage(stage, (text) => complaints.push(text), { viewport, colorScheme });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  if (login === null) return;
  await signIn(page, login);
  if (login !== "guide") await page.goto("/report");
}

/** A picture to look at, and the promise that nothing sticks out sideways or went wrong. */
async function look(name: string): Promise<void> {
  await lookAt(page, name, complaints);
}

const card = (name: string) => page.locator("article.task", { hasText: name });
const names = () => page.locator("#units tbody .name").allInnerTexts();

describe.each([
  ["desk", DESK],
  ["phone", PHONE],
])("HQ on a %s", (size, viewport) => {
  it("signs in, reads the brand, drills down to a guide and back", async () => {
    await enter("hq", viewport);
    await look(`report-${size}`);
    expect(await names()).toHaveLength(3);
    await page.getByRole("link", { name: "西南大区" }).click();
    await page.getByRole("heading", { level: 1, name: "西南大区" }).waitFor();
    await page.getByRole("link", { name: "成都市" }).click();
    await page.getByRole("link", { name: "成都万达店" }).click();
    await page.getByRole("heading", { level: 1, name: "成都万达店" }).waitFor();
    expect(await names()).toHaveLength(2);
    await look(`report-store-${size}`);
    await page.locator(".crumbs").getByRole("link", { name: "全国" }).click();
    await page.getByRole("heading", { level: 1, name: "全国" }).waitFor();
  });
});

describe("HQ", () => {
  it("orders a table in place, and takes what is seen as CSV", async () => {
    await enter("hq");
    await page.getByRole("link", { name: "全部导购" }).click();
    await page.getByRole("heading", { name: "导购表现" }).waitFor();
    expect(page.url()).toContain("by=guide");
    await page.getByRole("link", { name: "完成率", exact: true }).click();
    await page.locator("th[aria-sort=descending]").waitFor();
    await page
      .getByRole("link", { name: "完成率 ↓" })
      .or(page.getByRole("link", { name: "完成率" }))
      .first()
      .click();
    await page.locator("th[aria-sort=ascending]").waitFor();
    const rates = await page.locator("#units tbody tr td:nth-child(3) b").allInnerTexts();
    const numbers = rates.map(Number.parseFloat);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "下载 CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^随访报表-全国-导购-.*\.csv$/);
    const lines = (await readAll(download)).trim().split("\r\n");
    expect(lines).toHaveLength(28 + 2);
    const shown = (await names()).map((name) => name.split("\n")[0]?.replace("未定", "").trim());
    expect(lines.slice(1, -1).map((line) => line.split(",")[0])).toEqual(shown);
  });

  it("reads what is live, and how the house runs", async () => {
    await enter("hq");
    await page.getByRole("link", { name: "旅程", exact: true }).click();
    await page.getByRole("link", { name: "新客育儿旅程" }).click();
    await page.getByText("宝宝满6个月").first().waitFor();
    await look("journeys-desk");
    await page.getByRole("link", { name: "运行", exact: true }).click();
    await page.getByRole("heading", { name: "定时工作", exact: true }).waitFor();
    await look("operations-desk");
  });

  it("changes the dates; a span without tasks says so", async () => {
    await enter("hq");
    await page.getByRole("link", { name: "上月" }).click();
    await page.waitForURL(/from=2026-02-01&to=2026-02-28/);
    await page.goto("/report?from=2025-01-01&to=2025-01-31");
    await page.getByText("这段时间没有下发任务").waitFor();
    await look("report-empty-desk");
  });
});

describe.each([
  ["desk", DESK],
  ["phone", PHONE],
])("a manager on a %s", (size, viewport) => {
  it("sees their region and nothing beside it", async () => {
    await enter("manager", viewport);
    await page.getByRole("heading", { level: 1, name: "西南大区" }).waitFor();
    expect(await names()).toHaveLength(2);
    await look(`manager-${size}`);
    const neighbour = await page.goto(`/report?in=region:${stage.brand.regions[0]}`);
    expect(neighbour?.status()).toBe(404);
    expect((await page.goto("/g/today"))?.status()).toBe(403);
    complaints = [];
    await look(`forbidden-${size}`);
  });
});

describe("a guide on a phone", () => {
  it("comes in by the link of the chat card and sees who waits and why", async () => {
    await enter(null, PHONE);
    await page.goto(stage.brand.link);
    await page.waitForURL(/\/g\/today$/);
    expect(await card("林悦").textContent()).toContain("宝宝今天满6个月");
    await look("today-phone");
  });

  it("sends words with a tap, and the page remembers", async () => {
    await enter("guide", PHONE);
    await card("许婷").getByRole("button", { name: "发给" }).click();
    await card("许婷").getByRole("button", { name: "已发送" }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toContain("许婷，距离上次带奶粉");
    await page.screenshot({ path: join(SCREENS, "today-copied-phone.png") });
    await page.reload();
    await card("许婷").getByRole("button", { name: "已发送" }).click();
    await page.locator("article.done", { hasText: "许婷" }).waitFor();
    expect(await page.locator("#summary dd").allInnerTexts()).toEqual(expect.arrayContaining(["4"]));
    expect(complaints).toEqual([]);
  });

  it("may change words, but not into forbidden claims", async () => {
    await enter("guide", PHONE);
    const task = card("梁雨薇");
    await task.getByText("改一改").click();
    await task.getByLabel("要发的话").fill("我们的奶粉比母乳更好，能治疗湿疹！");
    await task.getByRole("button", { name: "保存" }).click();
    await task.getByRole("alert").waitFor();
    await page.screenshot({ path: join(SCREENS, "today-forbidden-phone.png"), fullPage: true });
    expect(await task.getByLabel("要发的话").inputValue()).toContain("湿疹");
  });

  it("skips with a reason, reports by hand, supplies what is missing", async () => {
    await enter("guide", PHONE);
    await card("周晓彤").getByRole("button", { name: "已电话联系" }).click();
    await page.locator("article.done", { hasText: "周晓彤" }).waitFor();
    await card("何佳").getByRole("textbox").fill("豆豆");
    await card("何佳").getByRole("button", { name: "保存" }).click();
    await card("何佳").locator(".words", { hasText: "豆豆一周岁生日快乐" }).waitFor();
    await card("何佳").getByText("跳过", { exact: true }).click();
    await card("何佳").getByText("已经聊过").click();
    await page.screenshot({ path: join(SCREENS, "today-skip-phone.png"), fullPage: true });
    await card("何佳").getByRole("button", { name: "跳过这位客户" }).click();
    await page.locator("article.done", { hasText: "何佳" }).waitFor();
    await page.reload();
    await page.getByText(/已处理 \d 位/).click();
    await look("today-done-phone");
  });

  it("at night, and on the smallest phone", async () => {
    await enter("guide", { width: 320, height: 640 }, "dark");
    await look("today-dark-phone");
  });
});

it("strangers see a door", async () => {
  await enter(null, PHONE);
  await page.goto("/report");
  await look("sign-in-phone");
  await page.setViewportSize(DESK);
  await look("sign-in-desk");
});

async function readAll(download: { createReadStream(): Promise<NodeJS.ReadableStream> }): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
