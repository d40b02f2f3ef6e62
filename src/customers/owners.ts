// Who of a customer's contacts is the owner. Pure.
import type { ShopDay } from "../kernel/calendar.js";

/** A friendship between a customer and a guide. */
export interface ContactDays {
  guideId: number;
  beganOn: ShopDay | null;
  endedOn: ShopDay | null;
}

/** An owner, and whether HQ named them (else they are simply the latest contact). */
export interface Owner {
  guideId: number | null;
  named: boolean;
}

/** The owner once contacts have changed: the one HQ named as long as that friendship lasts, else the latest that does.
 *  Of two that began on one day, `latest` is the later. */
export function ownerOf(owner: Owner, contacts: readonly ContactDays[], latest?: number): Owner {
  const own = contacts.find(({ guideId }) => guideId === owner.guideId);
  if (owner.named && owner.guideId !== null && !own?.endedOn) return owner;
  const alive = contacts.filter(({ endedOn }) => endedOn === null);
  const [first] = alive.toSorted(
    (a, b) => rank(b, latest).localeCompare(rank(a, latest)) || a.guideId - b.guideId,
  );
  return { guideId: first?.guideId ?? null, named: false };
}

/** What one event makes of a contact: its days afterwards, or undefined when it changes nothing.
 *  Events may come late or twice: one older than what is known says nothing new. */
export function afterEvent(
  contact: ContactDays | undefined,
  event: { kind: "added" | "ended"; guideId: number; day: ShopDay },
): ContactDays | undefined {
  const { guideId, day } = event;
  if (event.kind === "ended") {
    const isOld = !contact || contact.endedOn !== null || (contact.beganOn !== null && day < contact.beganOn);
    return isOld ? undefined : { ...contact, endedOn: day };
  }
  const begun = { guideId, beganOn: day, endedOn: null };
  if (!contact) return begun;
  if (contact.endedOn !== null) return day < contact.endedOn ? undefined : begun;
  return contact.beganOn === null ? begun : undefined;
}

function rank({ guideId, beganOn }: ContactDays, latest: number | undefined): string {
  return `${beganOn ?? ""}${guideId === latest ? "+" : ""}`;
}
