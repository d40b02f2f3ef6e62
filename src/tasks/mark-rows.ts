// The rows that working off marks moves between its parts.
import type { Sql, Store } from "../infra/store.js";
import type { AudienceBasis } from "../journeys/audience-sql.js";
import { calendarDayIn, isDayTrigger } from "../journeys/days.js";
import type { LiveTouchpoint } from "../journeys/queries.js";
import type { TouchpointSpec, TriggerAnchor } from "../journeys/spec.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { NamedDays } from "../org/calendar-rules.js";
import type { DayCustomer } from "./day-plans.js";
import type { PlanState } from "./watermark.js";

/** Says that an anchor was written. */
export interface Mark {
  id: number;
  customerId: number;
  kind: TriggerAnchor;
  childNo: number;
  /** its cycle before; 0 when there was none */
  wasCycle: number;
}

/** An anchor as it stands now. */
export interface Anchor {
  customerId: number;
  kind: TriggerAnchor;
  childNo: number;
  /** null: none any more */
  onDate: ShopDay | null;
  cycleOn: number;
  guideId: number | null;
  quietThrough: ShopDay | null;
}

/** What working off marks needs. */
export interface MarksRun {
  store: Store;
  today: ShopDay;
  /** epoch ms, for the record */
  at: number;
  basis: AudienceBasis;
}

/** Some marks with what stands around them, in the transaction that works them off. */
export interface MarkedRun {
  sql: Sql;
  today: ShopDay;
  /** epoch ms */
  at: number;
  basis: AudienceBasis;
  marks: readonly Mark[];
  /** of the marked customers, by `anchorOf` */
  anchors: ReadonlyMap<string, Anchor>;
  touchpoints: readonly LiveTouchpoint[];
  states: ReadonlyMap<number, PlanState>;
  /** the calendar, and the marked customers by id, where a touchpoint waits for a calendar day */
  named: NamedDays;
  customers: ReadonlyMap<number, DayCustomer>;
}

/** What a task counts from as it stands now: a stored anchor, or the calendar day of its year. */
export function anchorFor(
  { anchors, named, customers }: Pick<MarkedRun, "anchors" | "named" | "customers">,
  task: Pick<Anchor, "customerId" | "childNo"> & { occurrence: number },
  { trigger }: Pick<TouchpointSpec, "trigger">,
): (Anchor & { bucket?: number }) | undefined {
  if (!isDayTrigger(trigger)) return anchors.get(anchorOf({ ...task, kind: trigger.anchor }));
  const customer = customers.get(task.customerId);
  const onDate = calendarDayIn(trigger.day, task.occurrence, named) ?? null;
  return customer && { ...task, ...customer, kind: "day", onDate, cycleOn: 0 };
}

/** Which anchor: "customer kind child". */
export function anchorOf({
  customerId,
  kind,
  childNo,
}: Pick<Anchor, "customerId" | "kind" | "childNo">): string {
  return `${customerId} ${kind} ${childNo}`;
}
