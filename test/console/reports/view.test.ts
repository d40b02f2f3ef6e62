// What the report's address means, and how it is written.
import { daysOfAddress, keptAddress, presets, withDays } from "../../../src/console/reports/spans.js";
import { readView, viewUrl } from "../../../src/console/reports/view.js";

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

it("a usual span is kept by its name, and opened on the days of then", () => {
  const [, week] = presets(TODAY);
  const kept = keptAddress(
    "/report?from=2026-03-06&to=2026-03-12&in=region%3A4&sort=-issued",
    week ?? never(),
  );
  expect(kept).toBe("/report?span=7d&in=region%3A4&sort=-issued");
  const query = Object.fromEntries(new URL(kept, "http://a").searchParams);
  expect(readView(withDays(query, "2026-04-01"), "2026-04-01")).toMatchObject({
    ...{ from: "2026-03-26", to: "2026-04-01", within: { kind: "region", id: 4 } },
  });
  expect(withDays({ from: TODAY, span: "7d" }, TODAY)).toEqual({ from: TODAY });
  expect(() => withDays({ span: "7 days" }, TODAY)).toThrow(expect.objectContaining({ kind: "invalid" }));
  expect(
    [kept, "/report?from=2026-03-02&to=2026-03-08", "/report"].map((one) => daysOfAddress(one, TODAY)),
  ).toEqual(["近7天", "2026年3月2日 – 3月8日", ""]);
});

function never(): never {
  throw new Error("no such span");
}
