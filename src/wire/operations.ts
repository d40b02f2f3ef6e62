// How the house is looked after: the stop switch, failed tasks, the chat system's health, the manager's view, timed jobs.
import type { TimedWork } from "../console/operations/board.js";
import type { Viewer } from "../identity/viewer.js";
import type { Config } from "../infra/config.js";
import type { Store } from "../infra/store.js";
import type { World } from "../kernel/world.js";
import { type TouchpointSums, touchpointSums } from "../reports/touchpoint-sums.js";
import type { UrgeWhich } from "../tasks/behind.js";
import { type ChannelHealth, channelHealth } from "../tasks/channel-health.js";
import { type EmergencyService, emergencyService } from "../tasks/emergency.js";
import { type Halted, resume, stopEverything } from "../tasks/halt.js";
import { type TroubleService, troubleService } from "../tasks/troubles.js";
import type { Urged } from "../tasks/urging.js";
import type { WiredChannel } from "./channels.js";
import type { TaskWork } from "./tasks.js";
import type { TellToday } from "./team-chat.js";

/** What pages of operations and managers stand on. */
export interface OperationsWork {
  emergency: EmergencyService;
  troubles: TroubleService;
  touchpointSums: TouchpointSums;
  /** the timed jobs, once something runs them here */
  timed: TimedWork;
  health(): Promise<ChannelHealth>;
  urge(viewer: Viewer, which: UrgeWhich): Promise<Urged>;
  tellToday: TellToday;
  /** tasks a guide may be given in a day */
  guidePerDay: number;
  stopEverything(by: string): Promise<Halted>;
  resume(by: string): Promise<boolean>;
}

interface OperationsParts {
  config: Pick<Config, "reply_window_hours">;
  store: Store;
  world: World;
  work: Pick<TaskWork, "setup" | "urge" | "tellToday">;
  wired: Pick<WiredChannel, "channel" | "limits">;
}

/** Over the joined work on tasks. */
export function operationsWork({ config, store, world, work, wired }: OperationsParts): OperationsWork {
  const { setup, urge, tellToday } = work;
  const { channel, limits } = wired;
  return {
    ...{ urge, tellToday, timed: {}, guidePerDay: setup.config.caps.guide_per_day },
    emergency: emergencyService(setup),
    stopEverything: (by) => stopEverything(setup, by),
    resume: (by) => resume(setup, by),
    troubles: troubleService(setup),
    touchpointSums: touchpointSums({ store, world, replyWindowHours: config.reply_window_hours }),
    health: () => channelHealth({ store, channel, limits }, world.now()),
  };
}
