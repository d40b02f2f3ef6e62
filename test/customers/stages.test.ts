// Stages and habits: what the words of the definitions mean, day by day.
import {
  buyingStage,
  type ChildStage,
  childStage,
  type Figures,
  habitOf,
  USUAL_LIMITS,
} from "../../src/customers/stages.js";
import { addDays, daysBetween, type ShopDay } from "../../src/kernel/calendar.js";

const today: ShopDay = "2026-06-30";
const ago = (days: number) => addDays(today, -days);

it.each<[ShopDay | null, ShopDay | null, ShopDay, ChildStage | null]>([
  [null, "2026-09-01", today, "pregnant"],
  [null, "2026-06-16", today, "pregnant"],
  [null, "2026-06-15", today, null],
  [null, null, today, null],
  ["2026-06-30", null, today, "0-3"],
  ["2026-07-01", null, today, null],
  ["2026-03-31", null, "2026-06-29", "0-3"],
  // three months after 31 March end on 30 June
  ["2026-03-31", null, today, "3-6"],
  ["2025-12-30", null, today, "6-12"],
  ["2025-07-01", null, today, "6-12"],
  ["2025-06-30", null, today, "12-24"],
  ["2024-06-30", null, today, "24-36"],
  ["2023-07-01", null, today, "24-36"],
  ["2023-06-30", null, today, null],
  // of 29 February the first year ends on 28 February
  ["2024-02-29", null, "2025-02-27", "6-12"],
  ["2024-02-29", null, "2025-02-28", "12-24"],
  // a birth once known, the due date says nothing any more
  ["2023-01-01", "2026-09-01", today, null],
])("born %s, due %s: on %s %s", (bornOn, dueOn, day, stage) => {
  expect(childStage({ bornOn, dueOn }, day)).toBe(stage);
});

/** Orders so many days ago, of one piece each unless said. */
function bought(days: number[], quantity = days.length * 2): Figures {
  const on = [...new Set(days)].sort((a, b) => b - a).map(ago);
  const [firstOn = null, lastOn = null] = [on[0], on.at(-1)];
  const spanDays = firstOn && lastOn ? daysBetween(firstOn, lastOn) : 0;
  return { orders: days.length, purchases: on.length, quantity, amountCents: 0, firstOn, lastOn, spanDays };
}

it.each<[string, Figures, string]>([
  ["nothing", bought([]), "potential"],
  ["today", bought([0]), "new"],
  ["thirty days ago", bought([30]), "new"],
  ["thirty-one days ago", bought([31]), "active"],
  ["first long ago, last today", bought([200, 0]), "active"],
  ["sixty days ago", bought([60]), "active"],
  ["sixty-one days ago, once", bought([61]), "pre_churn_low"],
  ["sixty-one days ago, twice that day", bought([61, 61]), "pre_churn_low"],
  ["sixty-one days ago, on two days", bought([90, 61]), "pre_churn_high"],
  ["a hundred and twenty days ago", bought([120]), "pre_churn_low"],
  ["a hundred and twenty-one", bought([121]), "churned"],
  ["one piece", bought([10], 1), "trial"],
  ["one piece, sixty days ago", bought([60], 1), "trial"],
  ["one piece, sixty-one days ago", bought([61], 1), "pre_churn_low"],
  ["one piece, and no more for long", bought([300], 1), "churned"],
  ["one piece, then another", bought([40, 10], 2), "active"],
  ["a date ahead", bought([-3]), "new"],
])("who bought %s: %s", (_what, figures, stage) => {
  expect(buyingStage(figures, null, today, USUAL_LIMITS)).toBe(stage);
});

it.each<[string, { lastOn: ShopDay; lowOn: ShopDay | null } | null, string]>([
  ["nothing", null, "pre_churn_low"],
  ["coming back always", { lastOn: ago(61), lowOn: null }, "pre_churn_high"],
  ["coming back until tomorrow", { lastOn: ago(61), lowOn: addDays(today, 1) }, "pre_churn_high"],
  ["coming back until today", { lastOn: ago(61), lowOn: today }, "pre_churn_low"],
  ["something of an earlier order", { lastOn: ago(99), lowOn: null }, "pre_churn_low"],
])("of one silent for 61 days a model says %s: %s", (_what, recovery, stage) => {
  expect(buyingStage(bought([61]), recovery, today, USUAL_LIMITS)).toBe(stage);
  // it has no word in what is not silence
  expect(buyingStage(bought([60]), recovery, today, USUAL_LIMITS)).toBe("active");
});

it.each<[string, Figures, string | null]>([
  ["nothing", bought([]), null],
  ["once", bought([10], 50), null],
  ["twice on one day", bought([10, 10], 50), null],
  ["six each time, every 45 days", bought([90, 45, 0], 18), "hoarder"],
  ["less than six each time", bought([90, 45, 0], 17), "as_needed"],
  ["six each time, a day sooner", bought([89, 45, 0], 18), "as_needed"],
])("who bought %s: %s", (_what, figures, habit) => {
  expect(habitOf(figures, USUAL_LIMITS)).toBe(habit);
});
