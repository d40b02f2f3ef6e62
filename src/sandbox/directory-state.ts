// What WeCom keeps of contacts beside who follows whom: remarks, corp tags, contact ways, transfers, welcome codes.
import type { ShownAttachment } from "./attachments.js";
import { fingerprint } from "./chance.js";
import type { ContactRow } from "./roster.js";
import type { Ground } from "./settings.js";

const tables = `
CREATE TABLE IF NOT EXISTS pair (
  userid TEXT COLLATE NOCASE NOT NULL, external_userid TEXT NOT NULL, remark TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '', mobiles TEXT NOT NULL DEFAULT '[]', tags TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (userid, external_userid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tag_group (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, ord INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tag (
  id TEXT PRIMARY KEY, group_id TEXT NOT NULL, name TEXT NOT NULL, created_at INTEGER NOT NULL, ord INTEGER NOT NULL,
  by_app INTEGER NOT NULL, UNIQUE (group_id, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS way (
  id INTEGER PRIMARY KEY, config_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, created_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS transfer (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, handover TEXT COLLATE NOCASE NOT NULL,
  takeover TEXT COLLATE NOCASE NOT NULL, external_userid TEXT NOT NULL, status INTEGER NOT NULL,
  at INTEGER NOT NULL, taken_at INTEGER
);
CREATE INDEX IF NOT EXISTS transfer_customer ON transfer (external_userid, id);
CREATE TABLE IF NOT EXISTS dimission (userid TEXT COLLATE NOCASE PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS welcome (
  code TEXT PRIMARY KEY, userid TEXT COLLATE NOCASE NOT NULL, external_userid TEXT NOT NULL, at INTEGER NOT NULL,
  used_at INTEGER, text TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS welcome_attachment (
  code TEXT NOT NULL, ord INTEGER NOT NULL, shown TEXT NOT NULL, PRIMARY KEY (code, ord)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS full_guide (userid TEXT COLLATE NOCASE PRIMARY KEY) WITHOUT ROWID;
`;

export interface PairRow {
  remark: string;
  description: string;
  mobiles: string[];
  /** ids of corp tags */
  tags: string[];
}

export interface TagGroupRow {
  id: string;
  name: string;
  created_at: number;
  ord: number;
}

export interface TagRow extends TagGroupRow {
  group_id: string;
  /** 1: made by an app, which alone may change it */
  by_app: number;
}

export interface WayRow {
  id: number;
  config_id: string;
  body: Record<string, unknown>;
  created_at: number;
}

export interface WelcomeRow {
  code: string;
  userid: string;
  external_userid: string;
  at: number;
  used_at: number | null;
  text: string | null;
}

type Stored<T, K extends keyof T> = Omit<T, K> & Record<K, string>;

/** Keeps and finds all of it. */
export class DirectoryState {
  readonly db;
  #count = 0;

  constructor(private readonly ground: Ground) {
    this.db = ground.db;
    this.db.exec(tables);
  }

  /** An id nobody has. */
  freshId(prefix: string, what: string): string {
    const n = this.db.prepare<[], { n: number }>("SELECT COUNT(*) AS n FROM welcome").get()?.n ?? 0;
    const at = this.ground.world.now();
    return `${prefix}${fingerprint(`${what}|${at}|${n}|${++this.#count}`).toString(36)}${at.toString(36)}${this.#count.toString(36)}`;
  }

  pair({ userid, external_userid }: Pick<ContactRow, "userid" | "external_userid">): PairRow {
    const row = this.db
      .prepare<[string, string], Stored<PairRow, "mobiles" | "tags">>(
        "SELECT remark, description, mobiles, tags FROM pair WHERE userid = ? AND external_userid = ?",
      )
      .get(userid, external_userid);
    if (!row) return { remark: "", description: "", mobiles: [], tags: [] };
    return { ...row, mobiles: JSON.parse(row.mobiles) as string[], tags: JSON.parse(row.tags) as string[] };
  }

  setPair(userid: string, externalUserid: string, change: Partial<PairRow>): void {
    const { remark, description, mobiles, tags } = {
      ...this.pair({ userid, external_userid: externalUserid }),
      ...change,
    };
    this.db
      .prepare(
        `INSERT OR REPLACE INTO pair (userid, external_userid, remark, description, mobiles, tags)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(userid, externalUserid, remark, description, JSON.stringify(mobiles), JSON.stringify(tags));
  }

  groups(): TagGroupRow[] {
    return this.db.prepare<[], TagGroupRow>("SELECT * FROM tag_group ORDER BY ord, id").all();
  }

  tags(): TagRow[] {
    return this.db.prepare<[], TagRow>("SELECT * FROM tag ORDER BY ord, id").all();
  }

  /** The group of a name, made when there is none. */
  groupNamed(name: string, at: number): TagGroupRow {
    const found = this.groups().find((group) => group.name === name);
    if (found) return found;
    const made = { id: this.freshId("etg", name), name, created_at: at, ord: 0 };
    this.db
      .prepare("INSERT INTO tag_group (id, name, created_at, ord) VALUES (?, ?, ?, ?)")
      .run(made.id, name, at, 0);
    return made;
  }

  addTag(groupId: string, name: string, at: number, byApp: boolean, ord = 0): TagRow {
    const made = { id: this.freshId("et", name), group_id: groupId, name, created_at: at, ord };
    this.db
      .prepare("INSERT INTO tag (id, group_id, name, created_at, ord, by_app) VALUES (?, ?, ?, ?, ?, ?)")
      .run(made.id, groupId, name, at, ord, Number(byApp));
    return { ...made, by_app: Number(byApp) };
  }

  ways(after = 0, from = 0, to = Number.MAX_SAFE_INTEGER, limit = 1_000_000): WayRow[] {
    return this.db
      .prepare<[number, number, number, number], Stored<WayRow, "body">>(
        "SELECT * FROM way WHERE id > ? AND created_at >= ? AND created_at <= ? ORDER BY id LIMIT ?",
      )
      .all(after, from, to, limit)
      .map((row) => ({ ...row, body: JSON.parse(row.body) as Record<string, unknown> }) as WayRow);
  }

  way(configId: string): WayRow | undefined {
    return this.ways().find((way) => way.config_id === configId);
  }

  /** When a member left the corp; undefined: they are with it. */
  leftAt(userid: string): number | undefined {
    return this.db.prepare<[string], { at: number }>("SELECT at FROM dimission WHERE userid = ?").get(userid)
      ?.at;
  }

  leave(userid: string, at: number): void {
    this.db.prepare("INSERT OR IGNORE INTO dimission (userid, at) VALUES (?, ?)").run(userid, at);
    this.db.prepare("UPDATE guide SET visible = 0 WHERE userid = ?").run(userid);
  }

  leavers(): { userid: string; at: number }[] {
    return this.db
      .prepare<[], { userid: string; at: number }>("SELECT * FROM dimission ORDER BY userid")
      .all();
  }

  /** A fresh welcome code of a new contact. */
  giveWelcome(userid: string, externalUserid: string, at: number): string {
    const code = this.freshId("welcome-", `${userid}|${externalUserid}`);
    this.db
      .prepare("INSERT INTO welcome (code, userid, external_userid, at) VALUES (?, ?, ?, ?)")
      .run(code, userid, externalUserid, at);
    return code;
  }

  welcome(code: string): WelcomeRow | undefined {
    return this.db.prepare<[string], WelcomeRow>("SELECT * FROM welcome WHERE code = ?").get(code);
  }

  /** Every welcome that was sent. */
  welcomes(): WelcomeRow[] {
    const sent = "SELECT * FROM welcome WHERE used_at IS NOT NULL ORDER BY used_at, code";
    return this.db.prepare<[], WelcomeRow>(sent).all();
  }

  useWelcome(code: string, text: string, attachments: readonly ShownAttachment[], at: number): void {
    this.db.prepare("UPDATE welcome SET used_at = ?, text = ? WHERE code = ?").run(at, text, code);
    const put = this.db.prepare("INSERT INTO welcome_attachment (code, ord, shown) VALUES (?, ?, ?)");
    for (const [ord, one] of attachments.entries()) put.run(code, ord, JSON.stringify(one));
  }

  /** What went along with a welcome. */
  welcomeAttachments(code: string): ShownAttachment[] {
    return this.db
      .prepare<[string], { shown: string }>(
        "SELECT shown FROM welcome_attachment WHERE code = ? ORDER BY ord",
      )
      .all(code)
      .map(({ shown }) => JSON.parse(shown) as ShownAttachment);
  }

  /** A member may have no more customers, or again some. */
  setFull(userid: string, full: boolean): void {
    const change = full
      ? "INSERT OR IGNORE INTO full_guide (userid) VALUES (?)"
      : "DELETE FROM full_guide WHERE userid = ?";
    this.db.prepare(change).run(userid);
  }

  isFull(userid: string): boolean {
    return this.db.prepare("SELECT userid FROM full_guide WHERE userid = ?").get(userid) !== undefined;
  }
}
