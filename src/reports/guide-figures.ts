// A guide's own figures: this week against the same days of last week and against the middle of their store, and the
// last two weeks day by day.

import type { Viewer } from "../identity/viewer.js";
import type { Store } from "../infra/store.js";
import { addDays, daysFromTo, type ShopDay, weekdayOf } from "../kernel/calendar.js";
import { type Figures, figuresFrom, type Middle, middleOf } from "./guide-standing.js";
import { add, NOTHING } from "./measures.js";
import { sumOwn } from "./queries.js";
import { placeOf } from "./scope.js";
import { sharedTree } from "./shared-tree.js";
import { sumGuides } from "./unit-sums.js";
import type { Span } from "./weeks.js";

/** What the page of a guide's own figures shows. */
export interface GuideFigures {
  /** from Monday through today */
  span: Span;
  week: Figures;
  /** the same weekdays a week before */
  before: Figures;
  /** null: too few guides to compare with */
  store: Middle | null;
  storeName: string;
  days: { day: ShopDay; issued: number; completed: number }[];
  /** customers of these days who still wait */
  open: number;
}

const DAYS = 14;

/** The figures of the guide who looks, by the last count of the roll-ups. */
export async function guideFigures(
  { read }: Pick<Store, "read">,
  viewer: Viewer & { guideId: number },
  today: ShopDay,
): Promise<GuideFigures> {
  const tree = await sharedTree(read);
  const place = await placeOf(read, tree, viewer, undefined);
  const span = { from: addDays(today, 1 - weekdayOf(today)), to: today };
  const before = { from: addDays(span.from, -7), to: addDays(span.to, -7) };
  const own = async (days: Span) => (await sumOwn<string>(read, tree, place, days, "all"))[0] ?? NOTHING;
  const stored = await read.row<{ id: number; name: string }>(
    "SELECT s.id, s.name FROM guide g JOIN store s ON s.id = g.store_id WHERE g.id = ?",
    [viewer.guideId],
  );
  const mates = stored ? await sumGuides(read, [stored.id], span) : [];
  const days = daysFromTo(addDays(today, 1 - DAYS), today);
  const first = days[0] ?? today;
  const cells = await sumOwn<string>(read, tree, place, { from: first, to: today }, "on_day");
  const byDay = new Map(cells.map((cell) => [cell.unit, cell]));
  return {
    ...{ span, storeName: stored?.name ?? "" },
    week: figuresFrom(add([await own(span)])),
    before: figuresFrom(add([await own(before)])),
    store: middleOf(mates),
    open: cells.reduce((sum, { openTasks }) => sum + Number(openTasks), 0),
    days: days.map((day) => {
      const { issued, completed } = byDay.get(day) ?? NOTHING;
      return { day, issued: Number(issued), completed: Number(completed) };
    }),
  };
}
