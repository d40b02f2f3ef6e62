// Members of the chat system who come in by it: their account, a guide's made on the way.
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { Role } from "./viewer.js";

/** An account that may be opened. */
export interface MemberAccount {
  accountId: number;
  role: Role;
}

/**
 * The account of a member by the chat system's userid: on the phone the guide's, at a desk first that of who looks after
 * others (its login is their userid, or it is the guide's own). Undefined for who is neither.
 */
export async function memberAccount(
  sql: Sql,
  userid: string,
  { at, today }: { at: "phone" | "desk"; today: ShopDay },
  insertAccount: string,
): Promise<MemberAccount | undefined> {
  const guide = await sql.row<{ id: number; name: string }>(
    "SELECT id, name FROM guide WHERE userid = ? AND (left_on IS NULL OR left_on > ?)",
    [userid, today],
  );
  const manager = await sql.row<{ id: number; role: Role }>(
    `SELECT id, role FROM account WHERE disabled = 0 AND role <> 'guide' AND (login = ? OR guide_id = ?)
     ORDER BY id LIMIT 1`,
    [userid.toLowerCase(), guide?.id ?? 0],
  );
  const asManager = manager && { accountId: manager.id, role: manager.role };
  if (!guide || (at === "desk" && asManager)) return asManager;
  return { accountId: await guideAccount(sql, guide, insertAccount), role: "guide" };
}

/** A guide's account, made on the way (without a password) for who never had one. */
export async function guideAccount(
  sql: Sql,
  guide: { id: number; name: string },
  insertAccount: string,
): Promise<number> {
  const select = "SELECT id FROM account WHERE guide_id = ? AND role = 'guide' ORDER BY id";
  const known = await sql.row<{ id: number }>(select, [guide.id]);
  if (known) return known.id;
  const values = [`guide:${guide.id}`, guide.name, "guide", "", guide.id, null, null];
  return (await sql.run(insertAccount, values)).insertedId;
}
