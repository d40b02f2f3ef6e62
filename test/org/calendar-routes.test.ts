// The calendar over HTTP: HQ alone reads and edits it.
import request from "supertest";
import { consolePages } from "../../src/console/pages.js";
import { createApp } from "../../src/http.js";
import { guardOf } from "../../src/identity/guard.js";
import { identityRoutes } from "../../src/identity/routes.js";
import { type IdentityService, identityService } from "../../src/identity/service.js";
import { loadAssets } from "../../src/infra/assets.js";
import { resolveFromRoot } from "../../src/infra/config.js";
import { makeLog } from "../../src/infra/log.js";
import { makeMetrics } from "../../src/infra/metrics.js";
import { openApiDocument } from "../../src/infra/openapi.js";
import { movableWorld } from "../../src/kernel/world.js";
import { calendarPaths } from "../../src/org/calendar-paths.js";
import { calendarRoutes } from "../../src/org/calendar-routes.js";
import { loadSeeds } from "../../src/org/calendar-seeds.js";
import { calendarService } from "../../src/org/calendar-service.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";

const password = "correct horse";
let database: TestDatabase;
let identity: IdentityService;
let server: ReturnType<ReturnType<typeof createApp>["callback"]>;

beforeAll(async () => {
  database = await freshDatabase("sqlite");
  const store = await database.open();
  const world = movableWorld(Date.UTC(2026, 10, 22, 2));
  identity = identityService({ store, world, zone: "Asia/Shanghai", key: Buffer.alloc(32, 1) });
  await store.write(async (sql) => {
    await sql.run("INSERT INTO region (id, parent_id, name, depth, trail) VALUES (5, 0, '华东', 0, '/5/')");
  });
  await identity.createAccount({ login: "hq", name: "总部", role: "hq", password });
  await identity.createAccount({ login: "east", name: "华东", role: "manager", password, regionId: 5 });
  const guard = guardOf(identity);
  const assets = loadAssets(resolveFromRoot("templates/pages/assets"));
  const pages = consolePages(assets.url);
  const calendar = calendarService({ store, seeds: loadSeeds() });
  const routers = [
    identityRoutes({ identity, guard, pages, demoLogins: [] }),
    calendarRoutes({ calendar, guard: guard.may("edit_calendar"), csrf: guard.csrf }),
  ];
  const parts = { log: makeLog("silent"), world, pages, assets, metrics: makeMetrics() };
  server = createApp({ ...parts, ready: async () => undefined, publicUrl: "", routers }).callback();
});
afterAll(() => database.drop());

async function signIn(login: string) {
  const answer = await request(server).post("/sign-in").type("form").send({ login, password, next: "/" });
  const cookie = String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
  const csrf = (await identity.sessionOf(cookie.split("=")[1] ?? ""))?.csrf ?? "";
  const headers = { Cookie: cookie, "X-CSRF-Token": csrf };
  return {
    get: (path: string) => request(server).get(path).set(headers),
    put: (path: string, body: object) => request(server).put(path).set(headers).send(body),
    post: (path: string) => request(server).post(path).set(headers),
    delete: (path: string) => request(server).delete(path).set(headers),
    blind: (path: string, body: object) => request(server).put(path).set("Cookie", cookie).send(body),
  };
}

it("is filled in, edited and emptied by HQ", async () => {
  const hq = await signIn("hq");
  expect((await hq.post("/api/calendar/2027/seed").expect(200)).body.added).toBeGreaterThan(50);
  expect((await hq.post("/api/calendar/2027/seed").expect(200)).body).toEqual({ added: 0 });
  const rows = [
    { date: "2027-01-01", kind: "off", name: "元旦" },
    { date: "2027-05-20", kind: "named", name: "会员日" },
  ];
  expect((await hq.put("/api/calendar/days", rows).expect(200)).body).toEqual({ changed: 2 });
  const year = (await hq.get("/api/calendar/2027").expect(200)).body;
  expect(year).toMatchObject({
    year: 2027,
    statutory: "some",
    warnings: [expect.stringContaining("只有 1 天")],
  });
  expect(year.days).toContainEqual({ on: "2027-05-20", kind: "named", name: "会员日", year: 2027 });
  await hq.delete(`/api/calendar/days?kind=named&name=${encodeURIComponent("会员日")}&year=2027`).expect(200);
  await hq.delete("/api/calendar/days?kind=off&on=2027-01-01").expect(200);
  await hq.delete("/api/calendar/days?kind=off&on=2027-01-01").expect(404);
  expect((await hq.get("/api/calendar/2027").expect(200)).body).toMatchObject({ statutory: "none" });
});

it.each([
  [
    "rows that cannot be",
    (hq: Signed) => hq.put("/api/calendar/days", [{ date: "2027-02-30", kind: "off" }]),
    422,
  ],
  ["no rows", (hq: Signed) => hq.put("/api/calendar/days", { date: "2027-01-01" }), 422],
  ["a key of nothing", (hq: Signed) => hq.delete("/api/calendar/days?kind=named"), 422],
  ["no year", (hq: Signed) => hq.get("/api/calendar/soon"), 422],
  ["a change without the page's word", (hq: Signed) => hq.blind("/api/calendar/days", []), 403],
])("refuses %s", async (_what, ask, status) => {
  await ask(await signIn("hq")).expect(status);
});
type Signed = Awaited<ReturnType<typeof signIn>>;

it("is nobody else's", async () => {
  const east = await signIn("east");
  await east.get("/api/calendar/2026").expect(403);
  await east.put("/api/calendar/days", []).expect(403);
  await request(server).get("/api/calendar/2026").expect(401);
});

it("is described", () => {
  const document = openApiDocument("1", [calendarPaths()]) as { paths: object };
  expect(Object.keys(document.paths)).toEqual([
    "/api/calendar/{year}",
    "/api/calendar/{year}/seed",
    "/api/calendar/days",
  ]);
});
