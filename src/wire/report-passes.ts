// The passes that keep the report's further figures: who came new, what touchpoints change; and Monday's summary.
import { reckonUplift } from "../reports/experiments/reckoning.js";
import type { ExperimentService } from "../reports/experiments/service.js";
import { checkNewcomers, keepNewcomers } from "../reports/newcomers/keeping.js";
import type { TaskSetup } from "../tasks/setup.js";

export interface ReportPassParts {
  setup: TaskSetup;
  experiments: ExperimentService;
  /** Monday's; gives how many managers were told */
  tellWeeks(): Promise<number>;
}

/** What they did, in a few words; undefined when there was nothing to do. */
export interface ReportPasses {
  newcomers(): Promise<string | undefined>;
  newcomersAll(): Promise<string | undefined>;
  uplift(): Promise<string | undefined>;
  weekly(): Promise<string | undefined>;
}

/** Those passes. */
export function reportPasses({ setup, experiments, tellWeeks }: ReportPassParts): ReportPasses {
  const { store, world, config } = setup;
  const said = (n: number, what: string) => (n > 0 ? `${n} ${what}` : undefined);
  return {
    newcomers: async () =>
      said(await keepNewcomers({ store, world, zone: config.zone }), "位新客户记入黄金14天"),
    newcomersAll: async () => said(await checkNewcomers({ store }), "位新客户补记或更正"),
    uplift: async () => said(await reckonUplift({ store, world, experiments }), "个触点的增量更新"),
    weekly: async () => said(await tellWeeks(), "位经理收到上周小结"),
  };
}
