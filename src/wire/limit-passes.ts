// The passes that read what the chat system counts: guides' own mass sends, its statistics; and what replies to expect.
import { forgetCalls } from "../channels/calls.js";
import { forgetStates } from "../infra/shared-state.js";
import { type BehaviourRead, type BehaviourSource, readBehaviour } from "../reports/behaviour/reading.js";
import { reckonExpectations } from "../reports/expected.js";
import { readGuideMasses } from "../tasks/guide-masses.js";
import type { TaskSetup } from "../tasks/setup.js";

/** How long it is known how calls went. */
const CALLS_KEPT = 14 * 86_400_000;

export interface LimitPassParts {
  setup: TaskSetup;
  /** the chat system's own figures; undefined: it has none */
  statistics: BehaviourSource | undefined;
  replyWindowHours: number;
}

/** What they did, in a few words; undefined when there was nothing to do. */
export interface LimitPasses {
  receipts(): Promise<string | undefined>;
  statistics(): Promise<string | undefined>;
  expectations(): Promise<string | undefined>;
}

/** Reads the statistics that are not final yet; undefined where the chat system has none. */
export async function readStatistics({
  setup,
  statistics: source,
}: Pick<LimitPassParts, "setup" | "statistics">): Promise<BehaviourRead | undefined> {
  const { store, world, log } = setup;
  return source && readBehaviour({ store, world, log, source });
}

/** Those passes. */
export function limitPasses(parts: LimitPassParts): LimitPasses {
  const { setup, replyWindowHours } = parts;
  const { store, world, config } = setup;
  return {
    receipts: async () => {
      const { seen, received } = await readGuideMasses(setup);
      return seen + received > 0 ? `导购自己的群发 ${seen} 次，${received} 位客户收到` : undefined;
    },
    statistics: async () => {
      const done = await readStatistics(parts);
      if (!done || done.guides + done.failed === 0) return undefined;
      return `${done.guides} 位导购，${done.days} 天${done.failed > 0 ? `，${done.failed} 位没有读到` : ""}`;
    },
    expectations: async () => {
      const n = await reckonExpectations({ store, world, zone: config.zone, replyWindowHours });
      await forgetStates(store, world.now());
      await forgetCalls(store, world.now() - CALLS_KEPT);
      return n > 0 ? `${n} 个触点的预期回复更新` : undefined;
    },
  };
}
