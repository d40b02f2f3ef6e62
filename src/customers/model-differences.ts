// What must be written so that the anchors of models become what the models say now. Pure.
import type { Param } from "../infra/store.js";
import { daysBetween, type ShopDay } from "../kernel/calendar.js";
import type { StoredAnchor } from "./anchor-differences.js";
import { cycleOf, MODEL_KINDS } from "./anchor-rules.js";

export type ModelKind = (typeof MODEL_KINDS)[number];

/** What models say of a customer, from all orders up to the last one. */
export interface Foretold {
  customerId: number;
  /** the last order it was computed from */
  lastOn: ShopDay;
  /** a day or, when a model has none to say, null */
  days: Record<ModelKind, ShopDay | null>;
}

/** A customer as the anchors need them. */
export interface Owned {
  customerId: number;
  guideId: number | null;
}

/** What is to be written, by the values of the columns. */
export interface ModelDifferences {
  anchors: Param[][];
  marks: Param[][];
  gone: StoredAnchor[];
}

/** A model's date is not exact to the day: one that moves by less than this stays, so that no task moves for nothing. */
const STILL_DAYS = 3;

/** The difference. Of customers whose last order is another by now nothing is written: who computes the next time sees it.
 *  Inside a cycle a day that has come stays, whatever the models say since; one to come moves when it moves by three days
 *  or more. */
export function compareModels(
  foretold: readonly Foretold[],
  owners: ReadonlyMap<number, Owned>,
  stored: ReadonlyMap<number, readonly StoredAnchor[]>,
  today: ShopDay,
): ModelDifferences {
  const differences: ModelDifferences = { anchors: [], marks: [], gone: [] };
  for (const one of foretold) {
    const owner = owners.get(one.customerId);
    const anchors = stored.get(one.customerId) ?? [];
    const order = anchors.find(({ kind }) => kind === "last_order");
    if (!owner || order?.cycleOn !== cycleOf(one.lastOn)) continue;
    for (const kind of MODEL_KINDS) {
      const before = anchors.find((anchor) => anchor.kind === kind);
      compareKind(differences, { ...owner, kind, order, before, on: one.days[kind], today });
    }
  }
  return differences;
}

interface OneKind extends Owned {
  kind: ModelKind;
  /** the anchor last_order */
  order: StoredAnchor;
  before: StoredAnchor | undefined;
  on: ShopDay | null;
  today: ShopDay;
}

function compareKind(
  { anchors, marks, gone }: ModelDifferences,
  { customerId, guideId, kind, order, before, on, today }: OneKind,
): void {
  const cycle = order.cycleOn;
  const kept = before?.cycleOn === cycle ? before.onDate : null;
  const isStill = kept !== null && (kept <= today || (on !== null && isNear(kept, on)));
  const next = isStill ? kept : on;
  if (next === null) {
    if (!before) return;
    gone.push(before);
  } else {
    if (next === kept && before?.guideId === guideId) return;
    // what an import suppressed of the order stays suppressed of what follows from it
    anchors.push([customerId, kind, 0, next, cycle, guideId, order.quietThrough]);
  }
  marks.push([customerId, kind, 0, before?.cycleOn ?? 0]);
}

function isNear(one: ShopDay, other: ShopDay): boolean {
  return Math.abs(daysBetween(one, other)) < STILL_DAYS;
}
