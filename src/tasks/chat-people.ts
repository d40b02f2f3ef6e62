// Who is talking to us in chat: a guide, a manager, somebody who is both.
import type { Role, Viewer } from "../identity/viewer.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";

/** Somebody known by the chat system's userid. */
export interface ChatPerson {
  userid: string;
  /** set while they work as a guide */
  guide: { id: number; name: string } | null;
  /** set when they have an account that looks after others; its login is their userid, or it is the guide's own */
  manager: Viewer | null;
}

/** The person, with neither a guide nor a manager when nobody is known by this userid. */
export async function personOf(sql: Sql, userid: string, today: ShopDay): Promise<ChatPerson> {
  const guide = await sql.row<{ id: number; name: string }>(
    "SELECT id, name FROM guide WHERE userid = ? AND (left_on IS NULL OR left_on > ?)",
    [userid, today],
  );
  const manager = await sql.row<Viewer & { role: Role }>(
    `SELECT id AS accountId, role, name, guide_id AS guideId, store_id AS storeId, region_id AS regionId
     FROM account WHERE disabled = 0 AND role <> 'guide' AND (login = ? OR guide_id = ?) ORDER BY id LIMIT 1`,
    [userid.toLowerCase(), guide?.id ?? 0],
  );
  return {
    userid,
    guide: guide ? { id: guide.id, name: guide.name } : null,
    manager: manager ? { ...manager } : null,
  };
}

/** A manager with the userid they are told by: their own as a guide, else their login. */
export interface ManagerToTell {
  userid: string;
  viewer: Viewer;
}

/** Who looks after regions and stores. */
export async function managersOf(sql: Sql): Promise<ManagerToTell[]> {
  const rows = await sql.rows<Viewer & { userid: string | null; login: string }>(
    `SELECT a.id AS accountId, a.role, a.name, a.guide_id AS guideId, a.store_id AS storeId,
       a.region_id AS regionId, a.login, g.userid
     FROM account a LEFT JOIN guide g ON g.id = a.guide_id
     WHERE a.disabled = 0 AND a.role IN ('manager', 'store_manager') ORDER BY a.id`,
  );
  return rows.map(({ userid, login, ...viewer }) => ({ userid: userid ?? login, viewer: { ...viewer } }));
}

/** Where one of them is told; undefined for accounts that look after nobody. */
export async function managerTold(sql: Sql, accountId: number): Promise<string | undefined> {
  const row = await sql.row<{ login: string; userid: string | null }>(
    `SELECT a.login, g.userid FROM account a LEFT JOIN guide g ON g.id = a.guide_id
     WHERE a.id = ? AND a.disabled = 0 AND a.role IN ('manager', 'store_manager')`,
    [accountId],
  );
  return row && (row.userid ?? row.login);
}
