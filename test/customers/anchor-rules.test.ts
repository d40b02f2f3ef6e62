// Which anchors follow from what is known of a customer, and which dates nobody can believe.
import { anchorsOf, cycleOf, type Facts, limitsOn, PARTS } from "../../src/customers/anchor-rules.js";

const today = "2026-11-22";
const nobody: Facts = {
  ...{ customerId: 1, guideId: 7, joinedOn: "2026-01-31", ownerSince: "2026-01-31", birthday: null },
  ...{ stopped: false, children: [], firstOrder: null, lastOrder: null, oddOrder: null },
};
const child = (bornOn: string | null, dueOn: string | null = null, childNo = 1) => ({
  childNo,
  bornOn,
  dueOn,
});

/** "kind:child date" and "!field:child value reason". */
function said(facts: Partial<Facts>, parts = PARTS): string[] {
  const { anchors, faults } = anchorsOf({ ...nobody, ...facts }, parts, limitsOn(today));
  return [
    ...anchors.map(({ kind, childNo, onDate }) => `${kind}:${childNo} ${onDate}`),
    ...faults.map(({ field, childNo, value, reason }) => `!${field}:${childNo} ${value} ${reason}`),
  ];
}

const own = ["joined:0 2026-01-31", "guide_assigned:0 2026-01-31"];

test.each<[string, Partial<Facts>, string[]]>([
  ["a customer and no more", {}, own],
  ["without an owner", { guideId: null }, ["joined:0 2026-01-31"]],
  ["the owner's contact ended", { ownerSince: null }, ["joined:0 2026-01-31"]],
  ["a later owner", { ownerSince: "2026-05-01" }, ["joined:0 2026-01-31", "guide_assigned:0 2026-05-01"]],
  ["a birthday", { birthday: "1992-02-29" }, [...own, "customer_birthday:0 1992-02-29"]],
  [
    "orders",
    { firstOrder: "2026-02-01", lastOrder: "2026-03-01" },
    [...own, "first_order:0 2026-02-01", "last_order:0 2026-03-01"],
  ],
  ["a child expected", { children: [child(null, "2027-01-01")] }, [...own, "child_due:1 2027-01-01"]],
  [
    "a child born ends the waiting",
    { children: [child("2026-10-01", "2026-10-09")] },
    [...own, "child_born:1 2026-10-01"],
  ],
  ["a birth is never assumed", { children: [child(null, "2025-01-01")] }, [...own, "child_due:1 2025-01-01"]],
  [
    "two children",
    { children: [child("2020-05-05"), child(null, "2027-02-02", 2)] },
    [...own, "child_born:1 2020-05-05", "child_due:2 2027-02-02"],
  ],
  ["stopped", { stopped: true, children: [child("2020-05-05"), child(null, "2027-02-02", 2)] }, own],
])("%s", (_name, facts, wanted) => {
  expect(said(facts)).toEqual(wanted);
});

test.each<[string, Partial<Facts>, string[]]>([
  ["no joined_on", { joinedOn: null, ownerSince: null }, ["!joined_on:0 null 缺少加入日期"]],
  [
    "joined before 1990",
    { joinedOn: "1989-12-31", ownerSince: "1989-12-31" },
    ["!joined_on:0 1989-12-31 早于 1990-01-01"],
  ],
  ["joined far ahead", { joinedOn: "2028-11-23", ownerSince: null }, ["!joined_on:0 2028-11-23 晚得不可信"]],
  [
    "born before 1990",
    { children: [child("1984-06-16")] },
    [...own, "!born_on:1 1984-06-16 早于 1990-01-01"],
  ],
  [
    "born unbelievably: the waiting ends all the same",
    { children: [child("1984-06-16", "2026-12-01")] },
    [...own, "!born_on:1 1984-06-16 早于 1990-01-01"],
  ],
  [
    "due too far ahead",
    { children: [child(null, "2028-11-23")] },
    [...own, "!due_on:1 2028-11-23 晚得不可信"],
  ],
  ["due two years ahead", { children: [child(null, "2028-11-22")] }, [...own, "child_due:1 2028-11-22"]],
  ["a child without dates", { children: [child(null)] }, [...own, "!born_on:1 null 缺少出生日期或预产期"]],
  [
    "a stopped customer's child is still looked at",
    { stopped: true, children: [child("1900-01-01")] },
    [...own, "!born_on:1 1900-01-01 早于 1990-01-01"],
  ],
  ["a grown-up born before 1990", { birthday: "1985-03-03" }, [...own, "customer_birthday:0 1985-03-03"]],
  ["a birthday before 1900", { birthday: "1899-12-31" }, [...own, "!birthday:0 1899-12-31 早于 1900-01-01"]],
  ["a birthday to come", { birthday: "2026-11-23" }, [...own, "!birthday:0 2026-11-23 晚得不可信"]],
  [
    "an order nobody can believe",
    { oddOrder: "1970-01-01", lastOrder: "2026-03-01", firstOrder: "2026-03-01" },
    [
      ...own,
      "first_order:0 2026-03-01",
      "last_order:0 2026-03-01",
      "!ordered_on:0 1970-01-01 早于 1990-01-01",
    ],
  ],
])("%s", (_name, facts, wanted) => {
  expect(said(facts)).toEqual(wanted);
});

test("only the parts asked for are looked at", () => {
  const all = { children: [child("2020-05-05")], firstOrder: "2026-02-01", lastOrder: "2026-02-01" };
  expect(said(all, ["children"])).toEqual(["child_born:1 2020-05-05"]);
  expect(said(all, ["orders"])).toEqual(["first_order:0 2026-02-01", "last_order:0 2026-02-01"]);
  expect(said(all, ["self"])).toEqual(own);
});

test("a cycle is the day as a number", () => {
  expect(cycleOf("2026-03-01")).toBe(20_260_301);
});
