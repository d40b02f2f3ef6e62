// What a change makes of the follow-ups to come: the same due date moves, what has no counterpart goes or comes.
import type { TimelineEntry } from "../../src/tasks/explain/timeline.js";
import { changesBetween, isToCome } from "../../src/tasks/timeline-changes.js";

const touchpoint = (id: number) =>
  ({ id, name: `触点${id}`, journeyName: "旅程" }) as unknown as TimelineEntry["touchpoint"];

function entry(id: number, dueOn: string | null, more: Partial<TimelineEntry> = {}): TimelineEntry {
  return {
    ...{ touchpoint: touchpoint(id), childNo: 1, occurrence: 0, dueOn, anchorOn: dueOn },
    ...{ state: "to_come", reason: null, computed: true, task: null, standIn: null, ...more },
  };
}

const said = (before: TimelineEntry[], after: TimelineEntry[]) => {
  const { lines, ...counts } = changesBetween(before, after);
  return [counts, lines.map(({ what, touchpoint: name, from, to }) => `${what} ${name} ${from} ${to}`)];
};

describe("follow-ups to come", () => {
  it.each<[string, TimelineEntry[], TimelineEntry[], object, string[]]>([
    ["stay", [entry(1, "2026-03-02")], [entry(1, "2026-03-02")], { kept: 1 }, []],
    [
      "move",
      [entry(1, "2026-03-02")],
      [entry(1, "2026-03-05")],
      { moved: 1 },
      ["moved 触点1 2026-03-02 2026-03-05"],
    ],
    [
      "go",
      [entry(1, "2026-03-02")],
      [entry(1, null, { state: "none", reason: "no_anchor" })],
      { dropped: 1 },
      ["dropped 触点1 2026-03-02 null"],
    ],
    [
      "come",
      [entry(1, null, { state: "none", reason: "no_anchor" })],
      [entry(1, "2026-03-05")],
      { added: 1 },
      ["added 触点1 null 2026-03-05"],
    ],
    [
      "go when they will not go out",
      [entry(1, "2026-03-02")],
      [entry(1, "2026-03-02", { reason: "opted_out" })],
      { dropped: 1 },
      ["dropped 触点1 2026-03-02 null"],
    ],
    [
      "go when their task has ended",
      [entry(1, "2026-03-02", { state: "offered" })],
      [entry(1, "2026-03-02", { state: "skipped", reason: "opted_out" })],
      { dropped: 1 },
      ["dropped 触点1 2026-03-02 null"],
    ],
    [
      "are the same as a task and before it is made",
      [entry(1, "2026-03-02")],
      [entry(1, "2026-03-02", { state: "planned" })],
      { kept: 1 },
      [],
    ],
    [
      "of another child are others",
      [entry(1, "2026-03-02")],
      [entry(1, "2026-03-02", { childNo: 2 })],
      { dropped: 1, added: 1 },
      ["dropped 触点1 2026-03-02 null", "added 触点1 null 2026-03-02"],
    ],
    [
      "of two years each keep their year",
      [entry(1, "2026-03-02", { occurrence: 2026 }), entry(1, "2027-03-02", { occurrence: 2027 })],
      [entry(1, "2027-03-05", { occurrence: 2027 }), entry(1, "2026-03-05", { occurrence: 2026 })],
      { moved: 2 },
      ["moved 触点1 2026-03-02 2026-03-05", "moved 触点1 2027-03-02 2027-03-05"],
    ],
    [
      "whose next year is another one have moved",
      [entry(1, "2027-01-02", { occurrence: 2027 })],
      [entry(1, "2026-12-30", { occurrence: 2026 })],
      { moved: 1 },
      ["moved 触点1 2027-01-02 2026-12-30"],
    ],
  ])("%s", (_what, before, after, counts, lines) => {
    expect(said(before, after)).toEqual([{ moved: 0, dropped: 0, added: 0, kept: 0, ...counts }, lines]);
  });

  it("say whether the guide has them already", () => {
    const task = {} as TimelineEntry["task"];
    const flags = (before: TimelineEntry) => changesBetween([before], []).lines.map(({ isOut }) => isOut);
    expect(flags(entry(1, "2026-03-02"))).toEqual([false]);
    expect(flags(entry(1, "2026-03-02", { state: "planned", task }))).toEqual([false]);
    expect(flags(entry(1, "2026-03-02", { state: "offered", task }))).toEqual([true]);
  });
});

test.each<[TimelineEntry["state"], TimelineEntry["reason"], boolean]>([
  ["to_come", null, true],
  ["to_come", "held_out", false],
  ["none", "before_publish", false],
  ["planned", "cap", true],
  ["held", "no_guide", true],
  ["handed_over", null, true],
  ["sent", null, false],
  ["expired", "grace_passed", false],
])("%s (%s) is to come: %s", (state, reason, is) => {
  expect(isToCome(entry(1, "2026-03-02", { state, reason }))).toBe(is);
});
