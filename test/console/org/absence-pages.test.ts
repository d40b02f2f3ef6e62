// A leave or a leaving entered without any script: what cannot be is refused in words one can act on.
import { type ApiHouse, openApiHouse } from "../../support/api-house.js";

let house: ApiHouse;
let hq: Awaited<ReturnType<ApiHouse["as"]>>;

beforeAll(async () => {
  house = await openApiHouse("2026-03-09");
  const { customers } = house.services;
  await customers.push("stores", [{ store_code: "S1", store_name: "徐汇店", 大区: "华东" }]);
  await customers.push("guides", [{ guide_userid: "lan", guide_name: "兰兰", store_code: "S1" }]);
  await house.account("hq", "hq");
  hq = await house.as("hq");
});
afterAll(() => house.close());

const send = (path: string, body: object) =>
  hq("post", `/org/guides/1/${path}`).type("form").set("Accept", "text/html").send(body);

const expected = "应为2000 到 2100 年的日期，如 2026-10-01";

it.each([
  ["leave", { from: "10.3.", to: "2026-03-12" }, `第一天：${expected}`],
  ["leave", { from: "2026-03-10" }, `最后一天：${expected}`],
  ["leave", { from: "2026-03-10", to: "9026-03-12" }, `最后一天：${expected}`],
  ["leave", { from: "2026-03-12", to: "2026-03-10" }, "休假的最后一天早于第一天"],
  ["leaver", { on: "明天" }, `从哪天起不在职：${expected}`],
])("%s with %j is refused", async (path, body, said) => {
  const answer = await send(path, body);
  expect(answer.status).toBe(422);
  expect(answer.text).toContain(said);
  expect(answer.text).not.toContain("YYYY");
  expect((await house.services.store.read.rows("SELECT id FROM guide_leave")).length).toBe(0);
});

it("days with spaces around them are days", async () => {
  expect((await send("leave", { from: " 2026-03-10 ", to: "2026-03-12" })).status).toBe(303);
  expect(await house.services.store.read.rows("SELECT guide_id, from_on FROM guide_leave")).toEqual([
    { guide_id: 1, from_on: "2026-03-10" },
  ]);
});
