// Every moment the form offers, as a file says it, and every fault of one that says it wrongly.
import { dataSource } from "../../src/journeys/draft-data.js";
import { parseJourney } from "../../src/journeys/file.js";
import { sayTrigger } from "../../src/journeys/say-trigger.js";
import type { Trigger } from "../../src/journeys/spec.js";
import { sayFault } from "../../src/kernel/refusals.js";
import { refusedFor } from "../support/refused.js";

const dayNames = new Map([
  ["双11", "双11"],
  ["双十一", "双11"],
  ["618", "618"],
  ["春节", "春节"],
]);

function read(lines: string): Trigger | undefined {
  const text = `key: j\nname: 旅程\ntouchpoints:\n  - { key: t, name: 触点, words: 您好, ${lines} }`;
  const source = { name: "j.yaml", text, readWords: () => ({ fault: "none" }), dayNames };
  return parseJourney(source, () => []).touchpoints[0]?.trigger;
}

const day = { anchor: "day", offset: { unit: "days", n: 0 }, repeat: "yearly", spreadDays: 1 } as const;

it.each<[lines: string, trigger: Trigger, said: string]>([
  ...[3, 7, 15, 30, 60, 90, 150].flatMap((n): [string, Trigger, string][] => [
    [
      `after: guide_assigned, days: ${n}`,
      { anchor: "guide_assigned", offset: { unit: "days", n }, repeat: "once" },
      `分配导购后第${n}天`,
    ],
    [
      `after: joined, days: ${n}`,
      { anchor: "joined", offset: { unit: "days", n }, repeat: "once" },
      `加好友后第${n}天`,
    ],
  ]),
  [
    "after: first_order, days: 3",
    { anchor: "first_order", offset: { unit: "days", n: 3 }, repeat: "once" },
    "首次购买后第3天",
  ],
  ...[30, 45, 60].map((n): [string, Trigger, string] => [
    `after: last_order, days: ${n}, repeat: each`,
    { anchor: "last_order", offset: { unit: "days", n }, repeat: "each" },
    `最近一次购买后第${n}天，每次`,
  ]),
  ...[1, 6, 36].map((n): [string, Trigger, string] => [
    `after: child_born, months: ${n}`,
    { anchor: "child_born", offset: { unit: "months", n }, repeat: "once" },
    `宝宝满${n}个月`,
  ]),
  [
    "after: child_born, days: 30",
    { anchor: "child_born", offset: { unit: "days", n: 30 }, repeat: "once" },
    "宝宝满30天",
  ],
  [
    "after: child_born, days: 100",
    { anchor: "child_born", offset: { unit: "days", n: 100 }, repeat: "once" },
    "宝宝满100天",
  ],
  [
    "before: child_due, weeks: 4",
    { anchor: "child_due", offset: { unit: "weeks", n: -4 }, repeat: "once" },
    "预产期前4周",
  ],
  [
    "after: child_born, days: 0, repeat: yearly",
    { anchor: "child_born", offset: { unit: "days", n: 0 }, repeat: "yearly" },
    "宝宝生日当天，每年",
  ],
  [
    "before: child_born, days: 7, repeat: yearly",
    { anchor: "child_born", offset: { unit: "days", n: -7 }, repeat: "yearly" },
    "宝宝生日前7天，每年",
  ],
  [
    "after: customer_birthday, days: 0, repeat: yearly",
    { anchor: "customer_birthday", offset: { unit: "days", n: 0 }, repeat: "yearly" },
    "生日当天，每年",
  ],
  [
    "before: customer_birthday, days: 3, repeat: yearly",
    { anchor: "customer_birthday", offset: { unit: "days", n: -3 }, repeat: "yearly" },
    "生日前3天，每年",
  ],
  [
    "before: supply_ends, days: 5, repeat: each",
    { anchor: "supply_ends", offset: { unit: "days", n: -5 }, repeat: "each" },
    "预计用完前5天，每次",
  ],
  [
    "after: at_risk, days: 0, repeat: each",
    { anchor: "at_risk", offset: { unit: "days", n: 0 }, repeat: "each" },
    "出现流失风险当天，每次",
  ],
  ["on: 618", { ...day, day: { name: "618" } }, "每年618当天"],
  ["on: 双十一", { ...day, day: { name: "双11" } }, "每年双11当天"],
  ["on: 06-18, repeat: yearly", { ...day, day: { monthDay: "06-18" } }, "每年6月18日当天"],
  ["on: 02-29", { ...day, day: { monthDay: "02-29" } }, "每年2月29日当天"],
  ["on: 2026-06-18", { ...day, day: { dates: ["2026-06-18"] }, repeat: "once" }, "2026年6月18日当天"],
  [
    "on: [2027-06-20, 2026-06-18], repeat: once",
    { ...day, day: { dates: ["2026-06-18", "2027-06-20"] }, repeat: "once" },
    "2026年6月18日、2027年6月20日当天",
  ],
  [
    "before: 双11, days: 10, spread_days: 10",
    { ...day, day: { name: "双11" }, offset: { unit: "days", n: -10 }, spreadDays: 10 },
    "每年双11前10天起，分10天",
  ],
  [
    "before: 春节, weeks: 2",
    { ...day, day: { name: "春节" }, offset: { unit: "weeks", n: -2 } },
    "每年春节前2周",
  ],
  [
    "after: 春节, days: 1",
    { ...day, day: { name: "春节" }, offset: { unit: "days", n: 1 } },
    "每年春节后1天",
  ],
])("%s", (lines, trigger, said) => {
  expect(read(lines)).toEqual(trigger);
  expect(sayTrigger(trigger)).toBe(said);
});

it.each([
  ["on: 双13", '"双13": expected a day of the calendar'],
  ["on: joined", '"joined": expected a day of the calendar'],
  ["on: 13-01", '"13-01": expected a day of the calendar'],
  ["on: 2026-02-30", '"2026-02-30": expected a day of the calendar'],
  ["on: [2026-06-18, 2026-11-11]", "expected a day of the calendar: 06-18, 2026-06-18 (one a year)"],
  ["on: [双11, 春节]", "expected a day of the calendar"],
  ["after: wedding, days: 1", '"wedding": expected one of joined,'],
  ["before: 双11", "expected days:, weeks: or months:"],
  ["on: 双11, days: 3", "after: or before: such a distance"],
  ["on: 双11, repeat: once", "expected repeat: yearly with such a day, not once"],
  ["on: 2026-06-18, repeat: yearly", "expected repeat: once with such a day, not yearly"],
  ["on: 双11, repeat: each", "expected one of yearly, once"],
  ["before: 双11, months: 1", "expected days or weeks from a calendar day"],
  ["before: 双11, days: 181", "expected 0 to 180 days from a calendar day"],
  ["on: 双11, spread_days: 31", "expected a whole number from 1 to 30"],
  ["on: 双11, spread_days: 0", "expected a whole number from 1 to 30"],
  ["after: joined, days: 3, spread_days: 3", "expected a day of the calendar to spread customers around"],
  ["on: 双11, after: joined, days: 3", "one of after, before and on, not after and on"],
])("%s is refused", (lines, expected) => {
  const faults = refusedFor(() => read(lines)).map(sayFault);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(/^j\.yaml line 4 column \d+/);
  expect(faults[0]).toContain(expected);
});

describe("as data, of a form or a program", () => {
  const readData = (fields: object) => {
    const data = {
      key: "j",
      name: "旅程",
      touchpoints: [{ key: "t", name: "触点", words: "您好", ...fields }],
    };
    return parseJourney({ ...dataSource(data, new Map()), dayNames }, () => []).touchpoints[0]?.trigger;
  };

  it.each<[fields: object, trigger: Trigger]>([
    [{ on: 618 }, { ...day, day: { name: "618" } }],
    [
      { on: ["2027-06-20", "2026-06-18"] },
      { ...day, day: { dates: ["2026-06-18", "2027-06-20"] }, repeat: "once" },
    ],
    [
      { before: "双11", days: 10, spread_days: 10 },
      { ...day, day: { name: "双11" }, offset: { unit: "days", n: -10 }, spreadDays: 10 },
    ],
    [
      { before: "supply_ends", days: 5, repeat: "each" },
      { anchor: "supply_ends", offset: { unit: "days", n: -5 }, repeat: "each" },
    ],
  ])("%j", (fields, trigger) => {
    expect(readData(fields)).toEqual(trigger);
  });

  it.each<[fields: object, field: string, expected: string]>([
    [{ on: "双13" }, "touchpoints.0.on", "a day of the calendar"],
    [{ on: null }, "touchpoints.0.on", "a day of the calendar"],
    [{ on: { day: "双11" } }, "touchpoints.0.on", "a day of the calendar"],
    [{ on: "双11", spread_days: 31 }, "touchpoints.0.spread_days", "1 to 30"],
    [{ before: "双11", days: 181 }, "touchpoints.0.days", "0 to 180 days"],
  ])("%j is refused where it stands", (fields, field, expected) => {
    expect(refusedFor(() => readData(fields))).toEqual([
      expect.objectContaining({ field, expected: expect.stringContaining(expected) }),
    ]);
  });
});
