// One tap for several customers who are told the same: claimed, approved or reported together; the list answers.
import { Router } from "@koa/router";
import { z } from "zod";
import type { Guard } from "../../identity/guard.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, languageOf, readValues, sayInPassing, type Web, wantsFragment } from "../../infra/web.js";
import { Refusal } from "../../kernel/refusals.js";
import { goTo } from "../routes-answers.js";
import { tapOf, unsentForm } from "./acts.js";
import { figuresOf, type GuidePageParts, guideOf, momentOf } from "./guide-request.js";
import { type GoneTogether, listOf, summaryOf } from "./page.js";

export interface BatchPageParts extends GuidePageParts {
  guard: Guard;
  pages: PageRenderer;
}

/** What a tap says, and whose words may go now. */
interface ActedTogether {
  message: string;
  gone?: GoneTogether;
}

type ActTogether = (
  parts: BatchPageParts,
  guideId: number,
  ids: number[],
  body: unknown,
) => Promise<ActedTogether>;

const tasksForm = z.object({
  tasks: z.string("请选客户").regex(/^\d{1,15}(,\d{1,15})*$/, "任务号，用逗号隔开"),
});

const ACTS: Readonly<Record<string, { act: ActTogether; keyed?: true }>> = {
  // keeps its own key in each claim: asked again it gives the same
  take: {
    keyed: true,
    act: async ({ tasks, world }, guideId, ids, body) => {
      const { tap } = tapOf(body, world.now());
      const { went, stayed } = await tasks.takeTogether(guideId, ids, tap);
      const message = stayed.length === 0 ? "" : `${stayed.length} 位不能发：${stayed[0]?.message}`;
      return went.length > 0 ? { message, gone: { tap, tasks: went } } : { message };
    },
  },
  approve: {
    act: async ({ tasks }, guideId, ids) => {
      const changed = (await tasks.approve(guideId, ids)).filter((answer) => answer.changed).length;
      return {
        message: changed > 0 ? `已确认 ${changed} 位，半分钟后发出；可以撤回。` : "刚刚有了变化，没有改动。",
      };
    },
  },
  sent: {
    act: async ({ tasks, world }, guideId, ids, body) => {
      const sent = await tasks.reportTogether(guideId, ids, { sentAt: tapOf(body, world.now()).at });
      return { message: sent > 0 ? `已记录发送 ${sent} 位。` : "已经记录过了。" };
    },
  },
  unsent: {
    act: async ({ tasks }, guideId, ids, body) => {
      const put = await tasks.reportTogether(guideId, ids, readValues(unsentForm, body, "unsent"));
      return { message: put > 0 ? `${put} 位没有发出，已放回清单。` : "没有改动。" };
    },
  },
};

/** POST /g/batches/take, approve, sent and unsent. */
export function batchPages(parts: BatchPageParts): Router {
  const { guard } = parts;
  const router = new Router();
  for (const verb of Object.keys(ACTS))
    router.post(`/g/batches/${verb}`, guard.may("work_tasks"), guard.csrf, (ctx) =>
      answerTogether(ctx, parts, verb),
    );
  return router;
}

async function answerTogether(ctx: Web, parts: BatchPageParts, verb: string): Promise<void> {
  const guideId = guideOf(ctx);
  const body = bodyOf(ctx);
  const found = ACTS[verb];
  if (!found) return;
  let gone: GoneTogether | undefined;
  try {
    const ids = readValues(tasksForm, body, "tasks").tasks.split(",").map(Number);
    const { tap } = tapOf(body, parts.world.now());
    const act = () => found.act(parts, guideId, ids, body);
    const what = `${verb} ${ids.length} with ${ids[0]}`;
    const acted: ActedTogether = found.keyed
      ? await act()
      : await parts.tasks.tapOnce({ guideId, key: tap, what }, act);
    if (acted.message) sayInPassing(ctx, acted.message);
    gone = acted.gone;
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== "conflict" || !wantsFragment(ctx)) throw error;
    sayInPassing(ctx, error.message, "bad");
  }
  if (!wantsFragment(ctx)) {
    goTo(ctx, "/g/today");
    return;
  }
  const figures = await figuresOf(ctx, parts);
  const list = listOf(figures, momentOf(ctx, parts), gone);
  ctx.type = "html";
  ctx.body = parts.pages.page("today/list", {
    ...{ language: languageOf(ctx), summary: summaryOf(figures) },
    ...list,
  });
}
