// When a timed job is late: it missed a time at which something was there to run it.
import { isLate } from "../../../src/console/operations/job-lines.js";

const minute = 60_000;
const day = 24 * 60 * minute;
const now = Date.UTC(2026, 2, 2, 1);

test.each<[string, { period: number; since: number; last: number; late: boolean }]>([
  ["ran a moment ago", { period: 2 * minute, since: now - day, last: now - minute, late: false }],
  ["missed many times", { period: 2 * minute, since: now - day, last: now - 15 * minute, late: true }],
  ["may be this late", { period: 2 * minute, since: now - day, last: now - 14 * minute, late: false }],
  ["begun a moment ago", { period: 2 * minute, since: now - minute, last: now - 3 * day, late: false }],
  ["begun long enough ago", { period: 2 * minute, since: now - 15 * minute, last: now - day, late: true }],
  ["daily, ran yesterday", { period: day, since: now - 9 * day, last: now - day, late: false }],
  ["daily, ran three days ago", { period: day, since: now - 9 * day, last: now - 3 * day, late: true }],
  ["daily, begun yesterday", { period: day, since: now - day, last: now - 9 * day, late: false }],
  ["without a clock", { period: 0, since: 0, last: 0, late: false }],
])("%s", (_name, { period, since, last, late }) => {
  expect(isLate({ period, since }, last, now)).toBe(late);
});
