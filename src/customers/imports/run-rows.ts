// Imports as they are run: their rows, who works on them, and what becomes of those whose worker has died.
import { hostname } from "node:os";
import type { Param, Sql, Store } from "../../infra/store.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import type { ImportedTable, ImportProgress } from "../import.js";
import type { RowSample } from "./recognise.js";
import type { UndoCounts } from "./undo.js";

/** draft: files are here and nobody has begun; interrupted: who worked on it died; undone: taken back, as far as it went. */
export type ImportState =
  | "draft"
  | "running"
  | "stopping"
  | "done"
  | "stopped"
  | "failed"
  | "interrupted"
  | "undoing"
  | "undone";

/** One file of an import. */
export interface ImportFile {
  /** as its owner calls it */
  name: string;
  bytes: number;
  /** lines but the heading, where they are known */
  rows: number | null;
  /** which table it is; null: none of ours, `fault` says why */
  table: string | null;
  chinese: string | null;
  ignored: string[];
  fault: string | null;
  /** absent: its rows were not looked at */
  sample?: RowSample;
}

/** What became of one file, as it is written down. */
export type RunTable = Omit<ImportedTable, "refusedFile"> & { hasRefused: boolean };

/** Results as they are written down. */
export function tablesOf(tables: readonly ImportedTable[]): RunTable[] {
  return tables.map(({ refusedFile, ...table }) => ({ ...table, hasRefused: refusedFile !== undefined }));
}

/** An import as somebody sees it. */
export interface ImportRunLine {
  id: number;
  state: ImportState;
  by: string;
  madeAt: number;
  startedAt: number | null;
  endedAt: number | null;
  beatAt: number | null;
  triggers: boolean;
  onDay: ShopDay;
  folder: string | null;
  files: ImportFile[];
  progress: ImportProgress | null;
  results: RunTable[];
  error: string | null;
  /** rows that can be taken back; null: too many were changed, or it was too long ago */
  changes: number | null;
  undoneBy: string | null;
  undoneAt: number | null;
  undo: UndoCounts | null;
}

type Stored = Omit<ImportRunLine, "files" | "progress" | "results" | "undo" | "triggers"> & {
  worker: string | null;
  triggers: number;
  files: string;
  progress: string | null;
  results: string | null;
  undo: string | null;
};

const FIELDS = `id, state, said_by AS "by", made_at AS madeAt, started_at AS startedAt, ended_at AS endedAt,
  beat_at AS beatAt, worker, triggers, on_day AS onDay, folder, files, progress, results, error, changes,
  undone_by AS undoneBy, undone_at AS undoneAt, undo_result AS "undo"`;

/** One run. Raises `not_found`. */
export async function runOf(sql: Sql, id: number): Promise<ImportRunLine & { worker: string | null }> {
  const row = await sql.row<Stored>(`SELECT ${FIELDS} FROM import_run WHERE id = ?`, [id]);
  if (!row) throw new Refusal("not_found", "没有这次导入。");
  return lineOf(row);
}

/** The latest runs but drafts, newest first. */
export async function latestRuns(sql: Sql, limit: number): Promise<ImportRunLine[]> {
  const rows = await sql.rows<Stored>(
    `SELECT ${FIELDS} FROM import_run WHERE state <> 'draft' ORDER BY id DESC LIMIT ?`,
    [limit],
  );
  return rows.map(lineOf);
}

function lineOf(row: Stored): ImportRunLine & { worker: string | null } {
  const parsed = <T>(text: string | null, none: T): T => (text === null ? none : (JSON.parse(text) as T));
  const time = (ms: number | null) => (ms === null ? null : Number(ms));
  return {
    ...{ ...row, triggers: row.triggers === 1, files: JSON.parse(row.files) as ImportFile[] },
    ...{ madeAt: Number(row.madeAt), startedAt: time(row.startedAt), endedAt: time(row.endedAt) },
    ...{ beatAt: time(row.beatAt), undoneAt: time(row.undoneAt) },
    ...{ progress: parsed(row.progress, null), results: parsed(row.results, []) },
    undo: parsed(row.undo, null),
  };
}

/** Changes some columns of a run. */
export async function setRun(sql: Sql, id: number, change: Record<string, Param>): Promise<void> {
  const columns = Object.keys(change).map((column) => `${column} = ?`);
  await sql.run(`UPDATE import_run SET ${columns.join(", ")} WHERE id = ?`, [...Object.values(change), id]);
}

/** Drops a run that has not begun; false: it has. */
export async function dropDraft(sql: Sql, id: number): Promise<boolean> {
  const drop = "DELETE FROM import_run WHERE id = ? AND state = 'draft'";
  return (await sql.run(drop, [id])).affected > 0;
}

/** Under what name the run that is under way stands: there is one at a time, whoever runs it. */
const CLAIM = "import.running";

/** Takes the one place there is for a run; false: another has it. Part of a transaction. */
export async function claimPlace(sql: Sql, id: number): Promise<boolean> {
  const insert = `${sql.dialect.insertIgnore} INTO setting (name, value) VALUES (?, ?)`;
  return (await sql.run(insert, [CLAIM, String(id)])).affected === 1;
}

/** Gives the place back. Part of a transaction. */
export async function leavePlace(sql: Sql, id: number): Promise<void> {
  await sql.run("DELETE FROM setting WHERE name = ? AND value = ?", [CLAIM, String(id)]);
}

/** The run that is under way, if any. */
export async function underWay(sql: Sql): Promise<number | undefined> {
  const row = await sql.row<{ value: string }>("SELECT value FROM setting WHERE name = ?", [CLAIM]);
  return row && Number(row.value);
}

/** Without a sign of life for so long its worker has died. */
const SILENT = 60_000;

/** This process as a worker; `own` tells it from one before it that had its number. */
export function workerName(own: string): string {
  return [hostname().slice(0, 80), process.pid, own].join(" ");
}

/** Whether who works on a run is dead: it is a process of this machine that is no more, or it has been silent. */
export function isDead(
  { worker, beatAt }: { worker: string | null; beatAt: number | null },
  own: { name: string; isAtIt: boolean },
  now: number,
): boolean {
  if (worker === own.name) return !own.isAtIt;
  const [host, pid] = (worker ?? "").split(" ");
  if (host === own.name.split(" ")[0] && (Number(pid) === process.pid || !isAlive(Number(pid)))) return true;
  return now > (beatAt ?? 0) + SILENT;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

/** Settles the run under way whose worker has died: what it wrote stays, and another may begin. */
export async function settleDead(
  store: Store,
  own: { name: string; isAtIt(id: number): boolean },
  now: number,
): Promise<void> {
  const id = await underWay(store.read);
  if (id === undefined) return;
  const run = await runOf(store.read, id).catch(() => undefined);
  if (run && !isDead(run, { name: own.name, isAtIt: own.isAtIt(id) }, now)) return;
  await store.write(async (sql) => {
    await leavePlace(sql, id);
    await sql.run(
      `UPDATE import_run SET state = CASE WHEN state = 'undoing' THEN 'undone' ELSE 'interrupted' END, ended_at = COALESCE(ended_at, beat_at),
         error = CASE WHEN state = 'undoing' THEN ? ELSE ? END
       WHERE id = ? AND state IN ('running', 'stopping', 'undoing')`,
      [UNDO_DIED, DIED, id],
    );
  });
}

const DIED = "导入的进程中断了：已经写入的行保留。可以再导入一次（已有的行不会重复），或者撤销已写入的部分。";
const UNDO_DIED = "撤销的进程中断了：已经撤销的部分有效，可以继续撤销。";
