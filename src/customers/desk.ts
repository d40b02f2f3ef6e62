// The customers' desk: found, opened, and their phone shown to whoever may see them; every number shown is written down.
import { recordChange } from "../identity/audit.js";
import type { Viewer } from "../identity/viewer.js";
import { decrypt } from "../infra/secrets.js";
import type { Sql, Store } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { type CustomerCard, cardOf, ownRow } from "./card.js";
import { type Hit, hitsOf } from "./hits.js";
import { type SearchFound, searchCustomers } from "./search.js";
import type { SearchBy } from "./search-text.js";
import { isInSight, sightOf } from "./sight.js";
import { subjectOf } from "./subjects.js";

/** What is looked for, as a person types it. */
export interface DeskAsk {
  text: string;
  /** a store's code, or the beginning of its name */
  store: string;
  /** a guide's userid, or the beginning of their name */
  guide: string;
  by?: SearchBy | undefined;
  after?: number | undefined;
}

/** One page of customers. */
export interface DeskPage extends Omit<SearchFound, "ids"> {
  hits: Hit[];
  /** a store or guide was named that there is not, as far as the viewer sees */
  nowhere: "store" | "guide" | null;
}

/** Numbers one person may have shown in an hour: enough for a shift on the phone, too few to carry a brand away. */
export const PHONES_AN_HOUR = 40;
const HOUR = 3_600_000;

export interface DeskParts {
  store: Store;
  world: Pick<World, "now">;
  secretKey: Buffer;
}

export type CustomerDesk = ReturnType<typeof customerDesk>;

/** The desk over one database. Everything it gives lies in the viewer's sight; all else is `not_found`. */
export function customerDesk({ store, world, secretKey }: DeskParts) {
  const { read } = store;
  return {
    search: (viewer: Viewer, ask: DeskAsk): Promise<DeskPage> => search(read, secretKey, viewer, ask),

    /** The customer's card, or the id of whom they were merged into. Raises `not_found` for who is out of sight. */
    card: async (viewer: Viewer, id: number): Promise<CustomerCard | { mergedInto: number }> => {
      let row = await ownRow(read, id);
      while (row?.mergedInto) row = await ownRow(read, row.mergedInto);
      if (!row || !(await isInSight(read, viewer, row))) throw nobody();
      return row.id === id ? cardOf(read, row, secretKey) : { mergedInto: row.id };
    },

    /** The whole number, written down as seen. Raises `too_many` when somebody has had too many shown. */
    showPhone: (viewer: Viewer, id: number): Promise<string> =>
      store.write(async (sql) => {
        const row = await ownRow(sql, id);
        if (!row || row.mergedInto || !(await isInSight(sql, viewer, row))) throw nobody();
        const phone = row.phoneCipher === null ? undefined : decrypt(secretKey, row.phoneCipher);
        if (phone === undefined) throw new Refusal("not_found", "没有这位客户的手机号。");
        const at = world.now();
        const by = `account:${viewer.accountId}`;
        if ((await shownSince(sql, by, at - HOUR)) >= PHONES_AN_HOUR)
          throw new Refusal("too_many", `一小时内最多显示 ${PHONES_AN_HOUR} 个号码，请稍后再看。`);
        await recordChange(sql, { at, by, action: SHOWN, subject: subjectOf(id) });
        return phone;
      }),
  };
}

/** The refusal for a customer there is not, or who is out of sight: which of the two is nobody's business. */
export function nobody(): Refusal {
  return new Refusal("not_found", "没有这位客户。");
}

const SHOWN = "customer.unmask";

async function shownSince(sql: Sql, by: string, since: number): Promise<number> {
  // two requests of one person at once wait for each other here
  await sql.row(`SELECT id FROM account WHERE id = ?${sql.dialect.forUpdate}`, [Number(by.split(":")[1])]);
  const row = await sql.row<{ n: number }>(
    "SELECT COUNT(*) AS n FROM audit_entry WHERE done_by = ? AND done_at > ? AND action = ?",
    [by, since, SHOWN],
  );
  return Number(row?.n ?? 0);
}

async function search(sql: Sql, secretKey: Buffer, viewer: Viewer, ask: DeskAsk): Promise<DeskPage> {
  const stores = ask.store === "" ? undefined : await idsNamed(sql, "store", "code", ask.store);
  const guides = ask.guide === "" ? undefined : await idsNamed(sql, "guide", "userid", ask.guide);
  const sight = await sightOf(sql, viewer, { stores, guides });
  const nowhere = sight?.size !== 0 ? null : guides && stores?.length !== 0 ? "guide" : "store";
  const found = await searchCustomers(sql, { ...ask, sight, secretKey });
  const { ids, ...rest } = found;
  const isPlace = stores !== undefined || guides !== undefined;
  return { ...rest, hits: await hitsOf(sql, ids, secretKey), nowhere: isPlace ? nowhere : null };
}

/** Most stores or guides of one name. */
const NAMESAKES = 200;

/** Those of this key, else those whose name begins with the text. */
async function idsNamed(sql: Sql, table: "store" | "guide", key: string, text: string): Promise<number[]> {
  const exact = await sql.row<{ id: number }>(`SELECT id FROM ${table} WHERE ${key} = ?`, [text]);
  if (exact) return [exact.id];
  const like = `${text.replace(/[!%_]/g, "!$&")}%`;
  const rows = await sql.rows<{ id: number }>(
    `SELECT id FROM ${table} WHERE name LIKE ? ESCAPE '!' ORDER BY id LIMIT ${NAMESAKES}`,
    [like],
  );
  return rows.map(({ id }) => id);
}
