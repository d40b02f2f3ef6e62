// What every page tells while it lasts: the emergency stop in force, the demo's past being played.
import { type Step, type Web, wantsPage } from "../infra/web.js";
import type { Stopped } from "../tasks/stop.js";
import { moment } from "./format.js";

/** What the banners say. */
export interface Notices {
  /** null: work goes on */
  stopped: { since: string; reason: string } | null;
  /** days of the demo brand's past that are played, and of how many; undefined: all are, or it is no demo */
  playing: { done: number; of: number } | undefined;
}

/** Lets pages know of both: one look at a row, before the page is made. */
export function pageNotices(
  state: () => Promise<Stopped | null>,
  zone: string,
  playing: () => Notices["playing"],
): Step {
  return async (ctx, next) => {
    if (wantsPage(ctx)) {
      const stopped = await state();
      const notices: Notices = {
        stopped: stopped && { since: moment(stopped.at, zone), reason: stopped.reason ?? "" },
        playing: playing(),
      };
      ctx.state.notices = notices;
    }
    await next();
  };
}

/** Those of a request's page. */
export function noticesOf(ctx: Web): Notices {
  return (ctx.state.notices as Notices | undefined) ?? { stopped: null, playing: undefined };
}
