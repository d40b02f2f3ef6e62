// The timed jobs as data: name, clock, and the pass each runs.
import type { Services } from "../wire.js";
import type { Job } from "./runs.js";

/** Every timed job. All of them find their own work in the database, so a missed or doubled run does no harm. */
export function jobsOf({ passes, config }: Pick<Services, "passes" | "config">): Job[] {
  return [
    { name: "calendar", cron: "40 0 * * *", atStart: true, run: passes.calendar },
    { name: "models", cron: "20 2 * * *", atStart: true, run: passes.models },
    { name: "phones", cron: "50 1 * * *", atStart: true, run: passes.phones },
    { name: "plan", cron: daily(config.day.plan), atStart: true, run: passes.plan },
    // takes up what a process left undone when it ended in the middle
    { name: "plan-rest", cron: "35 * * * *", run: passes.plan },
    { name: "plan-changes", cron: "*/2 * * * *", run: passes.planMarked },
    { name: "tags", cron: "40 4 * * *", run: passes.tags },
    { name: "release", cron: daily(config.day.release), atStart: true, run: passes.release },
    { name: "release-rest", cron: "*/10 * * * *", run: passes.release },
    { name: "offer", cron: "* * * * *", run: passes.offer },
    { name: "nudge", cron: "15 * * * * *", run: passes.nudge },
    { name: "summary", cron: "35 * * * * *", run: passes.summary },
    { name: "dispatch", cron: "*/10 * * * * *", run: passes.dispatch },
    { name: "poll", cron: "30 * * * * *", run: passes.poll },
    { name: "reconcile", cron: "45 * * * * *", run: passes.reconcile },
    { name: "cards", cron: "25 */2 * * * *", run: passes.cards },
    { name: "recheck", cron: "*/5 * * * *", run: passes.recheck },
    { name: "quiet", cron: "5 * * * * *", run: passes.quiet },
    { name: "callbacks", cron: "*/15 * * * * *", atStart: true, run: passes.callbacks },
    { name: "credit", cron: "20 * * * * *", atStart: true, run: passes.credit },
    { name: "urgent", cron: "40 * * * * *", atStart: true, run: passes.urgent },
    { name: "figures", cron: "50 * * * * *", atStart: true, run: passes.figures },
    { name: "newcomers", cron: "55 */10 * * * *", atStart: true, run: passes.newcomers },
    { name: "newcomers-all", cron: "50 3 * * *", atStart: true, run: passes.newcomersAll },
    { name: "uplift", cron: "40 6 * * *", atStart: true, run: passes.uplift },
    { name: "weekly", cron: "10 * 9-20 * * 1", run: passes.weekly },
    { name: "expire", cron: "3 0 * * *", atStart: true, run: passes.expire },
    { name: "judge", cron: "12 6 * * *", atStart: true, run: passes.judge },
    { name: "receipts", cron: "15 */10 * * * *", run: passes.receipts },
    { name: "statistics", cron: "17 7,12 * * *", atStart: true, run: passes.statistics },
    { name: "expectations", cron: "25 4 * * *", atStart: true, run: passes.expectations },
    { name: "sync", cron: "10 3 * * *", run: passes.sync },
    { name: "transfers", cron: "7-59/10 * * * *", run: passes.transfers },
    { name: "counts", cron: "23 * * * *", atStart: true, run: passes.counts },
    { name: "tidy-imports", cron: "47 3 * * *", run: passes.tidyImports },
    { name: "tidy", cron: "37 3 * * *", run: passes.tidy },
  ];
}

/** "05:10" as a daily cron line. */
function daily(time: string): string {
  const [hour, minute] = time.split(":").map(Number);
  return `${minute} ${hour} * * *`;
}
