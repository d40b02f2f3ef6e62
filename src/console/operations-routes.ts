// How the house runs, for HQ.
import { Readable } from "node:stream";
import { Router } from "@koa/router";
import { FAULT_FIELDS } from "../customers/faults.js";
import type { CustomerService } from "../customers/service.js";
import { type Guard, viewerOf } from "../identity/guard.js";
import type { Store } from "../infra/store.js";
import type { PageRenderer } from "../infra/templates-pages.js";
import { JOURNEY_STATE_NAMES } from "../journeys/overviews.js";
import type { JourneyState } from "../journeys/queries.js";
import { shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { faultsCsv } from "../reports/faults-csv.js";
import { STATE_NAMES, STATES } from "../tasks/life.js";
import { count, moment } from "./format.js";
import { sayGap } from "./gap-lines.js";
import { type JobLine, type Operations, readOperations } from "./operations-queries.js";
import { showDesk } from "./pages.js";

export interface OperationsPageParts {
  store: Store;
  guard: Guard;
  pages: PageRenderer;
  world: World;
  zone: string;
  customers: Pick<CustomerService, "allFaults">;
  setJourneyState(key: string, to: JourneyState, by: string): Promise<unknown>;
}

/** What the timed jobs are called; one not named here goes by its own name. */
export const JOB_TITLES: Readonly<Record<string, string>> = {
  models: "推算流失与断粮",
  calendar: "备好下一年的日历",
  plan: "生成任务",
  "plan-rest": "补做生成任务",
  "plan-changes": "跟上日期变化",
  tags: "更新标签",
  release: "放行当天任务",
  "release-rest": "放行新到任务",
  offer: "下发到导购",
  nudge: "下午提醒导购",
  summary: "晚间小结发给经理",
  dispatch: "发送跟进",
  poll: "查询发送结果",
  cards: "更新任务卡片",
  sync: "与企业微信核对客户",
  transfers: "查询客户交接结果",
  reconcile: "核实没有回音的发送",
  recheck: "核对待办",
  quiet: "静默时段收回",
  callbacks: "处理企业微信回调",
  credit: "归因客户回复",
  urgent: "紧急回复",
  figures: "更新报表",
  expire: "到期收尾",
  judge: "评定实验",
  receipts: "读取导购自己的群发",
  statistics: "读取企业微信统计",
  expectations: "推算预期回复",
  tidy: "清理旧记录",
};

const RUN_STATES: Record<JobLine["state"], string> = { running: "运行中", done: "完成", failed: "失败" };

/** GET /operations, /operations/faults.csv; POST /operations/journeys/KEY/pause and resume. */
export function operationsPages(parts: OperationsPageParts): Router {
  const { guard, customers } = parts;
  const router = new Router();
  router.get("/operations", guard.may("see_operations"), async (ctx) => {
    const now = parts.world.now();
    const operations = await readOperations(parts.store, shopDayOf(now, parts.zone), now);
    showDesk(ctx, parts.pages, "operations", "运行情况", pageOf(operations, parts));
  });
  router.get("/operations/faults.csv", guard.may("see_operations"), (ctx) => {
    ctx.attachment("faults.csv");
    ctx.type = "text/csv; charset=utf-8";
    ctx.body = Readable.from(faultsCsv(customers.allFaults()));
  });
  for (const [word, state] of [
    ["pause", "paused"],
    ["resume", "live"],
  ] as const)
    router.post(`/operations/journeys/:key/${word}`, guard.may("edit_journeys"), guard.csrf, async (ctx) => {
      await parts.setJourneyState(ctx.params.key ?? "", state, `account:${viewerOf(ctx).accountId}`);
      ctx.status = 303;
      ctx.redirect("/operations");
    });
  return router;
}

function pageOf(operations: Operations, { zone }: OperationsPageParts): object {
  const run = (line: JobLine) => ({
    title: JOB_TITLES[line.job] ?? line.job,
    state: RUN_STATES[line.state],
    failed: line.state === "failed",
    at: moment(line.startedAt, zone),
    result: line.result ?? "",
  });
  const counts = new Map(operations.tasks.map((row) => [row.state, Number(row.count)]));
  return {
    warnings: operations.warnings,
    gaps: operations.gaps.map((gap) => sayGap(gap, zone)),
    tasks: STATES.filter((state) => counts.has(state)).map((state) => ({
      name: STATE_NAMES[state],
      value: count(counts.get(state) ?? 0),
    })),
    jobs: operations.jobs.map(run),
    failures: operations.failures.map(run),
    dataFaults: operations.dataFaults.map(({ field, reason, count: n, advice }) => ({
      ...{ field: FAULT_FIELDS[field], reason, advice, value: count(n) },
    })),
    freeTalk: operations.freeTalk.map(({ name, at, text }) => ({ name, at: moment(at, zone), text })),
    faultCount: count(operations.dataFaults.reduce((sum, row) => sum + row.count, 0)),
    urgent: operations.urgent.map(({ saidAt, optedOut, ...line }) => ({
      ...{ ...line, optedOut, at: moment(saidAt, zone) },
    })),
    journeys: operations.journeys.map(({ key, name, state }) => ({
      ...{ key, name, stateName: JOURNEY_STATE_NAMES[state] },
      ...{ isPaused: state === "paused", isLive: state === "live" },
    })),
  };
}
