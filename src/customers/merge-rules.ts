// What two customers who are one person come to: their own data, their children, their friendships. Pure.
import { daysBetween, type ShopDay } from "../kernel/calendar.js";
import { mergedConsent } from "./consent.js";
import type { StoredCustomer } from "./writing.js";

/** A customer's own data. */
export interface OwnData extends Omit<StoredCustomer, "id" | "externalUserid" | "tags"> {
  stopped: number;
}

export interface ChildData {
  childNo: number;
  name: string | null;
  bornOn: ShopDay | null;
  dueOn: ShopDay | null;
  sex: string | null;
}

/** The one who stays, with what only the other had. A no to messages holds for the person; they joined when they first did. */
export function mergedData(into: OwnData, from: OwnData): OwnData {
  const owner = into.guideId === null ? from : into;
  return {
    name: into.name || from.name,
    ...{ guideId: owner.guideId, ownerNamed: owner.ownerNamed },
    joinedOn: earlier(into.joinedOn, from.joinedOn),
    source: into.source ?? from.source,
    ...(into.phoneCipher === null ? phoneOf(from) : phoneOf(into)),
    birthday: into.birthday ?? from.birthday,
    brandPreference: into.brandPreference ?? from.brandPreference,
    level: into.level ?? from.level,
    ...mergedConsent(into, from),
    stopped: Math.max(into.stopped, from.stopped),
  };
}

function phoneOf({ phoneCipher, phoneIndex }: OwnData): Pick<OwnData, "phoneCipher" | "phoneIndex"> {
  return { phoneCipher, phoneIndex };
}

/** The earlier of two days, or the one there is. */
export function earlier(a: ShopDay | null, b: ShopDay | null): ShopDay | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/** The children of the one who stays, changed or added, and under which number each of the other's goes on. */
export interface MergedChildren {
  children: ChildData[];
  numbers: Map<number, number>;
}

/** Days that one birth may lie from another's, or from a due date, and still be the same child's. */
const BIRTH = 2;
const DUE = 60;

/**
 * Matches children: the same birth (two days apart at most: one may be a typing slip), the same due date, or a birth near
 * a due date; where there are twins, not two who are called differently. One that matches fills in what the other
 * lacks; all others are added.
 */
export function mergedChildren(into: readonly ChildData[], from: readonly ChildData[]): MergedChildren {
  const children = new Map(into.map((child) => [child.childNo, child]));
  const taken = new Set<number>();
  const numbers = new Map<number, number>();
  const several = (child: ChildData) =>
    [into, from].some((all) => all.filter((one) => isSame(one, child)).length > 1);
  for (const child of from) {
    const same = into.find(
      (one) => !taken.has(one.childNo) && isSame(one, child) && !(several(child) && areTwins(one, child)),
    );
    const childNo = same?.childNo ?? Math.max(0, ...children.keys()) + 1;
    taken.add(childNo);
    numbers.set(child.childNo, childNo);
    children.set(childNo, {
      childNo,
      name: same?.name ?? child.name,
      bornOn: same?.bornOn ?? child.bornOn,
      dueOn: same?.dueOn ?? child.dueOn,
      sex: same?.sex ?? child.sex,
    });
  }
  return {
    children: [...new Set(numbers.values())].flatMap((childNo) => children.get(childNo) ?? []),
    numbers,
  };
}

function isSame(a: ChildData, b: ChildData): boolean {
  if (a.bornOn && b.bornOn) return near(a.bornOn, b.bornOn, BIRTH);
  if (a.bornOn || b.bornOn) return near(a.bornOn ?? b.bornOn, a.bornOn ? b.dueOn : a.dueOn, DUE);
  return a.dueOn !== null && a.dueOn === b.dueOn;
}

function near(one: ShopDay | null, other: ShopDay | null, most: number): boolean {
  return one !== null && other !== null && Math.abs(daysBetween(one, other)) <= most;
}

function areTwins(a: ChildData, b: ChildData): boolean {
  return a.name !== null && b.name !== null && a.name !== b.name;
}

/** A friendship with a guide: since the earlier day, over only when both are. */
export interface ContactDays {
  beganOn: ShopDay | null;
  endedOn: ShopDay | null;
}

/** The one friendship two come to. */
export function mergedContact(a: ContactDays, b: ContactDays): ContactDays {
  const ends = [a.endedOn, b.endedOn].filter((day) => day !== null).sort();
  return { beganOn: earlier(a.beganOn, b.beganOn), endedOn: ends.length === 2 ? (ends[1] ?? null) : null };
}
