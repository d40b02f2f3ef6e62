// The report walked in a real browser: HQ through every tab and down to its tasks, a manager on the phone.
import type { Page } from "playwright-core";
import { movableWorld } from "../../src/kernel/world.js";
import { keepNewcomers } from "../../src/reports/newcomers/keeping.js";
import { expectAccessible } from "./axe.js";
import { NOW, ZONE } from "./brand.js";
import { keepBacktest } from "./report-models.js";
import { addPeople } from "./report-people.js";
import { hiddenOfTables, lookAt, openPage, openStage, type Stage, signIn } from "./stage.js";

const SIZES = { 1280: { width: 1280, height: 900 }, 390: { width: 390, height: 844 } } as const;
const DAYS = "from=2026-03-01&to=2026-03-12";
const TABS = ["heat", "league", "golden", "months", "funnel", "uplift", "models"];

let stage: Stage;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  stage = await openStage();
  const { store, brand } = stage;
  await addPeople(store, brand);
  await keepNewcomers({ store, world: movableWorld(NOW), zone: ZONE });
  await keepBacktest(store);
});
afterAll(() => stage.close());
afterEach(() => page.context().close());

async function enter(login: string, width: keyof typeof SIZES): Promise<void> {
  complaints = [];
  page = await openPage(stage, (text) => complaints.push(text), { viewport: SIZES[width] });
  await signIn(page, login);
}

/** A picture, nothing that sticks out sideways or went wrong, nothing kept from anybody. */
async function look(name: string): Promise<void> {
  await lookAt(page, name, complaints);
  await expectAccessible(page);
}

describe.each([1280, 390] as const)("at %i", (width) => {
  it.each(TABS)("HQ looks at %s", async (tab) => {
    await enter("hq", width);
    await page.goto(`/report/${tab}${["uplift", "models"].includes(tab) ? "" : `?${DAYS}`}`);
    await page.locator(".report-tabs a[aria-current=page]").waitFor();
    await look(`report-${tab}-${width}`);
  });

  it.each(["heat", "golden", "funnel"])("a manager looks at %s, of their own region alone", async (tab) => {
    await enter("manager", width);
    await page.goto(`/report/${tab}?${DAYS}`);
    await page.getByRole("heading", { level: 1, name: "西南大区" }).waitFor();
    expect(await page.getByText(/华东|华南/).count()).toBe(0);
    expect(await page.getByRole("link", { name: "模型" }).count()).toBe(0);
    await look(`report-manager-${tab}-${width}`);
  });

  it("HQ opens a figure down to its tasks, page by page", async () => {
    await enter("hq", width);
    await page.goto(`/report?${DAYS}`);
    await look(`report-first-${width}`);
    const issued = page.locator("#units tfoot td.num a").first();
    const number = await issued.innerText();
    await issued.click();
    await page.getByText(`共 ${number} 个任务`).waitFor();
    await look(`report-tasks-${width}`);
    expect(await hiddenOfTables(page)).toBe(0);
    await page.getByRole("link", { name: "下一页" }).click();
    await page.getByRole("link", { name: "回到第一页" }).click();
    await page.getByText(`共 ${number} 个任务`).waitFor();
  });
});

describe("HQ at a desk", () => {
  it("clicks a cell of the map, and lands at the tasks it counts", async () => {
    await enter("hq", 1280);
    await page.goto(`/report/heat?${DAYS}&m=issued`);
    const cell = page.getByRole("link", { name: /，华东大区 3\/2：/ });
    const count = /：([\d,]+)/.exec((await cell.getAttribute("aria-label")) ?? "")?.[1];
    await cell.click();
    await page.getByText(`共 ${count} 个任务`).waitFor();
  });

  it("orders the league, and the file has that order", async () => {
    await enter("hq", 1280);
    await page.goto(`/report/league?${DAYS}`);
    await page.getByRole("link", { name: "下发", exact: true }).click();
    await page.locator("th[aria-sort=descending]").waitFor();
    const names = await page.locator(".grid-table tbody th.name").allInnerTexts();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "下载 CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("触点榜-全国-2026-03-01-2026-03-12.csv");
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const lines = Buffer.concat(chunks).toString("utf8").trim().split("\r\n");
    expect(lines.slice(1, -1).map((line) => line.split(",")[0])).toEqual(names);
  });

  it("keeps what is seen as a view, comes back to it by one click, and lets it go", async () => {
    await enter("hq", 1280);
    await page.goto(`/report/funnel?${DAYS}`);
    await page.locator(".saved-views summary").click();
    await page.getByLabel("保存现在的视图").fill("三月漏斗");
    await page.getByLabel("固定在 2026年3月1日").check();
    await page.getByLabel("共享给").selectOption("manager");
    await page.getByRole("button", { name: "保存" }).click();
    await page.goto("/report/league");
    await page.locator(".saved-views summary").click();
    await look("report-views-1280");
    await page.getByRole("link", { name: "三月漏斗" }).click();
    await page.waitForURL(/\/report\/funnel\?from=2026-03-01/);
    await page.locator(".saved-views summary").click();
    await page.getByRole("button", { name: "删除视图 三月漏斗" }).click();
    await page.locator(".saved-views summary").click();
    await page.getByText("还没有保存的视图").waitFor();
  });

  it("goes by keyboard from a tab to a figure's tasks", async () => {
    await enter("hq", 1280);
    await page.goto(`/report?${DAYS}`);
    await page.getByRole("link", { name: "漏斗" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/report\/funnel/);
    await page.locator(".leaks a").first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /停在/ }).waitFor();
  });
});
