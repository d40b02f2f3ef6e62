// What the pages of operations share: their services, their tabs.
import type { CustomerService } from "../../customers/service.js";
import type { Guard } from "../../identity/guard.js";
import type { Store } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import type { Web } from "../../infra/web.js";
import { JOURNEY_STATE_NAMES } from "../../journeys/overviews.js";
import type { JourneyState } from "../../journeys/queries.js";
import type { World } from "../../kernel/world.js";
import type { ReportService } from "../../reports/service.js";
import type { ChannelHealth } from "../../tasks/channel-health.js";
import type { TroubleService } from "../../tasks/troubles.js";
import type { TimedWork } from "./board.js";
import type { JourneySwitch } from "./day-queries.js";

export interface OperationsPageParts {
  store: Store;
  guard: Guard;
  pages: PageRenderer;
  world: World;
  zone: string;
  reports: ReportService;
  customers: Pick<CustomerService, "allFaults">;
  troubles: TroubleService;
  timed: TimedWork;
  health(): Promise<ChannelHealth>;
  setJourneyState(key: string, to: JourneyState, by: string): Promise<unknown>;
}

const TABS = [
  ["/operations", "定时工作"],
  ["/operations/tasks", "失败与积压"],
  ["/operations/channel", "渠道"],
  ["/operations/data", "资料问题"],
] as const;

/** The pages of operations, the one shown marked. */
export function tabsOf(ctx: Web): object[] {
  const isJob = ctx.path.startsWith("/operations/jobs");
  return TABS.map(([href, label]) => ({
    ...{ href, label },
    active: ctx.path === href || (isJob && href === "/operations"),
  }));
}

/** A journey with what may be done to it here. */
export function journeyRow({ key, name, state }: JourneySwitch): object {
  return {
    ...{ key, name, stateName: JOURNEY_STATE_NAMES[state] },
    ...{ isPaused: state === "paused", isLive: state === "live" },
  };
}
