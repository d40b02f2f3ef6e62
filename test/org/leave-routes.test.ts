// Leaves over HTTP: HQ and the guide's own managers, by their own pages; and pushed by another system with its key.
import { type ApiHouse, openApiHouse } from "../support/api-house.js";

let house: ApiHouse;

beforeAll(async () => {
  house = await openApiHouse("2026-03-02");
  const { customers } = house.services;
  await customers.push("stores", [
    { store_code: "S1", store_name: "一店", 大区: "华东" },
    { store_code: "S2", store_name: "二店", 大区: "华南" },
  ]);
  await customers.push("guides", [
    { guide_userid: "lan", guide_name: "兰兰", store_code: "S1" },
    { guide_userid: "ying", guide_name: "莹", store_code: "S2" },
    { guide_userid: "mei", guide_name: "梅梅", store_code: "S1" },
  ]);
  await house.account("hq", "hq");
  await house.account("east", "manager", { regionId: 1 });
  await house.account("south", "manager", { regionId: 2 });
  await house.account("lan", "guide", { guideId: 1 });
});
afterAll(() => house.close());

async function as(login: string) {
  const ask = await house.as(login);
  return (method: "get" | "put" | "delete", query = "", body?: object, csrf?: string) =>
    ask(method, `/api/leave${query}`, body, csrf);
}
const leave = { guide_userid: "lan", from_on: "2026-03-10", to_on: "2026-03-12" };

test("HQ and the guide's own manager enter, see and take back leaves", async () => {
  const [hq, east, south, lan] = await Promise.all(["hq", "east", "south", "lan"].map(as));
  expect((await hq?.("put", "", leave))?.body).toEqual({ written: "new" });
  const outside = await east?.("put", "", { ...leave, deputy_userid: "ying" });
  expect([outside?.status, outside?.body.error.message]).toEqual([
    422,
    expect.stringContaining("代班的导购要在你负责的范围里"),
  ]);
  expect(outside?.body.error.faults).toMatchObject([{ field: "deputy_userid", value: "ying" }]);
  expect((await east?.("put", "", { ...leave, deputy_userid: "mei" }))?.body).toEqual({ written: "changed" });
  expect((await east?.("get"))?.body.leaves).toMatchObject([
    { guide: "lan", deputy: "mei", by: "account:2" },
  ]);
  // whom HQ names may work anywhere
  expect((await hq?.("put", "", { ...leave, deputy_userid: "ying" }))?.body).toEqual({ written: "changed" });
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
  expect((await house.stranger().get("/api/leave")).status).toBe(401);
});

test("another system pushes leaves and hand-overs, and both are described", async () => {
  const { key } = await house.services.identity.keys.create("hr", 0);
  const push = (table: string, rows: object[]) =>
    house.stranger().post(`/api/${table}`).set("Authorization", `Bearer ${key}`).send(rows);
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
  const { paths } = (await house.stranger().get("/api/openapi.json")).body;
  for (const path of ["/api/leave", "/api/leaves", "/api/transfers"])
    expect(Object.keys(paths)).toContain(path);
});
