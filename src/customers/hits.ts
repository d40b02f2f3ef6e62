// What a page of found customers shows of each: who they are and whose, in the order they were found.
import { grouped, selectIn } from "../infra/batches.js";
import { decrypt } from "../infra/secrets.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { maskedPhone } from "./search-text.js";

/** A child as lists show it. */
export interface HitChild {
  name: string | null;
  bornOn: ShopDay | null;
  dueOn: ShopDay | null;
}

/** A customer as lists show them. */
export interface Hit {
  id: number;
  name: string;
  externalUserid: string;
  /** 138****1234; null: unknown */
  phone: string | null;
  guide: string | null;
  store: string | null;
  joinedOn: ShopDay | null;
  lastOrderOn: ShopDay | null;
  optedOut: boolean;
  stopped: boolean;
  children: HitChild[];
}

type Row = Omit<Hit, "phone" | "optedOut" | "stopped" | "children"> & {
  phoneCipher: string | null;
  optedOut: number;
  stopped: number;
};

/** These customers, in this order. */
export async function hitsOf(sql: Sql, ids: readonly number[], secretKey: Buffer): Promise<Hit[]> {
  const rows = await selectIn<Row>(
    sql,
    `SELECT c.id, c.name, c.external_userid AS externalUserid, c.phone_cipher AS phoneCipher, g.name AS guide,
       s.name AS store, c.joined_on AS joinedOn, f.last_on AS lastOrderOn, c.opted_out AS optedOut, c.stopped
     FROM customer c LEFT JOIN guide g ON g.id = c.guide_id LEFT JOIN store s ON s.id = g.store_id
       LEFT JOIN customer_figure f ON f.customer_id = c.id WHERE c.id IN`,
    ids,
  );
  const children = await selectIn<HitChild & { customerId: number }>(
    sql,
    "SELECT customer_id AS customerId, name, born_on AS bornOn, due_on AS dueOn FROM child WHERE customer_id IN",
    ids,
    { tail: " ORDER BY customer_id, child_no" },
  );
  const childrenOf = grouped(children, ({ customerId }) => customerId);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (!row) return [];
    const { phoneCipher, optedOut, stopped, ...rest } = row;
    return [
      {
        ...rest,
        ...{ optedOut: optedOut === 1, stopped: stopped === 1, children: childrenOf.get(id) ?? [] },
        phone: shownPhone(phoneCipher, secretKey),
      },
    ];
  });
}

/** A stored number as it may be shown. */
export function shownPhone(cipher: string | null, secretKey: Buffer): string | null {
  return cipher === null ? null : maskedPhone(decrypt(secretKey, cipher) ?? "");
}
