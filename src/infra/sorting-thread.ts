// The thread that reads a large table and gives its rows by key: spilled to a temporary file, ordered there.
import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { Refusal, type RefusalKind } from "../kernel/refusals.js";
import { openSheet } from "./spreadsheets.js";
import type { SheetRow } from "./workbooks.js";

/** A table to sort by one of its columns; both places are 0-based. */
export interface SortingTask {
  path: string;
  keyAt: number;
  /** a column that tells rows apart by itself. Where two rows of different keys share its value, all rows keep the order
   *  of the file: which of the two is the later one must stay as it was. */
  ownAt: number | undefined;
}

/** What the thread says. After each "more" it gives a batch, or the end. */
export type Told =
  | { is: "read"; bytes: number; rows: number }
  /** JSON of a batch of rows: one text crosses faster than a thousand */
  | { is: "rows"; json: string }
  | { is: "end"; refusal?: { kind: RefusalKind; message: string } };

/** Rows a batch holds. */
const BATCH = 512;
/** Rows of one statement. */
const TOGETHER = 64;

const tell = (told: Told) => parentPort?.postMessage(told);

function openSpill(): Database.Database {
  // an unnamed database is a file that SQLite deletes by itself, whatever happens to the process
  const db = new Database("");
  for (const setting of [
    "temp_store = FILE",
    "journal_mode = OFF",
    "synchronous = OFF",
    "cache_size = -4096",
  ])
    db.pragma(setting);
  db.exec("CREATE TABLE spilled (key TEXT NOT NULL, own TEXT, row TEXT NOT NULL); BEGIN");
  return db;
}

/** Takes all rows of the file; gives the Refusal that ended it early, if one did. */
async function spill(
  db: Database.Database,
  { path, keyAt, ownAt }: SortingTask,
): Promise<Refusal | undefined> {
  const insertOf = (rows: number) =>
    db.prepare(`INSERT INTO spilled (key, own, row) VALUES ${Array(rows).fill("(?, ?, ?)").join(", ")}`);
  const [many, one] = [insertOf(TOGETHER), insertOf(1)];
  const valuesOf = (row: SheetRow) => {
    const own = ownAt === undefined ? null : row.cells[ownAt]?.trim();
    return [row.cells[keyAt]?.trim() ?? "", own ?? null, JSON.stringify(row)];
  };
  let rows = 0;
  try {
    const sheet = await openSheet(path);
    for await (const batch of sheet.batches) {
      const whole = batch.length - (batch.length % TOGETHER);
      for (let at = 0; at < whole; at += TOGETHER) many.run(batch.slice(at, at + TOGETHER).flatMap(valuesOf));
      for (const row of batch.slice(whole)) one.run(valuesOf(row));
      rows += batch.length;
      tell({ is: "read", bytes: sheet.bytesRead(), rows });
    }
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  return undefined;
}

/** Gives a batch for each "more". */
function give(db: Database.Database, refused: Refusal | undefined): () => void {
  const isShared = db
    .prepare("SELECT own FROM spilled WHERE own IS NOT NULL GROUP BY own HAVING MIN(key) <> MAX(key) LIMIT 1")
    .get();
  const order = isShared ? "rowid" : "key, rowid";
  const rows = db.prepare(`SELECT row FROM spilled ORDER BY ${order}`).pluck().iterate();
  return () => {
    const batch: unknown[] = [];
    while (batch.length < BATCH) {
      const { value, done } = rows.next();
      if (done) break;
      batch.push(value);
    }
    if (batch.length > 0) tell({ is: "rows", json: `[${batch.join(",")}]` });
    else
      tell({ is: "end", ...(refused ? { refusal: { kind: refused.kind, message: refused.message } } : {}) });
  };
}

async function work(task: SortingTask): Promise<void> {
  let asked = 0;
  let more = () => {
    asked++;
  };
  parentPort?.on("message", () => more());
  const db = openSpill();
  more = give(db, await spill(db, task));
  for (let n = 0; n < asked; n++) more();
}

await work(workerData as SortingTask);
