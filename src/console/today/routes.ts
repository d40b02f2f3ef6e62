// The guide's page and every tap on it. A tap answers with the card as it is now, and the figures above.
import { Router } from "@koa/router";
import { type Guard, viewerOf } from "../../identity/guard.js";
import { pictureOf } from "../../infra/pictures.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, idOf, languageOf, sayInPassing, type Web, wantsFragment } from "../../infra/web.js";
import { Refusal } from "../../kernel/refusals.js";
import type { TaskFile } from "../../tasks/task-files.js";
import type { ChatPageClient } from "../chat/routes.js";
import { showPhone } from "../pages.js";
import { goTo } from "../routes-answers.js";
import { type Act, actsOf, tapOf } from "./acts.js";
import { type CardFault, cardOf } from "./cards.js";
import { figuresOf, type GuidePageParts, guideOf, momentOf } from "./guide-request.js";
import { summaryOf, todayPage } from "./page.js";

export interface TodayPageParts extends GuidePageParts {
  guard: Guard;
  pages: PageRenderer;
  /** of the chat system's own browser, where there is one */
  client?: ChatPageClient | undefined;
}

/** GET /g/today, GET /g/tasks/:id/files/:place and POST /g/tasks/:id/VERB. */
export function todayPages(parts: TodayPageParts): Router {
  const { guard } = parts;
  const router = new Router();

  // A chat card's link may carry its token here; the door takes it from the address first.
  router.get("/g/today", async (ctx, next) => {
    if (typeof ctx.query.t !== "string") return next();
    ctx.redirect(`/g/open?t=${encodeURIComponent(ctx.query.t)}`);
  });
  router.get("/g/today", guard.may("work_tasks"), async (ctx) => {
    const page = todayPage(viewerOf(ctx).name, await figuresOf(ctx, parts), momentOf(ctx, parts));
    showPhone(ctx, parts, "today/today", "今日任务", page);
  });
  router.get("/g/tasks/:id/files/:place", guard.may("work_tasks"), async (ctx) => {
    const place = /^\d$/.test(ctx.params.place ?? "") ? Number(ctx.params.place) : -1;
    const file = await parts.tasks.file(guideOf(ctx), idOf(ctx.params.id), place);
    sendFile(ctx, file);
  });
  for (const [verb, { panel, act, keyed }] of Object.entries(actsOf(parts.tasks)))
    router.post(`/g/tasks/:id/${verb}`, guard.may("work_tasks"), guard.csrf, (ctx) =>
      answerAct(ctx, parts, panel, keyed ? act : once(parts, verb, act)),
    );
  return router;
}

/** Pictures are shown; everything else is kept, never opened as a page of ours. */
function sendFile(ctx: Web, { name, bytes }: TaskFile): void {
  const picture = pictureOf(bytes);
  ctx.set("Cache-Control", "private, max-age=600");
  ctx.type = picture?.type ?? "application/octet-stream";
  if (!picture) ctx.set("Content-Disposition", `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
  ctx.body = bytes;
}

/** A tap told again by its own key, from a page that had no network, is answered and not done again. */
function once({ tasks, world }: TodayPageParts, verb: string, act: Act): Act {
  return async (guideId, taskId, body) => {
    const { tap } = tapOf(body, world.now());
    const what = `${verb} ${taskId}`;
    return tasks.tapOnce({ guideId, key: tap, what }, () => act(guideId, taskId, body, world.now()));
  };
}

/** Does what was tapped and shows what came of it. What no longer fits the task is said; the card shows how it is. */
async function answerAct(
  ctx: Web,
  parts: TodayPageParts,
  panel: CardFault["panel"],
  act: Act,
): Promise<void> {
  const taskId = idOf(ctx.params.id);
  let fault: CardFault | null = null;
  let go = "";
  try {
    const acted = await act(guideOf(ctx), taskId, bodyOf(ctx), parts.world.now());
    if (acted.message) sayInPassing(ctx, acted.message);
    go = acted.go ?? "";
  } catch (error) {
    if (!(error instanceof Refusal) || !wantsFragment(ctx)) throw error;
    if (error.kind === "conflict") sayInPassing(ctx, error.message, "bad");
    else if (error.kind === "invalid") fault = faultOf(error, panel, bodyOf(ctx));
    else throw error;
    ctx.status = error.kind === "invalid" ? 422 : 200;
  }
  if (wantsFragment(ctx)) return showCard(ctx, parts, taskId, { fault, go });
  goTo(ctx, "/g/today");
}

function faultOf(error: Refusal, panel: CardFault["panel"], body: unknown): CardFault {
  const typed = (body as { words?: unknown } | undefined)?.words;
  // a sentence that already names its causes is not followed by them again
  const causes = error.faults
    .map(({ expected }) => expected)
    .filter((cause) => !error.message.includes(cause));
  return { panel, text: [error.message, ...causes].join(" "), typed: typeof typed === "string" ? typed : "" };
}

async function showCard(
  ctx: Web,
  parts: TodayPageParts,
  taskId: number,
  shown: { fault: CardFault | null; go: string },
): Promise<void> {
  const figures = await figuresOf(ctx, parts);
  // from the list it has its number; what left the list is still shown
  const listed = figures.items.find((item) => item.taskId === taskId);
  const item = listed ?? (await parts.tasks.one(guideOf(ctx), taskId));
  const card = cardOf(item, momentOf(ctx, parts), shown);
  const summary = summaryOf(figures);
  ctx.type = "html";
  ctx.body = parts.pages.page("today/task", { language: languageOf(ctx), card, summary });
}
