// Accounts as HQ reads them: found, listed page by page, each with its place and its open sessions.
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import type { Role } from "./viewer.js";

/** An account on HQ's list. */
export interface Person {
  id: number;
  login: string;
  name: string;
  role: Role;
  disabled: boolean;
  /** false: comes in by the chat system only */
  hasPassword: boolean;
  /** what they see of: a region's, store's or guide's id, how it is written, and its name */
  place: { kind: "region" | "store" | "guide"; id: number; code: string; name: string } | null;
  /** a guide who works here no more */
  isGone: boolean;
  /** open now */
  sessions: number;
  /** epoch ms; null: none is open */
  lastSignIn: number | null;
}

/** Which accounts are asked for. */
export interface PeopleQuery {
  /** of a login, name or WeCom account */
  search?: string | undefined;
  role?: Role | undefined;
  disabled?: boolean | undefined;
  /** goes on after the account of this id */
  after?: number | undefined;
  limit: number;
}

interface Row {
  id: number;
  login: string;
  name: string;
  role: Role;
  disabled: number;
  hasPassword: number;
  regionId: number | null;
  storeId: number | null;
  guideId: number | null;
  region: string | null;
  storeCode: string | null;
  store: string | null;
  userid: string | null;
  guide: string | null;
  leftOn: string | null;
}

const SELECT = `SELECT a.id, a.login, a.name, a.role, a.disabled,
    CASE WHEN a.password_hash = '' THEN 0 ELSE 1 END AS hasPassword,
    a.region_id AS regionId, a.store_id AS storeId, a.guide_id AS guideId,
    r.name AS region, s.code AS storeCode, s.name AS store, g.userid, g.name AS guide, g.left_on AS leftOn
  FROM account a LEFT JOIN region r ON r.id = a.region_id LEFT JOIN store s ON s.id = a.store_id
    LEFT JOIN guide g ON g.id = a.guide_id`;

/** Accounts that fit, in the order they were made. */
export async function peopleOf(sql: Sql, query: PeopleQuery, now: number, today: string): Promise<Person[]> {
  const parts: [condition: string, ...params: Param[]][] = [["a.id > ?", query.after ?? 0]];
  if (query.role) parts.push(["a.role = ?", query.role]);
  if (query.disabled !== undefined) parts.push(["a.disabled = ?", query.disabled ? 1 : 0]);
  if (query.search) {
    const like = `%${query.search.replace(/[!%_]/g, "!$&")}%`;
    const any = "(a.login LIKE ? ESCAPE '!' OR a.name LIKE ? ESCAPE '!' OR g.userid LIKE ? ESCAPE '!')";
    parts.push([any, like.toLowerCase(), like, like]);
  }
  const rows = await sql.rows<Row>(
    `${SELECT} WHERE ${parts.map(([condition]) => condition).join(" AND ")} ORDER BY a.id LIMIT ?`,
    [...parts.flatMap(([, ...params]) => params), query.limit],
  );
  const open = await openSessions(sql, rows, now);
  return rows.map((row) => personOf(row, open, today));
}

/** One account. */
export async function personById(
  sql: Sql,
  id: number,
  now: number,
  today: string,
): Promise<Person | undefined> {
  const row = await sql.row<Row>(`${SELECT} WHERE a.id = ?`, [id]);
  return row && personOf(row, await openSessions(sql, [row], now), today);
}

interface OpenSessions {
  n: number;
  last: number;
}

/** The open sessions of some accounts: one look at the table, which has no order by account. */
async function openSessions(
  sql: Sql,
  rows: readonly { id: number }[],
  now: number,
): Promise<Map<number, OpenSessions>> {
  if (rows.length === 0) return new Map();
  const found = await sql.rows<OpenSessions & { id: number }>(
    `SELECT account_id AS id, COUNT(*) AS n, MAX(created_at) AS last FROM session
     WHERE expires_at > ? AND account_id IN (${marks(rows.length)}) GROUP BY account_id`,
    [now, ...rows.map(({ id }) => id)],
  );
  return new Map(found.map(({ id, n, last }) => [Number(id), { n: Number(n), last: Number(last) }]));
}

/** How many accounts of each role may come in. */
export async function peopleByRole(sql: Sql): Promise<Map<Role, number>> {
  const rows = await sql.rows<{ role: Role; n: number }>(
    "SELECT role, COUNT(*) AS n FROM account WHERE disabled = 0 GROUP BY role",
  );
  return new Map(rows.map(({ role, n }) => [role, Number(n)]));
}

function personOf(row: Row, open: ReadonlyMap<number, OpenSessions>, today: string): Person {
  const sessions = open.get(Number(row.id));
  return {
    ...{ id: Number(row.id), login: row.login, name: row.name, role: row.role },
    ...{ disabled: row.disabled === 1, hasPassword: Number(row.hasPassword) === 1, place: placeOf(row) },
    isGone: row.leftOn !== null && row.leftOn <= today,
    sessions: sessions?.n ?? 0,
    lastSignIn: sessions?.last ?? null,
  };
}

function placeOf(row: Row): Person["place"] {
  if (row.guideId !== null)
    return { kind: "guide", id: row.guideId, code: row.userid ?? "", name: row.guide ?? "" };
  if (row.storeId !== null)
    return { kind: "store", id: row.storeId, code: row.storeCode ?? "", name: row.store ?? "" };
  if (row.regionId !== null)
    return { kind: "region", id: row.regionId, code: `region:${row.regionId}`, name: row.region ?? "" };
  return null;
}
