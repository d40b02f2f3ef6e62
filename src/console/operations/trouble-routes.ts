// Failed and stuck tasks, for HQ: by why, with examples; tried again or closed, one or all of a reason.
import { Router } from "@koa/router";
import { z } from "zod";
import { sessionOf } from "../../identity/guard.js";
import type { Sql } from "../../infra/store.js";
import { bodyOf, languageOf, readValues, sayInPassing, type Web, wantsFragment } from "../../infra/web.js";
import { type ShopDay, shopDayOf } from "../../kernel/calendar.js";
import { causeOf, TROUBLE_RULES, TROUBLES, type Trouble } from "../../tasks/failures.js";
import { REASONS } from "../../tasks/life.js";
import type { TroubleExample, TroubleGroup, TroubleWhich } from "../../tasks/trouble-queries.js";
import type { Acted } from "../../tasks/troubles.js";
import { count, shortDay } from "../format.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import { handingOver, heldGroup, heldMendings, heldWhys, type Mending } from "./held-customers.js";
import { type OperationsPageParts, tabsOf } from "./parts.js";

/** Examples of a reason. */
const EXAMPLES = 20;
const MOST_ERROR = 260;

const whichShape = z.object({
  trouble: z.enum(TROUBLES, "这一页上的一类"),
  reason: z.union([z.literal(""), z.enum(REASONS, "任务的原因")]).default(""),
  error: z.string().max(MOST_ERROR, "渠道的说明").default(""),
  task: z.coerce.number("任务号").int("任务号").positive("任务号").optional(),
});
const NAMES = { trouble: "类别", reason: "原因", error: "说明", task: "任务" };

/** GET /operations/tasks and /operations/tasks/examples; POST /operations/tasks/again and close. */
export function troublePages(parts: OperationsPageParts): Router {
  const { guard, pages, troubles, store, world, zone } = parts;
  const today = () => shopDayOf(world.now(), zone);
  const listed = async (ctx: Web) => {
    const groups = await troubles.groups();
    const places = await mendingsOf(store.read, groups, today());
    return { tabs: tabsOf(ctx), ...troublesPage(groups, places, sessionOf(ctx).csrf) };
  };
  const router = new Router({ prefix: "/operations/tasks" });
  const may = guard.may("see_operations");
  router.get("/", may, async (ctx) => {
    showDesk(ctx, pages, "operations/tasks", "失败与积压", await listed(ctx));
  });
  router.get("/examples", may, async (ctx) => {
    const which = readWhich(ctx.query);
    const examples = await troubles.examples(which, EXAMPLES);
    const whys = which.trouble === "held" ? await heldWhys(store.read, customersOf(examples), today()) : null;
    const values = {
      ...{ tabs: tabsOf(ctx), csrf: sessionOf(ctx).csrf, isInList: wantsFragment(ctx) },
      ...examplesOf(which, examples, whys),
    };
    if (!wantsFragment(ctx)) return showDesk(ctx, pages, "operations/examples", "任务举例", values);
    ctx.type = "html";
    ctx.body = pages.page("operations/example-list", { language: languageOf(ctx), ...values });
  });
  for (const word of ["again", "close"] as const)
    router.post(`/${word}`, guard.may("mend_tasks"), guard.csrf, async (ctx) => {
      const which = readWhich(bodyOf(ctx));
      const acted = await troubles[word](which, actorOf(ctx));
      if (!wantsFragment(ctx)) {
        return goTo(ctx, "/operations/tasks");
      }
      sayInPassing(ctx, sayActed(which.trouble, word, acted), acted.done > 0 ? "good" : "bad");
      ctx.type = "html";
      ctx.body = pages.page("operations/trouble-list", { language: languageOf(ctx), ...(await listed(ctx)) });
    });
  return router;
}

function readWhich(values: unknown): TroubleWhich {
  const { trouble, reason, error, task } = readValues(whichShape, values ?? {}, "task", NAMES);
  return { trouble, reason: reason === "" ? null : reason, error, ...(task && { ids: [task] }) };
}

function sayActed(trouble: Trouble, word: "again" | "close", { done, left, why }: Acted): string {
  if (done === 0 && left === 0) return "已经没有这样的任务了。";
  if (done === 0) return `${count(left)} 个任务都没有动：${why}。`;
  const rest = left > 0 ? `，${count(left)} 个没有动：${why}` : "";
  // these wait for the next pass, and are on the list until it is over
  const isHurried = word === "again" && trouble !== "refused";
  if (isHurried) return `${count(done)} 个任务下一轮就处理${rest}，有结果前还在这里。`;
  return `已处理 ${count(done)} 个任务${rest}。`;
}

/** Where groups are mended, by group: of those that have such a place. */
async function mendingsOf(sql: Sql, groups: readonly TroubleGroup[], today: ShopDay) {
  const places = new Map<TroubleGroup, Mending[]>();
  for (const group of groups)
    if (group.trouble === "held") places.set(group, await heldMendings(sql, group.reason, today));
  return places;
}

/** Everything templates/pages/operations/trouble-list.hbs names. */
function troublesPage(
  groups: readonly TroubleGroup[],
  places: ReadonlyMap<TroubleGroup, Mending[]>,
  csrf: string,
): object {
  return {
    csrf,
    isEmpty: groups.length === 0,
    troubles: TROUBLES.flatMap((trouble) => {
      const own = groups.filter((group) => group.trouble === trouble);
      if (own.length === 0) return [];
      const { name, advice } = TROUBLE_RULES[trouble];
      const rows = own.map((group) => ({ ...groupRow(group), places: places.get(group) ?? [] }));
      return [{ trouble, name, advice, tasks: count(sum(own)), groups: rows }];
    }),
  };
}

function groupRow({ trouble, reason, error, tasks, open }: TroubleGroup) {
  const query = new URLSearchParams({ trouble, reason: reason ?? "", error });
  const { again, close } = TROUBLE_RULES[trouble];
  return {
    ...{ trouble, reason: reason ?? "", error, cause: saidCause(trouble, reason, error) },
    advice: trouble === "held" ? heldGroup(reason).advice : "",
    ...{ tasks: count(tasks), open: count(open), examples: `/operations/tasks/examples?${query}` },
    // what failed and has passed its grace cannot be made anew
    again: trouble === "refused" && open === 0 ? null : again,
    close,
  };
}

/** Everything templates/pages/operations/example-list.hbs names; `whys` of customers nobody can follow up. */
function examplesOf(
  which: TroubleWhich,
  examples: readonly TroubleExample[],
  whys: ReadonlyMap<number, string> | null,
): object {
  const { name, again, close } = TROUBLE_RULES[which.trouble];
  const { trouble, reason, error } = which;
  const isGone = trouble === "held" && reason === "guide_left";
  return {
    ...{ name, cause: saidCause(trouble, reason, error), again, close, trouble, reason: reason ?? "", error },
    saidName: whys ? "为什么" : "渠道的说明",
    examples: examples.map((one) => ({
      ...{ id: one.id, customerId: one.customerId, customer: one.customer },
      ...{ touchpoint: one.touchpoint, said: whys ? (whys.get(one.customerId) ?? "") : (one.error ?? "") },
      guide: [one.store, one.guide].filter(Boolean).join(" · ") || "—",
      guideHref: isGone && one.guideId !== null ? handingOver(one.guideId) : "",
      due: shortDay(one.dueOn),
      until: shortDay(one.expiresOn),
    })),
  };
}

function customersOf(examples: readonly TroubleExample[]): number[] {
  return examples.map(({ customerId }) => customerId);
}

function saidCause(trouble: TroubleGroup["trouble"], reason: TroubleGroup["reason"], error: string): string {
  if (trouble === "held") return heldGroup(reason).cause;
  return reason || error ? causeOf(reason, error) : TROUBLE_RULES[trouble].name;
}

function sum(groups: readonly TroubleGroup[]): number {
  return groups.reduce((total, { tasks }) => total + tasks, 0);
}
