// The pictures of the help, taken of the product itself. GUIDEPOST_HELP_PICTURES=write puts them where the help serves
// them; else they are only taken, so that a page a picture shows cannot go missing.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { pictureSize } from "../../src/console/help/topics.js";
import { projectRoot } from "../../src/infra/config.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";
import { type OpenedBrand, openBrand, PASSWORD } from "./open.js";
import { settled } from "./stage.js";

const FOLDER = join(projectRoot, "templates/pages/assets/help");
const SCREENS = join(projectRoot, "test/browser/__screens__");
const isWriting = process.env.GUIDEPOST_HELP_PICTURES === "write";
const LARGEST = 60_000;

interface Stand {
  login: string;
  path: string;
  /** what is done there first */
  after?: (page: Page) => Promise<unknown>;
}

async function openFirst(page: Page): Promise<void> {
  await page.locator(".found-table tbody a").first().click();
  await page.waitForURL(/customers\/\d+/);
  await settled(page);
}

/** Who stands where for each picture. */
const PICTURES: [name: string, stand: Stand][] = [
  ["hq-overview", { login: "hq", path: "/overview" }],
  ["hq-journeys", { login: "hq", path: "/journeys/look" }],
  ["hq-customers", { login: "hq", path: "/customers?q=林悦", after: openFirst }],
  ["hq-report", { login: "hq", path: "/report" }],
  ["hq-operations", { login: "hq", path: "/operations" }],
  ["hq-people", { login: "hq", path: "/settings/people" }],
  ["manager-team", { login: "manager", path: "/team" }],
  ["manager-report", { login: "manager", path: "/report" }],
  ["guide-today", { login: "guide", path: "/g/today" }],
  [
    "guide-card",
    { login: "guide", path: "/g/today", after: (page) => page.getByText("改一改").first().click() },
  ],
];

let database: TestDatabase;
let brand: OpenedBrand;
let browser: Browser;

beforeAll(async () => {
  database = await freshDatabase("sqlite");
  brand = await openBrand(await database.open());
  const executablePath = process.env.GUIDEPOST_TEST_BROWSER ?? "";
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
});
afterAll(async () => {
  await browser.close();
  await brand.close();
  await database.drop();
});

it.each(PICTURES)("%s", async (name, { login, path, after }) => {
  const viewport = pictureSize(name);
  const context = await browser.newContext({ viewport, locale: "zh-CN", baseURL: brand.url });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByLabel("账号").fill(login);
  await page.getByLabel("密码").fill(PASSWORD);
  await Promise.all([page.waitForURL(/\/(?!sign-in)/), page.getByRole("button", { name: "登录" }).click()]);
  expect((await page.goto(path))?.status()).toBe(200);
  await settled(page);
  await after?.(page);
  const taken = await page.screenshot({ path: join(SCREENS, `help-${name}.png`) });
  const picture = await packed(await context.newPage(), taken);
  await context.close();
  expect(picture.length).toBeLessThan(LARGEST);
  if (!isWriting) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.webp`), picture);
});

/** A screenshot as a small WebP: the browser itself packs it. */
async function packed(page: Page, png: Buffer): Promise<Buffer> {
  const url = `data:image/png;base64,${png.toString("base64")}`;
  const webp = await page.evaluate(
    `new Promise((resolve, reject) => {
      const image = new Image();
      image.onerror = () => reject(new Error("no picture"));
      image.onload = () => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [image.width, image.height];
        canvas.getContext("2d").drawImage(image, 0, 0);
        resolve(canvas.toDataURL("image/webp", 0.75));
      };
      image.src = ${JSON.stringify(url)};
    })`,
  );
  return Buffer.from(String(webp).split(",")[1] ?? "", "base64");
}
