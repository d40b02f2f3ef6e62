// One-off tasks as files: their days, and what they cannot say.
import { claimsCheck } from "../../src/journeys/claims.js";
import { oneoffDays, parseOneoff } from "../../src/journeys/oneoff-file.js";
import { sayFault } from "../../src/kernel/refusals.js";
import { refusedFor } from "../support/refused.js";

const today = "2026-03-02";
function read(...lines: string[]) {
  const source = { name: "visit.yaml", text: lines.join("\n"), readWords: () => ({ fault: "none" }) };
  return parseOneoff(source, { claims: claimsCheck([]), files: new Map(), today });
}
const whole = ["key: visit", "name: 三月回访", "send: hand"];

it("is a journey of one day with its deadline as grace", () => {
  const spec = read(...whole, 'on: "2026-03-05"', 'until: "2026-03-08"', "audience: { level: VIP }");
  expect(spec).toMatchObject({ key: "oneoff:visit", name: "三月回访" });
  expect(spec.touchpoints).toHaveLength(1);
  const [touchpoint] = spec.touchpoints;
  expect(touchpoint).toMatchObject({
    key: "visit",
    graceDays: 3,
    audience: { level: ["VIP"] },
    send: "hand",
  });
  expect(touchpoint && oneoffDays(touchpoint)).toEqual({ on: "2026-03-05", until: "2026-03-08" });
});

it("begins today where it says no day, and may end today", () => {
  const [touchpoint] = read(...whole, `until: "${today}"`).touchpoints;
  expect(touchpoint && oneoffDays(touchpoint)).toEqual({ on: today, until: today });
});

it.each<[string, string[], string]>([
  ["no deadline", whole, "expected until: a day from 2026-03-02 to 2026-05-01"],
  ["a deadline gone by", [...whole, 'until: "2026-03-01"'], "expected a day from 2026-03-02"],
  [
    "a deadline before its day",
    [...whole, "on: '2026-03-09'", "until: '2026-03-08'"],
    "expected a day from 2026-03-09",
  ],
  [
    "a deadline months away",
    [...whole, "until: '2026-06-01'"],
    "expected a day from 2026-03-02 to 2026-05-01",
  ],
  ["a day gone by", [...whole, "on: '2026-03-01'", "until: '2026-03-08'"], "expected a day from 2026-03-02"],
  ["a trigger", [...whole, "until: '2026-03-08'", "after: joined"], '"after": expected one of the keys'],
  [
    "a key too long",
    [`key: ${"a".repeat(58)}`, "name: x", "send: hand", "until: '2026-03-08'"],
    "at most 57 characters",
  ],
  ["nobody to send it", ["key: a", "name: b", "until: '2026-03-08'"], "words: a text"],
])("%s is refused", (_name, lines, expected) => {
  const faults = refusedFor(() => read(...lines)).map(sayFault);
  expect(faults.join("\n")).toContain(expected);
});
