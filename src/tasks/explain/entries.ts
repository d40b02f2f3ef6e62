// Every line of one customer's timeline, by what a connection sees: committed data, or a change about to be made.
import type { Sql } from "../../infra/store.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { loadNamedDays } from "../../org/calendar-queries.js";
import type { ExplainedCustomer } from "./customer.js";
import { absencesOf, anchorsOf, tasksOf, touchpointsOf } from "./reading.js";
import { linesOf, type TimelineEntry } from "./timeline.js";

/** The lines of every touchpoint that still makes tasks, and of all others the tasks there are. */
export async function entriesOf(
  sql: Sql,
  customer: ExplainedCustomer,
  today: ShopDay,
): Promise<TimelineEntry[]> {
  const touchpoints = await touchpointsOf(sql, customer.id, today);
  const anchors = await anchorsOf(sql, customer.id);
  const tasks = await tasksOf(sql, customer.id, touchpoints, today);
  const named = await loadNamedDays(sql);
  const { guideId } = customer;
  const absences = guideId === null ? null : await absencesOf(sql, customer.id, guideId, today);
  const now = { ...customer, hasGuide: guideId !== null, absences };
  return touchpoints.flatMap((touchpoint) => {
    const own = anchors.filter(({ kind }) => kind === touchpoint.trigger.anchor);
    const all = linesOf(touchpoint, own, tasks, now, { today, named });
    return touchpoint.isLive ? all : all.filter(({ task }) => task !== null);
  });
}
