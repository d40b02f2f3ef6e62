// The forecast as HQ gets it over HTTP, over the whole product: of what is published, of a draft as data, of a stored draft.
import { type ApiHouse, openApiHouse } from "../../support/api-house.js";

const journey = (days: number) => ({
  key: "care",
  name: "关怀",
  touchpoints: [
    { key: "day", name: "问候", after: "joined", days, send: "page", words: "{{child.name}}好吗？" },
    { key: "618", name: "大促", on: "618", send: "page", words: "您好！" },
  ],
});
let house: ApiHouse;

beforeAll(async () => {
  house = await openApiHouse("2026-06-15", "04:00");
  const { customers, drafts } = house.services;
  await customers.push("stores", [{ store_code: "S1", store_name: "一店", 大区: "华东" }]);
  await customers.push("guides", [{ guide_userid: "lan", guide_name: "兰兰", store_code: "S1" }]);
  const joined = { guide_userid: "lan", joined_on: "2026-06-14" };
  await customers.push("customers", [
    { external_userid: "a", ...joined },
    { external_userid: "b", ...joined },
  ]);
  await customers.push("children", [
    { external_userid: "a", child_no: 1, name: "豆豆", born_on: "2026-01-01" },
  ]);
  await drafts.save("care", journey(2), "system");
  await drafts.publish("care", { yes: true, by: "system" });
  await drafts.save("care", journey(3), "system");
  await house.account("hq", "hq");
  await house.account("manager", "manager", { regionId: 1 });
});
afterAll(() => house.close());

async function as(login: string) {
  const ask = await house.as(login);
  return {
    get: (query: string) => ask("get", `/api/forecast?${query}`),
    post: (body: object, csrf?: string) => ask("post", "/api/forecast", body, csrf),
  };
}

test("HQ sees the days ahead, with what is missing", async () => {
  const { status, body } = await (await as("hq")).get("days=4");
  expect([status, body.from, body.to, body.overloaded]).toEqual([200, "2026-06-15", "2026-06-18", []]);
  const lines = body.days.map((line: Record<string, unknown>) =>
    [line.on, line.touchpoint, line.region, line.planned, line.released, line.needs_data].join(" "),
  );
  expect(lines).toEqual(["2026-06-16 day 华东 2 2 1", "2026-06-18 618 华东 2 1 0"]);
  expect(body.missing).toEqual([
    ...[
      { touchpoint: "day", journey: "care", variable: "child.name", label: "宝宝小名", customers: 1, of: 2 },
    ],
  ]);
});

test("without caps only what falls due is told", async () => {
  const { body } = await (await as("hq")).get("days=2&from=2026-06-17&without_caps=true");
  expect(body.days).toMatchObject([{ on: "2026-06-18", touchpoint: "618", planned: 2, released: 0 }]);
});

test.each([
  ["as data", journey(3)],
  ["as stored", "care"],
])("a draft %s stands beside what is published", async (_how, draft) => {
  const { status, body } = await (await as("hq")).post({ days: 4, draft });
  expect(status).toBe(200);
  expect(body.live.days[0]).toMatchObject({ on: "2026-06-16", touchpoint: "day", planned: 2 });
  expect(body.days[0]).toMatchObject({ on: "2026-06-17", touchpoint: "day", planned: 2 });
  expect(body.difference.days).toMatchObject([
    { on: "2026-06-16", touchpoint: "day", planned: -2 },
    { on: "2026-06-17", touchpoint: "day", planned: 2 },
  ]);
});

test("others are turned away, and what cannot be is refused with its place", async () => {
  const [hq, manager] = [await as("hq"), await as("manager")];
  expect((await manager.get("days=4")).status).toBe(403);
  expect((await hq.post({ days: 4 }, "no")).status).toBe(403);
  expect((await house.stranger().get("/api/forecast?days=4")).status).toBe(401);
  const refused = [
    await hq.get("days=61"),
    await hq.get("days=x"),
    await hq.get("days=3&from=2026-02-30"),
    await hq.post({ days: 3, draft: { key: "care", name: "关怀", touchpoints: [{ key: "x" }] } }),
    await hq.post({ days: 3, draft: 5 }),
  ];
  expect(refused.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422]);
  expect(refused.every(({ body }) => body.error.faults.length > 0)).toBe(true);
  expect((await hq.post({ days: 3, draft: "nobody" })).status).toBe(404);
});
