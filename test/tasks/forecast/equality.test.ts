// With nothing changed, what is foreseen is what happens: the same rows, released on the same days, to the same guides.
import { grouped } from "../../../src/infra/batches.js";
import { addDays } from "../../../src/kernel/calendar.js";
import { describeOnEachDatabase } from "../../support/databases.js";
import { forecastStandOn, opening } from "../../support/forecast-stand.js";

const DAYS = 9;

describeOnEachDatabase("forecast and what happens", (store) => {
  test.each([
    [0, opening],
    [3, opening],
    [0, "2026-03-27"],
  ])("are equal, row for row, from day %i of %s on", async (lived, first) => {
    const stand = await forecastStandOn(store(), 40, first);
    for (let n = 0; n < lived; n++) await stand.live(addDays(first, n));
    const start = addDays(first, lived);
    stand.on(start);
    const to = addDays(start, DAYS - 1);
    const foreseen = await stand.foreseen({ start, to, asIf: false });
    for (let n = 0; n < DAYS; n++) await stand.live(addDays(start, n));
    const real = await stand.rows();
    const states = new Set([...real.values()].map(({ state, reason }) => `${state} ${reason}`));
    for (const [name, row] of foreseen) expect([name, real.get(name)]).toEqual([name, row]);
    const made = [...real.keys()].filter((name) => !foreseen.has(name));
    const before = lived === 0 ? [] : made.filter((name) => (real.get(name)?.due ?? "") < start);
    expect(made).toEqual(before);
    for (const state of [
      "sent null",
      "done_by_hand null",
      "expired grace_passed",
      "held_out held_out",
      "skipped cap",
      "skipped opted_out",
      "merged merged",
    ])
      expect(states).toContain(state);
    expect([...real.values()].some(({ deputy }) => deputy !== null)).toBe(true);
    // only where another month begins has anybody more than a month's three
    const sentTo = grouped(
      [...real.values()].filter(({ state }) => state === "sent"),
      ({ customer }) => customer,
    );
    const most = Math.max(...[...sentTo.values()].map((rows) => rows.length));
    expect(most > 3).toBe(first !== opening);
  });
});
