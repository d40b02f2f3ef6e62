// Rows laid over what is stored: what is new, changed, unchanged or refused, also twice in one batch.
import { given, overlay, type Placed } from "../../src/infra/upserts.js";

interface Row {
  key: string;
  name?: string | null;
}
const stored = new Map([
  ["a", { key: "a", name: "甲" }],
  ["b", { key: "b", name: "乙" }],
]);
const lay = ({ row, line }: Placed<Row>, before: { key: string; name: string | null } | undefined) =>
  row.key === "bad"
    ? [{ where: "t", line, expected: "another" }]
    : { key: row.key, name: given(row.name, before?.name) };
const run = (...rows: Row[]) =>
  overlay<Row, { key: string; name: string | null }>(
    rows.map((row, index) => ({ row, where: "t", line: index + 1 })),
    stored,
    (row) => row.key,
    lay,
  );

test.each([
  ["what is there already", [{ key: "a", name: "甲" }], ["unchanged"], []],
  ["nothing said", [{ key: "a" }], ["unchanged"], []],
  ["another name", [{ key: "a", name: "丙" }], ["changed"], [{ key: "a", name: "丙" }]],
  ["emptied", [{ key: "a", name: null }], ["changed"], [{ key: "a", name: null }]],
  ["new", [{ key: "c", name: "丙" }], ["new"], [{ key: "c", name: "丙" }]],
  [
    "new twice",
    [
      { key: "c", name: "丙" },
      { key: "c", name: "丙" },
    ],
    ["new", "unchanged"],
    [{ key: "c", name: "丙" }],
  ],
  [
    "new, then changed",
    [
      { key: "c", name: "丙" },
      { key: "c", name: "丁" },
    ],
    ["new", "changed"],
    [{ key: "c", name: "丁" }],
  ],
  [
    "refused between good ones",
    [{ key: "a", name: "x" }, { key: "bad" }, { key: "b", name: "y" }],
    ["changed", "refused", "changed"],
    [
      { key: "a", name: "x" },
      { key: "b", name: "y" },
    ],
  ],
])("%s", (_name, rows, statuses, after) => {
  const { outcomes, written } = run(...rows);
  expect(outcomes.map(({ status }) => status)).toEqual(statuses);
  expect([...written.values()].map((change) => change.after)).toEqual(after);
});

test("what was stored comes with what is to be", () => {
  const { written, outcomes } = run({ key: "a", name: "x" }, { key: "a", name: "y" }, { key: "bad" });
  expect(written.get("a")).toEqual({ before: { key: "a", name: "甲" }, after: { key: "a", name: "y" } });
  expect(outcomes[2]?.faults).toEqual([{ where: "t", line: 3, expected: "another" }]);
});
