// Back-tests over HTTP: HQ alone sees them.
import request from "supertest";
import { consolePages } from "../../src/console/pages.js";
import { createApp } from "../../src/http.js";
import { guardOf } from "../../src/identity/guard.js";
import { identityRoutes } from "../../src/identity/routes.js";
import { identityService } from "../../src/identity/service.js";
import { loadAssets } from "../../src/infra/assets.js";
import { resolveFromRoot } from "../../src/infra/config.js";
import { makeLog } from "../../src/infra/log.js";
import { makeMetrics } from "../../src/infra/metrics.js";
import { openApiDocument } from "../../src/infra/openapi.js";
import { movableWorld } from "../../src/kernel/world.js";
import { modelPaths } from "../../src/models/api-paths.js";
import { modelRoutes } from "../../src/models/routes.js";
import { modelService } from "../../src/models/service.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";
import { openPlanShop, planStandOn } from "../support/plan-stand.js";

const password = "correct horse";
let database: TestDatabase;
let server: ReturnType<ReturnType<typeof createApp>["callback"]>;
let models: ReturnType<typeof modelService>;

beforeAll(async () => {
  database = await freshDatabase("sqlite");
  const store = await database.open();
  const world = movableWorld(Date.UTC(2026, 2, 2, 2));
  const zone = "Asia/Shanghai";
  const identity = identityService({ store, world, zone, key: Buffer.alloc(32, 1) });
  await openPlanShop(store);
  const { customer, order } = planStandOn(store);
  await customer("c1");
  await order("c1", "o1", "2025-06-01");
  await order("c1", "o2", "2026-02-01");
  await order("c1", "o3", "2026-03-01");
  const region = await store.read.row<{ id: number }>("SELECT id FROM region WHERE name = '华东'");
  await identity.createAccount({ login: "hq", name: "总部", role: "hq", password });
  const regionId = region?.id ?? 0;
  await identity.createAccount({ login: "east", name: "华东", role: "manager", password, regionId });
  const guard = guardOf(identity);
  const assets = loadAssets(resolveFromRoot("templates/pages/assets"));
  const pages = consolePages(assets.url);
  models = modelService({ store, world, zone });
  const routers = [
    identityRoutes({ identity, guard, pages, demoLogins: [] }),
    modelRoutes({ models, guard: guard.may("see_operations") }),
  ];
  const parts = { log: makeLog("silent"), world, pages, assets, metrics: makeMetrics() };
  server = createApp({ ...parts, ready: async () => undefined, publicUrl: "", routers }).callback();
});
afterAll(() => database.drop());

async function asked(login: string) {
  const answer = await request(server).post("/sign-in").type("form").send({ login, password, next: "/" });
  const cookie = String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
  return request(server).get("/api/models").set("Cookie", cookie);
}

test("nobody who is not signed in, and no manager", async () => {
  expect((await request(server).get("/api/models")).status).toBe(401);
  expect((await asked("east")).status).toBe(403);
});

test("HQ sees none before the first night, then what it found, with what could not be computed as null", async () => {
  expect((await asked("hq")).body).toEqual({ backtests: [] });
  await models.run();
  const { body } = await asked("hq");
  expect(body.backtests).toHaveLength(1);
  expect(body.backtests[0]).toMatchObject({
    ...{ ranOn: "2026-03-02", calibratedUntil: "2025-08-31", heldUntil: "2026-03-01", customers: 1 },
    ...{ served: "recency", horizonDays: 182, holdoutActual: 2 },
  });
  expect(body.backtests[0].models[0]).toMatchObject({ name: "recency", auc: null });
  expect(body.backtests[0].why).toContain("不到 50 位");
});

test("what is answered stands in the API's description", async () => {
  const document = openApiDocument("1", [modelPaths()]) as { paths: Record<string, object> };
  const said = JSON.stringify(document.paths["/api/models"]);
  const [backtest] = (await asked("hq")).body.backtests;
  for (const field of [...Object.keys(backtest), ...Object.keys(backtest.models[0])])
    expect([field, said.includes(`"${field}"`)]).toEqual([field, true]);
});
