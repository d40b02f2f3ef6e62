// The stop switch, for HQ: what it would stop, the reason, what it stopped, and letting work go on.
import { setTimeout as wait } from "node:timers/promises";
import { Router } from "@koa/router";
import { z } from "zod";
import { type Guard, sessionOf } from "../../identity/guard.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, languageOf, type Web, wantsFragment } from "../../infra/web.js";
import { Refusal } from "../../kernel/refusals.js";
import {
  type EmergencyService,
  MOST_REASON,
  type StopReport,
  type Unconfirmed,
} from "../../tasks/emergency.js";
import { count, moment } from "../format.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";

export interface StopPageParts {
  guard: Guard;
  pages: PageRenderer;
  zone: string;
  emergency: EmergencyService;
  /** tasks a guide may be given in a day */
  guidePerDay: number;
}

/** Most stops are enforced within it. */
const SOON = 1_500;

const shape = z.object({ reason: z.string().default("") });

/** GET /stop and /stop/report; POST /stop and /stop/resume. */
export function stopPages(parts: StopPageParts): Router {
  const { guard, pages, emergency } = parts;
  const router = new Router({ prefix: "/stop" });
  const may = guard.may("stop_everything");
  router.get("/", may, async (ctx) => {
    showDesk(ctx, pages, "stop/stop", "紧急停止", {
      ...(await pageOf(ctx, parts)),
      resumed: ctx.query.resumed === "1",
    });
  });
  router.get("/report", may, async (ctx) => {
    if (!wantsFragment(ctx)) return ctx.redirect("/stop");
    ctx.type = "html";
    ctx.body = pages.page("stop/report", { language: languageOf(ctx), ...(await pageOf(ctx, parts)) });
  });
  router.post("/", may, guard.csrf, async (ctx) => {
    const reason = shape.safeParse(bodyOf(ctx)).data?.reason ?? "";
    try {
      const { enforced } = await emergency.stop(reason, actorOf(ctx));
      await Promise.race([enforced, wait(SOON, undefined, { ref: false })]);
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind !== "invalid") throw error;
      ctx.status = 422;
      const fault = [error.message, ...error.faults.map(({ expected }) => expected)].join(" ");
      return showDesk(ctx, pages, "stop/stop", "紧急停止", {
        ...(await pageOf(ctx, parts)),
        ...{ fault, reason, resumed: false },
      });
    }
    goTo(ctx, "/stop");
  });
  router.post("/resume", may, guard.csrf, async (ctx) => {
    const was = await emergency.resume(actorOf(ctx));
    goTo(ctx, was ? "/stop?resumed=1" : "/stop");
  });
  return router;
}

async function pageOf(ctx: Web, { emergency, zone, guidePerDay }: StopPageParts): Promise<object> {
  const report = await emergency.report();
  const unconfirmed = report?.unconfirmed ?? (await emergency.unconfirmed());
  return {
    ...{ csrf: sessionOf(ctx).csrf, fault: "", reason: "", mostReason: MOST_REASON },
    guidePerDay: count(guidePerDay),
    ...unconfirmedOf(unconfirmed),
    report: report && reportOf(report, zone),
  };
}

function unconfirmedOf({ handedOver, offered, planned }: Unconfirmed): object {
  return { handedOver: count(handedOver), offered: count(offered), planned: count(planned) };
}

function reportOf({ at, byName, reason = "", lines, tasks, left }: StopReport, zone: string): object {
  return {
    ...{
      since: moment(at, zone),
      byName,
      why: reason,
      tasks: count(tasks),
      left: count(left),
      isOver: left === 0,
    },
    lines: lines.map((line) => ({ ...line, tasks: count(line.tasks) })),
  };
}
