// Carries SQLite's write-ahead log into the database file in a thread of its own, so that the server never waits for the disk.
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

/** Looks after one database file. */
export interface Checkpointer {
  /** Resolves when the log has room for another transaction: at once, unless writers never pause. */
  room(): Promise<void>;
  /** Call it after each commit: a log that has grown is carried over in the background. */
  afterCommit(): void;
  stop(): Promise<void>;
}

/** From this size on the log is worth a thread, bytes. */
const WORTH_IT = 4 * 2 ** 20;

/** Between two trips, ms. */
const PAUSE = 100;

/** A log of so many pages makes writers wait until it has been carried over to its very end: only then does it begin
 *  anew, in the same blocks (cutting it down would cost a commit as much as it holds). More than a day's planning. */
const FULL_PAGES = 64_000;

/** How long writers wait at most, ms: a reader in another process may hold the log for longer. */
const PATIENCE = 1_000;

/** Should the thread have died, the writer itself carries the log over after so many pages. */
export const BACKSTOP_PAGES = 100_000;

/** A passive checkpoint holds up nobody, and a commit in WAL mode with synchronous = NORMAL waits for no fsync but a
 *  checkpoint's own. */
const WORK = `
  const { parentPort, workerData } = require("node:worker_threads");
  const Database = require(workerData.driver);
  const db = new Database(workerData.file, { timeout: 0 });
  db.pragma("synchronous = NORMAL");
  parentPort.on("message", () => {
    let left = { log: 0, checkpointed: -1 };
    try {
      left = db.pragma("wal_checkpoint(PASSIVE)")[0];
    } catch {}
    parentPort.postMessage({ pages: left.log, isDone: left.checkpointed >= left.log });
  });
`;

/** A checkpointer for a file in WAL mode. Its thread begins with the first log that is worth it. */
export function checkpointer(file: string): Checkpointer {
  return new LogCarrier(file);
}

class LogCarrier implements Checkpointer {
  private worker: Worker | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isBusy = false;
  private isStopped = false;
  /** something was committed since the thread was last sent */
  private isBehind = false;
  /** in the log when the thread last looked */
  private pages = 0;
  private waiting: (() => void)[] = [];

  constructor(private readonly file: string) {}

  async room(): Promise<void> {
    if (this.isStopped || this.pages < FULL_PAGES) return;
    this.carryOver();
    // this timer keeps the process alive while somebody waits
    const patience = setTimeout(() => this.release(), PATIENCE);
    await new Promise<void>((go) => this.waiting.push(go));
    clearTimeout(patience);
  }

  afterCommit(): void {
    this.isBehind = true;
    if (this.isStopped || this.isBusy || this.timer) return;
    if (this.worker || sizeOf(`${this.file}-wal`) >= WORTH_IT) this.later();
  }

  async stop(): Promise<void> {
    this.end();
    await this.worker?.terminate();
  }

  private later(): void {
    this.timer = setTimeout(() => this.carryOver(), PAUSE).unref();
  }

  private carryOver(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isBusy || this.isStopped) return;
    this.isBusy = true;
    this.isBehind = false;
    this.worker ??= this.begin();
    this.worker.postMessage("go");
  }

  private begin(): Worker {
    const driver = createRequire(import.meta.url).resolve("better-sqlite3");
    const workerData = { driver, file: this.file };
    const worker = new Worker(WORK, { eval: true, workerData, execArgv: [] });
    worker.on("message", ({ pages, isDone }: { pages: number; isDone: boolean }) => {
      this.isBusy = false;
      const isWhole = isDone && !this.isBehind;
      // carried over to its end it begins anew with the next commit
      this.pages = isWhole ? 0 : pages;
      if (isWhole) this.release();
      else if (this.waiting.length > 0) this.carryOver();
      else this.later();
    });
    worker.on("error", () => this.end());
    worker.unref();
    return worker;
  }

  private release(): void {
    for (const go of this.waiting) go();
    this.waiting = [];
  }

  private end(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.release();
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
