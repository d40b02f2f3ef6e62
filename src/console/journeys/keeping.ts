// A touchpoint's form put into its draft: kept, or told what is wrong at which field, or who was there first.
import { type DraftEdits, EditConflict, freeKey } from "../../journeys/draft-edits.js";
import { type OpenDraft, stampOf } from "../../journeys/draft-opening.js";
import { touchpointsIn } from "../../journeys/trigger-data.js";
import { Refusal } from "../../kernel/refusals.js";
import type { Conflict } from "./conflict-view.js";
import { type FormFaults, formFaults } from "./form-faults.js";
import { dataOfForm, type TouchpointForm } from "./touchpoint-form.js";

/** What somebody wants kept, and over what. */
export interface Wish {
  journey: string;
  /** the touchpoint's key in the draft; "": a new one */
  was: string;
  stamp: string;
  /** of a journey that is not there yet */
  journeyName: string;
  form: TouchpointForm;
  /** said after a conflict: over whatever is there now */
  isForced: boolean;
}

export interface Kept {
  touchpoint: string;
  stamp: string;
}

export type Keeping = { kept: Kept } | { conflict: Conflict } | { faults: FormFaults };

/** Keeps it, or says why not. */
export async function keepTouchpoint(
  { edits }: { edits: DraftEdits },
  wish: Wish,
  by: string,
): Promise<Keeping> {
  const before = await opened(edits, wish);
  const list = before ? touchpointsIn(before.data) : [];
  const at = list.findIndex((one) => one.key === wish.was);
  const form =
    wish.was === "" && wish.form.key.trim() === ""
      ? { ...wish.form, key: freeKey(list, keyFor(wish.form)) }
      : wish.form;
  const { data, places } = dataOfForm({ ...form, key: wish.was === "" ? form.key : wish.was });
  try {
    const open = before
      ? await edits.put(wish.journey, aimOf(wish, at >= 0), data, by)
      : await edits.begin({ key: wish.journey, name: wish.journeyName, touchpoints: [data] }, by);
    const put = touchpointsIn(open.data).find(({ key }) => key === data.key);
    return { kept: { touchpoint: String(data.key), stamp: put ? stampOf(put) : "" } };
  } catch (error) {
    if (error instanceof EditConflict) return { conflict: { theirs: error.theirs, open: error.open } };
    if (!(error instanceof Refusal) || error.kind !== "invalid") throw error;
    return { faults: formFaults(error.faults, at < 0 ? list.length : at, places) };
  }
}

/** null: a new one, or again one that somebody has deleted meanwhile. */
function aimOf({ was, stamp, isForced }: Wish, isThere: boolean) {
  if (was === "" || (isForced && !isThere)) return null;
  return { key: was, stamp: isForced ? null : stamp };
}

async function opened(edits: DraftEdits, { journey, journeyName }: Wish): Promise<OpenDraft | undefined> {
  try {
    return await edits.open(journey);
  } catch (error) {
    if (journeyName !== "" && error instanceof Refusal && error.kind === "not_found") return undefined;
    throw error;
  }
}

/** A key that says when: day-7, month-6, no-order-30. */
function keyFor({ anchor, direction, n, unit, day }: TouchpointForm): string {
  const far = direction === "on" ? "0" : /^\d{1,4}$/.test(n.trim()) ? n.trim() : "0";
  const side = direction === "before" ? "before-" : "";
  const counted: Record<string, string> = {
    ...{ joined: `day-${far}`, guide_assigned: `guide-${far}`, first_order: `first-order-${far}` },
    ...{
      last_order: `no-order-${far}`,
      child_due: `due-${side}${far}`,
      supply_ends: "supply-ends",
      at_risk: "at-risk",
    },
    child_born: `${unit === "months" ? "month" : unit === "weeks" ? "week" : "baby-day"}-${far}`,
    ...{ child_birthday: "child-birthday", customer_birthday: "customer-birthday" },
    day: /^\d{2}-\d{2}$/.test(day) ? `date-${day}` : "calendar",
  };
  return counted[anchor] ?? anchor.replaceAll("_", "-");
}
