// What a guide is told after a tap or a command: what the task is now, and whether that changed anything.
import { Refusal } from "../kernel/refusals.js";
import { isTerminal, STATE_NAMES, type State } from "./life.js";
import { ownTask } from "./queries.js";
import type { TaskSetup } from "./setup.js";

/** The answer to one action on one task. */
export interface Answer {
  taskId: number;
  /** false: a repeat, or too late; nothing was done */
  changed: boolean;
  state: State;
  stateName: string;
  /** a whole sentence for the guide */
  message: string;
}

/** The answer, with the task's state as it is now. */
export async function answer(
  setup: Pick<TaskSetup, "store">,
  guideId: number,
  taskId: number,
  changed: boolean,
  message: string,
): Promise<Answer> {
  const { state } = await ownTask(setup.store.read, guideId, taskId);
  return { taskId, changed, state, stateName: STATE_NAMES[state], message };
}

/** The answer to an action that comes too late, or twice. */
export function unchanged(taskId: number, state: State): Answer {
  return {
    ...{ taskId, changed: false, state, stateName: STATE_NAMES[state] },
    message: `这个任务${STATE_NAMES[state]}，没有改动。`,
  };
}

/** Raises a Refusal where it is not known yet what the task is. Gives the answer where it has ended. */
export function endedOrBusy(taskId: number, state: State): Answer | null {
  if (isTerminal(state)) return unchanged(taskId, state);
  if (state === "sending") throw new Refusal("conflict", "这条消息正在发送，请稍后再试。");
  if (state === "unknown")
    throw new Refusal("conflict", "这条消息是否已发出正在核实，请先回答“已发出”或“没有发出”。");
  return null;
}

/** The channel could not take the words back now. */
export function notTakenBack(): Refusal {
  return new Refusal("conflict", "暂时无法从企业微信撤回这条消息，请稍后再试。");
}
