// What one person, known as two customers, keeps of both customers' tasks: of the same occurrence one, the farthest. Pure.
import { CORRECTABLE } from "./corrections.js";
import type { State } from "./life.js";

/** A task as far as merging asks; `childNo` as the one who stays has it. */
export interface MergedTask {
  id: number;
  touchpointId: number;
  occurrence: number;
  childNo: number;
  state: State;
  isOfOther: boolean;
}

/** Where the tasks go. */
export interface MergedTasks {
  /** of the other customer, to the one who stays */
  moved: number[];
  /** of the one who stays, to the other: there its place is free */
  away: number[];
  /** open, and the same occurrence has gone farther: they end */
  ended: number[];
  /** the same, waiting for a tap in the chat system: they must be taken back there */
  recalled: number[];
}

/** How far a task has gone. What was kept back to measure stays kept back, and of a child whom a sibling's message
 *  speaks of nobody writes again, so both stand above all that is open. */
const RANK: Record<State, number> = {
  ...{ cancelled: 0, expired: 0, failed: 0, skipped: 1 },
  ...{ planned: 2, held: 2, needs_data: 3, offered: 3, approved: 4, held_out: 5, merged: 5 },
  ...{ sending: 6, handed_over: 6, unknown: 6, done_by_hand: 7, sent: 8 },
};

/** Decides on all tasks of both; of two that have gone equally far the one stays whose customer stays. */
export function mergedTasks(tasks: readonly MergedTask[]): MergedTasks {
  const result: MergedTasks = { moved: [], away: [], ended: [], recalled: [] };
  const known = new Map<string, MergedTask>();
  for (const task of tasks) if (!task.isOfOther) known.set(keyOf(task), task);
  for (const task of tasks) {
    if (!task.isOfOther) continue;
    const own = known.get(keyOf(task));
    if (!own) {
      result.moved.push(task.id);
      continue;
    }
    const isFarther = RANK[task.state] > RANK[own.state];
    const loser = isFarther ? own : task;
    if (CORRECTABLE.includes(loser.state)) result.ended.push(loser.id);
    if (loser.state === "handed_over") result.recalled.push(loser.id);
    if (!isFarther) continue;
    result.moved.push(task.id);
    result.away.push(own.id);
  }
  return result;
}

function keyOf({ touchpointId, occurrence, childNo }: MergedTask): string {
  return `${touchpointId} ${occurrence} ${childNo}`;
}
