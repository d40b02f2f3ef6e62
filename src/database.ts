// The database: which one, every entity by name, and whether its migrations are in place.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import "reflect-metadata";
import type BetterSqlite3 from "better-sqlite3";
import { DataSource, type DataSourceOptions } from "typeorm";
import { migrations } from "../migrations/all.js";
import {
  Callback,
  ChannelCall,
  ChannelGap,
  ChannelToken,
  CreditMark,
  EarlyMessageRow,
  Message,
} from "./channels/entities.js";
import { ReplyWord, UrgentReply } from "./channels/reply-entities.js";
import * as contacts from "./contacts/entities.js";
import * as customers from "./customers/entities.js";
import * as figures from "./customers/figure-entities.js";
import * as follows from "./customers/follow-entities.js";
import { GuideCount, ImportChange, ImportRun, RegionCount } from "./customers/imports/entities.js";
import { Transfer } from "./customers/transfer-entities.js";
import { Account, ApiKey, AuditEntry, LinkUse, Session } from "./identity/entities.js";
import { BACKSTOP_PAGES, checkpointer } from "./infra/checkpoints.js";
import { resolveFromRoot } from "./infra/config.js";
import type { DialectName } from "./infra/dialect.js";
import { JobRun, Setting, SharedStateRow } from "./infra/entities.js";
import { mysqlStore, type OpenApart, type Store, sqliteStore } from "./infra/store.js";
import { storeApart } from "./infra/store-apart.js";
import * as journeys from "./journeys/entities.js";
import * as experiments from "./journeys/experiment-entities.js";
import * as publishing from "./journeys/publishing-entities.js";
import { TagRule } from "./journeys/tag-entities.js";
import { Refusal } from "./kernel/refusals.js";
import { ModelRun, ModelValue } from "./models/entities.js";
import * as calendar from "./org/calendar-entities.js";
import { Guide, GuideLeave, Region, RegionLevel, Store as Shop } from "./org/entities.js";
import { GuideBehaviourRow } from "./reports/behaviour/entities.js";
import {
  FiguresCounted,
  RollupGuide,
  RollupMark,
  RollupRegion,
  RollupStore,
  RollupStoreWeek,
} from "./reports/entities.js";
import * as reportSet from "./reports/set-entities.js";
import * as tasks from "./tasks/entities.js";
import * as handOvers from "./tasks/hand-over-entities.js";
import * as limits from "./tasks/limit-entities.js";
import * as talk from "./tasks/talk-entities.js";

const entities = [
  ...[RegionLevel, Region, Shop, Guide, GuideLeave, Account, Session, ApiKey, LinkUse, Setting, JobRun],
  ...[SharedStateRow, AuditEntry],
  ...Object.values(calendar),
  ...Object.values(customers),
  ...[Transfer, ImportRun, ImportChange, GuideCount, RegionCount],
  ...Object.values(figures),
  ...Object.values(follows),
  ...Object.values(contacts),
  TagRule,
  ...[ModelRun, ModelValue],
  ...Object.values(journeys),
  ...Object.values(experiments),
  ...[
    Callback,
    Message,
    EarlyMessageRow,
    ChannelToken,
    ChannelGap,
    ChannelCall,
    CreditMark,
    ReplyWord,
    UrgentReply,
  ],
  ...Object.values(publishing),
  ...Object.values(tasks),
  ...Object.values(handOvers),
  ...Object.values(talk),
  ...Object.values(limits),
  ...[RollupRegion, RollupStore, RollupStoreWeek, RollupGuide, RollupMark, FiguresCounted],
  GuideBehaviourRow,
  ...Object.values(reportSet),
];

const shared = { entities, migrations, migrationsTableName: "migration", logging: false } as const;

/** Connection options for a database URL (`sqlite:PATH` or `mysql://…`). */
export function connection(url: string, readonly = false): DataSourceOptions {
  if (url.startsWith("sqlite:")) {
    const database = sqliteFile(url);
    mkdirSync(dirname(database), { recursive: true });
    return {
      type: "better-sqlite3",
      database,
      readonly,
      prepareDatabase: tune(readonly),
      timeout: 10_000,
      // lists of many lengths are many statements, and the cache lets the oldest go first, used or not
      statementCacheSize: 500,
      ...shared,
    };
  }
  return {
    type: "mysql",
    url,
    poolSize: 10,
    charset: "utf8mb4_bin",
    timezone: "Z",
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: false,
    extra: { decimalNumbers: true },
    ...shared,
  };
}

function sqliteFile(url: string): string {
  return resolveFromRoot(url.slice("sqlite:".length));
}

/** What to do about migrations that are not in place yet. */
export type Pending = "run" | "run_if_empty";

/** Opens the database. An empty one is migrated by itself; over data, pending migrations are a Refusal
 *  that says the command, unless `run` is asked for. */
export async function openDatabase(url: string, pending: Pending = "run_if_empty"): Promise<Store> {
  const writer = await new DataSource(connection(url)).initialize();
  try {
    await migrate(writer, pending);
  } catch (error) {
    await writer.destroy();
    throw error;
  }
  const apart: OpenApart = async (tables, fill) =>
    storeApart(await connectionApart(url).initialize(), kindOf(url), tables, fill);
  if (!url.startsWith("sqlite:")) return mysqlStore(writer, apart);
  // from here on the store waits for other processes, which does not block this one
  await writer.query("PRAGMA busy_timeout = 0");
  const reader = await new DataSource(connection(url, true)).initialize();
  return sqliteStore(writer, reader, apart, checkpointer(sqliteFile(url)));
}

/** One connection for temporary tables, on MySQL another beside it. SQLite keeps them in a file of the system's temporary
 *  folder, not in memory. */
function connectionApart(url: string): DataSource {
  const options = { ...connection(url, true), entities: [], migrations: [] };
  if (options.type === "mysql") return new DataSource({ ...options, poolSize: 2 });
  if (options.type !== "better-sqlite3") throw new Error(`no temporary tables on ${options.type}`);
  const prepareDatabase = (db: BetterSqlite3.Database) => {
    tune(true)(db);
    // a forecast goes through all that is open, again and again
    db.pragma(`cache_size = -${WRITER_CACHE}`);
    db.pragma("temp_store = FILE");
    db.pragma("temp.cache_size = -65536");
    // nothing is ever rolled back there
    db.pragma("temp.journal_mode = OFF");
  };
  return new DataSource({ ...options, prepareDatabase });
}

function kindOf(url: string): DialectName {
  return url.startsWith("sqlite:") ? "sqlite" : "mysql";
}

async function migrate(source: DataSource, pending: Pending): Promise<void> {
  const done = await source.query("SELECT COUNT(*) AS n FROM migration").catch(() => [{ n: 0 }]);
  const missing = migrations.length - Number(done[0].n);
  if (missing === 0) return;
  if (Number(done[0].n) > 0 && pending === "run_if_empty")
    throw new Refusal(
      "conflict",
      `The database holds data and ${missing} migrations are pending. Make a backup, then run: npm run guidepost -- migrate`,
    );
  await source.runMigrations({ transaction: "none" });
}

/** KB of pages a connection keeps. What only reads can do with few: the system keeps the file's pages too. */
const WRITER_CACHE = 65_536;
const READER_CACHE = 16_384;

function tune(readonly: boolean): (db: BetterSqlite3.Database) => void {
  return (db) => {
    if (!readonly) {
      db.pragma("journal_mode = WAL");
      db.pragma(`wal_autocheckpoint = ${BACKSTOP_PAGES}`);
    }
    db.pragma("synchronous = NORMAL");
    db.pragma(`cache_size = -${readonly ? READER_CACHE : WRITER_CACHE}`);
    db.pragma("temp_store = MEMORY");
  };
}
