// What every page of a guide needs to know of the request: whose it is, when it is, how their day stands.
import { sessionOf, viewerOf } from "../../identity/guard.js";
import { isInWecom } from "../../identity/wecom-routes.js";
import type { Web } from "../../infra/web.js";
import { firstOfMonth, shopDayOf } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import type { World } from "../../kernel/world.js";
import type { ReportService } from "../../reports/service.js";
import type { TaskService } from "../../tasks/service.js";
import type { CardMoment } from "./cards.js";
import type { TodayFigures } from "./page.js";

export interface GuidePageParts {
  tasks: TaskService;
  reports: ReportService;
  world: World;
  zone: string;
}

/** The guide's list and the month's figures. */
export async function figuresOf(
  ctx: Web,
  { tasks, reports, ...parts }: GuidePageParts,
): Promise<TodayFigures> {
  const { today } = momentOf(ctx, parts);
  const from = firstOfMonth(today);
  const [items, report] = await Promise.all([
    tasks.todaysList(guideOf(ctx)),
    reports.report(viewerOf(ctx), { from, to: today, by: "day" }),
  ]);
  return { items, month: report.total };
}

/** The guide who is signed in. Raises `forbidden` for an account that is no guide's. */
export function guideOf(ctx: Web): number {
  const { guideId } = viewerOf(ctx);
  if (guideId === null) throw new Refusal("forbidden", "这个账号没有对应的导购，请联系总部。");
  return guideId;
}

/** The moment cards are drawn at. */
export function momentOf(ctx: Web, { world, zone }: Pick<GuidePageParts, "world" | "zone">): CardMoment {
  const now = world.now();
  const { csrf } = sessionOf(ctx);
  return { now, today: shopDayOf(now, zone), zone, csrf, inWecom: isInWecom(ctx), tap: () => world.id() };
}
