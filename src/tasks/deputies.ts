// Who follows up a customer while the owner is on leave. Pure.
import type { ShopDay } from "../kernel/calendar.js";

/** Another guide who knows the customer. */
export interface Acquaintance {
  guideId: number;
  /** null: not known */
  beganOn: ShopDay | null;
}

/** The one who stands in: the one named, where they know the customer, else the latest contact; of two that began on
 *  one day the one with the lower id. Null: nobody. `able`: with the house and at work. */
export function deputyFor(
  contacts: readonly Acquaintance[],
  named: number | null,
  able: (guideId: number) => boolean,
): number | null {
  const known = contacts.filter(({ guideId }) => able(guideId));
  if (known.some(({ guideId }) => guideId === named)) return named;
  const [latest] = known.toSorted(
    (a, b) => (b.beganOn ?? "").localeCompare(a.beganOn ?? "") || a.guideId - b.guideId,
  );
  return latest?.guideId ?? null;
}
