// Phone numbers that were written before there was an index to find them by: filled in piece by piece, once.
import { setImmediate as turn } from "node:timers/promises";
import { marks } from "../infra/dialect.js";
import { decrypt } from "../infra/secrets.js";
import type { Sql, Store } from "../infra/store.js";
import { phoneIndex } from "./phone-index.js";

/** How far the filling has come: a customer's id, or that it is done. */
const SETTING = "phone_index_filled";
const DONE = "all";

/** Customers looked at in one transaction, some 20 ms. */
const PIECE = 500;

/** What filling came to. */
export interface PhonesFilled {
  /** numbers that can be found now */
  filled: number;
  /** numbers that this key cannot read */
  unreadable: number;
}

/** Gives every stored number its index, from where the last run stopped. Quick when there is nothing left to do: all
 *  that writes a number writes its index too. `anew`: also those that have one, from the first. */
export async function fillPhoneIndex(store: Store, secretKey: Buffer, anew = false): Promise<PhonesFilled> {
  const sum: PhonesFilled = { filled: 0, unreadable: 0 };
  if (anew) await store.write((sql) => sql.run("DELETE FROM setting WHERE name = ?", [SETTING]));
  for (;;) {
    const piece = await store.write((sql) => fillPiece(sql, secretKey, anew));
    if (piece === undefined) return sum;
    sum.filled += piece.filled;
    sum.unreadable += piece.unreadable;
    await turn();
  }
}

async function fillPiece(sql: Sql, secretKey: Buffer, anew: boolean): Promise<PhonesFilled | undefined> {
  const row = await sql.row<{ value: string }>(
    `SELECT value FROM setting WHERE name = ?${sql.dialect.forUpdate}`,
    [SETTING],
  );
  if (row?.value === DONE) return undefined;
  const after = Number(row?.value ?? 0);
  const lacks = anew ? "" : " AND phone_index IS NULL";
  const rows = await sql.rows<{ id: number; cipher: string }>(
    `SELECT id, phone_cipher AS cipher FROM customer WHERE id > ? AND phone_cipher IS NOT NULL${lacks}
     ORDER BY id LIMIT ${PIECE}${sql.dialect.forUpdate}`,
    [after],
  );
  const index = phoneIndex(secretKey);
  const found = rows.flatMap(({ id, cipher }) => {
    const phone = decrypt(secretKey, cipher);
    return phone === undefined ? [] : [{ id, at: index.of(phone) }];
  });
  if (found.length > 0)
    await sql.run(
      `UPDATE customer SET phone_index = CASE id${" WHEN ? THEN ?".repeat(found.length)} END
       WHERE id IN (${marks(found.length)})`,
      [...found.flatMap(({ id, at }) => [id, at]), ...found.map(({ id }) => id)],
    );
  await sql.run(
    `INSERT INTO setting (name, value) VALUES (?, ?)${sql.dialect.onConflict(["name"], ["value"])}`,
    [SETTING, rows.length < PIECE ? DONE : String(rows.at(-1)?.id ?? 0)],
  );
  return { filled: found.length, unreadable: rows.length - found.length };
}
