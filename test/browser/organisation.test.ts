// The organisation in a browser, at a desk and on a phone: down the tree to a guide, a leave with what it does said before,
// a leaver; an import by file with a row that cannot be taken, its refusals taken away, and the import undone.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expectAccessible } from "./axe.js";
import { DESK, lookAt, openPage, openStage, PHONE, type Stage, signIn } from "./stage.js";

let stage: Stage;
let page: Page;
let folder: string;
let complaints: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "guidepost-files-"));
  stage = await openStage();
  await stage.brand.services.passes.counts();
});
afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});
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

const file = (name: string, lines: readonly string[]) => {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
};
const counted = (label: string) => page.locator(".counts div", { hasText: label }).locator("dd").first();

describe.each([
  ["desk", DESK],
  ["phone", PHONE],
] as const)("HQ on a %s", (size, viewport) => {
  it("goes down the tree to a guide, finds another by name, and enters a leave and takes it back", async () => {
    await enter("hq", viewport);
    await page.goto("/org");
    await page.getByRole("heading", { level: 1, name: "全国" }).waitFor();
    expect(await counted("门店").innerText()).toBe("14");
    await look(`org-${size}`);
    await page.getByRole("link", { name: "华南大区" }).click();
    await page.getByRole("link", { name: "广州市" }).click();
    await page.getByRole("link", { name: "广州万达店" }).click();
    await page.getByRole("heading", { level: 1, name: "广州万达店" }).waitFor();
    await look(`org-store-${size}`);
    await page.getByRole("searchbox", { name: "查找门店或导购" }).fill("g0");
    await page.getByRole("button", { name: "查找" }).click();
    await look(`org-found-${size}`);
    await page.getByRole("link", { name: "王晓燕" }).first().click();
    await page.getByLabel("第一天").fill("2026-03-12");
    await page.getByLabel("最后一天").fill("2026-03-13");
    await page.getByLabel("代班导购账号（可不填）").fill("g1");
    await page
      .locator("form", { hasText: "代班导购账号" })
      .getByRole("button", { name: "看看会怎样" })
      .click();
    await page.getByRole("button", { name: "登记休假" }).waitFor();
    await look(`org-leave-${size}`);
    await page.getByRole("button", { name: "登记休假" }).click();
    await page.getByText("代班 g1").waitFor();
    await page.goto("/org/leaves");
    await look(`org-leaves-${size}`);
    await page.getByRole("button", { name: /取消休假：王晓燕/ }).click();
    await page.getByText("已取消").waitFor();
  });

  it("says a bad leave in words, and nothing is lost", async () => {
    await enter("hq", viewport);
    await page.goto(`/org/guides/${stage.brand.guides[1]?.id}`);
    await page.getByLabel("第一天").fill("2026-03-20");
    await page.getByLabel("最后一天").fill("2026-03-18");
    await page
      .locator("form", { hasText: "代班导购账号" })
      .getByRole("button", { name: "看看会怎样" })
      .click();
    await page.locator("#notice", { hasText: "最后一天早于第一天" }).waitFor();
    expect(await page.getByLabel("第一天").inputValue()).toBe("2026-03-20");
  });

  it("has a guide leave, with who takes the customers, and takes that back", async () => {
    await enter("hq", viewport);
    await page.goto(`/org/guides/${stage.brand.guides[3]?.id}`);
    await page.getByLabel("从哪天起不在职").fill("2026-03-20");
    await page.getByLabel("接替导购账号（可以以后再定）").fill("g2");
    await page.locator("#leaver").getByRole("button", { name: "看看会怎样" }).click();
    await page.getByText(/位客户交接给/).waitFor();
    await look(`org-leaver-${size}`);
    await page.getByRole("button", { name: "登记离职" }).click();
    await page.getByText("从 2026-03-20 起不在职").waitFor();
    await page.getByRole("button", { name: "取消离职登记" }).click();
    await page.locator("h1", { hasText: "在职" }).waitFor();
  });

  it("imports a file by hand, takes the refused row away, and undoes it", async () => {
    await enter("hq", viewport);
    await page.goto("/org");
    await page.getByRole("link", { name: "导入", exact: true }).click();
    await look(`import-${size}`);
    const guides = file(`${size} 导购.csv`, [
      "导购账号,导购姓名,门店编码,入职日期",
      `n-${size}-1,新导购一,S0,2026-03-01`,
      `n-${size}-2,新导购二,S0,2026-13-01`,
      `n-${size}-3,新导购三,没有的店,`,
    ]);
    const odd = file("什么.csv", ["一,二", "1,2"]);
    await page.locator("input[type=file]").setInputFiles([guides, odd]);
    await page.getByRole("button", { name: "上传并检查" }).click();
    await page.getByRole("heading", { name: "收到的文件" }).waitFor();
    await look(`import-draft-${size}`);
    await page.getByRole("button", { name: "开始导入 1 个文件" }).click();
    await page.getByRole("heading", { name: /退回的行/ }).waitFor();
    await page.getByText("日期，如 2026-03-02").waitFor();
    await look(`import-done-${size}`);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "下载退回的 2 行" }).click(),
    ]);
    const path = join(folder, `${size}-refused.csv`);
    await download.saveAs(path);
    const refused = readFileSync(path, "utf8").trim().split("\n");
    expect(refused).toHaveLength(3);
    expect(refused[2]).toContain("「门店编码」为“没有的店”：应为已有门店的编码");
    await page.getByRole("link", { name: "看看撤销会怎样" }).click();
    await page.getByRole("button", { name: "撤销这次导入" }).waitFor();
    await look(`import-undo-${size}`);
    await page.getByRole("button", { name: "撤销这次导入" }).click();
    await page.getByText(/陈总监 于 .* 撤销/).waitFor();
    await look(`import-undone-${size}`);
    await page.goto(`/org/search?q=n-${size}-1`);
    await page.getByText(`没有找到「n-${size}-1」`).waitFor();
  });

  it("looks at how WeCom stands", async () => {
    await enter("hq", viewport);
    for (const name of ["", "/ways", "/welcome", "/transfers"]) {
      await page.goto(`/org/wecom${name}`);
      await look(`wecom${name.replace("/", "-")}-${size}`);
    }
  });
});

it("what cannot be uploaded is said before anything is sent", async () => {
  await enter("hq");
  await page.goto("/org/import");
  await page.locator("input[type=file]").setInputFiles(file("名单.txt", ["a"]));
  await page.getByText("「名单.txt」不是 .csv 或 .xlsx 文件").waitFor();
});

it("a manager has their region, a store's keeper their store, and neither imports", async () => {
  await enter("manager");
  await page.goto("/org");
  await page.getByRole("heading", { level: 1, name: "西南大区" }).waitFor();
  expect(await page.getByRole("link", { name: "导入", exact: true }).count()).toBe(0);
  await look("org-manager-desk");
  expect((await page.goto(`/org/regions/${stage.brand.regions[0]}`))?.status()).toBe(404);
  expect((await page.goto("/org/import"))?.status()).toBe(403);
  await page.context().close();
  await enter("keeper", PHONE);
  await page.goto("/org");
  expect(page.url()).toContain("/org/stores/");
  await look("org-keeper-phone");
});
