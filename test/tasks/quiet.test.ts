// Quiet as rules: half-open hours that may cross midnight, whole days, and when it opens again.
import fc from "fast-check";
import { instantOf } from "../../src/kernel/calendar.js";
import { isQuietTime, type QuietHours, quietUntil, sayOpening } from "../../src/tasks/quiet.js";

const night: QuietHours = { from: "21:30", to: "08:00" };
const noon: QuietHours = { from: "12:00", to: "14:00" };
const never: QuietHours = { from: "00:00", to: "00:00" };
const zone = "Asia/Shanghai";

it.each<[time: string, hours: QuietHours, quiet: boolean]>([
  ["21:29", night, false],
  ["21:30", night, true],
  ["23:59", night, true],
  ["00:00", night, true],
  ["07:59", night, true],
  ["08:00", night, false],
  ["12:00", night, false],
  ["11:59", noon, false],
  ["12:00", noon, true],
  ["13:59", noon, true],
  ["14:00", noon, false],
  ["00:00", noon, false],
  ["00:00", never, false],
  ["12:00", { from: "09:00", to: "09:00" }, false],
])("%s in %j: %s", (time, hours, quiet) => {
  expect(isQuietTime(time, hours)).toBe(quiet);
});

it.each<[what: string, at: string, hours: QuietHours, days: string[], opens: string | null, said: string]>([
  ["by day", "2026-04-03 10:00", night, [], null, ""],
  ["the minute before", "2026-04-03 21:29", night, [], null, ""],
  ["as it begins", "2026-04-03 21:30", night, [], "2026-04-04 08:00", "明天08:00"],
  ["after midnight", "2026-04-04 03:00", night, [], "2026-04-04 08:00", "08:00"],
  ["as it ends", "2026-04-04 08:00", night, [], null, ""],
  ["at noon", "2026-04-04 12:30", noon, [], "2026-04-04 14:00", "14:00"],
  ["on a quiet day", "2026-04-05 10:00", night, ["2026-04-05"], "2026-04-06 08:00", "明天08:00"],
  [
    "the night before a quiet day",
    "2026-04-04 22:00",
    night,
    ["2026-04-05"],
    "2026-04-06 08:00",
    "4月6日08:00",
  ],
  ["the morning of a quiet day", "2026-04-05 09:00", never, ["2026-04-05"], "2026-04-06 00:00", "明天00:00"],
  [
    "days on end",
    "2026-04-04 08:00",
    night,
    ["2026-04-04", "2026-04-05", "2026-04-06"],
    "2026-04-07 08:00",
    "4月7日08:00",
  ],
  ["the day after a quiet day", "2026-04-06 08:00", night, ["2026-04-05"], null, ""],
  ["without hours", "2026-04-04 03:00", never, [], null, ""],
])("%s", (_what, at, hours, days, opens, said) => {
  const [now, then] = [at, opens ?? at].map((text) => instantOf(text.slice(0, 10), text.slice(11), zone));
  const until = quietUntil(now ?? 0, hours, new Set(days), zone);
  expect(until).toBe(opens === null ? null : then);
  expect(until === null ? "" : sayOpening(until, now ?? 0, zone)).toBe(said);
});

it("goes by the brand's own clock", () => {
  const at = Date.UTC(2026, 3, 3, 14, 0);
  expect(quietUntil(at, night, new Set(), "Asia/Shanghai")).toBe(Date.UTC(2026, 3, 4, 0, 0));
  expect(quietUntil(at, night, new Set(), "Europe/Berlin")).toBeNull();
});

it("ends where it is not quiet, and never before", () => {
  const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
  const said = ([hour, minute]: [number, number]) =>
    `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  fc.assert(
    fc.property(time, time, fc.integer({ min: 0, max: 5_000 }), (from, to, minutes) => {
      const hours = { from: said(from), to: said(to) };
      const days = new Set(["2026-04-05"]);
      const at = instantOf("2026-04-03", "00:00", zone) + minutes * 60_000;
      const until = quietUntil(at, hours, days, zone);
      if (until === null) return;
      expect(until).toBeGreaterThan(at);
      expect(quietUntil(until, hours, days, zone)).toBeNull();
      expect(quietUntil(until - 60_000, hours, days, zone)).toBe(until);
    }),
  );
});
