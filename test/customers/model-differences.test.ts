// When a foretold day is written, moved, kept or taken away.
import type { StoredAnchor } from "../../src/customers/anchor-differences.js";
import { compareModels } from "../../src/customers/model-differences.js";

const TODAY = "2026-03-10";
const anchor = (kind: string, onDate: string, cycleOn = 20260301, guideId = 7): StoredAnchor => ({
  ...{ customerId: 1, kind, childNo: 0, onDate, cycleOn, guideId, quietThrough: null },
});
const order = anchor("last_order", "2026-03-01");

/** What is written of at_risk for a customer of guide 7 whose last order was on 1 March: a day, "gone" or nothing. */
function written(on: string | null, before: StoredAnchor[], lastOrder: StoredAnchor | null = order) {
  const foretold = { customerId: 1, lastOn: "2026-03-01", days: { at_risk: on, supply_ends: null } };
  const stored = [...(lastOrder ? [lastOrder] : []), ...before];
  const { anchors, marks, gone } = compareModels(
    [foretold],
    new Map([[1, { customerId: 1, guideId: 7 }]]),
    new Map([[1, stored]]),
    TODAY,
  );
  // whatever is written or taken away leaves exactly one mark
  expect(marks).toHaveLength(anchors.length + gone.length);
  return gone.length > 0 ? "gone" : (anchors[0]?.[3] ?? "nothing");
}

test.each<[string, string | null, StoredAnchor[], string]>([
  ["a first day", "2026-05-01", [], "2026-05-01"],
  ["no day to say", null, [], "nothing"],
  ["the same day", "2026-05-01", [anchor("at_risk", "2026-05-01")], "nothing"],
  ["two days off: a model is not that exact", "2026-05-03", [anchor("at_risk", "2026-05-01")], "nothing"],
  ["three days off", "2026-05-04", [anchor("at_risk", "2026-05-01")], "2026-05-04"],
  ["earlier than thought", "2026-04-01", [anchor("at_risk", "2026-05-01")], "2026-04-01"],
  ["a day that has come stays", "2026-05-01", [anchor("at_risk", "2026-03-10")], "nothing"],
  ["… also when there is none any more", null, [anchor("at_risk", "2026-03-09")], "nothing"],
  ["one to come goes when there is none any more", null, [anchor("at_risk", "2026-05-01")], "gone"],
  [
    "of an earlier cycle, though it has come",
    "2026-05-01",
    [anchor("at_risk", "2026-03-01", 20260101)],
    "2026-05-01",
  ],
  ["of an earlier cycle, with none in this one", null, [anchor("at_risk", "2026-03-01", 20260101)], "gone"],
  [
    "another owner takes it along, on its day",
    "2026-05-02",
    [anchor("at_risk", "2026-05-01", 20260301, 8)],
    "2026-05-01",
  ],
])("%s", (_what, on, before, right) => {
  expect(written(on, before)).toBe(right);
});

test("nothing is written of a customer whose last order is another by now, or none", () => {
  expect(written("2026-05-01", [], anchor("last_order", "2026-03-09", 20260309))).toBe("nothing");
  expect(written("2026-05-01", [], null)).toBe("nothing");
});
