// What goes in one hand-over: the same words of one guide for one touchpoint version at one time, each customer once.
import { groupOutgoing, MOST_CUSTOMERS, type Outgoing } from "../../src/tasks/hand-overs.js";

let next = 0;
const line = (part: Partial<Omit<Outgoing, "task">> = {}, task: Partial<Outgoing["task"]> = {}): Outgoing => {
  const id = ++next;
  return {
    ...{ channel: "wecom", way: "mass", guideId: 7, words: "早上好", preparedOn: "2026-03-02", nextAt: 5 },
    ...part,
    task: { id, customerId: 100 + id, touchpointId: 1, versionId: 1, ...task },
  };
};
const sizes = (lines: Outgoing[]) => groupOutgoing(lines).map(({ tasks }) => tasks.length);

it.each<[string, () => Outgoing[], number[]]>([
  ["nothing", () => [], []],
  ["the same words", () => [line(), line(), line()], [3]],
  ["other words", () => [line(), line({ words: "晚上好" }), line()], [2, 1]],
  ["another guide", () => [line(), line({ guideId: 8 })], [1, 1]],
  ["another touchpoint", () => [line(), line({}, { touchpointId: 2 })], [1, 1]],
  ["another version", () => [line(), line({}, { versionId: 2 })], [1, 1]],
  ["another time", () => [line(), line({ nextAt: 6 })], [1, 1]],
  ["a bot", () => [line({ way: "bot" }), line({ way: "bot" })], [1, 1]],
  [
    "twins: the customer stands in each once",
    () => [line({}, { customerId: 1 }), line({}, { customerId: 1 }), line()],
    [2, 1],
  ],
  [
    "more than one call may carry",
    () => Array.from({ length: MOST_CUSTOMERS + 1 }, () => line()),
    [MOST_CUSTOMERS, 1],
  ],
])("%s", (_case, lines, expected) => {
  expect(sizes(lines())).toEqual(expected);
});
