// What must have a task, told from the anchors alone and without any help from the planner.
import type { Store } from "../../../src/infra/store.js";
import type { TouchpointSpec } from "../../../src/journeys/spec.js";
import { addDays, addMonths, type ShopDay } from "../../../src/kernel/calendar.js";
import { type Brand, firstDay, todayOf } from "./brand.js";

/** A customer turned out to be another: what was theirs is the other's. Children get other numbers. */
export function rename(expected: Expected, from: number, into: number): void {
  for (const [identity, due] of [...expected]) {
    const [key, customer, child, occurrence] = identity.split(" ");
    if (Number(customer) !== from) continue;
    expected.delete(identity);
    if (child === "0") expected.set(`${key} ${into} 0 ${occurrence}`, due);
  }
}

interface Anchor {
  customerId: number;
  kind: string;
  childNo: number;
  onDate: ShopDay;
  cycleOn: number;
  quietThrough: ShopDay | null;
  level: string | null;
}

/** Identities that must have a row, with the due day that made them: `touchpoint customer child occurrence`. */
export type Expected = Map<string, ShopDay>;

/** Writes down what an end of grace on one of these days leaves no way round. */
export async function foresee(brand: Brand, days: number): Promise<void> {
  const { expected } = brand;
  const anchors = await anchorsOf(brand.one.store);
  const today = todayOf(brand);
  for (const spec of brand.journey.touchpoints) {
    const since = brand.since.get(spec.key) ?? firstDay;
    const own = anchors.filter((anchor) => isMeant(spec, anchor));
    for (let ahead = 0; ahead < days; ahead++) {
      const due = addDays(today, ahead - spec.graceDays);
      if (due < since) continue;
      for (const anchor of own) {
        if (anchor.quietThrough !== null && due <= anchor.quietThrough) continue;
        const occurrence = occurrenceOf(spec, anchor, due);
        if (occurrence !== null)
          expected.set(`${spec.key} ${anchor.customerId} ${anchor.childNo} ${occurrence}`, due);
      }
    }
  }
}

function isMeant({ trigger, audience }: TouchpointSpec, { kind, level }: Anchor): boolean {
  if (trigger.anchor !== kind) return false;
  const levels = "level" in audience ? audience.level : undefined;
  return levels === undefined || levels.includes(level ?? "");
}

/** The occurrence an anchor gives on a day; null: none. */
function occurrenceOf({ trigger }: TouchpointSpec, anchor: Anchor, due: ShopDay): number | null {
  if (trigger.anchor === "day") return null;
  const { offset, repeat } = trigger;
  const shifted = (from: ShopDay) =>
    offset.unit === "months"
      ? addMonths(from, offset.n)
      : addDays(from, offset.unit === "weeks" ? 7 * offset.n : offset.n);
  if (repeat !== "yearly") {
    if (shifted(anchor.onDate) !== due) return null;
    return repeat === "once" ? 0 : anchor.cycleOn;
  }
  const year = Number(due.slice(0, 4));
  for (const candidate of [year - 1, year, year + 1]) {
    const years = candidate - Number(anchor.onDate.slice(0, 4));
    if (years >= 1 && shifted(addMonths(anchor.onDate, 12 * years)) === due) return candidate;
  }
  return null;
}

function anchorsOf(store: Store): Promise<Anchor[]> {
  return store.read.rows<Anchor>(
    `SELECT a.customer_id AS customerId, a.kind, a.child_no AS childNo, a.on_date AS onDate, a.cycle_on AS cycleOn,
       a.quiet_through AS quietThrough, c.level
     FROM anchor a JOIN customer c ON c.id = a.customer_id WHERE a.on_date IS NOT NULL`,
  );
}
