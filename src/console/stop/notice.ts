// The emergency stop in force, told on every page while it lasts.
import { type Step, type Web, wantsPage } from "../../infra/web.js";
import type { Stopped } from "../../tasks/stop.js";
import { moment } from "../format.js";

/** What the banner says. */
export interface StopBanner {
  since: string;
  reason: string;
}

/** Lets pages know of the stop: one look at a row, before the page is made. */
export function stopNotice(state: () => Promise<Stopped | null>, zone: string): Step {
  return async (ctx, next) => {
    if (wantsPage(ctx)) {
      const stopped = await state();
      ctx.state.stopped = stopped && { since: moment(stopped.at, zone), reason: stopped.reason ?? "" };
    }
    await next();
  };
}

/** The banner of a request's page; null: work goes on. */
export function stopBannerOf(ctx: Web): StopBanner | null {
  return (ctx.state.stopped as StopBanner | null | undefined) ?? null;
}
