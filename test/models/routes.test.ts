// Back-tests over HTTP: HQ alone sees them.
import { openApiDocument } from "../../src/infra/openapi.js";
import { modelPaths } from "../../src/models/api-paths.js";
import { type ApiHouse, openApiHouse } from "../support/api-house.js";
import { openPlanShop, planStandOn } from "../support/plan-stand.js";

let house: ApiHouse;

beforeAll(async () => {
  house = await openApiHouse("2026-03-02");
  const { store } = house.services;
  await openPlanShop(store);
  const { customer, order } = planStandOn(store);
  await customer("c1");
  await order("c1", "o1", "2025-06-01");
  await order("c1", "o2", "2026-02-01");
  await order("c1", "o3", "2026-03-01");
  const region = await store.read.row<{ id: number }>("SELECT id FROM region WHERE name = '华东'");
  await house.account("hq", "hq");
  await house.account("east", "manager", { regionId: region?.id ?? 0 });
});
afterAll(() => house.close());

const asked = async (login: string) => (await house.as(login))("get", "/api/models");

test("nobody who is not signed in, and no manager", async () => {
  expect((await house.stranger().get("/api/models")).status).toBe(401);
  expect((await asked("east")).status).toBe(403);
});

test("HQ sees none before the first night, then what it found, with what could not be computed as null", async () => {
  expect((await asked("hq")).body).toEqual({ backtests: [] });
  await house.services.models.run();
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
