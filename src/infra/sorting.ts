// Sorts any number of rows in constant memory: spilled to a temporary file and ordered there, in a thread of its own.
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

/** A row by what it is ordered by. */
export interface Keyed<T> {
  key: string;
  /** what else may be the same in several rows. Where two rows of different keys share it, all rows keep the order
   *  they came in: which of the two is the later one must stay as it was. */
  own?: string | undefined;
  value: T;
}

/** Rows a sorted batch holds. */
const BATCH = 512;

/** An unnamed database is a file that SQLite deletes by itself, whatever happens to the process. */
const WORK = `
  const { parentPort, workerData } = require("node:worker_threads");
  const Database = require(workerData.driver);
  const db = new Database("");
  for (const setting of ["temp_store = FILE", "journal_mode = OFF", "synchronous = OFF", "cache_size = -8192"])
    db.pragma(setting);
  db.exec("CREATE TABLE spilled (key TEXT NOT NULL, own TEXT, value TEXT NOT NULL)");
  const insertOf = (rows) =>
    db.prepare("INSERT INTO spilled (key, own, value) VALUES " + Array(rows).fill("(?, ?, ?)").join(", "));
  const many = insertOf(64);
  const one = insertOf(1);
  const add = (params) => {
    const whole = params.length - (params.length % 192);
    for (let at = 0; at < whole; at += 192) many.run(params.slice(at, at + 192));
    for (let at = whole; at < params.length; at += 3) one.run(params.slice(at, at + 3));
  };
  db.exec("BEGIN");
  const shared = db.prepare(
    "SELECT own FROM spilled WHERE own IS NOT NULL GROUP BY own HAVING MIN(key) <> MAX(key) LIMIT 1",
  );
  let rows;
  const next = () => {
    rows ??= db.prepare("SELECT value FROM spilled ORDER BY " + (shared.get() ? "rowid" : "key, rowid"))
      .pluck().iterate();
    const values = [];
    while (values.length < ${BATCH}) {
      const { value, done } = rows.next();
      if (done) break;
      values.push(value);
    }
    return values;
  };
  parentPort.on("message", (given) => parentPort.postMessage(given === "next" ? next() : (add(given), [])));
`;

/** The rows ordered by key, those of one key as they came, in batches. Nothing is given before all were taken; should
 *  taking them fail, those that came before are given, and then the error is thrown. */
export async function* sortedByKey<T>(batches: AsyncIterable<readonly Keyed<T>[]>): AsyncGenerator<T[]> {
  const driver = createRequire(import.meta.url).resolve("better-sqlite3");
  const worker = new Worker(WORK, { eval: true, workerData: { driver }, execArgv: [] });
  try {
    const failed = await spill(worker, batches);
    for (let next = ask(worker, "next"); ; ) {
      const values = await next;
      if (values.length === 0) break;
      // read while these are worked off
      next = ask(worker, "next");
      yield values.map((value) => JSON.parse(value) as T);
    }
    if (failed) throw failed.error;
  } finally {
    await worker.terminate();
  }
}

async function spill<T>(
  worker: Worker,
  batches: AsyncIterable<readonly Keyed<T>[]>,
): Promise<{ error: unknown } | undefined> {
  let taken: Promise<unknown> = Promise.resolve();
  const failed = await eachOf(batches, async (batch) => {
    // one is written while the next is read
    await taken;
    taken = ask(
      worker,
      batch.flatMap(({ key, own, value }) => [key, own ?? null, JSON.stringify(value)]),
    );
  });
  await taken;
  return failed;
}

/** Works through all items; what reading them throws is given back, what the work throws is thrown. */
async function eachOf<T>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<void>,
): Promise<{ error: unknown } | undefined> {
  const source = items[Symbol.asyncIterator]();
  for (;;) {
    const read = await source.next().catch((error: unknown) => ({ error }));
    if ("error" in read) return read;
    if (read.done) return undefined;
    await work(read.value);
  }
}

function ask(worker: Worker, question: unknown): Promise<string[]> {
  const answer = new Promise<string[]>((resolve, reject) => {
    const answered = (values: string[]) => {
      worker.off("error", failed);
      resolve(values);
    };
    const failed = (error: unknown) => {
      worker.off("message", answered);
      reject(error);
    };
    worker.once("message", answered).once("error", failed);
    worker.postMessage(question);
  });
  // whoever awaits it later hears of a failure; until then it is nobody's
  answer.catch(() => undefined);
  return answer;
}
