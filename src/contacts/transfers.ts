// Customers handed over in the chat system: asked for, followed until they are with the new guide, or have said no.
import type { HandingOver } from "../channels/directory.js";
import { recordChange } from "../identity/audit.js";
import { chunked, grouped, insertRows } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { type ContactParts, guideFinder } from "./members.js";
import { askTransfer } from "./transfer-asks.js";
import { hearFailed, readResults } from "./transfer-results.js";
import { dueSets, type TransferState } from "./transfer-rows.js";

/** A transfer as HQ sees it. */
export interface TransferLine {
  customer: string;
  name: string;
  from: string;
  to: string;
  kind: HandingOver;
  state: TransferState;
  /** epoch ms */
  askedAt: number;
  error: string | null;
}

export interface TransferAsk {
  from: string;
  to: string;
  /** left out: all the guide owns */
  customers?: readonly string[];
  /** what customers of a guide who stays are told; left out: the chat system's own words */
  message?: string;
  by: string;
}

const PIECE = 100;
const MESSAGE_LENGTH = 200;

export type TransferService = ReturnType<typeof transferService>;

/** Transfers over one database and directory. */
export function transferService(parts: ContactParts) {
  const { store } = parts;
  return {
    /** Asks for a guide's customers to be handed over; gives how many are on their way. Raises `not_found`, `invalid`. */
    start: async (ask: TransferAsk): Promise<number> => {
      const { asked, done } = await begin(parts, ask);
      await done;
      return asked;
    },

    /** The same; `done` goes on by itself. */
    begin: (ask: TransferAsk) => begin(parts, ask),

    /** Those not done, or all of the last that each customer had; of all guides or one (userid). */
    list: (all = false, from = ""): Promise<TransferLine[]> =>
      store.read.rows<TransferLine>(
        `SELECT c.external_userid AS customer, c.name, f.userid AS "from", g.userid AS "to", t.kind, t.state,
           t.asked_at AS "askedAt", t.error
         FROM contact_transfer t JOIN customer c ON c.id = t.customer_id JOIN guide f ON f.id = t.from_guide_id
           JOIN guide g ON g.id = t.to_guide_id
         WHERE ${all ? "1 = 1" : "t.state <> 'done'"}${from === "" ? "" : " AND f.userid = ?"}
         ORDER BY t.asked_at DESC, t.customer_id LIMIT 1000`,
        from === "" ? [] : [from],
      ),

    /** Begins what was asked for, the customers of guides who have left among it, and reads what became of the rest. */
    pass: async (): Promise<{ begun: number; settled: number }> => {
      await planLeavers(parts);
      return { begun: await callAsked(parts), settled: await readResults(parts) };
    },

    /** The chat system says that a transfer failed. */
    failed: (takerUserid: string, externalUserid: string, refused: boolean): Promise<void> =>
      hearFailed(parts, takerUserid, externalUserid, refused),
  };
}

async function begin(
  parts: ContactParts,
  ask: TransferAsk,
): Promise<{ asked: number; done: Promise<unknown> }> {
  const asked = await planTransfers(parts, ask);
  return { asked, done: callAsked(parts) };
}

async function planTransfers(parts: ContactParts, ask: TransferAsk): Promise<number> {
  const { from, to, customers, message = "" } = ask;
  const find = await guideFinder(parts);
  for (const userid of [from, to])
    if (find(userid) === undefined) throw new Refusal("not_found", `没有找到导购「${userid}」。`);
  if (find(from) === find(to)) throw new Refusal("invalid", "客户不能交接给本人。");
  if ([...message].length > MESSAGE_LENGTH)
    throw new Refusal("invalid", `交接时的话最多 ${MESSAGE_LENGTH} 个字。`);
  const today = shopDayOf(parts.world.now(), parts.zone);
  const guides = { from: find(from) as number, to: find(to) as number };
  const gone = await goneOf(parts.store.read, guides.to, today);
  if (gone) throw new Refusal("invalid", `客户不能交接给「${to}」：${gone} 起已离职。`);
  const kind: HandingOver = (await goneOf(parts.store.read, guides.from, today)) ? "resigned" : "onjob";
  const owned = await parts.store.read.rows<{ id: number; externalUserid: string }>(
    "SELECT id, external_userid AS externalUserid FROM customer WHERE guide_id = ? AND merged_into IS NULL",
    [guides.from],
  );
  const wanted = customers ? owned.filter(({ externalUserid }) => customers.includes(externalUserid)) : owned;
  const strangers = (customers ?? []).filter(
    (id) => !wanted.some(({ externalUserid }) => externalUserid === id),
  );
  if (strangers.length > 0)
    throw new Refusal(
      "not_found",
      `不是「${from}」负责的客户。`,
      strangers.map((value) => ({ where: "customer", value, expected: `a customer of ${from}` })),
    );
  const ids = wanted.map(({ id }) => id);
  const count = await put(parts, ids, { ...guides, kind, message, by: ask.by });
  // in pieces, each a transaction: the whole is written down after them
  const after = { to, kind, customers: count };
  const change = { action: "transfer.start", subject: `guide:${from}`, before: { from }, after };
  await parts.store.write((sql) => recordChange(sql, { at: parts.world.now(), by: ask.by, ...change }));
  return count;
}

async function goneOf(sql: Sql, guideId: number, today: ShopDay): Promise<ShopDay | undefined> {
  const row = await sql.row<{ on: ShopDay }>(
    'SELECT left_on AS "on" FROM guide WHERE id = ? AND left_on <= ?',
    [...[guideId, today]],
  );
  return row?.on;
}

/** Customers of guides who have left and whose successor is named. What was refused once is not asked again. */
async function planLeavers(parts: ContactParts): Promise<void> {
  const { store, world, zone } = parts;
  const today = shopDayOf(world.now(), zone);
  const rows = await store.read.rows<{ id: number; from: number; to: number }>(
    `SELECT c.id, g.id AS "from", g.successor_id AS "to" FROM guide g JOIN customer c ON c.guide_id = g.id
       JOIN guide s ON s.id = g.successor_id LEFT JOIN contact_transfer t ON t.customer_id = c.id
     WHERE g.left_on <= ? AND (s.left_on IS NULL OR s.left_on > ?) AND c.merged_into IS NULL
       AND (t.customer_id IS NULL OR t.from_guide_id <> g.id OR t.to_guide_id <> g.successor_id)`,
    [today, today],
  );
  for (const group of grouped(rows, ({ from, to }) => `${from} ${to}`).values()) {
    const [{ from, to }] = group as [(typeof rows)[number]];
    const set = { from, to, kind: "resigned", message: "", by: "system" } as const;
    await put(
      parts,
      group.map(({ id }) => id),
      set,
    );
  }
}

/** One transfer a customer: a later one takes the place of what is not under way. */
async function put(
  { store, world }: ContactParts,
  customerIds: readonly number[],
  {
    from,
    to,
    kind,
    message,
    by,
  }: { from: number; to: number; kind: HandingOver; message: string; by: string },
): Promise<number> {
  const now = world.now();
  let count = 0;
  for (const ids of chunked(customerIds, PIECE))
    await store.write(async (sql) => {
      const busy = await sql.rows<{ id: number }>(
        `SELECT customer_id AS id FROM contact_transfer
         WHERE state IN ('asked', 'calling', 'waiting') AND customer_id IN (${marks(ids.length)})${sql.dialect.forUpdate}`,
        ids,
      );
      const free = ids.filter((id) => !busy.some((row) => row.id === id));
      count += free.length;
      await insertRows(
        sql,
        `INSERT INTO contact_transfer
           (customer_id, from_guide_id, to_guide_id, kind, state, message, said_by, asked_at, next_at, tries, error)`,
        free.map((id) => [id, from, to, kind, "asked", message, by, now, now, 0, null]),
        sql.dialect.onConflict(
          ["customer_id"],
          [
            ...["from_guide_id", "to_guide_id", "kind", "state", "message", "said_by", "asked_at", "next_at"],
            ...["tries", "error"],
          ],
        ),
      );
    });
  return count;
}

async function callAsked(parts: ContactParts): Promise<number> {
  let begun = 0;
  for (const set of await dueSets(parts, ["asked"]))
    for (const customers of chunked(set.customers, PIECE))
      begun += await askTransfer(parts, { ...set, customers });
  return begun;
}
