// The timed jobs, for HQ: how each stands, one job's runs with their picture, and a run at once.
import { setTimeout as wait } from "node:timers/promises";
import { Router } from "@koa/router";
import { sessionOf, viewerOf } from "../../identity/guard.js";
import { languageOf, sayInPassing, type Web, wantsFragment } from "../../infra/web.js";
import { shopDayOf } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import { missingIn } from "../../org/calendar-queries.js";
import { yearsThatMatter } from "../../org/calendar-rules.js";
import { durationChart } from "../../reports/duration-chart.js";
import { count, moment } from "../format.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import { dayCounts, journeySwitches } from "./day-queries.js";
import { durationOf, failuresAfter, jobLines, runsOf, stateOf } from "./job-lines.js";
import { type JobMoment, jobRow, runRow } from "./job-page.js";
import { JOB_TITLES, jobTitle } from "./job-titles.js";
import { journeyRow, type OperationsPageParts, tabsOf } from "./parts.js";

const WEEK = 7 * 86_400_000;
/** Runs of one job that its page shows. */
const RUNS = 60;
/** So long a page waits for a run somebody began: most end within it. */
const SOON = 1_200;

/** GET /operations, /operations/jobs/NAME with row and runs.svg; POST /operations/jobs/NAME/run. */
export function jobPages(parts: OperationsPageParts): Router {
  const { guard, pages, store, timed } = parts;
  const router = new Router();
  const may = guard.may("see_operations");
  router.get("/operations", may, async (ctx) => {
    showDesk(ctx, pages, "operations/jobs", "运行情况", await overviewOf(ctx, parts));
  });
  router.get("/operations/jobs/:name", may, async (ctx) => {
    const { now, zone } = momentOf(ctx, parts);
    const name = nameOf(ctx);
    const runs = await runsOf(store.read, name, RUNS);
    if (runs.length === 0 && !(name in JOB_TITLES)) throw noSuchJob(name);
    showDesk(ctx, pages, "operations/job", jobTitle(name), {
      ...{ name, heading: jobTitle(name), purpose: JOB_TITLES[name]?.purpose ?? "", tabs: tabsOf(ctx) },
      ...{ runs: runs.map((run) => runRow(run, { now, zone })), hasChart: runs.length > 1 },
    });
  });
  router.get("/operations/jobs/:name/runs.svg", may, async (ctx) => {
    const { now, zone } = momentOf(ctx, parts);
    const runs = (await runsOf(store.read, nameOf(ctx), RUNS)).reverse();
    ctx.type = "image/svg+xml";
    ctx.body = await durationChart(
      runs.map((run) => ({
        label: moment(run.startedAt, zone),
        seconds: (durationOf(run, now) ?? 0) / 1000,
        isBad: ["failed", "broken"].includes(stateOf(run, now)),
      })),
      { width: 1180, height: 220, say: (text) => pages.say(text, languageOf(ctx)) },
    );
  });
  router.get("/operations/jobs/:name/row", may, (ctx) => showRow(ctx, parts));
  router.post("/operations/jobs/:name/run", guard.may("run_jobs"), guard.csrf, async (ctx) => {
    const name = nameOf(ctx);
    if (!timed.board) throw new Refusal("unsupported", "这个进程不跑定时工作，请在跑定时工作的进程上操作。");
    const { ended } = await timed.board.runNow(name, actorOf(ctx));
    await Promise.race([ended, wait(SOON, undefined, { ref: false })]);
    if (!wantsFragment(ctx)) {
      return goTo(ctx, "/operations");
    }
    sayInPassing(ctx, `「${jobTitle(name)}」已开始运行。`);
    await showRow(ctx, parts);
  });
  return router;
}

async function overviewOf(ctx: Web, parts: OperationsPageParts): Promise<object> {
  const { store, timed } = parts;
  const moments = momentOf(ctx, parts);
  const today = shopDayOf(moments.now, parts.zone);
  const [lines, failures, warnings, counts, journeys] = await Promise.all([
    jobLines(store.read, timed.board, moments.now),
    failuresAfter(store.read, moments.now - WEEK, 20),
    missingIn(store.read, yearsThatMatter(today)),
    dayCounts(parts, viewerOf(ctx), today),
    journeySwitches(store),
  ]);
  return {
    tabs: tabsOf(ctx),
    warnings,
    counts: counts.map(({ name, count: n }) => ({ name, value: count(n) })),
    jobs: lines.map((line) => jobRow(line, moments)),
    canRun: moments.canRun,
    failures: failures.map((run) => runRow(run, moments)),
    journeys: journeys.map(journeyRow),
  };
}

async function showRow(ctx: Web, parts: OperationsPageParts): Promise<void> {
  const moments = momentOf(ctx, parts);
  const name = nameOf(ctx);
  const [line] = await jobLines(parts.store.read, parts.timed.board, moments.now, name);
  if (!line) throw noSuchJob(name);
  ctx.type = "html";
  ctx.body = parts.pages.page("operations/job-row", { language: languageOf(ctx), ...jobRow(line, moments) });
}

function momentOf(ctx: Web, { world, zone, timed }: OperationsPageParts): JobMoment {
  return { now: world.now(), zone, csrf: sessionOf(ctx).csrf, canRun: timed.board !== undefined };
}

function nameOf(ctx: Web): string {
  return String((ctx.params as Record<string, string>).name ?? "");
}

function noSuchJob(name: string): Refusal {
  return new Refusal("not_found", `没有名为「${name}」的定时工作。`);
}
