// HQ keeps the house in a browser: people, the record of changes, the calendar, the limits; either language; the menu and
// the keyboard; nothing axe-core finds serious.
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expectAccessible, seriousFaults } from "./axe.js";
import { PASSWORD } from "./open.js";
import {
  DESK,
  hiddenOfTables,
  lookAt,
  openPage,
  openStage,
  PHONE,
  SCREENS,
  type Stage,
  signIn,
} from "./stage.js";

let stage: Stage;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
afterEach(() => page.context().close());

async function enter(login: string, viewport = DESK): Promise<void> {
  complaints = [];
  page = await openPage(stage, (text) => complaints.push(text), { viewport });
  await signIn(page, login);
}

/** A picture to look at; nothing sticks out sideways, went wrong, or keeps somebody out. */
async function look(name: string): Promise<void> {
  await lookAt(page, name, complaints);
  await expectAccessible(page);
}

describe.each([
  ["desk", DESK],
  ["phone", PHONE],
] as const)("HQ on a %s", (size, viewport) => {
  it("makes an account, which opens; changes it, shuts it, and finds all of it in the record", async () => {
    await enter("hq", viewport);
    await page.goto("/settings");
    await look(`settings-${size}`);
    await page.getByRole("link", { name: "人员与权限" }).click();
    await look(`people-${size}`);
    await page.getByRole("link", { name: "新账号" }).click();
    await page.getByLabel("登录名").fill(`keeper-${size}`);
    await page.getByLabel("姓名").fill("赵店长");
    await page.getByLabel("角色").selectOption("store_manager");
    await page.getByLabel("范围").fill("没有这家店");
    await page.getByRole("button", { name: "建立账号" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByLabel("姓名").inputValue()).toBe("赵店长");
    complaints = complaints.filter((line) => !line.includes("422"));
    await look(`person-refused-${size}`);
    await page.getByLabel("范围").fill("S0");
    await page.getByRole("button", { name: "建立账号" }).click();
    const password = await page.locator(".password").textContent();
    expect(password).toMatch(/^[a-z2-9]{14}$/);
    await look(`person-${size}`);
    await page.getByLabel("姓名").fill("赵大店长");
    await page.getByRole("button", { name: "保存" }).click();
    page.once("dialog", (dialog) => dialog.accept());
    await page.getByRole("button", { name: "停用账号" }).click();
    await page.getByRole("button", { name: "重新启用" }).waitFor();
    await page.getByRole("link", { name: "这个账号的修改" }).click();
    await page.getByRole("heading", { name: "修改记录" }).waitFor();
    expect(await page.locator("tbody tr").count()).toBe(3);
    expect(await page.locator("del").allInnerTexts()).toEqual(["否", "赵店长"]);
    await look(`audit-${size}`);
    expect(await hiddenOfTables(page)).toBe(0);
  });

  it("fills in the calendar, sets a day and takes it out; moves a limit", async () => {
    await enter("hq", viewport);
    await page.goto("/settings/calendar?year=2028");
    await look(`calendar-empty-${size}`);
    await page.getByRole("button", { name: "补齐这一年" }).click();
    await page
      .getByRole("status")
      .filter({ hasText: /已补齐|都已经有了/ })
      .waitFor();
    await page.getByLabel("日期").fill("2028-08-08");
    await page.getByLabel("名称").fill("盘点");
    await page.getByRole("button", { name: "设定", exact: true }).click();
    await page.getByText("盘点").first().waitFor();
    await look(`calendar-${size}`);
    await page.getByRole("button", { name: "去掉 8月8日 盘点" }).click();
    await page.getByText("已去掉。").waitFor();
    await page.goto("/settings/limits");
    await page.getByLabel(/内算活跃/).fill("0");
    await page.getByRole("button", { name: "保存" }).click();
    await page.getByRole("alert").waitFor();
    complaints = [];
    await look(`limits-refused-${size}`);
  });

  it("reads the help", async () => {
    await enter("hq", viewport);
    await page.goto("/help");
    await look(`help-hq-${size}`);
    await page.getByRole("link", { name: "区域经理和店长" }).click();
    await look(`help-manager-${size}`);
  });
});

/** The places in the frame: how many, on how many lines, and how much of them does not fit. */
function nav(): Promise<unknown> {
  return page.evaluate(`(() => {
    const nav = document.querySelector(".top-nav");
    const links = [...nav.querySelectorAll("a")];
    const lines = new Set(links.map((a) => a.getBoundingClientRect().top)).size;
    return { places: links.length, lines, hidden: nav.scrollWidth - nav.clientWidth };
  })()`);
}

describe("the frame", () => {
  it("carries every place in one line, and leads past them by the keyboard", async () => {
    await enter("hq");
    await page.goto("/settings");
    expect(await page.locator(".top-nav a[aria-current=page]").textContent()).toBe("设置");
    expect(await nav()).toEqual({ places: 11, lines: 1, hidden: 0 });
    await page.screenshot({ path: join(SCREENS, "frame-desk.png") });
    await page.goto("/settings");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("skip-link");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
  });

  it("speaks English to who asks for it, page after page, and at the door", async () => {
    await enter("hq");
    await page.goto("/settings/people");
    await page.locator(".who summary").click();
    await page.screenshot({ path: join(SCREENS, "menu-desk.png") });
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "People and roles" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/settings/people");
    expect(await nav()).toEqual({ places: 11, lines: 1, hidden: 0 });
    await look("people-english-desk");
    await page.locator(".who summary").click();
    await page.keyboard.press("Escape");
    expect(await page.locator(".who").getAttribute("open")).toBeNull();
    await page.locator(".who summary").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    await look("sign-in-english-desk");
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByRole("button", { name: "登录", exact: true }).waitFor();
  });
});

describe("a guide on a phone", () => {
  it("reads the help and changes the password", async () => {
    await enter("guide", { width: 360, height: 780 });
    await page.getByRole("link", { name: "帮助" }).click();
    await page.getByRole("heading", { name: "一点就发" }).waitFor();
    await look("help-guide-phone");
    await page.goto("/settings/password");
    await page.getByLabel("现在的密码").fill(PASSWORD);
    await page.getByLabel("新密码").fill("another one");
    await page.getByLabel("再输入一次").fill("another one");
    await page.getByRole("button", { name: "修改密码" }).click();
    await page.getByText("密码已修改").waitFor();
    await look("password-phone");
  });
});
