// Contact ways towards the chat system: made once whatever happens, their guides kept in step with the store's.
import type { Directory } from "../channels/directory.js";
import { ChannelError } from "../channels/port.js";
import type { ContactParts } from "./members.js";
import { patiently } from "./patience.js";
import { guidesByStore, knownConfigs, sayUnmade, setWay } from "./way-rows.js";

interface WayRow {
  id: number;
  campaign: string;
  storeId: number;
  state: string;
  configId: string | null;
  guides: string | null;
  madeAt: number;
  calledAt: number | null;
}

const MOST_GUIDES = 100;
/** clocks differ */
const AROUND = 3_600_000;
/** no call is under way for so long */
const CALL_LASTS = 60_000;
/** Errors that ask for somebody's hand and yet are about one member alone: out of scope, no right on them. */
const OF_ONE = [60011, 50002];

/** What keeping codes in step came to. */
export interface KeptWays {
  made: number;
  changed: number;
  failed: number;
}

/** Goes through all codes that are in use (of one campaign). Where the chat system takes no more for now, the rest is left
 *  for the next time, and says so. */
export async function keepWays(parts: ContactParts, campaign?: string): Promise<KeptWays> {
  const { store, world, directory } = parts;
  const which = campaign === undefined ? "" : " AND campaign = ?";
  const ways = await store.read.rows<WayRow>(
    `SELECT id, campaign, store_id AS storeId, state, config_id AS configId, guides, made_at AS madeAt,
       called_at AS calledAt FROM contact_way WHERE removed_at IS NULL${which} ORDER BY id`,
    campaign === undefined ? [] : [campaign],
  );
  const kept: KeptWays = { made: 0, changed: 0, failed: 0 };
  if (ways.length === 0) return kept;
  const members = new Set(await patiently(world, () => directory.members()));
  const guidesOf = await guidesByStore(parts);
  for (const [at, way] of ways.entries()) {
    const guides = (guidesOf.get(way.storeId) ?? [])
      .filter((userid) => members.has(userid))
      .slice(0, MOST_GUIDES);
    try {
      const done = await keepOne(parts, way, guides);
      if (done) kept[done]++;
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      const why = error.message.slice(0, 250);
      kept.failed++;
      await setWay(parts, way.id, { error: why });
      if (!concernsAll(error)) continue;
      const rest = ways.slice(at + 1).filter(({ configId }) => configId === null);
      await sayUnmade(
        parts,
        rest.map(({ id }) => id),
        why,
      );
      return { ...kept, failed: kept.failed + rest.length };
    }
  }
  return kept;
}

/** Whether the next call would fare no better: a limit is reached, or the set-up must be mended. */
function concernsAll({ kind, code }: ChannelError): boolean {
  return kind === "wait" || (kind === "operations" && !OF_ONE.includes(code ?? 0));
}

async function keepOne(
  parts: ContactParts,
  way: WayRow,
  guides: readonly string[],
): Promise<"made" | "changed" | undefined> {
  const { configId, state } = way;
  if (guides.length === 0) throw new ChannelError("fix", "no guide of this store may have customers");
  if (configId === null) return (await make(parts, way, guides)) ? "made" : undefined;
  if (way.guides === JSON.stringify(guides)) return undefined;
  await patiently(parts.world, () => parts.directory.updateWay(configId, wordsOf(way, guides, state)));
  await setWay(parts, way.id, { guides: JSON.stringify(guides), error: null });
  return "changed";
}

const wordsOf = ({ campaign }: WayRow, guideUserids: readonly string[], state: string) => ({
  guideUserids,
  state,
  remark: `guidepost ${campaign}`,
});

/** Makes one code. A call whose answer is not known may have made it: then it is looked for by its state first. */
async function make(parts: ContactParts, way: WayRow, guides: readonly string[]): Promise<boolean> {
  const { world, directory, store } = parts;
  const known = { guides: JSON.stringify(guides), called_at: null, error: null };
  if (!(await claim(parts, way.id))) return false;
  if (way.calledAt !== null) {
    // the lost call may be the first of several: none was made before its row was
    const ours = await knownConfigs(store.read);
    const found = await findByState(directory, way.state, Number(way.madeAt) - AROUND, ours);
    if (found) {
      await setWay(parts, way.id, { ...known, config_id: found.configId, picture: found.picture });
      return true;
    }
  }
  try {
    const made = await patiently(world, () => directory.addWay(wordsOf(way, guides, way.state)));
    await setWay(parts, way.id, { ...known, config_id: made.configId, picture: made.picture });
    return true;
  } catch (error) {
    if (error instanceof ChannelError && error.kind !== "unknown")
      await setWay(parts, way.id, { called_at: null });
    throw error;
  }
}

/** Another process may be at it. */
async function claim({ store, world }: ContactParts, id: number): Promise<boolean> {
  const now = world.now();
  const { affected } = await store.write((sql) =>
    sql.run(
      `UPDATE contact_way SET called_at = ? WHERE id = ? AND config_id IS NULL AND removed_at IS NULL
       AND (called_at IS NULL OR called_at <= ?)`,
      [now, id, now - CALL_LASTS],
    ),
  );
  return affected === 1;
}

/** Those we know already are not asked for: each costs a call. */
async function findByState(directory: Directory, state: string, since: number, known: ReadonlySet<string>) {
  for (const configId of await directory.ways(since)) {
    if (known.has(configId)) continue;
    const way = await directory.way(configId);
    if (way?.state === state) return { configId, picture: way.picture };
  }
  return undefined;
}
