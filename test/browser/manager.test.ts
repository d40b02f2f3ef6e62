// The manager's view in a browser, phone first: how the team does, who may need help, one tap to remind.
import { type DeskStage, openDeskStage, SIZES } from "./desk.js";

let stage: DeskStage;
beforeAll(async () => {
  stage = await openDeskStage();
});
afterAll(() => stage.close());

describe.each(SIZES)("a manager at %s", (size, viewport) => {
  it("begins with their own, sees who waits, and goes down to a store and back", async () => {
    const { page, look, close } = await stage.enter("manager", viewport);
    await page.getByRole("heading", { level: 1, name: "西南大区" }).waitFor();
    await look(`team-${size}`);
    await page.locator(".units a").first().click();
    await page.locator(".crumbs").waitFor();
    expect(await page.locator(".units li").count()).toBe(2);
    await look(`team-store-${size}`);
    await page.locator(".crumbs").getByRole("link", { name: "西南大区" }).click();
    await page.waitForURL(/\/team$/);
    const neighbour = await page.goto(`/team?in=region:${stage.brand.regions[0]}`);
    expect(neighbour?.status()).toBe(404);
    await close();
  });

  it("reminds one guide, and is told what was sent and what not", async () => {
    await stage.store.write((sql) => sql.run("DELETE FROM guide_urge"));
    const { page, look, close } = await stage.enter("manager", viewport);
    const first = page.locator(".people li").first();
    await first.getByRole("button").click();
    await page.locator("#urged .alert-line").waitFor();
    // this corp is never called: nobody is reached, and their row says so
    await first.getByText("没有联系上").waitFor();
    await look(`team-urged-${size}`);
    page.once("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: "提醒全部" }).click();
    await page.locator("#urged", { hasText: "两小时内提醒过" }).waitFor();
    await close();
  });
});

it("a store manager sees the guides of the store", async () => {
  const { page, look, close } = await stage.enter("keeper", { width: 390, height: 844 });
  expect(await page.locator(".units li").count()).toBe(2);
  await look("team-keeper-390");
  await close();
});
