// Leaves over HTTP: HQ and the guide's own managers, by their own pages; and pushed by another system with its key.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import request from "supertest";
import { createApp } from "../../src/http.js";
import { parseConfig } from "../../src/infra/config.js";
import { makeLog } from "../../src/infra/log.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { type Services, wire } from "../../src/wire.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";
import { settings } from "../support/settings.js";

const PASSWORD = "correct horse";
let folder: string;
let database: TestDatabase;
let services: Services;
let server: ReturnType<ReturnType<typeof createApp>["callback"]>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "guidepost-leave-"));
  database = await freshDatabase("sqlite");
  const world = movableWorld(instantOf("2026-03-02", "10:00", "Asia/Shanghai"));
  const config = parseConfig({ ...settings(folder), channel: "notebook" });
  services = wire({ config, world, log: makeLog("silent"), store: await database.open() });
  server = createApp(services.app).callback();
  const { customers, identity } = services;
  await customers.push("stores", [
    { store_code: "S1", store_name: "一店", 大区: "华东" },
    { store_code: "S2", store_name: "二店", 大区: "华南" },
  ]);
  await customers.push("guides", [
    { guide_userid: "lan", guide_name: "兰兰", store_code: "S1" },
    { guide_userid: "ying", guide_name: "莹", store_code: "S2" },
  ]);
  await identity.createAccount({ login: "hq", name: "总部", role: "hq", password: PASSWORD });
  for (const [login, regionId] of [
    ["east", 1],
    ["south", 2],
  ] as const)
    await identity.createAccount({ login, name: login, role: "manager", password: PASSWORD, regionId });
  await identity.createAccount({ login: "lan", name: "兰兰", role: "guide", password: PASSWORD, guideId: 1 });
});

afterAll(async () => {
  await services.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function as(login: string) {
  const answer = await request(server).post("/sign-in").type("form").send({ login, password: PASSWORD });
  const cookie = String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
  const session = await services.identity.sessionOf(cookie.split("=")[1] ?? "");
  return (method: "get" | "put" | "delete", query = "", body?: object, csrf = session?.csrf ?? "") => {
    const asked = request(server)
      [method](`/api/leave${query}`)
      .set("Cookie", cookie)
      .set("X-CSRF-Token", csrf);
    return body ? asked.send(body) : asked;
  };
}
const leave = { guide_userid: "lan", from_on: "2026-03-10", to_on: "2026-03-12" };

test("HQ and the guide's own manager enter, see and take back leaves", async () => {
  const [hq, east, south, lan] = await Promise.all(["hq", "east", "south", "lan"].map(as));
  expect((await hq?.("put", "", leave))?.body).toEqual({ written: "new" });
  expect((await east?.("put", "", { ...leave, deputy_userid: "ying" }))?.body).toEqual({
    written: "changed",
  });
  expect((await east?.("get"))?.body.leaves).toMatchObject([
    { guide: "lan", deputy: "ying", by: "account:2" },
  ]);
  expect((await south?.("get"))?.body.leaves).toEqual([]);
  expect((await south?.("put", "", leave))?.status).toBe(404);
  expect((await lan?.("put", "", leave))?.status).toBe(403);
  expect((await hq?.("put", "", leave, ""))?.status).toBe(403);
  expect((await hq?.("put", "", { ...leave, from_on: "10.3." }))?.status).toBe(422);
  const late = await hq?.("put", "", { ...leave, to_on: "2026-03-09" });
  expect([late?.status, late?.body.error.faults[0].field]).toEqual([422, "to_on"]);
  expect((await south?.("delete", "?guide_userid=lan&from_on=2026-03-10"))?.status).toBe(404);
  expect((await east?.("delete", "?guide_userid=lan&from_on=2026-03-10"))?.body).toEqual({ cancelled: true });
  expect((await hq?.("get", "?on=2026-03-10"))?.body.leaves).toEqual([]);
  expect((await request(server).get("/api/leave")).status).toBe(401);
});

test("another system pushes leaves and hand-overs, and both are described", async () => {
  const { key } = await services.identity.keys.create("hr", 0);
  const push = (table: string, rows: object[]) =>
    request(server).post(`/api/${table}`).set("Authorization", `Bearer ${key}`).send(rows);
  expect(
    (
      await push("leaves", [
        { ...leave, cancelled: false },
        { ...leave, guide_userid: "nobody" },
      ])
    ).body.counts,
  ).toEqual({
    ...{ new: 0, changed: 1, unchanged: 0, refused: 1 },
  });
  await push("customers", [{ external_userid: "wm1", guide_userid: "lan", joined_on: "2026-01-01" }]);
  expect(
    (await push("transfers", [{ external_userid: "wm1", outcome: "accepted", guide_userid: "ying" }])).body
      .counts.changed,
  ).toBe(1);
  const { paths } = (await request(server).get("/api/openapi.json")).body;
  for (const path of ["/api/leave", "/api/leaves", "/api/transfers"])
    expect(Object.keys(paths)).toContain(path);
});
