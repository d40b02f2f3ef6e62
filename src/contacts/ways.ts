// Contact ways: a code per campaign and store, as HQ keeps them.
import { recordChange } from "../identity/audit.js";
import { insertRows } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import { storeIds } from "../org/queries.js";
import type { ContactParts } from "./members.js";
import { patiently } from "./patience.js";
import { type KeptWays, keepWays } from "./way-calls.js";
import { setWay } from "./way-rows.js";

/** A code as HQ sees it. */
export interface WayLine {
  id: number;
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

const CAMPAIGN = /^[^|\p{Cc}]{1,20}$/u;
const STATE_TAIL = 16;

export type WayService = ReturnType<typeof wayService>;

/** Contact ways over one database and directory. */
export function wayService(parts: ContactParts) {
  const { store } = parts;
  return {
    /** A code of a campaign for each of these stores (undefined: of all); those there are stay. Then makes them. Raises
     *  `invalid`, `not_found`. */
    add: async (campaign: string, stores: readonly string[] | undefined, by: string): Promise<KeptWays> =>
      (await begin(parts, campaign, stores, by)).done,

    /** The same; `done` goes on by itself. */
    begin: (campaign: string, stores: readonly string[] | undefined, by: string) =>
      begin(parts, campaign, stores, by),

    /** The picture of a code, by its address. */
    picture: (address: string): Promise<Buffer> =>
      patiently(parts.world, () => parts.directory.picture(address)),

    /** All codes, or those of a campaign. */
    list: (campaign?: string): Promise<WayLine[]> => list(store.read, campaign),

    /** Takes a campaign's codes back, or that of one store: scanned again they lead nowhere. Raises `not_found`. */
    remove: async (campaign: string, storeCode: string | undefined, by: string): Promise<number> => {
      const lines = (await list(store.read, campaign)).filter(
        (line) => storeCode === undefined || line.store === storeCode,
      );
      if (lines.length === 0) throw new Refusal("not_found", `没有活动「${campaign}」的这个活码。`);
      const gone: string[] = [];
      try {
        for (const line of lines) {
          await removeOne(parts, line.state);
          gone.push(line.store);
        }
      } finally {
        // what went before a call failed is gone too
        if (gone.length > 0) await recordGone(parts, { campaign, stores: gone, by });
      }
      return lines.length;
    },

    /** Makes what is not made yet and brings the guides behind every code up to date. */
    keep: (): Promise<KeptWays> => keepWays(parts),
  };
}

async function begin(
  parts: ContactParts,
  campaign: string,
  stores: readonly string[] | undefined,
  by: string,
): Promise<{ done: Promise<KeptWays> }> {
  mustBeCampaign(campaign);
  await plan(parts, campaign, stores, by);
  return { done: keepWays(parts, campaign) };
}

function mustBeCampaign(campaign: string): void {
  if (CAMPAIGN.test(campaign) && campaign === campaign.trim()) return;
  const expected = "a name of 1 to 20 characters, without |";
  throw new Refusal("invalid", "活动名称不对。", [{ where: "campaign", value: campaign, expected }]);
}

/** The row of each code comes before the call that makes it. */
async function plan(
  { store, world }: ContactParts,
  campaign: string,
  codes: readonly string[] | undefined,
  by: string,
) {
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
    const fresh = [...new Set(ids.values())].filter((id) => !there.has(id));
    await insertRows(
      sql,
      "INSERT INTO contact_way (campaign, store_id, state, made_at)",
      fresh.map((id) => [campaign, id, `gp-${world.id().slice(-STATE_TAIL)}`, world.now()]),
    );
    if (fresh.length === 0) return;
    const change = { at: world.now(), by, action: "contact-way.add", subject: `campaign:${campaign}` };
    await recordChange(sql, { ...change, after: { stores: codes ?? fresh.length } });
  });
}

async function list(sql: Sql, campaign?: string): Promise<WayLine[]> {
  const which = campaign === undefined ? "" : " AND w.campaign = ?";
  const rows = await sql.rows<Omit<WayLine, "guides"> & { guides: string | null }>(
    `SELECT w.id, w.campaign, s.code AS store, s.name AS storeName, w.state, w.picture, w.guides, w.error,
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

function recordGone(
  { store, world }: ContactParts,
  { campaign, stores, by }: { campaign: string; stores: string[]; by: string },
): Promise<void> {
  const change = { action: "contact-way.remove", subject: `campaign:${campaign}`, before: { stores } };
  return store.write((sql) => recordChange(sql, { at: world.now(), by, ...change }));
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
  await setWay(parts, row.id, { removed_at: world.now() });
}
