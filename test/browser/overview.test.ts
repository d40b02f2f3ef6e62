// HQ's home and the stop switch in a browser: the day at a glance, decisions with their places, one click that stops.
import { type DeskStage, openDeskStage, SIZES } from "./desk.js";

let stage: DeskStage;
beforeAll(async () => {
  stage = await openDeskStage();
  await stage.store.write((sql) =>
    sql.run(
      `INSERT INTO data_fault (customer_id, child_no, field, value, reason, seen_on)
       VALUES (1, 1, 'born_on', '3000-01-01', '太远的将来', '2026-03-10')`,
    ),
  );
});
afterAll(() => stage.close());

describe.each(SIZES)("HQ at %s", (size, viewport) => {
  it("begins with the day at a glance, and goes where something is mended", async () => {
    const { page, look, close } = await stage.enter("hq", viewport);
    await page.getByRole("heading", { level: 1, name: "总览" }).waitFor();
    expect(await page.locator(".kpi-name").allInnerTexts()).toEqual([
      "下发",
      "完成",
      "回复",
      "往日还没完成",
      "失败",
    ]);
    await look(`overview-${size}`);
    await page.getByRole("link", { name: "资料有问题" }).click();
    await page.waitForURL(/\/operations\/data$/);
    await page.getByText("太远的将来").waitFor();
    await close();
  });

  it("stops everything with a click, a reason and a yes; every page says so until it goes on", async () => {
    const { page, look, close } = await stage.enter("hq", viewport);
    await page.getByRole("link", { name: "紧急停止" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await look(`stop-dialog-${size}`);
    await dialog.getByRole("button", { name: "取消" }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.getByRole("link", { name: "紧急停止" }).click();
    await dialog.getByLabel("原因").fill("今天是哀悼日");
    await dialog.getByRole("button", { name: "立即停止" }).click();
    await page.waitForURL(/\/stop$/);
    await page.locator(".stop-banner").waitFor();
    await look(`stopped-${size}`);
    const guide = await stage.enter("guide", { width: 360, height: 780 });
    expect(await guide.page.locator(".stop-banner").textContent()).toContain("今天是哀悼日");
    await guide.shot(`stopped-guide-${size}`);
    await guide.close();
    page.once("dialog", (asked) => asked.accept());
    await page.getByRole("button", { name: "恢复" }).click();
    await page.waitForURL(/resumed=1/);
    expect(await page.locator(".stop-banner").count()).toBe(0);
    await look(`resumed-${size}`);
    await close();
  });
});

it("without scripts the switch is a page of its own, and wants a reason", async () => {
  const { page, close } = await stage.enter("hq", { width: 1280, height: 900 }, false);
  await page.getByRole("link", { name: "紧急停止" }).click();
  await page.waitForURL(/\/stop$/);
  await page.getByText("现在停止会怎样").waitFor();
  await page.getByLabel("原因").fill(" ");
  await page.getByRole("button", { name: "立即停止" }).click();
  await page.getByText("请写明为什么停止").waitFor();
  expect(await stage.services.emergency.state()).toBeNull();
  await close();
});
