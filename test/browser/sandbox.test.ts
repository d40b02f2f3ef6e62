// The sandbox's page in a real browser: a newcomer is a guide who sends and asks, and a mother whose answer is credited.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Store } from "../../src/infra/store.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";
import { openSandboxHouse, type SandboxHouse } from "../support/house.js";
import { until } from "../support/until.js";

const SCREENS = join(dirname(fileURLToPath(import.meta.url)), "__screens__");
const at = (day: string, time: string) => instantOf(day, time, "Asia/Shanghai");
const files: Record<string, string> = {
  "stores.csv": "门店编码,门店名称,大区,省份,城市\nS1,徐汇店,华东,上海市,上海市\n",
  "guides.csv": "导购账号,导购姓名,门店编码\nlan,兰兰,S1\n",
  "customers.csv":
    "客户ID,姓名,导购账号,加入日期,来源\nwm1,林悦,lan,2026-02-27,门店\nwm2,何佳,lan,2026-02-27,门店\n",
};
const journey = `
key: care
name: 新客关怀
touchpoints:
  - key: day-3
    name: 第3天关怀
    after: joined
    days: 3
    send: mass
    words: "{{customer.name}}您好，我是{{store.name}}的{{guide.name}}，宝宝今天吃得好吗？"
`;

describe.each([
  ["desk", { width: 1280, height: 900 }],
  ["phone", { width: 390, height: 844 }],
])("the sandbox on a %s", (size, viewport) => {
  let database: TestDatabase;
  let store: Store;
  let house: SandboxHouse;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    mkdirSync(SCREENS, { recursive: true });
    database = await freshDatabase("sqlite");
    store = await database.open();
    house = await openSandboxHouse(store, at("2026-02-28", "10:00"));
    await prepare(house);
    browser = await chromium.launch({
      executablePath: process.env.GUIDEPOST_TEST_BROWSER ?? "",
      args: ["--no-sandbox"],
    });
    page = await browser.newPage({ viewport, locale: "zh-CN" });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
    await database.drop();
  });

  /** A picture to look at; nothing sticks out sideways, nothing went wrong. */
  async function look(name: string): Promise<void> {
    await page.screenshot({ path: join(SCREENS, `sandbox-${name}-${size}.png`) });
    const over = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
    expect({ name, over, complaints }).toEqual({ name, over: 0, complaints: [] });
  }

  const back = () => page.locator("#phone .back").click();
  const says = async (words: string) => {
    await page.locator("#phone input[name=text]").fill(words);
    await page.locator("#phone .typing button").click();
    await page.locator("#phone .mine", { hasText: words }).waitFor();
  };

  test("a guide finds what waits and sends it with one tap", async () => {
    await page.goto(`${house.sandbox.url}/sandbox`);
    await page.locator(".who", { hasText: "兰兰" }).waitFor();
    await look("list");
    await page.locator(".who", { hasText: "兰兰" }).click();
    await page.locator(".chat", { hasText: "群发助手" }).waitFor();
    await look("guide");
    await page.locator(".chat", { hasText: "群发助手" }).click();
    house.clock("2026-03-02", "10:05");
    while ((await page.locator(".mass.waiting").count()) > 0) {
      const before = await page.locator(".mass.waiting").count();
      await page.locator(".mass.waiting button").first().click();
      await until(() =>
        page.evaluate<boolean>(`document.querySelectorAll(".mass.waiting").length < ${before}`),
      );
    }
    await look("masses");
    house.clock("2026-03-02", "10:30");
    await house.services.passes.poll();
    expect(await store.read.rows("SELECT DISTINCT state FROM task")).toEqual([{ state: "sent" }]);
  });

  test("a mother answers from her own phone, and the answer is credited", async () => {
    house.clock("2026-03-02", "11:00");
    await back();
    await page.locator(".chat", { hasText: "林悦" }).click();
    await page.getByRole("link", { name: "换到对方的手机" }).click();
    await page.locator("#phone .theirs", { hasText: "宝宝今天吃得好吗" }).waitFor();
    await says("吃得很好，谢谢兰兰！");
    await look("mother");
    await house.services.passes.credit();
    const [task] = await store.read.rows(
      "SELECT replied_at FROM task t JOIN customer c ON c.id = t.customer_id WHERE c.external_userid = 'wm1'",
    );
    expect(task).toEqual({ replied_at: at("2026-03-02", "11:00") });
  });

  test("a guide types 任务 and reads the app's answer", async () => {
    await page.getByRole("link", { name: "换到对方的手机" }).click();
    await page.locator("#phone .theirs", { hasText: "吃得很好" }).waitFor();
    await back();
    await page.locator(".chat", { hasText: "导购助手" }).click();
    const before = await page.locator("#phone .theirs, #phone .card").count();
    await says("任务");
    await house.services.passes.callbacks();
    await until(() =>
      page.evaluate<boolean>(`document.querySelectorAll("#phone .theirs, #phone .card").length > ${before}`),
    );
    await look("app");
  });

  test("somebody new scans the code of a guide and writes at once", async () => {
    await back();
    if (size === "phone") await back();
    await page.getByRole("button", { name: "客户", exact: true }).click();
    await page.getByLabel("新妈妈的名字").fill("赵一");
    await page.getByLabel("导购账号").fill("lan");
    await page.getByRole("button", { name: "扫码添加" }).click();
    await page.locator("#phone h2", { hasText: "兰兰" }).waitFor();
    await says("你好，我是新来的");
    await look("new-mother");
    expect(house.sandbox.archive().records.at(-1)).toMatchObject({ text: { content: "你好，我是新来的" } });
  });

  test("a guide who is not there is told, and nothing happens", async () => {
    await back();
    await page.locator("#phone [aria-label=导购账号]").fill("nobody");
    await page.locator("#phone .typing button").click();
    await page.locator("#note", { hasText: "没有这位导购" }).waitFor();
    await look("refused");
  });
});

async function prepare({ sandbox, services, url, put, folder, morning, world }: SandboxHouse): Promise<void> {
  const { key } = await services.identity.keys.create("crm", world.now());
  sandbox.connect({
    callbackUrl: `${url}/wecom/callback`,
    intake: { url: `${url}/api/intake/messages`, key },
  });
  const created = at("2026-02-27", "11:00");
  sandbox.enrol({
    guides: [{ userid: "lan", name: "兰兰", skill: 0 }],
    customers: [
      { externalUserid: "wm1", name: "林悦" },
      { externalUserid: "wm2", name: "何佳" },
    ],
    contacts: ["wm1", "wm2"].map((one) => ({ guideUserid: "lan", externalUserid: one, createdAt: created })),
  });
  for (const [name, text] of Object.entries(files)) put(`brand/${name}`, text);
  await services.customers.importFrom(join(folder, "brand"), { trigger: false });
  await services.applyJourney(put("care.yaml", journey), { yes: false, by: "system" });
  await morning("2026-03-02");
}
