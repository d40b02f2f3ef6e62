// The server as a process: it starts on nothing, says where it is, stops cleanly, and refuses what it cannot run with.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { heard, quietly, run, start } from "./support/program.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guidepost-main-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ended = (child: ReturnType<typeof start>) =>
  new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));

test.each(["SIGTERM", "SIGINT"] as const)(
  "serves on an empty folder and stops cleanly at %s, however often",
  async (signal) => {
    const child = start("main", [], quietly(folder));
    const [, url] = await heard(child, /(http:\/\/localhost:\d+)/);
    for (const path of ["/healthz", "/readyz"]) expect((await fetch(`${url}${path}`)).status).toBe(200);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain("http_request_duration_seconds");
    expect((await fetch(`${url}/report`, { redirect: "manual" })).status).toBe(302);
    const end = ended(child);
    child.kill(signal);
    child.kill(signal);
    expect(await end).toBe(0);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  },
);

test("a second start finds the data of the first", async () => {
  for (const times of [1, 2]) {
    const child = start("main", [], quietly(folder));
    await heard(child, /http:\/\/localhost/);
    child.kill("SIGTERM");
    expect([times, await ended(child)]).toEqual([times, 0]);
  }
});

test("the demo stays out of a database with data of its own", async () => {
  const brand = join(folder, "brand");
  mkdirSync(brand);
  writeFileSync(join(brand, "stores.csv"), "门店编码,门店名称,大区\nS1,徐汇店,华东\n");
  writeFileSync(join(brand, "guides.csv"), "导购账号,导购姓名,门店编码\nlan,兰兰,S1\n");
  const env = quietly(folder, { DEMO: "auto", CHANNEL: "wecom" });
  expect((await run(["import", brand], env)).code).toBe(0);
  const child = start("main", [], env);
  await heard(child, /已有自己的资料，不载入演示品牌[\s\S]*http:\/\/localhost/);
  child.kill("SIGTERM");
  expect(await ended(child)).toBe(0);
  expect(existsSync(join(folder, "demo.json"))).toBe(false);
});

test("wrong settings are listed together and end it with 2", async () => {
  const wrong = { PORT: "many", ZONE: "Asia/Atlantis", DAY_PLAN: "25:00", WECOM_CORPID: "ww1" };
  const child = start("main", [], quietly(folder, wrong));
  let said = "";
  child.stderr?.on("data", (piece) => {
    said += piece;
  });
  expect(await ended(child)).toBe(2);
  for (const name of ["PORT", "ZONE", "DAY_PLAN"]) expect(said).toContain(name);
});

test("a taken port is said in one sentence", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, resolve));
  const port = String((other.address() as AddressInfo).port);
  const child = start("main", [], quietly(folder, { PORT: port }));
  let said = "";
  child.stderr?.on("data", (piece) => {
    said += piece;
  });
  expect(await ended(child)).toBe(2);
  expect(said).toContain(`端口 ${port} 已被占用`);
  expect(said).not.toContain("    at ");
  other.close();
});
