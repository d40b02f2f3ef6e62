// The chat system and the data, for HQ: calls and their limits, what waits, gaps, urgent replies; dates nobody can believe.
import { Readable } from "node:stream";
import { Router } from "@koa/router";
import { FAULT_FIELDS, faultCounts } from "../../customers/faults.js";
import { shopDayOf } from "../../kernel/calendar.js";
import { missingIn } from "../../org/calendar-queries.js";
import { yearsThatMatter } from "../../org/calendar-rules.js";
import { faultsCsv } from "../../reports/faults-csv.js";
import { freeTalkSince } from "../../tasks/free-talk.js";
import { latestUrgent } from "../../tasks/urgent-latest.js";
import { count, moment } from "../format.js";
import { showDesk } from "../pages.js";
import { sayerOf } from "../reports/files.js";
import { actorOf, goTo } from "../routes-answers.js";
import { gapsAfter, sayGap } from "./gap-lines.js";
import { healthPage } from "./health-page.js";
import { type OperationsPageParts, tabsOf } from "./parts.js";

const WEEK = 7 * 86_400_000;
const LATEST = 20;

/** GET /operations/channel, /operations/data, /operations/faults.csv; POST /operations/journeys/KEY/pause and resume. */
export function channelPages(parts: OperationsPageParts): Router {
  const { guard, pages, store, customers, zone, world } = parts;
  const router = new Router();
  const may = guard.may("see_operations");
  router.get("/operations/channel", may, async (ctx) => {
    const now = world.now();
    const gaps = await gapsAfter(store.read, now - WEEK);
    const urgent = await latestUrgent(store.read, LATEST);
    const talk = await freeTalkSince(store, now - WEEK, LATEST);
    showDesk(ctx, pages, "operations/channel", "渠道", {
      ...{ tabs: tabsOf(ctx), ...healthPage(await parts.health(), { now, zone }) },
      gaps: gaps.map((gap) => sayGap(gap, zone)),
      urgent: urgent.map(({ saidAt, ...line }) => ({ ...line, at: moment(saidAt, zone) })),
      freeTalk: talk.map(({ name, at, text }) => ({ name, at: moment(at, zone), text })),
    });
  });
  router.get("/operations/data", may, async (ctx) => {
    const today = shopDayOf(world.now(), zone);
    const faults = await faultCounts(store.read, today);
    showDesk(ctx, pages, "operations/data", "资料问题", {
      tabs: tabsOf(ctx),
      warnings: await missingIn(store.read, yearsThatMatter(today)),
      faultCount: count(faults.reduce((sum, row) => sum + row.count, 0)),
      faults: faults.map(({ field, reason, count: n, advice }) => ({
        ...{ field: FAULT_FIELDS[field], reason, advice, value: count(n) },
      })),
    });
  });
  router.get("/operations/faults.csv", may, (ctx) => {
    ctx.attachment("faults.csv");
    ctx.type = "text/csv; charset=utf-8";
    ctx.body = Readable.from(faultsCsv(customers.allFaults(), sayerOf(ctx, pages)));
  });
  for (const [word, state] of [
    ["pause", "paused"],
    ["resume", "live"],
  ] as const)
    router.post(`/operations/journeys/:key/${word}`, guard.may("edit_journeys"), guard.csrf, async (ctx) => {
      await parts.setJourneyState(ctx.params.key ?? "", state, actorOf(ctx));
      goTo(ctx, "/operations");
    });
  return router;
}
