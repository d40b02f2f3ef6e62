// What every walk in a browser stands on: a brand served, a browser, somebody who signs in, what goes wrong in their pages,
// and pictures to look at.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { freshDatabase } from "../support/databases.js";
import { openBrand, PASSWORD } from "./open.js";

export const SCREENS = join(dirname(fileURLToPath(import.meta.url)), "__screens__");
export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** A brand in a fresh database, served to a browser. */
export async function openStage() {
  mkdirSync(SCREENS, { recursive: true });
  const database = await freshDatabase("sqlite");
  const store = await database.open();
  const brand = await openBrand(store);
  const browser = await chromium.launch({
    executablePath: process.env.GUIDEPOST_TEST_BROWSER ?? "",
    args: ["--no-sandbox"],
  });
  const close = async () => {
    await browser.close();
    await brand.close();
    await database.drop();
  };
  return { store, brand, browser, close };
}

/** A page nobody else shares anything with. `wrong` hears of errors of scripts, of the policy, of the network. */
export async function openPage(
  { brand, browser }: Stage,
  wrong: (text: string) => unknown,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    ...{ viewport: DESK, locale: "zh-CN", baseURL: brand.url },
    ...options,
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => wrong(error.message));
  page.on("console", (line) => line.type() === "error" && wrong(line.text()));
  return page;
}

/** In by the door, to where their work begins. */
export async function signIn(page: Page, login: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("账号").fill(login);
  await page.getByLabel("密码").fill(PASSWORD);
  await Promise.all([
    page.waitForURL((url) => !url.pathname.startsWith("/sign-in")),
    page.getByRole("button", { name: "登录" }).click(),
  ]);
}

/** Nothing is on its way for a while: no piece of the page, no picture, no font. */
const QUIET = `new Promise((quiet) => {
  let since = 0;
  const look = () => {
    const isBusy = document.readyState !== "complete" || document.fonts.status === "loading" ||
      document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling") ||
      [...document.images].some((image) => image.loading !== "lazy" && !image.complete);
    since = isBusy ? 0 : since + 1;
    if (since > 4) quiet();
    else setTimeout(look, 30);
  };
  look();
})`;

/** Waits until the page stands still. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("load");
  await page.evaluate(QUIET);
}

/** A picture of the whole page. */
export async function shot(page: Page, name: string): Promise<void> {
  await settled(page);
  await page.screenshot({ path: join(SCREENS, `${name}.png`), fullPage: true });
}

/** A picture to look at, and the promise that nothing sticks out sideways or went wrong. */
export async function lookAt(page: Page, name: string, complaints: readonly string[]): Promise<void> {
  await shot(page, name);
  const over = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
  expect({ name, over, complaints }).toEqual({ name, over: 0, complaints: [] });
}

/** How much of the page's tables does not fit: what one would have to scroll sideways for. */
export function hiddenOfTables(page: Page): Promise<number> {
  const all = "[...document.querySelectorAll('.table-wrap')].map((one) => one.scrollWidth - one.clientWidth)";
  return page.evaluate(`Math.max(0, ...${all})`);
}
