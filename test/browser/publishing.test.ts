// A draft goes live by two people in a real browser: asked for, seen in counts and a chart, sent back, approved; a claim that
// blocks it; versions compared and restored, copied, exported and imported; the library of words. At a desk and on a phone.
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { digestOf } from "../../src/journeys/spec.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";
import { png } from "../support/pictures.js";
import { until } from "../support/until.js";
import { expectAccessible } from "./axe.js";
import { type OpenedBrand, openBrand, PASSWORD } from "./open.js";
import { settled } from "./stage.js";

const SCREENS = join(dirname(fileURLToPath(import.meta.url)), "__screens__");
const SIZES = { desk: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

let database: TestDatabase;
let brand: OpenedBrand;
let browser: Browser;
let contexts: BrowserContext[] = [];
let complaints: string[] = [];

beforeAll(async () => {
  mkdirSync(SCREENS, { recursive: true });
  database = await freshDatabase("sqlite");
  brand = await openBrand(await database.open());
  const second = { login: "second", name: "李审批", role: "hq" as const, password: PASSWORD };
  await brand.services.identity.createAccount(second);
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
beforeEach(() => {
  complaints = [];
});
afterEach(async () => {
  for (const context of contexts) await context.close();
  contexts = [];
});

type Size = keyof typeof SIZES;

async function enter(login: string, size: Size = "desk"): Promise<Page> {
  const viewport = SIZES[size];
  const context = await browser.newContext({ viewport, locale: "zh-CN", baseURL: brand.url });
  contexts.push(context);
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => {
    // what is refused on purpose comes back with its status
    const isRefusal = /status of (409|422)/.test(line.text());
    if (line.type() === "error" && !isRefusal) complaints.push(line.text());
  });
  await page.goto("/sign-in");
  await page.getByLabel("账号").fill(login);
  await page.getByLabel("密码").fill(PASSWORD);
  await Promise.all([page.waitForURL(/report|overview/), page.getByRole("button", { name: "登录" }).click()]);
  return page;
}

/** A picture to look at, and the promise that nothing sticks out sideways, went wrong or is kept from somebody. */
async function look(page: Page, name: string): Promise<void> {
  await settled(page);
  await page.screenshot({ path: join(SCREENS, `${name}.png`), fullPage: true, caret: "initial" });
  const over = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
  expect({ name, over, complaints }).toEqual({ name, over: 0, complaints: [] });
  await expectAccessible(page);
}

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** What is live as data with some touchpoint's fields changed, kept as the draft. */
async function draft(change: (touchpoints: Record<string, unknown>[]) => unknown[]): Promise<void> {
  const { drafts } = brand.services;
  const { live } = await drafts.show("look");
  const touchpoints = change(structuredClone(live?.touchpoints) as Record<string, unknown>[]);
  await drafts.discard("look", "system");
  await drafts.save("look", { ...live, touchpoints }, "account:1");
}

const later = (days: number) => ({
  ...{ key: `day-${days}`, name: `第${days}天问候`, after: "joined", days, send: "page" },
  words: "{{customer.name}}您好，最近宝宝睡得怎么样？",
});

describe.each<Size>(["desk", "phone"])("publishing, on a %s", (size) => {
  const n = size === "desk" ? 45 : 46;

  it("one asks, another sends it back, and approves it once it is mended", async () => {
    await draft((all) => [
      ...all.map((one) => (one.key === "day-3" ? { ...one, words: `${one.words}记得找我${n}` } : one)),
      later(n),
    ]);
    const author = await enter("hq", size);
    await author.goto("/journeys/look/publish");
    await author.locator("#publish-counts dl.counts").waitFor();
    await author.getByRole("table").getByText("因上限跳过").waitFor();
    await author.getByRole("img", { name: /每天下发的任务/ }).waitFor();
    expect(await author.locator("ins").filter({ hasText: "找" }).count()).toBeGreaterThan(0);
    await look(author, `publish-ask-${size}`);
    await author.getByLabel("宽限期内已经到期的也生成").check();
    await author.locator("#publish-counts dl.counts").waitFor();
    await author.getByLabel(/给审批人的话/).fill("换了第3天的话，加了一个触点");
    await button(author, "提交给同事审批").click();
    await heading(author, "等待批准").waitFor();
    expect(await button(author, "批准并发布").count()).toBe(0);
    await look(author, `publish-wait-${size}`);

    const second = await enter("second", size);
    await second.goto("/journeys/look/publish");
    await second.locator(".publish-step").getByText("换了第3天的话，加了一个触点").waitFor();
    await second.getByText("，宽限期内已到期的也生成").waitFor();
    await second.locator("#publish-counts dl.counts").waitFor();
    await second.getByRole("img", { name: /每天下发的任务/ }).waitFor();
    await look(second, `publish-approve-${size}`);
    await second.getByLabel("退回意见").fill("第3天的话再短一点");
    await button(second, "退回修改").click();
    await second.getByText("已退回").first().waitFor();

    await author.reload();
    await author.getByText("第3天的话再短一点").first().waitFor();
    await draft((all) => [
      ...all.map((one) => (one.key === "day-3" ? { ...one, words: `您好！${n}` } : one)),
      later(n),
    ]);
    await author.reload();
    await button(author, "提交给同事审批").click();
    await heading(author, "等待批准").waitFor();
    const before = (await brand.services.publishing.show("look")).live ?? 0;
    await second.reload();
    await second.locator("#publish-counts dl.counts").waitFor();
    await button(second, "批准并发布").click();
    await heading(second, `第 ${before + 1} 版已经生效`).waitFor();
    await look(second, `publish-done-${size}`);
    const { live, liveSpec } = await brand.services.publishing.show("look");
    expect(live).toBe(before + 1);
    expect(liveSpec?.touchpoints.map(({ key }) => key)).toContain(`day-${n}`);
  });

  it("a claim that HQ forbids blocks it, with the sentence marked", async () => {
    await draft((all) =>
      all.map((one) => (one.key === "day-3" ? { ...one, words: `您好。奶粉呱呱叫${n}的好！再见。` } : one)),
    );
    const page = await enter("hq", size);
    await page.goto(`/words/claims?try=${encodeURIComponent(`这奶粉呱呱叫${n}`)}`);
    await page.getByText("可以说，没有发现不能用的说法。").waitFor();
    const own = page.locator("#own");
    await own.getByLabel("加一个说法").first().fill(`呱呱叫${n}`);
    await own.getByRole("button", { name: "加上" }).first().click();
    await page.locator("#own").getByText(`呱呱叫${n}`).waitFor();
    await page.getByText("正在用的话术里有这些说法").waitFor();
    await look(page, `claims-${size}`);
    await page.goto("/journeys/look/publish");
    await heading(page, "现在不能发布").waitFor();
    expect(await page.locator(".claims q").innerText()).toBe(`奶粉呱呱叫${n}的好！`);
    expect(await page.locator(".claims q mark").innerText()).toBe(`呱呱叫${n}`);
    expect(await button(page, "提交给同事审批").count()).toBe(0);
    await look(page, `publish-blocked-${size}`);
    await page.goto("/words/claims");
    await page.getByRole("button", { name: `去掉「呱呱叫${n}」` }).click();
    await page.goto("/journeys/look/publish");
    await button(page, "提交给同事审批").waitFor();
  });

  it("two versions are compared, and one becomes the draft", async () => {
    await brand.services.drafts.discard("look", "system");
    const page = await enter("hq", size);
    await page.goto("/journeys/look/versions");
    await page.getByRole("link", { name: "与上一版比" }).first().click();
    await page.getByRole("heading", { name: `第${n}天问候` }).waitFor();
    await look(page, `versions-${size}`);
    const last = page.locator("tr", { hasText: "第 1 版" });
    await last.locator("summary").click();
    await last.getByRole("button", { name: "恢复成草稿" }).click();
    await heading(page, "改了什么").waitFor();
    const { drafts, publishing } = brand.services;
    const first = (await drafts.read("look")).spec;
    expect(first.touchpoints.map(({ key }) => key)).toEqual([
      "day-3",
      "month-6",
      "no-order-30",
      "visit",
      "birthday",
    ]);
    expect((await publishing.show("look")).live).toBeGreaterThan(1);
  });
});

describe("HQ", () => {
  it("sees pictures beside one another where versions are compared", async () => {
    const page = await enter("hq");
    const { contentDigest, keepContent } = await import("../../src/journeys/content.js");
    for (const colour of ["#c33", "#3c3"]) {
      const bytes = png(200, 150, colour);
      await keepContent(brand.services.store, new Map([[contentDigest(bytes), bytes]]));
      await draft((all) =>
        all.map((one) =>
          one.key === "month-6"
            ? { ...one, attachments: [{ kind: "picture", file: `kept/${contentDigest(bytes)}/card.png` }] }
            : one,
        ),
      );
      await brand.services.drafts.publish("look", { yes: true, by: "account:1" });
    }
    const [now = 0] = await brand.services.store.read
      .rows<{ n: number }>("SELECT MAX(number) AS n FROM journey_version WHERE journey_id = 1")
      .then((rows) => rows.map(({ n }) => Number(n)));
    await page.goto(`/journeys/look/versions?from=${now - 1}&to=${now}`);
    const pictures = page.locator(".diff-pictures img");
    expect(await pictures.count()).toBe(2);
    await pictures.last().scrollIntoViewIfNeeded();
    await until(() =>
      page.evaluate<boolean>(
        "[...document.querySelectorAll('.diff-pictures img')].every((one) => one.naturalWidth === 200)",
      ),
    );
    await look(page, "versions-pictures-desk");
  });

  it("copies a journey, takes it out as YAML and in again; faults stand with their lines", async () => {
    await brand.services.drafts.discard("look", "system");
    const page = await enter("hq");
    await page.goto("/journeys/look/versions");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "导出现行版 YAML" }).click(),
    ]);
    const yaml = readFileSync(await download.path(), "utf8");
    await page.getByRole("link", { name: "导入 YAML 成为草稿" }).click();
    await page.getByLabel("或者贴在这里").fill(yaml.replace("days: 45", "days: tomorrow"));
    await button(page, "检查并存为草稿").click();
    await page.getByText("tomorrow").first().waitFor();
    expect(await page.locator(".yaml-faults code").first().innerText()).toContain("days: tomorrow");
    expect(await page.getByLabel("或者贴在这里").inputValue()).toContain("days: tomorrow");
    await look(page, "import-faults-desk");
    const file = { name: "look.yaml", mimeType: "application/yaml", buffer: Buffer.from(yaml) };
    await page.getByLabel("YAML 文件").setInputFiles(file);
    await page.getByLabel("或者贴在这里").fill("");
    await button(page, "检查并存为草稿").click();
    await heading(page, "草稿与现行版本没有不同").waitFor();
    const { drafts, publishing } = brand.services;
    const { liveSpec } = await publishing.show("look");
    expect(liveSpec && digestOf((await drafts.read("look")).spec)).toBe(liveSpec && digestOf(liveSpec));
    // over a draft only when one says so
    await page.goto("/journeys/look/import");
    await page.getByLabel("或者贴在这里").fill(yaml);
    await button(page, "检查并存为草稿").click();
    await page.getByLabel(/覆盖现有草稿/).check();
    await button(page, "检查并存为草稿").click();
    await heading(page, "草稿与现行版本没有不同").waitFor();

    await page.goto("/journeys/look/copy");
    await page.getByLabel("新旅程的 key").fill("look-copy");
    await button(page, "复制成新旅程").click();
    await page.waitForURL("**/journeys/look-copy/draft");
    expect((await drafts.read("look-copy")).spec).toMatchObject({
      key: "look-copy",
      name: "新客育儿旅程（副本）",
    });
  });

  it("reads what pausing will do before it is done", async () => {
    const page = await enter("hq");
    await page.goto("/journeys/look/versions");
    await page.getByRole("link", { name: "暂停…" }).click();
    await page.getByText(/还没确认的 \d+ 个任务会收回/).waitFor();
    await look(page, "journey-pause-desk");
    await button(page, "暂停旅程").click();
    await page.getByRole("link", { name: "恢复…" }).click();
    await button(page, "恢复旅程").click();
    await page.getByRole("link", { name: "暂停…" }).waitFor();
  });
});

describe.each<Size>(["desk", "phone"])("the library, on a %s", (size) => {
  it("begins with what is published; tells where words are used and how they were answered", async () => {
    const page = await enter("hq", size);
    await page.goto("/words");
    await page.getByRole("link", { name: "30天未复购" }).waitFor();
    await page
      .getByText(/用于 \d 个触点/)
      .first()
      .waitFor();
    await look(page, `words-${size}`);
    await page.getByRole("searchbox").fill("米粉");
    await page.getByRole("searchbox").press("Enter");
    await page.getByText("共 1 段").waitFor();
    await page.getByRole("link", { name: "满6个月", exact: true }).click();
    await page.getByText("新客育儿旅程 · 满6个月").waitFor();
    await look(page, `words-entry-${size}`);
  });
});

describe("two who write one entry", () => {
  it("the second sees what the first wrote, and loses nothing", async () => {
    const id = await brand.services.library.add(
      { folder: "日常", title: "问候", words: "早上好" },
      "account:1",
    );
    const [one, other] = [await enter("hq"), await enter("second")];
    await one.goto(`/words/${id}`);
    await other.goto(`/words/${id}`);
    await one.getByLabel("话术", { exact: true }).fill("早上好呀");
    await one.getByRole("button", { name: "客户称呼" }).click();
    expect(await one.getByLabel("话术", { exact: true }).inputValue()).toBe("早上好呀{{customer.name}}");
    await button(one, "保存").click();
    await one.getByText(/陈总监 改于/).waitFor();
    await other.getByLabel("话术", { exact: true }).fill("晚上好，我们的最好");
    await other.locator("#words-check mark").waitFor();
    await button(other, "保存").click();
    await heading(other, "还没有保存").waitFor();
    await look(other, "words-claim-desk");
    await other.getByLabel("话术", { exact: true }).fill("晚上好");
    await button(other, "保存").click();
    await heading(other, "你写的时候，陈总监 也改了这段话术").waitFor();
    expect(await other.getByLabel("话术", { exact: true }).inputValue()).toBe("晚上好");
    await look(other, "words-conflict-desk");
    await button(other, "保存").click();
    await other.getByText(/李审批 改于/).waitFor();
    expect(await brand.services.library.entry(id)).toMatchObject({ words: "晚上好", revision: 3 });
  });

  it("an entry is picked into a touchpoint, and known to be used there", async () => {
    await brand.services.drafts.discard("look", "system");
    const id = await brand.services.library.add(
      { folder: "日常", title: "祝福", words: "祝宝宝天天开心，一夜好觉到天亮" },
      "account:1",
    );
    const page = await enter("hq");
    await page.goto("/journeys/look/draft/t/birthday");
    await page.getByText("从话术库选一段").click();
    await page.getByLabel("找标题或内容").fill("祝福");
    await page.getByRole("button", { name: /^祝福/ }).click();
    await until(() =>
      page.evaluate<boolean>("document.querySelector('[data-words]').value.includes('祝宝宝天天开心')"),
    );
    await look(page, "words-pick-desk");
    await button(page, "保存").click();
    const { library } = brand.services;
    const uses = async () => (await library.uses([await library.entry(id)])).get(id) ?? [];
    await until(async () => (await uses()).length > 0);
    expect(await uses()).toMatchObject([{ touchpointKey: "birthday", inDraft: true }]);
  });
});
