// The sandbox's memory: one SQLite file of its own, so that a restart forgets nothing.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import BetterSqlite3, { type Database } from "better-sqlite3";

const tables = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS guide (
  userid TEXT COLLATE NOCASE PRIMARY KEY, name TEXT NOT NULL, skill REAL NOT NULL, factor REAL NOT NULL,
  seat INTEGER NOT NULL, external INTEGER NOT NULL, visible INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS customer (
  external_userid TEXT PRIMARY KEY, name TEXT NOT NULL, gender INTEGER NOT NULL, consent INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS contact (
  id INTEGER PRIMARY KEY, userid TEXT COLLATE NOCASE NOT NULL, external_userid TEXT NOT NULL,
  created_at INTEGER NOT NULL, state TEXT NOT NULL, add_way INTEGER NOT NULL, ended_at INTEGER, ended_by TEXT,
  UNIQUE (userid, external_userid)
);
CREATE INDEX IF NOT EXISTS contact_customer ON contact (external_userid);
CREATE TABLE IF NOT EXISTS app_message (
  id INTEGER PRIMARY KEY, userid TEXT COLLATE NOCASE NOT NULL, at INTEGER NOT NULL, msgid TEXT NOT NULL,
  msgtype TEXT NOT NULL, content TEXT NOT NULL, digest TEXT NOT NULL, task_id TEXT
);
CREATE INDEX IF NOT EXISTS app_message_guide ON app_message (userid, id);
CREATE INDEX IF NOT EXISTS app_message_digest ON app_message (digest, at);
CREATE UNIQUE INDEX IF NOT EXISTS app_message_task ON app_message (task_id, userid) WHERE task_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS mass (
  id INTEGER PRIMARY KEY, msgid TEXT NOT NULL UNIQUE, sender TEXT COLLATE NOCASE NOT NULL, text TEXT NOT NULL,
  occurrence TEXT NOT NULL, created_at INTEGER NOT NULL, confirmed_at INTEGER, stopped_at INTEGER
);
CREATE INDEX IF NOT EXISTS mass_sender ON mass (sender, id);
CREATE INDEX IF NOT EXISTS mass_created ON mass (created_at, id);
CREATE TABLE IF NOT EXISTS mass_customer (
  mass_id INTEGER NOT NULL, ord INTEGER NOT NULL, external_userid TEXT NOT NULL, status INTEGER NOT NULL,
  sent_at INTEGER, PRIMARY KEY (mass_id, ord)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mass_reminder (mass_id INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS mass_reminder_mass ON mass_reminder (mass_id, at);
CREATE TABLE IF NOT EXISTS mass_attachment (
  mass_id INTEGER NOT NULL, ord INTEGER NOT NULL, shown TEXT NOT NULL, PRIMARY KEY (mass_id, ord)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS media (
  id INTEGER PRIMARY KEY, media_id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, name TEXT NOT NULL, bytes BLOB NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS code (config_id TEXT PRIMARY KEY, userid TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS received (
  external_userid TEXT NOT NULL, day INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (external_userid, day)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chat (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, msgid TEXT NOT NULL, userid TEXT COLLATE NOCASE NOT NULL,
  external_userid TEXT NOT NULL, from_guide INTEGER NOT NULL, at INTEGER NOT NULL, msgtype TEXT NOT NULL,
  content TEXT NOT NULL, archived INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS chat_pair ON chat (userid, external_userid, seq);
CREATE TABLE IF NOT EXISTS due (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL, whom TEXT NOT NULL,
  what TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS due_at ON due (at, id);
CREATE TABLE IF NOT EXISTS push (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, lane TEXT NOT NULL, xml TEXT NOT NULL, held INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS push_at ON push (at, id);
CREATE TABLE IF NOT EXISTS response_code (
  code TEXT PRIMARY KEY, msgid TEXT NOT NULL, made_at INTEGER NOT NULL, used_at INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS response_code_of ON response_code (msgid);
`;

/** Columns that came later than their table: files of before get them when they are opened. */
const laterColumns = [["push", "tries", "INTEGER NOT NULL DEFAULT 0"]] as const;

/** An open state file; only this file knows the library. */
export type StateFile = Database;

/** Opens (and at first makes) the state file; ":memory:" is allowed. */
export function openState(path: string): StateFile {
  if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
  const db = new BetterSqlite3(path);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = NORMAL");
  db.exec(tables);
  for (const [table, column, type] of laterColumns) {
    const there = db.prepare<[string, string], object>("SELECT 1 FROM pragma_table_info(?) WHERE name = ?");
    if (!there.get(table, column)) db.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
  }
  return db;
}

/** A few named values that must outlive a restart. */
export class Meta {
  readonly #read;
  readonly #write;
  constructor(db: StateFile) {
    this.#read = db.prepare<[string], { value: string }>("SELECT value FROM meta WHERE key = ?");
    this.#write = db.prepare<[string, string]>("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
  }

  get(key: string): string | undefined {
    return this.#read.get(key)?.value;
  }

  set(key: string, value: string): void {
    this.#write.run(key, value);
  }
}
