// When a timed job is late: it missed a time at which something was there to run it.
import { isLate, jobLines, jobStates } from "../../../src/console/operations/job-lines.js";
import { insertRows } from "../../../src/infra/batches.js";
import { describeOnEachDatabase } from "../../support/databases.js";

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

describeOnEachDatabase("how jobs stand", (store) => {
  it("is told alike with all that is known of them, and by their latest run alone", async () => {
    const runs = [
      ["figures", now - 3 * minute, "failed", now - 3 * minute, now - 2 * minute],
      ["figures", now - minute, "done", now - minute, now],
      ["dispatch", now - 2 * minute, "done", now - 2 * minute, now - minute],
      ["dispatch", now - minute, "failed", now - minute, now],
      ["offer", now - day, "running", now - day, null],
      ["other", now - day, "done", now - day, now - day],
    ];
    await store().write((sql) =>
      insertRows(sql, "INSERT INTO job_run (job, scheduled_at, state, started_at, ended_at)", runs),
    );
    const clock = { nextAt: now + minute, period: minute, since: now - 9 * day };
    const jobs = () => ["figures", "dispatch", "offer", "never"].map((name) => ({ ...clock, name }));
    const board = { jobs } as unknown as Parameters<typeof jobLines>[1];
    const states = (lines: { name: string; state: string }[]) => lines.map((one) => [one.name, one.state]);
    const told = states(await jobStates(store().read, board, now));
    expect(told).toEqual([
      ["figures", "done"],
      ["dispatch", "failed"],
      ["offer", "broken"],
      ["never", "never"],
    ]);
    expect(states(await jobLines(store().read, board, now))).toEqual(told);
    expect(states(await jobLines(store().read, board, now, "offer"))).toEqual([told[2]]);
    expect(await jobLines(store().read, board, now, "unheard")).toEqual([]);
    const without = states(await jobStates(store().read, undefined, now));
    expect(states(await jobLines(store().read, undefined, now))).toEqual(without);
  });
});
