// What must be written so that stored anchors and data faults become what follows from the data. Pure.
import { grouped } from "../infra/batches.js";
import type { Param } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import {
  anchorsOf,
  CYCLIC_KINDS,
  cycleOf,
  type Facts,
  limitsOn,
  MODEL_KINDS,
  NEXT_TOUCH,
  PARTS,
  type Part,
  type WantedAnchor,
  type WantedFault,
} from "./anchor-rules.js";

/** How anchors are to be refreshed. */
export interface Refreshing {
  today: ShopDay;
  /** the day of an import that must not trigger: due days up to it are suppressed. null: everything counts */
  quietThrough: ShopDay | null;
  /** what of the customers may have changed; everything when left out */
  parts?: readonly Part[];
}

/** An anchor as stored; without a date one that is no more. */
export interface StoredAnchor {
  customerId: number;
  kind: string;
  childNo: number;
  onDate: ShopDay | null;
  /** yyyymmdd of the order that opened the cycle; of an anchor that lasts its first date, which corrections leave */
  cycleOn: number;
  guideId: number | null;
  quietThrough: ShopDay | null;
}

/** A line of the data-quality list as stored. */
export interface StoredFault extends WantedFault {
  customerId: number;
}

/** What is to be written; anchors by the values of their columns. */
export interface Differences {
  anchors: Param[][];
  marks: Param[][];
  /** anchors of a cycle that ended: their rows go */
  gone: StoredAnchor[];
  /** anchors that have no date any more: their rows stay, so that a date to come finds the first one */
  cleared: StoredAnchor[];
  faults: Param[][];
  mended: StoredFault[];
}

/** The difference between what follows from the facts and what is stored, with the marks it leaves. */
export function compare(
  facts: readonly Facts[],
  anchors: readonly StoredAnchor[],
  faults: readonly StoredFault[],
  refreshing: Refreshing,
): Differences {
  const differences: Differences = { anchors: [], marks: [], gone: [], cleared: [], faults: [], mended: [] };
  const limits = limitsOn(refreshing.today);
  const anchorsById = grouped(anchors, (anchor) => anchor.customerId);
  const faultsById = grouped(faults, (fault) => fault.customerId);
  for (const one of facts) {
    const wanted = anchorsOf(one, refreshing.parts ?? PARTS, limits);
    compareAnchors(one, wanted.anchors, anchorsById.get(one.customerId) ?? NONE, refreshing, differences);
    compareFaults(one, wanted.faults, faultsById.get(one.customerId) ?? NONE, refreshing, differences);
  }
  return differences;
}

const NONE: readonly never[] = [];

function compareAnchors(
  facts: Facts,
  wanted: readonly WantedAnchor[],
  stored: readonly StoredAnchor[],
  { quietThrough }: Refreshing,
  differences: Differences,
): void {
  const { customerId, guideId } = facts;
  for (const anchor of wanted) {
    const before = stored.find(isOf(anchor));
    const cycleOn = before && !CYCLIC_KINDS.includes(anchor.kind) ? before.cycleOn : cycleOf(anchor.onDate);
    const isSame =
      before?.onDate === anchor.onDate && before.cycleOn === cycleOn && before.guideId === guideId;
    if (!isSame) put(differences, facts, anchor, cycleOn, before, quietThrough);
  }
  const cycle = facts.lastOrder ? cycleOf(facts.lastOrder) : undefined;
  for (const anchor of stored) {
    if (anchor.onDate === null || wanted.some(isOf(anchor))) continue;
    if (anchor.kind === NEXT_TOUCH) {
      if (anchor.guideId !== guideId) put(differences, facts, anchor, anchor.cycleOn, anchor, quietThrough);
      continue;
    }
    const isModel = MODEL_KINDS.some((kind) => kind === anchor.kind);
    const isOfThisCycle = isModel && anchor.cycleOn === cycle;
    if (isOfThisCycle && anchor.guideId === guideId) continue;
    if (isOfThisCycle) put(differences, facts, anchor, anchor.cycleOn, anchor, quietThrough);
    else {
      const isCyclic = CYCLIC_KINDS.includes(anchor.kind);
      (isCyclic ? differences.gone : differences.cleared).push(anchor);
      differences.marks.push([customerId, anchor.kind, anchor.childNo, anchor.cycleOn]);
    }
  }
}

function put(
  { anchors, marks }: Differences,
  { customerId, guideId }: Facts,
  { kind, childNo, onDate }: WantedAnchor | StoredAnchor,
  cycleOn: number,
  before: StoredAnchor | undefined,
  quietThrough: ShopDay | null,
): void {
  const quiet = later(before?.quietThrough ?? null, quietThrough);
  anchors.push([customerId, kind, childNo, onDate, cycleOn, guideId, quiet]);
  // a first anchor all of whose due days are suppressed has nothing to plan
  if (before || quietThrough === null) marks.push([customerId, kind, childNo, before?.cycleOn ?? 0]);
}

function compareFaults(
  { customerId }: Facts,
  wanted: readonly WantedFault[],
  stored: readonly StoredFault[],
  { today }: Refreshing,
  differences: Differences,
): void {
  const isOfField = (one: WantedFault) => (other: WantedFault) =>
    one.childNo === other.childNo && one.field === other.field;
  for (const fault of wanted) {
    const before = stored.find(isOfField(fault));
    if (before?.value === fault.value && before.reason === fault.reason) continue;
    const { childNo, field, value, reason } = fault;
    differences.faults.push([customerId, childNo, field, value, reason, today]);
  }
  differences.mended.push(...stored.filter((fault) => !wanted.some(isOfField(fault))));
}

interface Key {
  kind: string;
  childNo: number;
}

const isOf = (one: Key) => (other: Key) => one.kind === other.kind && one.childNo === other.childNo;

function later(one: ShopDay | null, other: ShopDay | null): ShopDay | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}
