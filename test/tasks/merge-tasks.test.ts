// Of the same occurrence of one person, known twice, the task that went farthest is left: nothing twice, nothing lost.
import { isTerminal, STATES, type State } from "../../src/tasks/life.js";
import { type MergedTask, mergedTasks } from "../../src/tasks/merge-tasks.js";

const task = (id: number, state: State, isOfOther: boolean, more: Partial<MergedTask> = {}): MergedTask => ({
  ...{ id, touchpointId: 1, occurrence: 0, childNo: 0, state, isOfOther },
  ...more,
});

it.each<[own: State, other: State, moved: number[], away: number[], ended: number[], recalled?: number[]]>([
  ["planned", "sent", [2], [1], [1]],
  ["sent", "planned", [], [], [2]],
  ["sent", "sent", [], [], []],
  ["sent", "handed_over", [], [], [], [2]],
  ["handed_over", "sent", [2], [1], [], [1]],
  ["handed_over", "handed_over", [], [], [], [2]],
  ["offered", "handed_over", [2], [1], [1]],
  ["handed_over", "offered", [], [], [2]],
  ["planned", "planned", [], [], [2]],
  ["planned", "held_out", [2], [1], [1]],
  ["held_out", "planned", [], [], [2]],
  ["planned", "done_by_hand", [2], [1], [1]],
  ["expired", "planned", [2], [1], []],
  ["cancelled", "expired", [], [], []],
  ["cancelled", "skipped", [2], [1], []],
  ["held", "offered", [2], [1], [1]],
])("%s here and %s there", (own, other, moved, away, ended, recalled = []) => {
  expect(mergedTasks([task(1, own, false), task(2, other, true)])).toEqual({
    ...{ moved, away, ended, recalled },
  });
});

it("moves what only the other had, and keeps occurrences, touchpoints and children apart", () => {
  const tasks = [
    task(1, "sent", false),
    task(2, "sent", true, { occurrence: 2026 }),
    task(3, "planned", true, { touchpointId: 2 }),
    task(4, "planned", true, { childNo: 1 }),
  ];
  expect(mergedTasks(tasks)).toEqual({ moved: [2, 3, 4], away: [], ended: [], recalled: [] });
});

it("leaves of any two at most one that still waits, and never loses what was sent", () => {
  for (const own of STATES)
    for (const other of STATES) {
      const { moved, away, ended } = mergedTasks([task(1, own, false), task(2, other, true)]);
      const stays = moved.includes(2) ? other : own;
      expect([own, other, moved.length, away.length]).toEqual([own, other, away.length, moved.length]);
      if (own === "sent" || other === "sent") expect(stays).toBe("sent");
      const left = [
        [1, own],
        [2, other],
      ].filter(([id]) => !ended.includes(id as number)) as [number, State][];
      const waiting = ["planned", "held", "needs_data", "offered", "approved"];
      expect(left.filter(([, state]) => waiting.includes(state)).length).toBeLessThanOrEqual(1);
      for (const id of ended) expect(isTerminal(id === 1 ? own : other)).toBe(false);
    }
});
