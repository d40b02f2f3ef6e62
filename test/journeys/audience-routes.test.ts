// Audiences and tags over HTTP: HQ alone, by the session's own pages, every fault with its place.
import { type ApiHouse, openApiHouse } from "../support/api-house.js";

let house: ApiHouse;
const as = (login: string) => house.as(login);

beforeAll(async () => {
  house = await openApiHouse("2026-06-15");
  const { customers } = house.services;
  await customers.push("stores", [{ store_code: "S1", store_name: "一店", 大区: "华东" }]);
  await customers.push("guides", [{ guide_userid: "lan", guide_name: "兰兰", store_code: "S1" }]);
  await customers.push("customers", [
    { external_userid: "a", guide_userid: "lan", source: "门店" },
    { external_userid: "b", source: "门店" },
    { external_userid: "c", guide_userid: "lan", source: "电商" },
  ]);
  await house.account("hq", "hq");
  await house.account("manager", "manager", { regionId: 1 });
});
afterAll(() => house.close());

test("a rule is counted, said, and refused with the place of each fault", async () => {
  const hq = await as("hq");
  const rule = { any: [{ region: ["华东"], not: { source: ["电商"] } }, { source: "没有" }] };
  expect((await hq("post", "/api/audiences/count", rule)).body).toEqual({
    ...{ on: "2026-06-15", customers: 1, with_owner: 1 },
    says: "满足任一：（区域：华东；不是（来源：电商））或（来源：没有）",
    warnings: [],
  });
  expect((await hq("post", "/api/audiences/count", { region: "华冬" })).body).toMatchObject({
    customers: 0,
    warnings: ["没有叫“华冬”的区域，按它找不到客户"],
  });
  expect((await hq("post", "/api/audiences/count", {})).body).toMatchObject({ customers: 3, with_owner: 2 });
  const refused = await hq("post", "/api/audiences/count", {
    ...{ any: [{ orders: { at_least: -1 } }], city: 1, buying_stage: "nw" },
  });
  expect(refused.status).toBe(422);
  expect(refused.body.error.faults).toEqual([
    { where: "audience.buying_stage", value: "nw", expected: expect.stringContaining("one or more of new") },
    { where: "audience.any[0].orders.at_least", value: "-1", expected: "a whole number from 0 to 1000000" },
    { where: "audience.city", expected: expect.stringContaining("one of the keys source, level") },
  ]);
});

test("limits that there are not are refused by the names of those there are", async () => {
  const hq = await as("hq");
  const refused = await hq("put", "/api/audiences/limits", { activDays: 45 });
  expect(refused.status).toBe(422);
  expect(refused.body.error.faults).toEqual([
    { where: "limits", expected: expect.stringContaining("some of the limits newDays, activeDays") },
  ]);
});

test("a tag is given by rule and by hand", async () => {
  const hq = await as("hq");
  expect((await hq("put", "/api/tags/rules/门店客", { source: ["门店"] })).body).toMatchObject({
    customers: 2,
  });
  await house.services.passes.planMarked();
  expect((await hq("post", "/api/tags/add", { tag: "二胎", customers: ["a"] })).body).toEqual({
    customers: 1,
  });
  expect((await hq("get", "/api/tags")).body.tags).toEqual([
    { name: "二胎", source: "manual", customers: 1 },
    { name: "门店客", source: "rule", customers: 2 },
  ]);
  const at = house.services.world.now();
  expect((await hq("get", "/api/customers/a/tags")).body).toEqual({
    tags: [
      { name: "二胎", source: "manual", by: "account:1", at },
      { name: "门店客", source: "rule", by: "rule", at },
    ],
    past: [],
  });
  expect((await hq("post", "/api/tags/remove", { tag: "门店客", customers: ["a"] })).status).toBe(409);
  expect((await hq("delete", "/api/tags/rules/门店客")).body).toEqual({ customers: 2 });
  expect((await hq("get", "/api/tags/rules")).body).toEqual({ rules: [] });
});

test("the limits between stages are moved", async () => {
  const hq = await as("hq");
  expect((await hq("put", "/api/audiences/limits", { activeDays: 45 })).body).toMatchObject({
    activeDays: 45,
  });
  expect((await hq("get", "/api/audiences/limits")).body).toMatchObject({ activeDays: 45, churnedDays: 120 });
  const refused = await hq("put", "/api/audiences/limits", { churnedDays: 45, newDays: 0 });
  expect(refused.body.error.faults.map(({ where }: { where: string }) => where)).toEqual(["limits.newDays"]);
  expect((await hq("put", "/api/audiences/limits", { churnedDays: 45 })).status).toBe(422);
});

test("nobody but HQ, and nothing from elsewhere", async () => {
  const manager = await as("manager");
  expect((await manager("post", "/api/audiences/count", {})).status).toBe(403);
  expect((await manager("get", "/api/tags")).status).toBe(403);
  const hq = await as("hq");
  expect((await hq("post", "/api/audiences/count", {}, "wrong")).status).toBe(403);
  expect((await house.stranger().get("/api/tags")).status).toBe(401);
});

test("the API's description tells of all of it", async () => {
  const { paths } = (await house.stranger().get("/api/openapi.json")).body;
  const own = Object.keys(paths).filter((path) => /\/(audiences|tags)/.test(path));
  expect(own).toHaveLength(8);
  expect(JSON.stringify(paths["/api/audiences/count"])).toContain("pre_churn_high");
});
