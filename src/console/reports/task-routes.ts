// A figure opened: its tasks, messages or customers, page by page and as files; and saved views.
import { Router } from "@koa/router";
import { z } from "zod";
import { type Guard, viewerOf } from "../../identity/guard.js";
import type { Viewer } from "../../identity/viewer.js";
import type { Sql } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, idOf, readValues, type Web } from "../../infra/web.js";
import { variantNumbers } from "../../journeys/experiment-queries.js";
import type { Way } from "../../journeys/spec.js";
import { isShopDay } from "../../kernel/calendar.js";
import {
  ARM_NAMES,
  type DrillAsk,
  type DrillOf,
  MEASURE_NAMES,
  type Measure,
} from "../../reports/drill/drill.js";
import { drill, drillAll } from "../../reports/drill/drill-service.js";
import type { ArmPart } from "../../reports/experiments/arm-sql.js";
import { LAST_STAGE } from "../../reports/funnel/stages.js";
import { newcomerPage, newcomersAll } from "../../reports/newcomers/newcomer-list.js";
import { touchpointNames } from "../../reports/queries.js";
import type { ReportNode } from "../../reports/report.js";
import { touchpointsOfWay, WAY_NAMES } from "../../reports/ways.js";
import { showDesk } from "../pages.js";
import { goTo } from "../routes-answers.js";
import { sendCsv, sendWorkbook } from "./files.js";
import type { TabPageParts } from "./tab-routes.js";
import { lineSheet, newcomerSheet, newcomersPage, tasksPage } from "./tasks-page.js";

const day = z.string().refine(isShopDay, "日期，如 2026-03-01");
const place = z
  .string()
  .regex(/^(region|store|guide):\d{1,9}$/, "区域、门店或导购")
  .optional();
const NAMES = {
  ...{ from: "开始日期", to: "结束日期", in: "位置", of: "指标", touchpoint: "触点", variant: "话术版本" },
  ...{ way: "发送方式", arm: "实验的一组", stage: "步骤", why: "原因", after: "页" },
};
const MEASURES = Object.keys(MEASURE_NAMES) as [Measure, ...Measure[]];
const ARMS = Object.keys(ARM_NAMES) as [ArmPart, ...ArmPart[]];
const WAYS = Object.keys(WAY_NAMES) as [Way, ...Way[]];
const tasksQuery = z.object({
  ...{ from: day, to: day, in: place },
  of: z.enum(MEASURES, "报表里的一个指标").default("issued"),
  touchpoint: z.coerce.number("触点").int("触点").min(1, "触点").optional(),
  variant: z.coerce.number("话术版本").int("话术版本").min(0, "话术版本").optional(),
  way: z.enum(WAYS, "mass、page、bot 或 hand").optional(),
  arm: z.enum(ARMS, "实验的一组").optional(),
  stage: z.coerce.number("步骤").int("步骤").min(1, "步骤").max(LAST_STAGE, "步骤").optional(),
  why: z
    .string()
    .regex(/^[a-z_]{1,32}$/, "原因")
    .optional(),
  after: z.string().max(80, "页").optional(),
});
const newcomersQuery = z.object({
  ...{ from: day, to: day, in: place },
  of: z.enum(["newcomers", "spoke"], "newcomers 或 spoke").default("newcomers"),
  after: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}_\d{1,12}$/, "页")
    .optional(),
});

const PAGE = 50;
/** Lines of one file: what a person can still work with, and a server writes in seconds. */
const MOST_LINES = 100_000;

/** GET /report/tasks and /report/newcomers with their files. */
export function taskPages(parts: TabPageParts): Router {
  const { guard, pages, store, zone } = parts;
  const router = new Router();
  const may = guard.may("see_report");
  router.get("/report/tasks", may, async (ctx) => {
    const { ask, words } = await readTasks(parts, ctx);
    const found = await drill({ store, zone }, viewerOf(ctx), { ...ask, limit: PAGE });
    const page = tasksPage(found, ask, { ...words, zone, query: ctx.querystring });
    showDesk(ctx, pages, "reports/tasks", "任务明细", page);
  });
  const all = async (ctx: Web) => {
    const { ask, words } = await readTasks(parts, ctx);
    const { limit: _limit, after: _after, ...whole } = ask;
    // what is refused is refused before a file has begun
    await drill({ store, zone }, viewerOf(ctx), { ...whole, limit: 1 });
    return lineSheet(drillAll({ store, zone }, viewerOf(ctx), whole, MOST_LINES), ask, { ...words, zone });
  };
  router.get("/report/tasks.csv", may, async (ctx) => {
    const sheet = await all(ctx);
    sendCsv(ctx, { pages }, sheet.title, [sheet]);
  });
  router.get("/report/tasks.xlsx", may, async (ctx) => {
    const sheet = await all(ctx);
    sendWorkbook(ctx, { pages }, sheet.title, [sheet]);
  });
  addNewcomers(router, parts, { guard, pages });
  return router;
}

function addNewcomers(
  router: Router,
  { store }: TabPageParts,
  { guard, pages }: { guard: Guard; pages: PageRenderer },
): void {
  const may = guard.may("see_report");
  const read = (ctx: Web) => {
    const { in: at, ...asked } = readValues(newcomersQuery, ctx.query, "report", NAMES);
    const within = nodeOf(at);
    return { from: asked.from, to: asked.to, of: asked.of, after: asked.after, ...(within && { within }) };
  };
  router.get("/report/newcomers", may, async (ctx) => {
    const { after, ...ask } = read(ctx);
    const found = await newcomerPage(store, viewerOf(ctx), { ...ask, ...(after && { after }), limit: PAGE });
    showDesk(ctx, pages, "reports/tasks", "客户明细", newcomersPage(found, ask, ctx.querystring));
  });
  const all = async (ctx: Web) => {
    const { after: _after, ...ask } = read(ctx);
    await newcomerPage(store, viewerOf(ctx), { ...ask, limit: 1 });
    return newcomerSheet(newcomersAll(store, viewerOf(ctx), ask, MOST_LINES), ask);
  };
  router.get("/report/newcomers.csv", may, async (ctx) => {
    const sheet = await all(ctx);
    sendCsv(ctx, { pages }, sheet.title, [sheet]);
  });
  router.get("/report/newcomers.xlsx", may, async (ctx) => {
    const sheet = await all(ctx);
    sendWorkbook(ctx, { pages }, sheet.title, [sheet]);
  });
}

/** What is asked for, and its words for the heading. */
async function readTasks({ store }: TabPageParts, ctx: Web) {
  const asked = readValues(tasksQuery, ctx.query, "report", NAMES);
  const { from, to, touchpoint, variant, way, after } = asked;
  const within = nodeOf(asked.in);
  const of = whichOf(asked);
  const touchpoints =
    touchpoint !== undefined ? [touchpoint] : way ? await touchpointsOfWay(store.read, way) : undefined;
  const ask: DrillAsk = {
    ...{ from, to, of, limit: PAGE },
    ...(within && { within }),
    ...(touchpoints && { touchpoints }),
    ...(touchpoint !== undefined && variant !== undefined && { variant }),
    ...(after && { after }),
  };
  const names = touchpoint === undefined ? undefined : await touchpointNames(store.read);
  const words = {
    touchpoint: touchpoint === undefined ? "" : (names?.get(touchpoint) ?? ""),
    variant: await variantName(store.read, ask),
    way: way ? WAY_NAMES[way] : "",
  };
  return { ask, words };
}

function whichOf({ of, arm, stage, why }: z.infer<typeof tasksQuery>): DrillOf {
  if (arm !== undefined) return { kind: "arm", part: arm };
  if (stage === undefined) return { kind: "measure", measure: of };
  return { kind: "stage", stage, ...(why === undefined ? {} : { why }) };
}

/** What HQ calls the words of an arm. */
async function variantName(sql: Sql, { of, touchpoints, variant }: DrillAsk): Promise<string> {
  const [touchpoint] = touchpoints ?? [];
  if (of.kind !== "arm" || touchpoint === undefined || variant === undefined) return "";
  const numbers = await variantNumbers(sql, touchpoint);
  return [...numbers].find(([, number]) => number === variant)?.[0] ?? "";
}

function nodeOf(text: string | undefined): ReportNode | undefined {
  const [kind, id] = text?.split(":") ?? [];
  return kind ? { kind: kind as ReportNode["kind"], id: Number(id) } : undefined;
}

const viewForm = z.object({
  name: z.string().max(200, "1 到 30 个字"),
  address: z.string().max(1000, "报表页面的地址"),
  shared_with: z.enum(["", "hq", "manager", "store_manager"], "一个角色，或不共享").default(""),
});

/** POST /report/views keeps the address somebody looks at; POST /report/views/ID/remove forgets it. */
export function savedViewPages({ guard, savedViews }: Pick<TabPageParts, "guard" | "savedViews">): Router {
  const router = new Router();
  router.post("/report/views", guard.may("see_report"), guard.csrf, async (ctx) => {
    const form = readValues(viewForm, bodyOf(ctx), "view", { name: "名称", address: "地址" });
    const sharedWith = form.shared_with === "" ? null : form.shared_with;
    await savedViews.save(viewerOf(ctx), { name: form.name, address: form.address, sharedWith });
    goTo(ctx, form.address);
  });
  router.post("/report/views/:id/remove", guard.may("see_report"), guard.csrf, async (ctx) => {
    const viewer: Viewer = viewerOf(ctx);
    await savedViews.remove(viewer, idOf(ctx.params.id));
    goTo(ctx, backTo(ctx));
  });
  return router;
}

/** The report page they came from. */
function backTo(ctx: Web): string {
  const { back } = (bodyOf(ctx) ?? {}) as { back?: unknown };
  return typeof back === "string" && /^\/report([/?]|$)/.test(back) ? back : "/report";
}
