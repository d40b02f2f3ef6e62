// The life of a task: every pair of states, every reason, and random walks that must end well.
import fc from "fast-check";
import {
  isTerminal,
  type MovedBy,
  mayGive,
  mayMove,
  REASON_NAMES,
  REASONS,
  SKIP_NAMES,
  STATE_NAMES,
  STATES,
  type State,
} from "../../src/tasks/life.js";

/** The whole table once more, by hand: rows from, columns to, in the order of `order`. x anybody, r reconciliation alone. */
const order: State[] = [
  ...(["planned", "offered", "approved", "sending", "handed_over", "sent"] as const),
  ...(["needs_data", "held", "unknown"] as const),
  ...(["done_by_hand", "skipped", "expired", "cancelled", "failed", "merged", "held_out"] as const),
];
const table: Record<State, string> = {
  planned: "xx....xx..xxx.xx",
  offered: "xxxx..xx.xxxx.x.",
  approved: "xx.x..xx.xxxx...",
  sending: "xx..xxxxx.xxxx..",
  handed_over: "xx...x.xxxxxxx..",
  sent: "................",
  needs_data: "xx....xx.xxxx...",
  held: "x......x..xxx.xx",
  unknown: ".x..xr....xxxx..",
  done_by_hand: "................",
  skipped: "................",
  expired: ".....r..........",
  cancelled: "x....r..........",
  failed: "x...............",
  merged: "x...............",
  held_out: "................",
};

describe.each(order)("from %s", (from) => {
  it.each(order)("to %s", (to) => {
    const mark = table[from][order.indexOf(to)];
    expect([mayMove(from, to), mayMove(from, to, "reconciliation")]).toEqual(
      mark === "x" ? [true, true] : mark === "r" ? [false, true] : [false, false],
    );
  });
});

it("names every state, and ends in the terminal ones", () => {
  expect([...STATES].sort()).toEqual([...order].sort());
  expect(new Set(Object.values(STATE_NAMES)).size).toBe(STATES.length);
  const ends = STATES.filter((state) => !order.some((to) => mayMove(state, to)));
  expect(STATES.filter(isTerminal).sort()).toEqual([...ends, "cancelled", "failed", "merged"].sort());
});

it("knows before which states a move may start", () => {
  const statesBefore = (to: State, by?: MovedBy) => STATES.filter((from) => mayMove(from, to, by));
  expect(statesBefore("sent")).toEqual(["sending", "handed_over"]);
  expect(statesBefore("sent", "reconciliation")).toEqual([
    ...["sending", "handed_over", "unknown", "expired", "cancelled"],
  ]);
});

it("fits its columns", () => {
  expect(Math.max(...STATES.map((state) => state.length))).toBeLessThanOrEqual(12);
  expect(Math.max(...REASONS.map((reason) => reason.length))).toBeLessThanOrEqual(32);
});

it("names every reason, one for each way a guide skips", () => {
  expect(new Set(Object.values(REASON_NAMES)).size).toBe(REASONS.length);
  for (const skip of Object.keys(SKIP_NAMES)) expect(REASONS).toContain(`guide_skipped_${skip}`);
});

it.each<[State, string | null, boolean]>([
  ["skipped", null, false],
  ["skipped", "cap", true],
  ["cancelled", null, false],
  ["cancelled", "superseded", true],
  ["expired", "grace_passed", true],
  ["expired", "cap", false],
  ["failed", "channel_refused", true],
  ["failed", null, false],
  ["held", "no_guide", true],
  ["held", "cap", false],
  ["merged", "merged", true],
  ["held_out", "held_out", true],
  ["planned", null, true],
  ["planned", "receive_limit", true],
  ["sent", null, true],
])("%s with the reason %s: %s", (to, reason, fine) => {
  expect(mayGive(to, reason as keyof typeof REASON_NAMES | null)).toBe(fine);
});

it("leads everywhere from planned, and never twice to sent", () => {
  const reached = new Set<State>(["planned"]);
  for (const from of reached) for (const to of STATES) if (mayMove(from, to)) reached.add(to);
  expect(reached.size).toBe(STATES.length);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...STATES), { maxLength: 60 }), fc.boolean(), (wishes, knows) => {
      let state: State = "planned";
      let sent = 0;
      for (const wish of wishes) {
        if (!mayMove(state, wish, knows ? "reconciliation" : "anybody")) continue;
        expect(isTerminal(state) && !knows && !["cancelled", "failed", "merged"].includes(state)).toBe(false);
        state = wish;
        if (state === "sent") sent++;
      }
      expect(sent).toBeLessThanOrEqual(1);
    }),
  );
});
