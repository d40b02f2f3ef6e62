// HQ finds a customer, looks at a correction before making it, and erases a person; a manager and a guide find their own; at
// the desk and on a phone.
import type { Page } from "playwright-core";
import { expectAccessible } from "./axe.js";
import { DESK, lookAt, openPage, openStage, PHONE, type Stage, signIn } from "./stage.js";

let stage: Stage;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  stage = await openStage();
  const [first, ...others] = stage.brand.guides;
  const last = others.at(-1);
  const { customers, store } = stage.brand.services;
  const guides = await store.read.rows<{ id: number; userid: string }>("SELECT id, userid FROM guide");
  const useridOf = (id: number | undefined) => guides.find((guide) => guide.id === id)?.userid ?? "";
  const rows = Array.from({ length: 30 }, (_, n) => ({
    ...{
      external_userid: `wmLook${String(n).padStart(4, "0")}`,
      name: `${n === 6 || n === 8 ? "司马" : "欧阳"}${"小米豆糖果"[n % 5]}${n}`,
    },
    ...{
      guide_userid: useridOf(n % 3 === 0 ? last?.id : first?.id),
      joined_on: "2026-03-05",
      source: "门店",
    },
    ...{ phone: `1381234${String(n).padStart(4, "0")}`, level: "金卡", tags: ["二胎"] },
  }));
  await customers.push("customers", rows);
  const children = rows.map(({ external_userid }, n) => {
    return { external_userid, child_no: 1, name: "团团", born_on: n % 2 === 0 ? "2025-10-01" : "2025-12-20" };
  });
  await customers.push("children", children);
  await customers.push("orders", [
    { order_no: "T1", external_userid: "wmLook0001", ordered_on: "2026-03-07", quantity: 2, amount: 268 },
  ]);
  await stage.brand.services.passes.planMarked();
});
afterAll(() => stage.close());
afterEach(() => page.context().close());

async function enter(login: string, viewport = DESK, javaScriptEnabled = true): Promise<void> {
  complaints = [];
  page = await openPage(stage, (text) => complaints.push(text), { viewport, javaScriptEnabled });
  await signIn(page, login);
}

/** A picture to look at, and the promise that nothing sticks out sideways, went wrong or is kept from anybody. */
async function look(name: string): Promise<void> {
  await lookAt(page, name, complaints);
  await expectAccessible(page);
}

const named = () => page.locator(".found-table tbody a").allInnerTexts();
const box = () => page.getByRole("searchbox", { name: "查找" });
const fact = (label: string) => page.locator(".child dl.facts > div", { hasText: label });

/** Types and waits for what it finds. */
async function find(text: string, wanted: string | RegExp): Promise<void> {
  await box().fill(text);
  await page.locator("#found", { hasText: wanted }).waitFor();
}

describe.each([
  ["desk", DESK],
  ["phone", PHONE],
])("HQ on a %s", (size, viewport) => {
  it("finds by name, phone, its end, id and store, as they type", async () => {
    await enter("hq", viewport);
    await page.goto("/customers");
    await page.getByText("可以这样找客户").waitFor();
    await look(`customers-empty-${size}`);
    await find("欧阳", "下一页");
    expect(await named()).toHaveLength(20);
    await look(`customers-found-${size}`);
    await page.getByRole("link", { name: "下一页" }).click();
    await page.getByText("回到开头").waitFor();
    expect(await named()).toHaveLength(8);
    for (const [text, taken, count] of [
      ["13812340007", "按手机号查找", 1],
      ["0007", "按手机号后四位查找", 1],
      ["wmLook0007", "按企业微信客户 ID 查找", 1],
    ] as const) {
      await find(text, taken);
      expect(await named()).toHaveLength(count);
    }
    await find("蘑菇", "没有找到客户");
    await look(`customers-nobody-${size}`);
  });

  it("opens a customer, sees the number when asked, what was and what comes", async () => {
    await enter("hq", viewport);
    await page.goto("/customers?q=wmLook0001");
    await page.locator(".found-table tbody a").click();
    await page.getByRole("heading", { level: 1, name: "欧阳米1" }).waitFor();
    await page.locator(".story li").first().waitFor();
    const height = await page.locator(".piece-tall").evaluate((piece) => piece.clientHeight);
    expect(height).toBe(560);
    await page.getByText("138****0001").waitFor();
    await look(`customer-${size}`);
    await page.getByRole("button", { name: "显示号码" }).click();
    await page.getByRole("link", { name: "13812340001" }).waitFor();
    await page.reload();
    await page.getByText("查看手机号").first().waitFor();
  });

  it("looks at a correction before making it; what was shown is what happens", async () => {
    await enter("hq", viewport);
    await page.goto(`/customers?q=wmLook${size === "desk" ? "0002" : "0004"}`);
    await page.locator(".found-table tbody a").click();
    await fact("出生日期").locator("summary").click();
    await fact("出生日期").locator("input[name=value]").fill("2025-10-09");
    await fact("出生日期").getByRole("button", { name: "看看会怎样" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("把团团的出生日期改为 2025-10-09").waitFor();
    const shown = /移动 (\d+) 条/.exec(await dialog.innerText())?.[1];
    expect(Number(shown)).toBeGreaterThan(0);
    await look(`customer-preview-${size}`);
    await dialog.getByRole("link", { name: "取消" }).click();
    await dialog.waitFor({ state: "detached" });
    await fact("出生日期").getByText("2025-10-01").waitFor();
    await fact("出生日期").getByRole("button", { name: "看看会怎样" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "确认" }).click();
    await page.getByText(`已更正：移动 ${shown} 条`).first().waitFor();
    await fact("出生日期").getByText("2025-10-09").waitFor();
    await page.getByText(`出生日期 2025-10-01 → 2025-10-09；移动 ${shown} 条`).waitFor();
  });

  it("stops, tags, and erases a person whose name they type", async () => {
    await enter("hq", viewport);
    const sought = size === "desk" ? "wmLook0006" : "wmLook0008";
    await page.goto(`/customers?q=${sought}`);
    await page.locator(".found-table tbody a").click();
    await page.locator("summary", { hasText: "停止宝宝跟进" }).click();
    await page.getByLabel("客户投诉").check();
    await look(`customer-stop-${size}`);
    await page.locator(".drop-panel").getByRole("button", { name: "看看会怎样" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "确认" }).click();
    await page.getByText("已停止宝宝相关的跟进").first().waitFor();
    await page.getByRole("button", { name: "恢复宝宝跟进" }).waitFor();
    await page.getByLabel("加一个标签").fill("爱喝汤");
    await page.locator("#tags").getByRole("button", { name: "加上" }).click();
    await page.locator(".tag-list", { hasText: "爱喝汤" }).waitFor();
    page.once("dialog", (asked) => void asked.accept());
    await page.getByRole("button", { name: "去掉标签「爱喝汤」" }).click();
    await page.getByText("去掉过的标签").waitFor();
    const name = await page.getByRole("heading", { level: 1 }).innerText();
    await page.getByRole("link", { name: "删除个人资料" }).click();
    await look(`customer-erase-${size}`);
    await page.locator("input[name=typed]").fill(name.replace(/\s*已停止跟进/, "").trim());
    await page.getByRole("button", { name: "删除个人资料" }).click();
    await page.getByText("个人资料已删除").waitFor();
    await find(sought, "没有找到客户");
  });
});

it("a manager finds their own and may correct, not erase; a neighbour's customer is nobody", async () => {
  await enter("manager");
  await page.goto("/customers?q=欧阳");
  const own = await named();
  expect(own).toHaveLength(9);
  await page.locator(".found-table tbody a").first().click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await page.getByRole("link", { name: "删除个人资料" }).count()).toBe(0);
  expect(await page.getByRole("button", { name: "登记退订" }).count()).toBe(0);
  expect(await page.locator("summary", { hasText: "停止宝宝跟进" }).count()).toBe(1);
  await look("customer-manager-desk");
  const neighbour = await stage.brand.services.store.read.row<{ id: number }>(
    "SELECT id FROM customer WHERE external_userid = 'wmLook0001'",
  );
  expect((await page.goto(`/customers/${neighbour?.id}`))?.status()).toBe(404);
});

it("a guide reads their own customers and changes nothing here", async () => {
  await enter("guide", PHONE);
  await page.goto("/customers");
  await page.getByText("全部客户，按姓名排列").waitFor();
  expect((await named()).length).toBeGreaterThan(0);
  await page.locator(".found-table tbody a").first().click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.locator(".story li, .story-none").first().waitFor();
  expect(await page.getByRole("button", { name: "看看会怎样" }).count()).toBe(0);
  await look("customer-guide-phone");
});

it("without scripts everything works by forms alone", async () => {
  await enter("hq", DESK, false);
  await page.goto("/customers");
  await box().fill("wmLook0010");
  await page.getByRole("button", { name: "查找" }).click();
  await page.locator(".found-table tbody a").click();
  await page.getByRole("button", { name: "显示号码" }).click();
  await page.getByRole("link", { name: "13812340010" }).waitFor();
  await page.getByRole("link", { name: "客户", exact: true }).first().click();
  await page.goto("/customers?q=wmLook0010");
  await page.locator(".found-table tbody a").click();
  await page.getByRole("button", { name: "登记退订" }).click();
  await page.getByRole("heading", { name: "确认更改" }).waitFor();
  await page.getByRole("button", { name: "确认" }).click();
  await page.getByText("已登记退订").first().waitFor();
  await page.getByText("人工登记").waitFor();
  await page.locator(".piece-tall a").click();
  await page.getByRole("heading", { level: 1, name: "时间线" }).waitFor();
});
