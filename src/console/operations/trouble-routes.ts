// Failed and stuck tasks, for HQ: by why, with examples; tried again or closed, one or all of a reason.
import { Router } from "@koa/router";
import { z } from "zod";
import { sessionOf } from "../../identity/guard.js";
import { bodyOf, languageOf, readValues, sayInPassing, wantsFragment } from "../../infra/web.js";
import { causeOf, TROUBLE_RULES, TROUBLES } from "../../tasks/failures.js";
import { REASONS } from "../../tasks/life.js";
import type { TroubleExample, TroubleGroup, TroubleWhich } from "../../tasks/trouble-queries.js";
import type { Acted } from "../../tasks/troubles.js";
import { count, shortDay } from "../format.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
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
  const { guard, pages, troubles } = parts;
  const router = new Router({ prefix: "/operations/tasks" });
  const may = guard.may("see_operations");
  router.get("/", may, async (ctx) => {
    showDesk(ctx, pages, "operations/tasks", "失败与积压", {
      tabs: tabsOf(ctx),
      ...troublesPage(await troubles.groups(), sessionOf(ctx).csrf),
    });
  });
  router.get("/examples", may, async (ctx) => {
    const which = readWhich(ctx.query);
    const values = {
      ...{ tabs: tabsOf(ctx), csrf: sessionOf(ctx).csrf },
      ...examplesOf(which, await troubles.examples(which, EXAMPLES)),
    };
    if (!wantsFragment(ctx)) return showDesk(ctx, pages, "operations/examples", "任务举例", values);
    ctx.type = "html";
    ctx.body = pages.page("operations/example-list", { language: languageOf(ctx), ...values });
  });
  for (const word of ["again", "close"] as const)
    router.post(`/${word}`, guard.may("mend_tasks"), guard.csrf, async (ctx) => {
      const acted = await troubles[word](readWhich(bodyOf(ctx)), actorOf(ctx));
      if (!wantsFragment(ctx)) {
        return goTo(ctx, "/operations/tasks");
      }
      sayInPassing(ctx, sayActed(acted), acted.done > 0 ? "good" : "bad");
      const values = { tabs: tabsOf(ctx), ...troublesPage(await troubles.groups(), sessionOf(ctx).csrf) };
      ctx.type = "html";
      ctx.body = pages.page("operations/trouble-list", { language: languageOf(ctx), ...values });
    });
  return router;
}

function readWhich(values: unknown): TroubleWhich {
  const { trouble, reason, error, task } = readValues(whichShape, values ?? {}, "task", NAMES);
  return { trouble, reason: reason === "" ? null : reason, error, ...(task && { ids: [task] }) };
}

function sayActed({ done, left, why }: Acted): string {
  if (done === 0 && left === 0) return "已经没有这样的任务了。";
  const rest = left > 0 ? `，${count(left)} 个没有动：${why}` : "";
  return `已处理 ${count(done)} 个任务${rest}。`;
}

/** Everything templates/pages/operations/trouble-list.hbs names. */
function troublesPage(groups: readonly TroubleGroup[], csrf: string): object {
  return {
    csrf,
    isEmpty: groups.length === 0,
    troubles: TROUBLES.flatMap((trouble) => {
      const own = groups.filter((group) => group.trouble === trouble);
      if (own.length === 0) return [];
      const { name, advice, again, close } = TROUBLE_RULES[trouble];
      return [
        { name, advice, tasks: count(sum(own)), groups: own.map((group) => groupRow(group, again, close)) },
      ];
    }),
  };
}

function groupRow(
  { trouble, reason, error, tasks, open }: TroubleGroup,
  again: string | null,
  close: string | null,
) {
  const query = new URLSearchParams({ trouble, reason: reason ?? "", error });
  return {
    ...{ trouble, reason: reason ?? "", error, cause: saidCause(trouble, reason, error) },
    ...{ tasks: count(tasks), open: count(open), examples: `/operations/tasks/examples?${query}` },
    // what failed and has passed its grace cannot be made anew
    again: trouble === "refused" && open === 0 ? null : again,
    close,
  };
}

function examplesOf(which: TroubleWhich, examples: readonly TroubleExample[]): object {
  const { name, again, close } = TROUBLE_RULES[which.trouble];
  const { trouble, reason, error } = which;
  return {
    ...{ name, cause: saidCause(trouble, reason, error), again, close, trouble, reason: reason ?? "", error },
    examples: examples.map((one) => ({
      ...{ id: one.id, customer: one.customer ?? "—", touchpoint: one.touchpoint, said: one.error ?? "" },
      guide: [one.store, one.guide].filter(Boolean).join(" · ") || "—",
      due: shortDay(one.dueOn),
      until: shortDay(one.expiresOn),
    })),
  };
}

function saidCause(trouble: TroubleGroup["trouble"], reason: TroubleGroup["reason"], error: string): string {
  return reason || error ? causeOf(reason, error) : TROUBLE_RULES[trouble].name;
}

function sum(groups: readonly TroubleGroup[]): number {
  return groups.reduce((total, { tasks }) => total + tasks, 0);
}
