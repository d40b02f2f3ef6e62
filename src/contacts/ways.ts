// Contact ways: a code per campaign and store, its guides kept in step with the store's, made once whatever happens.
import type { Directory } from "../channels/directory.js";
import { ChannelError } from "../channels/port.js";
import { insertRows } from "../infra/batches.js";
import type { Param, Sql } from "../infra/store.js";
import { shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { storeIds } from "../org/queries.js";
import type { ContactParts } from "./members.js";
import { patiently } from "./patience.js";

/** A code as HQ sees it. */
export interface WayLine {
  campaign: string;
  store: string;
  storeName: string;
  state: string;
  /** the address of its picture; null: not made yet, `error` says why */
  picture: string | null;
  guides: string[];
  /** customers who came by it */
  customers: number;
  error: string | null;
}

interface WayRow {
  id: number;
  campaign: string;
  storeId: number;
  state: string;
  configId: string | null;
  guides: string | null;
  calledAt: number | null;
}

const CAMPAIGN = /^[^|\p{Cc}]{1,20}$/u;
const MOST_GUIDES = 100;
const STATE_TAIL = 16;
/** clocks differ */
const AROUND = 3_600_000;
/** no call is under way for so long */
const CALL_LASTS = 60_000;

export type WayService = ReturnType<typeof wayService>;

/** Contact ways over one database and directory. */
export function wayService(parts: ContactParts) {
  const { store } = parts;
  return {
    /** A code of a campaign for each of these stores (undefined: of all); those there are stay. Then makes them. Raises
     *  `invalid`, `not_found`. */
    add: async (campaign: string, stores: readonly string[] | undefined): Promise<KeptWays> => {
      mustBeCampaign(campaign);
      await plan(parts, campaign, stores);
      return keepWays(parts, campaign);
    },

    /** All codes, or those of a campaign. */
    list: (campaign?: string): Promise<WayLine[]> => list(store.read, campaign),

    /** Takes a campaign's codes back, or that of one store: scanned again they lead nowhere. Raises `not_found`. */
    remove: async (campaign: string, storeCode?: string): Promise<number> => {
      const lines = (await list(store.read, campaign)).filter(
        (line) => storeCode === undefined || line.store === storeCode,
      );
      if (lines.length === 0) throw new Refusal("not_found", `没有活动「${campaign}」的这个活码。`);
      for (const { state } of lines) await removeOne(parts, state);
      return lines.length;
    },

    /** Makes what is not made yet and brings the guides behind every code up to date. */
    keep: (): Promise<KeptWays> => keepWays(parts),
  };
}

/** What keeping codes in step came to. */
export interface KeptWays {
  made: number;
  changed: number;
  failed: number;
}

function mustBeCampaign(campaign: string): void {
  if (CAMPAIGN.test(campaign) && campaign === campaign.trim()) return;
  const expected = "a name of 1 to 20 characters, without |";
  throw new Refusal("invalid", "活动名称不对。", [{ where: "campaign", value: campaign, expected }]);
}

/** The row of each code comes before the call that makes it. */
async function plan({ store, world }: ContactParts, campaign: string, codes: readonly string[] | undefined) {
  const ids = await storeIds(store.read, codes);
  const missing = (codes ?? []).filter((code) => !ids.has(code));
  if (missing.length > 0)
    throw new Refusal(
      "not_found",
      "没有这家门店。",
      missing.map((value) => ({ where: "store", value, expected: "the code of a store" })),
    );
  await store.write(async (sql) => {
    const rows = await sql.rows<{ storeId: number }>(
      `SELECT store_id AS storeId FROM contact_way WHERE campaign = ? AND removed_at IS NULL${sql.dialect.forUpdate}`,
      [campaign],
    );
    const there = new Set(rows.map(({ storeId }) => storeId));
    await insertRows(
      sql,
      "INSERT INTO contact_way (campaign, store_id, state, made_at)",
      [...new Set(ids.values())]
        .filter((id) => !there.has(id))
        .map((id) => [campaign, id, `gp-${world.id().slice(-STATE_TAIL)}`, world.now()]),
    );
  });
}

async function list(sql: Sql, campaign?: string): Promise<WayLine[]> {
  const which = campaign === undefined ? "" : " AND w.campaign = ?";
  const rows = await sql.rows<Omit<WayLine, "guides"> & { guides: string | null }>(
    `SELECT w.campaign, s.code AS store, s.name AS storeName, w.state, w.picture, w.guides, w.error,
       (SELECT COUNT(DISTINCT f.customer_id) FROM follow f WHERE f.state = w.state) AS customers
     FROM contact_way w JOIN store s ON s.id = w.store_id
     WHERE w.removed_at IS NULL${which} ORDER BY w.campaign, s.code`,
    campaign === undefined ? [] : [campaign],
  );
  return rows.map((row) => ({
    ...row,
    guides: row.guides ? (JSON.parse(row.guides) as string[]) : [],
    customers: Number(row.customers),
  }));
}

/** Goes through all codes that are in use (of one campaign). */
async function keepWays(parts: ContactParts, campaign?: string): Promise<KeptWays> {
  const { store, world, directory } = parts;
  const which = campaign === undefined ? "" : " AND campaign = ?";
  const ways = await store.read.rows<WayRow>(
    `SELECT id, campaign, store_id AS storeId, state, config_id AS configId, guides, called_at AS calledAt
     FROM contact_way WHERE removed_at IS NULL${which} ORDER BY id`,
    campaign === undefined ? [] : [campaign],
  );
  const kept: KeptWays = { made: 0, changed: 0, failed: 0 };
  if (ways.length === 0) return kept;
  const members = new Set(await patiently(world, () => directory.members()));
  const guidesOf = await guidesByStore(parts);
  for (const way of ways) {
    const guides = (guidesOf.get(way.storeId) ?? [])
      .filter((userid) => members.has(userid))
      .slice(0, MOST_GUIDES);
    try {
      if (guides.length === 0) throw new ChannelError("fix", "no guide of this store may have customers");
      if (way.configId === null) kept.made += Number(await make(parts, way, guides));
      else if (way.guides !== JSON.stringify(guides)) {
        const { configId, state } = way;
        await patiently(world, () => directory.updateWay(configId, wordsOf(way, guides, state)));
        await set(parts, way.id, { guides: JSON.stringify(guides), error: null });
        kept.changed++;
      }
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      kept.failed++;
      await set(parts, way.id, { error: error.message.slice(0, 250) });
    }
  }
  return kept;
}

const wordsOf = ({ campaign }: WayRow, guideUserids: readonly string[], state: string) => ({
  guideUserids,
  state,
  remark: `guidepost ${campaign}`,
});

/** Makes one code. A call whose answer is not known may have made it: then it is looked for by its state first. */
async function make(parts: ContactParts, way: WayRow, guides: readonly string[]): Promise<boolean> {
  const { world, directory } = parts;
  const known = { guides: JSON.stringify(guides), called_at: null, error: null };
  if (!(await claim(parts, way.id))) return false;
  if (way.calledAt !== null) {
    const found = await findByState(directory, way.state, Number(way.calledAt) - AROUND);
    if (found) {
      await set(parts, way.id, { ...known, config_id: found.configId, picture: found.picture });
      return true;
    }
  }
  try {
    const made = await patiently(world, () => directory.addWay(wordsOf(way, guides, way.state)));
    await set(parts, way.id, { ...known, config_id: made.configId, picture: made.picture });
    return true;
  } catch (error) {
    if (error instanceof ChannelError && error.kind !== "unknown")
      await set(parts, way.id, { called_at: null });
    throw error;
  }
}

/** Another process may be at it. */
async function claim({ store, world }: ContactParts, id: number): Promise<boolean> {
  const now = world.now();
  const { affected } = await store.write((sql) =>
    sql.run(
      `UPDATE contact_way SET called_at = ? WHERE id = ? AND config_id IS NULL
       AND (called_at IS NULL OR called_at <= ?)`,
      [now, id, now - CALL_LASTS],
    ),
  );
  return affected === 1;
}

async function findByState(directory: Directory, state: string, since: number) {
  for (const configId of await directory.ways(since)) {
    const way = await directory.way(configId);
    if (way?.state === state) return { configId, picture: way.picture };
  }
  return undefined;
}

async function removeOne(parts: ContactParts, state: string): Promise<void> {
  const { store, world, directory } = parts;
  const row = await store.read.row<{ id: number; configId: string | null }>(
    "SELECT id, config_id AS configId FROM contact_way WHERE state = ?",
    [state],
  );
  if (!row) return;
  const { configId } = row;
  if (configId !== null) await patiently(world, () => directory.removeWay(configId));
  await set(parts, row.id, { removed_at: world.now() });
}

async function guidesByStore({ store, world, zone }: ContactParts): Promise<Map<number, string[]>> {
  const rows = await store.read.rows<{ storeId: number; userid: string }>(
    "SELECT store_id AS storeId, userid FROM guide WHERE left_on IS NULL OR left_on > ? ORDER BY userid",
    [shopDayOf(world.now(), zone)],
  );
  const byStore = new Map<number, string[]>();
  for (const { storeId, userid } of rows) byStore.set(storeId, [...(byStore.get(storeId) ?? []), userid]);
  return byStore;
}

async function set({ store }: ContactParts, id: number, change: Record<string, Param>): Promise<void> {
  const columns = Object.keys(change).map((column) => `${column} = ?`);
  await store.write((sql) =>
    sql.run(`UPDATE contact_way SET ${columns.join(", ")} WHERE id = ?`, [...Object.values(change), id]),
  );
}
