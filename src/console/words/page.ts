// The library as the desk shows it: entries with where they are used and how they were answered.
import type { LibraryEntry } from "../../journeys/library/entries.js";
import type { EntryUse } from "../../journeys/library/usage.js";
import type { WordsRate } from "../../reports/words-rates.js";
import { count, moment, percent } from "../format.js";
import { wordsPieces } from "./words-text.js";

/** The spans of days that rates are shown for. */
export const RATE_DAYS = [30, 90] as const;
export type RateDays = (typeof RATE_DAYS)[number];

/** What is known of an entry. */
export interface KnownEntry {
  entry: LibraryEntry;
  uses: readonly EntryUse[];
  rate: WordsRate | undefined;
  /** how many forbidden claims it makes by the list as it stands */
  claims: number;
}

/** An entry as lists show it. `by` names who changed it. */
export function entryCard({ entry, uses, rate, claims }: KnownEntry, by: string, zone: string): object {
  const { id, folder, title, changedAt } = entry;
  return {
    ...{ id, folder, title, by, at: moment(changedAt, zone), pieces: wordsPieces(entry.words) },
    ...{ useCount: uses.length, uses: uses.map(useView), claims },
    rate: rate ? rateView(rate) : false,
  };
}

/** A touchpoint that uses an entry, as a link. */
export function useView(use: EntryUse): object {
  const { journeyKey, journeyName, touchpointKey, touchpointName, variants, isLive, inDraft, isChanged } =
    use;
  const where = !isLive && inDraft ? "草稿" : "";
  return {
    ...{ journeyName, touchpointName, where, isChanged, variants: variants.join("、") },
    href: touchpointHref({ journeyKey, touchpointKey, isLive }),
  };
}

/** A reply rate with its interval: 23.4%, 18.1–29.7%, of 312. */
export function rateView({ rate, observed, replied, delivered, small }: WordsRate): object {
  return {
    text: percent(rate?.value ?? null),
    interval: rate ? `${percent(rate.low)}–${percent(rate.high)}` : "",
    ...{ observed: count(observed), replied: count(replied), delivered: count(delivered) },
    isSmall: rate !== null && small,
    isKnown: rate !== null,
    width: Math.round((rate?.value ?? 0) * 100),
    low: Math.round((rate?.low ?? 0) * 100),
    high: Math.round((rate?.high ?? 0) * 100),
  };
}

/** Where a touchpoint's words stand: as they are live, or in the draft where they are not. */
export function touchpointHref(one: { journeyKey: string; touchpointKey: string; isLive: boolean }): string {
  const [journey, touchpoint] = [one.journeyKey, one.touchpointKey].map(encodeURIComponent);
  return one.isLive ? `/journeys/${journey}#t-${touchpoint}` : `/journeys/${journey}/draft/t/${touchpoint}`;
}
