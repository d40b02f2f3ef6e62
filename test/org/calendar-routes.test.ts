// The calendar over HTTP: HQ alone reads and edits it.
import { openApiDocument } from "../../src/infra/openapi.js";
import { calendarPaths } from "../../src/org/calendar-paths.js";
import { type ApiHouse, openApiHouse } from "../support/api-house.js";

let house: ApiHouse;

beforeAll(async () => {
  house = await openApiHouse("2026-11-22");
  await house.services.store.write((sql) =>
    sql.run("INSERT INTO region (id, parent_id, name, depth, trail) VALUES (5, 0, '华东', 0, '/5/')"),
  );
  await house.account("hq", "hq");
  await house.account("east", "manager", { regionId: 5 });
});
afterAll(() => house.close());

async function signIn(login: string) {
  const ask = await house.as(login);
  return {
    get: (path: string) => ask("get", path),
    put: (path: string, body: object) => ask("put", path, body),
    post: (path: string) => ask("post", path),
    delete: (path: string) => ask("delete", path),
    blind: (path: string, body: object) => ask("put", path, body, ""),
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
  await hq.delete(`/api/calendar/days?kind=named&name=会员日&year=2027`).expect(200);
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
  await house.stranger().get("/api/calendar/2026").expect(401);
});

it("is described", () => {
  const document = openApiDocument("1", [calendarPaths()]) as { paths: object };
  expect(Object.keys(document.paths)).toEqual([
    "/api/calendar/{year}",
    "/api/calendar/{year}/seed",
    "/api/calendar/days",
  ]);
});
