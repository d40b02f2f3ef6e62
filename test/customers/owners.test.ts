// Who owns a customer after friendships begin and end, and what late or doubled events are worth.
import { afterEvent, type ContactDays, ownerOf } from "../../src/customers/owners.js";

const contact = (guideId: number, beganOn: string | null, endedOn: string | null = null): ContactDays => ({
  ...{ guideId, beganOn, endedOn },
});
const one = contact(1, "2026-01-01");
const two = contact(2, "2026-02-01");

test.each([
  [
    "nobody left",
    { guideId: 1, named: false },
    [contact(1, "2026-01-01", "2026-03-01")],
    undefined,
    { guideId: null, named: false },
  ],
  ["the latest", { guideId: 1, named: false }, [one, two], undefined, { guideId: 2, named: false }],
  [
    "the latest that lasts",
    { guideId: 2, named: false },
    [one, contact(2, "2026-02-01", "2026-03-01")],
    undefined,
    { guideId: 1, named: false },
  ],
  ["named, while it lasts", { guideId: 1, named: true }, [one, two], 2, { guideId: 1, named: true }],
  [
    "named without a contact we know",
    { guideId: 3, named: true },
    [one],
    undefined,
    { guideId: 3, named: true },
  ],
  [
    "named, and ended",
    { guideId: 1, named: true },
    [contact(1, "2026-01-01", "2026-03-01"), two],
    undefined,
    { guideId: 2, named: false },
  ],
  [
    "two of one day: the one just told of",
    { guideId: 1, named: false },
    [one, contact(2, "2026-01-01")],
    2,
    { guideId: 2, named: false },
  ],
  [
    "two of one day, told of neither",
    { guideId: null, named: false },
    [contact(2, "2026-01-01"), one],
    undefined,
    { guideId: 1, named: false },
  ],
  [
    "a day unknown is the earliest",
    { guideId: null, named: false },
    [contact(1, null), two],
    undefined,
    { guideId: 2, named: false },
  ],
])("owner: %s", (_name, owner, contacts, latest, wanted) => {
  expect(ownerOf(owner, contacts, latest)).toEqual(wanted);
});

const day = "2026-02-10";
const ended = contact(1, "2026-01-01", "2026-02-05");

test.each<[string, ContactDays | undefined, "added" | "ended", string, ContactDays | undefined]>([
  ["begun", undefined, "added", day, contact(1, day)],
  ["begun again while it lasts", one, "added", day, undefined],
  ["begun, the day was unknown", contact(1, null), "added", day, contact(1, day)],
  ["begun anew", ended, "added", day, contact(1, day)],
  ["begun anew on the day it ended", ended, "added", "2026-02-05", contact(1, "2026-02-05")],
  ["an old beginning, told late", ended, "added", "2026-01-01", undefined],
  ["ended", one, "ended", day, contact(1, "2026-01-01", day)],
  ["ended twice", ended, "ended", day, undefined],
  ["the end of what never was", undefined, "ended", day, undefined],
  ["an old end, told late", contact(1, "2026-03-01"), "ended", day, undefined],
  ["ended, begun we know not when", contact(1, null), "ended", day, contact(1, null, day)],
])("event: %s", (_name, before, kind, on, after) => {
  expect(afterEvent(before, { kind, guideId: 1, day: on })).toEqual(after);
});
