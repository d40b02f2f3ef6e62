// What a changed anchor makes of a task: the rule as a table, and for any change nothing it must not touch.
import fc from "fast-check";
import type { AnchorKind, Repeat, TouchpointSpec } from "../../src/journeys/spec.js";
import { addDays } from "../../src/kernel/calendar.js";
import {
  type AnchorNow,
  CORRECTABLE,
  type CorrectableTask,
  type Correction,
  correction,
} from "../../src/tasks/corrections.js";
import { mayGive, mayMove, REASONS, STATES } from "../../src/tasks/life.js";

const today = "2026-03-02";
type Spec = Pick<TouchpointSpec, "trigger" | "graceDays" | "send">;

const spec = (anchor: AnchorKind, n: number, repeat: Repeat = "once", send: Spec["send"] = "mass"): Spec => ({
  trigger: { anchor, offset: { unit: "days", n }, repeat },
  graceDays: 3,
  send,
});

/** A task planned for today by an anchor of a week ago. */
const task = (rest: Partial<CorrectableTask> = {}): CorrectableTask => ({
  ...{ state: "planned", reason: null, occurrence: 0, guideId: 1, dueOn: today, anchorOn: "2026-02-23" },
  ...{ releasedOn: null, offeredAt: null, deputyOf: null },
  ...rest,
});
const on = (onDate: string, rest: Partial<AnchorNow> = {}): AnchorNow => ({
  ...{ onDate, cycleOn: 20260223, guideId: 1 },
  ...rest,
});
const day7 = spec("joined", 7);
const lapse = spec("last_order", 7, "each");
const birthday = spec("customer_birthday", 0, "yearly");
const seen = { offeredAt: 1 } as const;
const cancelled = (
  reason: CorrectableTask["reason"] = "anchor_corrected",
  rest: Partial<CorrectableTask> = {},
) => task({ state: "cancelled", reason, ...rest });

const judge = (
  of: CorrectableTask,
  anchor: AnchorNow | null,
  by: Spec = day7,
  { wouldBeMade = true, outside = false, declined = false, gone = "anchor_corrected" as const } = {},
) => correction(of, anchor, by, { today, gone, declined, outside, wouldBeMade: () => wouldBeMade });

describe("correction", () => {
  it.each<[string, Correction | null, Partial<Correction> | null]>([
    ["the same date and owner", judge(task(), on("2026-02-23")), null],
    ["gone", judge(task(), null), { to: "cancelled", reason: "anchor_corrected" }],
    [
      "a later date",
      judge(task(), on("2026-02-25")),
      {
        ...{ to: "planned", reason: "anchor_corrected" },
        dates: {
          ...{
            dueOn: "2026-03-04",
            anchorOn: "2026-02-25",
            expiresOn: "2026-03-07",
            releaseOn: "2026-03-04",
          },
          ...{ releasedOn: null, late: false },
        },
      },
    ],
    [
      "an earlier date inside the grace goes today, late",
      judge(task(), on("2026-02-20")),
      {
        to: "planned",
        dates: {
          ...{ dueOn: "2026-02-27", anchorOn: "2026-02-20", expiresOn: today, releaseOn: today },
          ...{ releasedOn: null, late: true },
        },
      },
    ],
    [
      "an earlier date past the grace",
      judge(task(), on("2026-02-19")),
      { to: "cancelled", reason: "anchor_corrected" },
    ],
    [
      "released today, moved inside today",
      judge(task({ releasedOn: today }), on("2026-02-22")),
      { to: "planned" },
    ],
    [
      "another owner",
      judge(task(), on("2026-02-23", { guideId: 2 })),
      { to: "planned", reason: null, guideId: 2 },
    ],
    [
      "no owner any more",
      judge(task(), on("2026-02-23", { guideId: null })),
      { to: "held", reason: "no_guide", guideId: null },
    ],
    [
      "declined: no owner, and none wanted",
      judge(task(), on("2026-02-23", { guideId: null }), day7, { declined: true }),
      { to: "skipped", reason: "transfer_declined" },
    ],
    ["with a deputy of the same owner", judge(task({ guideId: 3, deputyOf: 1 }), on("2026-02-23")), null],
    [
      "with a deputy, and another owner",
      judge(task({ guideId: 3, deputyOf: 1 }), on("2026-02-23", { guideId: 2 })),
      { to: "planned", reason: null, guideId: 2 },
    ],
    [
      "an owner for what was held",
      judge(task({ state: "held", reason: "no_guide", guideId: null }), on("2026-02-23")),
      { to: "planned", reason: null, guideId: 1 },
    ],
    [
      "the guide who left is still the owner",
      judge(task({ state: "held", reason: "guide_left" }), on("2026-02-24")),
      { to: "held", reason: "guide_left" },
    ],
    [
      "an owner after the guide who left",
      judge(task({ state: "held", reason: "guide_left" }), on("2026-02-23", { guideId: 2 })),
      { to: "planned", guideId: 2 },
    ],
    [
      "another cycle",
      judge(task({ occurrence: 20260101 }), on("2026-02-28", { cycleOn: 20260228 }), lapse),
      { to: "cancelled", reason: "bought_already" },
    ],
    [
      "an order taken back",
      judge(task({ occurrence: 20260301 }), on("2026-02-23"), lapse),
      { to: "cancelled", reason: "anchor_corrected" },
    ],
    [
      "moved inside its cycle",
      judge(task({ occurrence: 20260223 }), on("2026-02-25"), lapse),
      { to: "planned", reason: "anchor_corrected" },
    ],
    [
      "a birthday keeps its year",
      judge(task({ occurrence: 2026, anchorOn: "1990-03-02" }), on("1991-03-05"), birthday),
      { to: "planned", dates: expect.objectContaining({ dueOn: "2026-03-05" }) },
    ],
    [
      "born after that birthday",
      judge(task({ occurrence: 2026, anchorOn: "1990-03-02" }), on("2026-03-02"), birthday),
      { to: "cancelled", reason: "anchor_corrected" },
    ],
  ])("of what is planned: %s", (_name, given, expected) => {
    if (expected === null) expect(given).toBeNull();
    else expect(given).toMatchObject(expected);
  });

  it.each<[string, Correction | null, Partial<Correction> | null]>([
    [
      "the words on the way are taken back",
      judge(task({ state: "offered", ...seen }), on("2026-02-25")),
      { to: "planned", withdrawn: true },
    ],
    [
      "a call to be made stays on the list when it moves to an earlier day",
      judge(task({ state: "offered", ...seen }), on("2026-02-22"), spec("joined", 7, "once", "hand")),
      { to: "offered" },
    ],
    [
      "and leaves it when it moves to a later one",
      judge(task({ state: "offered", ...seen }), on("2026-02-24"), spec("joined", 7, "once", "hand")),
      { to: "planned", withdrawn: true },
    ],
    [
      "another owner's list",
      judge(task({ state: "offered", ...seen }), on("2026-02-23", { guideId: 2 })),
      { to: "planned", guideId: 2, withdrawn: true },
    ],
    [
      "what lacks a value keeps lacking it",
      judge(task({ state: "needs_data", ...seen }), on("2026-02-22")),
      { to: "needs_data" },
    ],
    ["gone", judge(task({ state: "approved", ...seen }), null), { to: "cancelled" }],
  ])("of what a guide has: %s", (_name, given, expected) => {
    expect(given).toMatchObject(expected ?? {});
  });

  it.each<[string, Correction | null, boolean]>([
    ["due again", judge(cancelled(), on("2026-02-24")), true],
    ["due again on the same day", judge(cancelled(), on("2026-02-23")), true],
    ["due again late, inside the grace", judge(cancelled(), on("2026-02-20")), true],
    ["due again past the grace", judge(cancelled(), on("2026-02-19")), false],
    ["still gone", judge(cancelled(), null), false],
    [
      "bought back, the same cycle",
      judge(cancelled("bought_already", { occurrence: 20260223 }), on("2026-02-23"), lapse),
      true,
    ],
    [
      "another cycle",
      judge(cancelled("bought_already", { occurrence: 20260101 }), on("2026-02-23"), lapse),
      false,
    ],
    ["stopped, and not any more", judge(cancelled("stopped"), on("2026-02-23")), true],
    ["not born after all", judge(cancelled("superseded"), on("2026-02-23")), true],
    ["offered once", judge(cancelled("anchor_corrected", seen), on("2026-02-23")), false],
    ["ended by the emergency stop", judge(cancelled("emergency_stop"), on("2026-02-23")), false],
    ["nobody would make it now", judge(cancelled(), on("2026-02-23"), day7, { wouldBeMade: false }), false],
    ["its audience is another", judge(cancelled(), on("2026-02-23"), day7, { outside: true }), false],
  ])("of what was cancelled: %s", (_name, given, isBack) => {
    if (isBack) expect(given).toMatchObject({ to: "planned", reason: null, guideId: 1 });
    else expect(given).toBeNull();
  });

  const days = fc.integer({ min: -30, max: 30 }).map((n) => addDays(today, n));
  const anyTask = fc.record<CorrectableTask>({
    state: fc.constantFrom(...STATES),
    reason: fc.option(fc.constantFrom(...REASONS)),
    occurrence: fc.constant(0),
    guideId: fc.option(fc.integer({ min: 1, max: 3 })),
    deputyOf: fc.constant(null),
    ...{ dueOn: days, anchorOn: days, releasedOn: fc.option(days) },
    offeredAt: fc.option(fc.constant(1)),
  });
  const anyAnchor = fc.option(
    fc.record<AnchorNow>({
      onDate: days,
      cycleOn: fc.constantFrom(20260223, 20260228),
      guideId: fc.option(fc.integer({ min: 1, max: 3 })),
    }),
  );

  it("touches only what is not out, by moves that exist, and settles at once", () => {
    fc.assert(
      fc.property(
        anyTask,
        anyAnchor,
        fc.constantFrom(day7, lapse, birthday, spec("joined", 7, "once", "page")),
        fc.boolean(),
        (drawn, anchor, by, wouldBeMade) => {
          const occurrence = { once: 0, yearly: 2026, each: 20260223 }[by.trigger.repeat];
          const of = { ...drawn, occurrence };
          const change = judge(of, anchor, by, { wouldBeMade });
          if (!change) return;
          expect([...CORRECTABLE, "cancelled"]).toContain(of.state);
          if (of.state === "cancelled") expect(of.offeredAt).toBeNull();
          expect(mayMove(of.state, change.to)).toBe(true);
          expect(mayGive(change.to, change.reason)).toBe(true);
          if (change.dates) expect(change.dates.expiresOn >= today).toBe(true);
          const after: CorrectableTask = {
            ...of,
            ...{ state: change.to, reason: change.reason },
            ...(change.dates ?? {}),
            ...(change.guideId === undefined ? {} : { guideId: change.guideId }),
          };
          expect(judge(after, anchor, by, { wouldBeMade })).toBeNull();
        },
      ),
      { numRuns: 2000 },
    );
  });
});
