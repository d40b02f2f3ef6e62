// How people decide: by the seed alone, inside human hours, the good better than the slow.
import fc from "fast-check";
import { dayNumber, isWeekend, minuteOfDay } from "../../src/sandbox/beijing.js";
import { chance } from "../../src/sandbox/chance.js";
import * as people from "../../src/sandbox/people.js";
import { evenTemper } from "../../src/sandbox/settings.js";
import { monday } from "./open.js";

const day = 86_400_000;
const guide = (skill: number, factor = 1): people.GuideNature => ({ userid: "lan", skill, factor });

/** Of many occasions, the share for which `decide` says yes. */
function share(decide: (occasion: string) => boolean): number {
  const occasions = Array.from({ length: 4000 }, (_, at) => `o${at}`);
  return occasions.filter(decide).length / occasions.length;
}

const confirms = (who: people.GuideNature, at: number) => (occasion: string) =>
  people.confirmsAt("s", who, occasion, at, 0, evenTemper) !== undefined;
const replies = (who: people.GuideNature, at: number) => (occasion: string) =>
  people.repliesTo("s", who, `wm-${occasion}`, occasion, "你好", at, evenTemper).length > 0;

test("chance is even, and the same for the same words", () => {
  const numbers = Array.from({ length: 10_000 }, (_, at) => chance("seed", "x", at));
  const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  expect(mean).toBeGreaterThan(0.49);
  expect(mean).toBeLessThan(0.51);
  expect(chance("seed", "a", "b")).toBe(chance("seed", "a", "b"));
  expect(chance("seed", "ab", "")).not.toBe(chance("seed", "a", "b"));
});

test("2 March 2026 was a Monday, 7 March a Saturday", () => {
  expect([0, 4, 5, 6, 7].map((later) => isWeekend(dayNumber(monday + later * day)))).toEqual([
    false,
    false,
    true,
    true,
    false,
  ]);
});

describe("shares", () => {
  test("the skilled confirm more often than the slow", () => {
    expect(share(confirms(guide(0.9), monday))).toBeCloseTo(0.918, 1);
    expect(share(confirms(guide(0.1), monday))).toBeCloseTo(0.5, 1);
  });

  test("customers answer the skilled, the better region and the working week more", () => {
    const usual = share(replies(guide(0.6), monday));
    expect(usual).toBeGreaterThan(0.25);
    expect(usual).toBeLessThan(0.42);
    expect(share(replies(guide(0.1), monday))).toBeLessThan(usual * 0.75);
    expect(share(replies(guide(0.6, 1.3), monday))).toBeGreaterThan(usual * 1.1);
    expect(share(replies(guide(0.6), monday + 5 * day))).toBeLessThan(usual * 0.9);
  });

  test("a few leave, most stay", () => {
    const leaves = share(
      (occasion) => people.leavesAt("s", "wm", occasion, monday, evenTemper) !== undefined,
    );
    expect(leaves).toBeGreaterThan(0);
    expect(leaves).toBeLessThan(0.01);
  });
});

test("nobody acts in the past or in the night, and the same question has the same answer", () => {
  const moments = fc.integer({ min: monday - 365 * day, max: monday + 365 * day });
  fc.assert(
    fc.property(
      moments,
      fc.string({ maxLength: 8 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (at, occasion, skill) => {
        const ask = (): number[] => [
          ...people
            .repliesTo("s", guide(skill), "wm", occasion, "生日快乐", at, evenTemper)
            .map((one) => one.at),
          people.confirmsAt("s", guide(skill), occasion, at, 0, evenTemper) ?? at + day,
          people.answersBack("s", guide(skill), occasion, at)?.at ?? at + day,
        ];
        const times = ask();
        expect(ask()).toEqual(times);
        for (const time of times) expect(time).toBeGreaterThanOrEqual(at);
        const [first] = people.repliesTo("s", guide(skill), "wm", occasion, "你好", at, evenTemper);
        const clock = first ? minuteOfDay(first.at) : 600;
        expect(clock >= 8 * 60 && clock < 23 * 60).toBe(true);
      },
    ),
  );
});

test("a guide looks at the phone in the day, at their own minutes", () => {
  const at = people.nextLook("s", "lan", monday + 14 * 3_600_000);
  expect(dayNumber(at)).toBe(dayNumber(monday) + 1);
  expect(minuteOfDay(at)).toBeGreaterThanOrEqual(9 * 60 + 10);
  expect(minuteOfDay(at)).toBeLessThan(9 * 60 + 35);
  expect(people.nextLook("s", "lan", at)).toBe(at);
});

test("on a list the guide skips with a reason and reports work by hand, highest number first", () => {
  const list = "今日任务 3 位\n1. 王女士 满月\n2. 李女士 电话回访\n3、张女士 回访\n回复数字看详情";
  const always = { ...evenTemper, skips: 1 };
  expect(people.commandsFor("s", "lan", 1, list, always).map((one) => one.replace(/ \D+$/, ""))).toEqual([
    "跳过 3",
    "跳过 2",
    "跳过 1",
  ]);
  const never = { ...evenTemper, skips: 0 };
  for (const command of people.commandsFor("s", "lan", 1, list, never))
    expect(command).toMatch(/^完成 [23]$/);
  expect(people.commandsFor("s", "lan", 1, "没有任务", always)).toEqual([]);
});
