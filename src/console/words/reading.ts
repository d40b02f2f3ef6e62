// Entries with all that their pages say of them, read together.
import type { Store } from "../../infra/store.js";
import { sentencesWith } from "../../journeys/claims-found.js";
import type { ClaimsList } from "../../journeys/claims-list.js";
import type { LibraryEntry } from "../../journeys/library/entries.js";
import type { LibraryService } from "../../journeys/library/service.js";
import { liveWordsOf } from "../../journeys/library/usage.js";
import { addDays, shopDayOf } from "../../kernel/calendar.js";
import type { World } from "../../kernel/world.js";
import { wordsRates } from "../../reports/words-rates.js";
import type { KnownEntry, RateDays } from "./page.js";

export interface ReadingParts {
  store: Store;
  world: Pick<World, "now">;
  zone: string;
  library: LibraryService;
  claimsList: ClaimsList;
}

/** Uses, rates of the last so many days, and claims of entries, in their order. */
export async function knownEntries(
  { store, world, zone, library, claimsList }: ReadingParts,
  entries: readonly LibraryEntry[],
  days: RateDays,
): Promise<KnownEntry[]> {
  await claimsList.check.fresh?.();
  const to = shopDayOf(world.now(), zone);
  const span = { from: addDays(to, 1 - days), to };
  const inUse = await library.inUse();
  const uses = await library.uses(entries);
  const sayings = new Map(
    entries.map((entry) => [
      entry.id,
      liveWordsOf(entry, inUse).map(({ since, ...one }) => ({ ...one, from: shopDayOf(since, zone) })),
    ]),
  );
  const rates = await wordsRates(store.read, span, sayings);
  return entries.map((entry) => ({
    entry,
    uses: uses.get(entry.id) ?? [],
    rate: (sayings.get(entry.id)?.length ?? 0) > 0 ? rates.get(entry.id) : undefined,
    claims: sentencesWith(entry.words, claimsList.check).length,
  }));
}
