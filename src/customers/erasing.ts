// A customer erased: nothing personal is left, only a row that lets the same person be known again and counts stay true.
import { forgetAfter, forgetDetails } from "../identity/audit.js";
import type { Sql } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import { erasedId } from "./known-ids.js";
import { subjectOf } from "./subjects.js";

/** The customer of an external id, locked. Raises `not_found`; one merged into another is erased under the other's id. */
export async function customerToErase(sql: Sql, externalUserid: string): Promise<number> {
  const row = await sql.row<{ id: number; mergedInto: number | null }>(
    `SELECT id, merged_into AS mergedInto FROM customer WHERE external_userid = ?${sql.dialect.forUpdate}`,
    [externalUserid],
  );
  if (!row) throw new Refusal("not_found", `没有客户 ${externalUserid}。`);
  if (row.mergedInto !== null)
    throw new Refusal("conflict", `客户 ${externalUserid} 已经并入另一位客户，请删除那一位。`);
  return row.id;
}

/** Takes what is personal off a customer's own row. */
export const NOTHING_PERSONAL = `name = '', guide_id = NULL, owner_named = 0, joined_on = NULL, source = NULL,
  phone_cipher = NULL, phone_index = NULL, birthday = NULL, brand_preference = NULL, level = NULL`;

/** Takes everything personal off a customer. The first dates of their anchors stay, as mere numbers: they say what was
 *  sent once, should the same person come back. Part of a transaction. */
export async function eraseCustomer(sql: Sql, id: number, externalUserid: string): Promise<void> {
  const others = await sql.rows<{ fromId: number; externalUserid: string }>(
    "SELECT from_id AS fromId, external_userid AS externalUserid FROM customer_merge WHERE into_id = ?",
    [id],
  );
  for (const { fromId, externalUserid: old } of others)
    await sql.run("UPDATE customer SET external_userid = ? WHERE id = ?", [erasedId(old), fromId]);
  await sql.run("DELETE FROM customer_merge WHERE into_id = ?", [id]);
  await sql.run(
    `UPDATE customer SET external_userid = ?, ${NOTHING_PERSONAL}, opted_out = 0, opted_out_by = NULL, opted_out_at = NULL,
       stopped = 0, quiet_through = NULL
     WHERE id = ?`,
    [erasedId(externalUserid), id],
  );
  await sql.run("UPDATE anchor SET on_date = NULL, guide_id = NULL WHERE customer_id = ?", [id]);
  for (const table of GONE) await sql.run(`DELETE FROM ${table} WHERE customer_id = ?`, [id]);
  await forgetDetails(sql, [id, ...others.map(({ fromId }) => fromId)].map(subjectOf));
  for (const customer of [externalUserid, ...others.map((other) => other.externalUserid)]) {
    await sql.run("DELETE FROM early_message WHERE external_userid = ?", [customer]);
    // records of before named the customer by their id in the chat system, under the guide
    await forgetAfter(sql, "contact.remark", { customer });
  }
}

const GONE = [
  ...["child", "contact", "customer_order", "customer_figure", "customer_tag", "customer_tag_past"],
  ...["data_fault", "transfer", "model_value", "anchor_mark", "customer_mark", "credit_mark"],
  ...["follow", "contact_tag", "contact_transfer", "import_change"],
];
