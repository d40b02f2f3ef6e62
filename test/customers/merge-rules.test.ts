// What two customers who are one person come to.
import {
  type ChildData,
  mergedChildren,
  mergedContact,
  mergedData,
} from "../../src/customers/merge-rules.js";

const nobody = {
  ...{ name: "", guideId: null, ownerNamed: 0, joinedOn: null, source: null, phoneCipher: null },
  ...{ birthday: null, brandPreference: null, level: null, optedOut: 0, stopped: 0 },
  ...{ optedOutBy: null, optedOutAt: null, phoneIndex: null },
};

it.each([
  [
    "what only the other had",
    {},
    { name: "王", guideId: 7, ownerNamed: 1 },
    { name: "王", guideId: 7, ownerNamed: 1 },
  ],
  [
    "its own stays",
    { name: "林", guideId: 3 },
    { name: "王", guideId: 7, ownerNamed: 1 },
    { name: "林", guideId: 3, ownerNamed: 0 },
  ],
  [
    "joined when they first did",
    { joinedOn: "2026-02-01" },
    { joinedOn: "2026-01-01" },
    { joinedOn: "2026-01-01" },
  ],
  ["the one date there is", {}, { joinedOn: "2026-01-01" }, { joinedOn: "2026-01-01" }],
  [
    "a phone goes with the index it is found by",
    { phoneIndex: 5 },
    { phoneCipher: "c", phoneIndex: 7 },
    { phoneCipher: "c", phoneIndex: 7 },
  ],
  ["a no to messages is the person's", {}, { optedOut: 1, stopped: 1 }, { optedOut: 1, stopped: 1 }],
])("own data: %s", (_what, into, from, expected) => {
  expect(mergedData({ ...nobody, ...into }, { ...nobody, ...from })).toMatchObject(expected);
});

const child = (childNo: number, more: Partial<ChildData> = {}): ChildData => ({
  ...{ childNo, name: null, bornOn: null, dueOn: null, sex: null },
  ...more,
});

it.each<[string, ChildData[], ChildData[], [from: number, into: number][], ChildData[]]>([
  ["none at all", [], [], [], []],
  [
    "a second child",
    [child(1, { bornOn: "2024-01-01" })],
    [child(1, { bornOn: "2026-01-01" })],
    [[1, 2]],
    [child(2, { bornOn: "2026-01-01" })],
  ],
  [
    "the same birth, called otherwise",
    [child(1, { bornOn: "2026-01-01", name: "豆豆" })],
    [child(1, { bornOn: "2026-01-02", name: "豆宝", sex: "boy" })],
    [[1, 1]],
    [child(1, { bornOn: "2026-01-01", name: "豆豆", sex: "boy" })],
  ],
  [
    "a birth near the due date",
    [child(1, { dueOn: "2026-03-01" })],
    [child(3, { bornOn: "2026-02-20" })],
    [[3, 1]],
    [child(1, { dueOn: "2026-03-01", bornOn: "2026-02-20" })],
  ],
  [
    "a birth far from the due date",
    [child(1, { dueOn: "2026-03-01" })],
    [child(1, { bornOn: "2024-02-20" })],
    [[1, 2]],
    [child(2, { bornOn: "2024-02-20" })],
  ],
  [
    "the same due date",
    [child(2, { dueOn: "2026-03-01" })],
    [child(1, { dueOn: "2026-03-01", name: "小宝" })],
    [[1, 2]],
    [child(2, { dueOn: "2026-03-01", name: "小宝" })],
  ],
  [
    "twins with twins",
    [child(1, { bornOn: "2026-01-01", name: "大" }), child(2, { bornOn: "2026-01-01", name: "小" })],
    [child(1, { bornOn: "2026-01-01", name: "小" }), child(2, { bornOn: "2026-01-01", name: "大" })],
    [
      [1, 2],
      [2, 1],
    ],
    [child(2, { bornOn: "2026-01-01", name: "小" }), child(1, { bornOn: "2026-01-01", name: "大" })],
  ],
  ["nothing known of either", [child(1)], [child(1)], [[1, 2]], [child(2)]],
])("children: %s", (_what, into, from, numbers, children) => {
  const merged = mergedChildren(into, from);
  expect([...merged.numbers]).toEqual(numbers);
  expect(merged.children).toEqual(children);
});

it.each([
  [
    { beganOn: "2026-01-01", endedOn: null },
    { beganOn: "2025-01-01", endedOn: "2025-06-01" },
    { beganOn: "2025-01-01", endedOn: null },
  ],
  [
    { beganOn: null, endedOn: "2026-01-01" },
    { beganOn: "2025-01-01", endedOn: "2025-06-01" },
    { beganOn: "2025-01-01", endedOn: "2026-01-01" },
  ],
  [
    { beganOn: null, endedOn: null },
    { beganOn: null, endedOn: null },
    { beganOn: null, endedOn: null },
  ],
])("friendships: %j and %j", (a, b, expected) => expect(mergedContact(a, b)).toEqual(expected));
