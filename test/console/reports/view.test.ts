// What the report's address means, and how it is written.
import { presets, readView, viewUrl } from "../../../src/console/reports/view.js";

const TODAY = "2026-03-12";

it("without a query the last seven days, one level down", () => {
  expect(readView({}, TODAY)).toEqual({ from: "2026-03-06", to: TODAY, by: "below", page: 1 });
});

it("reads all it writes", () => {
  const view = {
    ...{ from: "2026-02-01", to: "2026-02-28", by: "guide" as const, page: 3 },
    ...{ within: { kind: "region" as const, id: 4 }, sort: { key: "replyRate" as const, down: true } },
  };
  const url = viewUrl("/report", view, { page: 3 });
  expect(url).toBe("/report?from=2026-02-01&to=2026-02-28&in=region%3A4&by=guide&sort=-replyRate&page=3");
  expect(readView(Object.fromEntries(new URL(url, "http://a").searchParams), TODAY)).toEqual(view);
});

it("what changes the rows goes back to the first page", () => {
  const view = readView({ page: "5" }, TODAY);
  expect(viewUrl("/report", view, { by: "store" })).not.toContain("page");
});

it("takes two days in either order", () => {
  expect(readView({ from: "2026-03-12", to: "2026-03-01" }, TODAY)).toMatchObject({
    ...{ from: "2026-03-01", to: "2026-03-12" },
  });
});

it.each([
  [{ from: "2024-01-01", to: "2026-03-01" }],
  [{ from: "2026-02-30" }],
  [{ from: ["2026-02-01", "2026-02-02"] }],
  [{ by: "everything" }],
  [{ in: "region:1 OR 1=1" }],
  [{ in: "brand:1" }],
  [{ sort: "constructor" }],
  [{ page: "0" }],
])("refuses %j", (query) => {
  expect(() => readView(query, TODAY)).toThrow(expect.objectContaining({ kind: "invalid" }));
});

it("the usual spans", () => {
  expect(presets("2026-03-01").map(({ label, from, to }) => `${label} ${from} ${to}`)).toEqual([
    "昨天 2026-02-28 2026-02-28",
    "近7天 2026-02-23 2026-03-01",
    "近30天 2026-01-31 2026-03-01",
    "本月 2026-03-01 2026-03-01",
    "上月 2026-02-01 2026-02-28",
  ]);
});
