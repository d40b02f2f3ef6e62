// How the house runs, in a browser: a job run by hand, failed tasks closed, the channel, and one-off tasks made.
import { until } from "../support/until.js";
import { addTask, TODAY } from "./brand.js";
import { type DeskStage, openDeskStage, SIZES } from "./desk.js";
import { hiddenOfTables, settled } from "./stage.js";

let stage: DeskStage;
beforeAll(async () => {
  stage = await openDeskStage();
  const [guide] = stage.brand.guides;
  if (!guide) throw new Error("no guide");
  await stage.store.write(async (sql) => {
    for (const [n, reason] of ["channel_refused", "channel_fault"].entries())
      await addTask(sql, guide, TODAY, {
        ...{ touchpoint_id: 1, customer_id: 900 + n, state: "failed", reason, acted_at: null, sent_at: null },
        ...{ observed: 0, replied_at: null },
      });
    const now = stage.services.world.now();
    const hour = now - (now % 3_600_000);
    for (const [api, calls, failed] of [
      ["externalcontact/add_msg_template", 1200, 3],
      ["message/send", 90, 40],
    ] as const)
      await sql.run(
        `INSERT INTO channel_call (channel, api, hour_at, calls, failed, done_at, failed_at, error)
         VALUES ('wecom', ?, ?, ?, ?, ?, ?, 'WeCom: 45009 called too often')`,
        [api, hour, calls, failed, now - 60_000, now - 120_000],
      );
  });
});
afterAll(() => stage.close());

describe.each(SIZES)("operations at %s", (size, viewport) => {
  it("runs a job at once, and shows its runs", async () => {
    const { page, look, close } = await stage.enter("hq", viewport);
    await page.goto("/operations");
    await look(`operations-${size}`);
    const row = page.locator("#job-figures");
    await row.getByRole("button", { name: "立即运行" }).click();
    await page.locator("#notice.shown").waitFor();
    await row.getByText("完成").waitFor();
    await row.getByRole("link", { name: "更新报表" }).click();
    await page.getByText("手动").first().waitFor();
    await look(`operations-job-${size}`);
    await close();
  });

  it("shows failed tasks by why, with examples, and closes them", async () => {
    const { page, look, close } = await stage.enter("hq", viewport);
    await page.goto("/operations/tasks");
    await page.getByText("看几个例子").first().click();
    await page.locator(".example-place table").first().waitFor();
    await look(`operations-tasks-${size}`);
    expect(await hiddenOfTables(page)).toBe(0);
    await page.goto((await page.locator("a.examples").first().getAttribute("href")) ?? "");
    await look(`operations-examples-${size}`);
    expect(await hiddenOfTables(page)).toBe(0);
    await page.goto("/operations/channel");
    await page.getByText("44.4%").waitFor();
    await look(`operations-channel-${size}`);
    await page.goto("/operations/data");
    await look(`operations-data-${size}`);
    await close();
  });

  it("makes a one-off task for whom it counts, and ends it", async () => {
    const { page, look, close } = await stage.enter("hq", viewport);
    await page.getByRole("link", { name: "任务", exact: true }).click();
    await page.getByRole("link", { name: "新建一次性任务" }).click();
    await page.locator("#reach strong").waitFor();
    await look(`oneoff-new-${size}`);
    await page.getByLabel("名称").fill(`春季回访 ${size}`);
    await page.getByLabel("截止日期").fill("2026-03-20");
    await page.getByLabel("话术", { exact: true }).fill("最好的奶粉，{{customer.name}}");
    await page.getByRole("button", { name: "建立任务" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByLabel("名称").inputValue()).toBe(`春季回访 ${size}`);
    await look(`oneoff-wrong-${size}`);
    await page.getByLabel("话术", { exact: true }).fill("{{customer.name}}，您好！新品到店啦。");
    await page.getByRole("button", { name: "建立任务" }).click();
    await page.getByText("已建立").waitFor();
    await look(`oneoff-${size}`);
    page.once("dialog", (asked) => asked.accept());
    await page.getByRole("button", { name: "提前结束" }).click();
    await page.getByText("已结束").waitFor();
    await page.getByRole("link", { name: "任务", exact: true }).first().click();
    await look(`oneoffs-${size}`);
    await close();
  });
});

it("the last failure closed leaves a page that says all is well of them", async () => {
  const { page, close } = await stage.enter("hq", { width: 1280, height: 900 });
  await page.goto("/operations/tasks");
  const closing = page.getByRole("button", { name: "知道了" });
  for (let left = await closing.count(); left > 0; left--) {
    await closing.first().click();
    await until(() =>
      page.evaluate<boolean>(`document.querySelectorAll("form[action$=close] .btn").length < ${left} * 2`),
    );
    await settled(page);
  }
  await page.goto("/operations/tasks");
  expect(await closing.count()).toBe(0);
  await close();
});
