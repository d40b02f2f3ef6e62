// Which touchpoints say the words of an entry, as they are or with something changed since. Pure.
import type { LibraryEntry } from "./entries.js";
import type { WordsInUse } from "./in-use.js";
import { sharesSentence } from "./text.js";

/** A touchpoint that uses an entry. */
export interface EntryUse {
  journeyKey: string;
  journeyName: string;
  touchpointKey: string;
  touchpointName: string;
  variants: string[];
  isLive: boolean;
  inDraft: boolean;
  /** it says other words than the entry by now, at least one sentence of which is the entry's */
  isChanged: boolean;
}

type Noted = readonly { entryId: number; journeyKey: string; touchpointKey: string }[];

/** An entry's uses, a touchpoint once. `noted`: where it was put in. */
export function usesOfEntry(
  entry: Pick<LibraryEntry, "id" | "digest" | "words">,
  inUse: readonly WordsInUse[],
  noted: Noted,
): EntryUse[] {
  const putInto = new Set(noted.flatMap((one) => (one.entryId === entry.id ? placeOf(one) : [])));
  const uses = new Map<string, EntryUse>();
  for (const one of inUse) {
    const isSame = one.digest === entry.digest;
    const isKin = putInto.has(placeOf(one)) && sharesSentence(one.words, entry.words);
    if (!isSame && !isKin) continue;
    const { journeyKey, journeyName, touchpointKey, touchpointName } = one;
    const use = uses.get(placeOf(one)) ?? {
      ...{ journeyKey, journeyName, touchpointKey, touchpointName },
      ...{ variants: [], isLive: false, inDraft: false, isChanged: true },
    };
    uses.set(placeOf(one), {
      ...use,
      variants: one.variant === null ? use.variants : [...new Set([...use.variants, one.variant])],
      isLive: use.isLive || one.live !== undefined,
      inDraft: use.inDraft || one.live === undefined,
      isChanged: use.isChanged && !isSame,
    });
  }
  return [...uses.values()];
}

/** The live words that say exactly what an entry says: its figures are theirs. */
export function liveWordsOf(entry: Pick<LibraryEntry, "digest">, inUse: readonly WordsInUse[]) {
  return inUse.flatMap(({ digest, live }) => (digest === entry.digest && live ? live : []));
}

function placeOf({ journeyKey, touchpointKey }: { journeyKey: string; touchpointKey: string }): string {
  return `${journeyKey}/${touchpointKey}`;
}
