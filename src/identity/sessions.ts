// Sessions: who holds this token, until when. Only the token's digest is stored.
import type { Store } from "../infra/store.js";
import { shopDayOf } from "../kernel/calendar.js";
import { digestOf, freshToken } from "./secrets.js";
import type { Role, Viewer } from "./viewer.js";

/** A session in use: whose it is, and the word that forms must send along. */
export interface Session {
  viewer: Viewer;
  csrf: string;
}

/** What a browser is given at sign-in. */
export interface OpenedSession extends Session {
  /** for the cookie; nobody can read it again */
  token: string;
  /** epoch ms */
  expiresAt: number;
  /** how long it lives, ms: a browser counts by its own clock */
  lifetime: number;
}

const HOUR = 3_600_000;

/** How long a session lives. HQ sees everybody's customers, so not beyond a working day; guides get a link every day. */
const LIFETIME: Readonly<Record<Role, number>> = {
  hq: 12 * HOUR,
  manager: 72 * HOUR,
  store_manager: 72 * HOUR,
  guide: 24 * HOUR,
};

interface ViewerRow {
  account_id: number;
  role: Role;
  name: string;
  guide_id: number | null;
  store_id: number | null;
  region_id: number | null;
  csrf: string;
}

// A guide's store is where they work now; a guide who left sees nothing any more.
const VIEWER = `SELECT a.id AS account_id, a.role, a.name, a.guide_id, COALESCE(g.store_id, a.store_id) AS store_id,
  a.region_id, s.csrf FROM session s JOIN account a ON a.id = s.account_id LEFT JOIN guide g ON g.id = a.guide_id
  WHERE s.token_hash = ? AND s.expires_at > ? AND a.disabled = 0
  AND (a.guide_id IS NULL OR (g.id IS NOT NULL AND (g.left_on IS NULL OR g.left_on > ?)))`;

export interface Sessions {
  /** Opens a session of an account's role; undefined when the account may not have one. */
  open(accountId: number, role: Role, now: number): Promise<OpenedSession | undefined>;
  /** The session a token opens at `now`, read anew each time: a disabled account is out at once. */
  find(token: string, now: number): Promise<Session | undefined>;
  close(token: string): Promise<void>;
  /** Ends every session of an account. */
  closeAll(accountId: number): Promise<void>;
}

/** Sessions kept in the database, judged by shop days of a zone. */
export function sessionsIn(store: Store, zone: string): Sessions {
  const find = async (token: string, now: number) => {
    const params = [digestOf(token), now, shopDayOf(now, zone)];
    const row = await store.read.row<ViewerRow>(VIEWER, params);
    return row && { viewer: viewerOf(row), csrf: row.csrf };
  };
  return {
    find,
    async open(accountId, role, now) {
      const [token, csrf] = [freshToken(), freshToken()];
      const lifetime = LIFETIME[role];
      const expiresAt = now + lifetime;
      const insert =
        "INSERT INTO session (token_hash, account_id, csrf, created_at, expires_at) VALUES (?, ?, ?, ?, ?)";
      await store.write((sql) => sql.run(insert, [digestOf(token), accountId, csrf, now, expiresAt]));
      const session = await find(token, now);
      return session && { ...session, token, expiresAt, lifetime };
    },
    async close(token) {
      await store.write((sql) => sql.run("DELETE FROM session WHERE token_hash = ?", [digestOf(token)]));
    },
    async closeAll(accountId) {
      await store.write((sql) => sql.run("DELETE FROM session WHERE account_id = ?", [accountId]));
    },
  };
}

function viewerOf(row: ViewerRow): Viewer {
  return {
    accountId: row.account_id,
    role: row.role,
    name: row.name,
    guideId: row.guide_id,
    storeId: row.store_id,
    regionId: row.region_id,
  };
}
