// With nothing changed, what is foreseen is what happens: the same rows, released on the same days, to the same guides.
import { grouped } from "../../../src/infra/batches.js";
import { addDays, type ShopDay } from "../../../src/kernel/calendar.js";
import { describeOnEachDatabase } from "../../support/databases.js";
import { type ForecastStand, forecastStandOn, opening } from "../../support/forecast-stand.js";

const DAYS = 9;

/** Foresees days, lives them, holds one against the other; gives the rows that were made. */
async function foreseenThenLived(stand: ForecastStand, start: ShopDay, isYoung: boolean) {
  stand.on(start);
  const to = addDays(start, DAYS - 1);
  const foreseen = await stand.foreseen({ start, to, asIf: false });
  for (let n = 0; n < DAYS; n++) await stand.live(addDays(start, n));
  const real = await stand.rows();
  for (const [name, row] of foreseen) expect([name, real.get(name)]).toEqual([name, row]);
  const made = [...real.keys()].filter((name) => !foreseen.has(name));
  expect(made).toEqual(isYoung ? [] : made.filter((name) => (real.get(name)?.due ?? "") < start));
  return [...real.values()];
}

describeOnEachDatabase("forecast and what happens", (store) => {
  test.each([0, 3])("are equal, row for row, from day %i on", async (lived) => {
    const stand = await forecastStandOn(store());
    for (let n = 0; n < lived; n++) await stand.live(addDays(opening, n));
    const rows = await foreseenThenLived(stand, addDays(opening, lived), lived === 0);
    const states = new Set(rows.map(({ state, reason }) => `${state} ${reason}`));
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
    expect(rows.some(({ deputy }) => deputy !== null)).toBe(true);
  });

  test("are equal where a month's cap is used up and another month begins", async () => {
    const perMonth = 1;
    const stand = await forecastStandOn(store(), 40, { first: "2026-03-29", perMonth });
    const rows = await foreseenThenLived(stand, "2026-03-29", true);
    const sent = rows.filter(({ state }) => state === "sent");
    const monthsOf = [...grouped(sent, ({ customer }) => customer).values()].map((own) =>
      own.map(({ released }) => released?.slice(0, 7)),
    );
    for (const months of monthsOf) expect(new Set(months).size).toBe(months.length);
    expect(monthsOf.some((months) => months.length === 2)).toBe(true);
  });
});
