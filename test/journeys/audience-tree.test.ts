// An audience as a tree and back: the same people, and every condition where the tree says.
import fc from "fast-check";
import type { Audience } from "../../src/journeys/audience.js";
import { checkAudience } from "../../src/journeys/audience-schema.js";
import { audienceOf, condition, treeOf } from "../../src/journeys/audience-tree.js";
import { sayAudience } from "../../src/journeys/say-audience.js";

const cases: [string, Audience][] = [
  ["everyone", {}],
  ["conditions beside each other", { level: ["金卡"], orders: { at_least: 2 }, lacks: ["child.name"] }],
  ["one of several", { any: [{ level: ["金卡"] }, { orders: { at_least: 3 }, tag: ["二胎"] }] }],
  ["none of these", { not: { tag: ["投诉"] } }],
  ["none of several", { not: { any: [{ tag: ["投诉"] }, { level: ["黑名单"] }] } }],
  ["not both", { not: { tag: ["投诉"], level: ["金卡"] } }],
  ["a field twice", { all: [{ tag: ["二胎"] }], tag: ["会员"] }],
  [
    "all at once",
    {
      region: ["华东"],
      all: [{ any: [{ level: ["银卡"] }, { level: ["金卡"] }] }, { not: { source: ["电商"] } }],
      any: [{ child_stage: ["0-3"] }, { not: { habit: ["hoarder"] } }],
      not: { any: [{ tag: ["投诉"] }, { tag: ["二胎"], level: ["金卡"] }] },
    },
  ],
];

it.each(cases)("%s come back as they were", (_name, audience) => {
  expect(audienceOf(treeOf(audience)).audience).toEqual(audience);
});

it("two of a field stand apart, and each is found where the tree has it", () => {
  const tree = treeOf({ tag: ["会员"], any: [{ level: ["金卡"] }, { orders: { at_least: 1 } }] });
  tree.inside.push(condition("tag", { values: [] }), {
    kind: "group",
    op: "none",
    inside: [condition("amount")],
  });
  const { audience, places } = audienceOf(tree);
  expect(audience).toEqual({
    ...{ tag: ["会员"], any: [{ level: ["金卡"] }, { orders: { at_least: 1 } }] },
    ...{ not: { amount: {} }, all: [{ tag: [] }] },
  });
  expect(Object.fromEntries(places)).toEqual({
    ...{ tag: "0", "any.0.level": "1.0", "any.1.orders": "1.1", "all.0.tag": "2", "not.amount": "3.0" },
  });
});

it("an empty group says nothing; what was typed is kept as it is", () => {
  const tree = treeOf({});
  tree.inside.push(
    { kind: "group", op: "any", inside: [] },
    condition("orders", { at_least: "两单", at_most: "3" }),
  );
  expect(audienceOf(tree).audience).toEqual({ orders: { at_least: "两单", at_most: 3 } });
});

const leaf = fc.oneof(
  fc.record({ level: fc.uniqueArray(fc.constantFrom("金卡", "银卡", "普通"), { minLength: 1 }) }),
  fc.record({ tag: fc.uniqueArray(fc.constantFrom("二胎", "投诉"), { minLength: 1 }) }),
  fc.record({ orders: fc.record({ at_least: fc.nat(9) }) }),
);
const rule: fc.Arbitrary<object> = fc.letrec((tie) => ({
  rule: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    leaf,
    fc.record({ any: fc.array(tie("rule"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ all: fc.array(tie("rule"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie("rule") }),
  ),
})).rule as fc.Arbitrary<object>;

/** Whether customers 0 to 23 fit, each with a level, tags and orders of their own. */
function fits(audience: Audience): boolean[] {
  return Array.from({ length: 24 }, (_one, n) => isIn(audience, n));
}

function isIn({ all = [], any, not, level, tag, orders }: Audience, n: number): boolean {
  const own = {
    level: ["金卡", "银卡", "普通"][n % 3] ?? "",
    tag: ["二胎", "投诉"][n % 2] ?? "",
    orders: n % 8,
  };
  return (
    (!level || level.includes(own.level)) &&
    (!tag || tag.includes(own.tag)) &&
    (!orders || own.orders >= (orders.at_least ?? 0)) &&
    all.every((one) => isIn(one, n)) &&
    (any?.some((one) => isIn(one, n)) ?? true) &&
    !(not && isIn(not, n))
  );
}

it("any rule, however deep, means the same people afterwards, and can be read", () => {
  fc.assert(
    fc.property(rule, (audience) => {
      const { audience: after } = audienceOf(treeOf(audience as Audience));
      expect(fits(after as Audience)).toEqual(fits(audience as Audience));
      expect(checkAudience(after)).toHaveProperty("value");
      expect(sayAudience(after as Audience)).not.toBe("");
    }),
    { numRuns: 300 },
  );
});
