// What a run left behind: every task and every figure of ours, and what the sandbox counted; and how two runs differ.
import BetterSqlite3 from "better-sqlite3";
import type { Store } from "../../../src/infra/store.js";
import { taskFaults } from "../../support/invariants.js";

/** A run's end, each part as lines that another run's can be held against. */
export interface Figures {
  /** state, reason, days and times of each occurrence */
  tasks: string[];
  /** every cell of every level */
  rollups: string[];
  /** each message in a customer's chat that came from a guide */
  received: string[];
  /** each message a customer wrote, as we logged it */
  messages: string[];
}

/** What must be none, whatever happened. */
export interface Faults {
  /** customers who got the same words of the same guide more than once, as the sandbox counted */
  doubled: string[];
  /** what is wrong with our own rows */
  broken: string[];
  /** timed jobs that ended in an error */
  failed: string[];
}

const ROLLUPS = ["rollup_region", "rollup_store", "rollup_store_week", "rollup_guide"];

/** Reads everything there is to hold against another run. */
export async function figuresOf({ read }: Store, sandboxFile: string): Promise<Figures> {
  const tasks = await read.rows<Record<string, unknown>>(
    `SELECT p.touchpoint_key AS what, c.external_userid AS whose, t.child_no AS child, t.occurrence, t.state, t.reason,
       t.due_on AS due, t.release_on AS released, t.late, t.guide_id AS guide, t.store_id AS store, t.variant,
       t.sent_at AS sent, t.acted_at AS acted, t.proven, t.observed, t.replied_at AS replied,
       t.outside_quiet AS quiet
     FROM task t JOIN touchpoint p ON p.id = t.touchpoint_id JOIN customer c ON c.id = t.customer_id`,
  );
  const messages = await read.rows<Record<string, unknown>>(
    `SELECT g.userid AS guide, c.external_userid AS customer, m.sender, m.sent_at AS sent
     FROM message m JOIN guide g ON g.id = m.guide_id JOIN customer c ON c.id = m.customer_id`,
  );
  const rollups: string[] = [];
  for (const table of ROLLUPS)
    for (const row of await read.rows<Record<string, unknown>>(`SELECT * FROM ${table}`))
      rollups.push(line({ table, ...row }));
  const received = inSandbox<Record<string, unknown>>(
    sandboxFile,
    "SELECT userid, external_userid, content, at FROM chat WHERE from_guide = 1",
  );
  return {
    tasks: tasks.map(line).sort(),
    rollups: rollups.sort(),
    received: received.map(line).sort(),
    messages: messages.map(line).sort(),
  };
}

/** Looks for what must not be. */
export async function faultsOf(store: Store, sandboxFile: string): Promise<Faults> {
  const doubled = inSandbox<Record<string, unknown>>(
    sandboxFile,
    `SELECT m.sender, c.external_userid, m.text, COUNT(*) AS times FROM mass_customer c JOIN mass m ON m.id = c.mass_id
     WHERE c.status = 1 GROUP BY m.sender, c.external_userid, m.text HAVING COUNT(*) > 1`,
  );
  const waiting = inSandbox<Record<string, unknown>>(
    sandboxFile,
    `SELECT m.sender, m.occurrence, COUNT(*) AS standing FROM mass m WHERE m.stopped_at IS NULL
     GROUP BY m.sender, m.occurrence HAVING COUNT(*) > 1`,
  );
  const failed = await store.read.rows<{ job: string; result: string }>(
    "SELECT job, result FROM job_run WHERE state = 'failed'",
  );
  return {
    doubled: [...doubled, ...waiting].map(line),
    broken: await taskFaults(store),
    failed: failed.map(line),
  };
}

/** Lines of one that the other lacks, both ways, and how many there are. */
export function differences(one: readonly string[], other: readonly string[]): string[] {
  const [left, right] = [counts(one), counts(other)];
  const lacks = (from: Map<string, number>, to: Map<string, number>, sign: string) =>
    [...from].flatMap(([text, n]) => (n > (to.get(text) ?? 0) ? [`${sign} ${text}`] : []));
  return [...lacks(left, right, "-"), ...lacks(right, left, "+")];
}

function counts(lines: readonly string[]): Map<string, number> {
  const map = new Map<string, number>();
  for (const one of lines) map.set(one, (map.get(one) ?? 0) + 1);
  return map;
}

function line(row: object): string {
  return Object.values(row)
    .map((value) => (value instanceof Date ? value.toISOString() : String(value ?? "–")))
    .join(" ");
}

function inSandbox<T>(file: string, sql: string): T[] {
  const db = new BetterSqlite3(file, { readonly: true });
  try {
    return db.prepare<[], T>(sql).all();
  } finally {
    db.close();
  }
}
