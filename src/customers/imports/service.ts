// Imports for people: files received and recognised, run in the background, listed, stopped, taken back, tidied away.
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { recordChange } from "../../identity/audit.js";
import { shopDayOf } from "../../kernel/calendar.js";
import { type Fault, Refusal } from "../../kernel/refusals.js";
import type { ImportedTable } from "../import.js";
import { findSources, incomingOf, type Source, type TableName } from "../import-tables.js";
import { forgetChanges } from "./change-log.js";
import { recognise } from "./recognise.js";
import { dropDraft, type ImportFile, type ImportRunLine, latestRuns, runOf, setRun } from "./run-rows.js";
import {
  beginRun,
  type ImportRunParts,
  noteRun,
  type Running,
  type RunWay,
  settled,
  type Workshop,
  workshopOf,
} from "./runs.js";
import type { UndoCounts } from "./undo.js";
import { previewRun, undoOf, whyNot } from "./undo-run.js";

/** A file as it was received: where it lies, and what it is called. */
export interface ReceivedFile {
  name: string;
  bytes: number;
  /** lines but the heading, where they could be counted */
  rows: number | null;
}

export interface ImportServiceParts extends ImportRunParts {
  /** where files that were received lie, a folder a run */
  home: string;
}

/** An import with what can be done about it. */
export interface ImportRunView extends ImportRunLine {
  /** why it cannot be taken back; null: it can */
  whyNotUndo: string | null;
}

export type ImportService = ReturnType<typeof importService>;

const SHOWN = 100;
const DAY = 86_400_000;

/** Imports over one database. Its callers have asked who may. */
export function importService(parts: ImportServiceParts) {
  const shop = workshopOf(parts);
  return { limits: parts.limits, ...receiving(parts), ...running(parts, shop), ...looking(parts, shop) };
}

/** Files on their way in. */
function receiving({ store, world, zone, home }: ImportServiceParts) {
  return {
    /** Where the files of a new run are to be put, each in a folder of its number: `0/customers.csv`. */
    newFolder: (): { name: string; path: string } => {
      const name = `import-${world.id()}`;
      return { name, path: resolve(home, name) };
    },

    /** Files that were received become a run that has not begun: each is recognised or at fault. */
    receive: async (folder: string, files: readonly ReceivedFile[], by: string): Promise<number> => {
      const seen = await Promise.all(
        files.map((file, at) => looked(pathOf(home, folder, at, file.name), file)),
      );
      const at = world.now();
      return store.write((sql) => noteRun(sql, { by, at, onDay: shopDayOf(at, zone), folder, files: seen }));
    },

    /** Throws files away that were received and not begun. Raises `conflict`. */
    discard: async (id: number, by: string): Promise<void> => {
      const run = await runOf(store.read, id);
      await store.write(async (sql) => {
        // of a run that somebody has begun meanwhile the files stay
        if (!(await dropDraft(sql, id))) throw new Refusal("conflict", "这次导入已经开始过了。");
        const files = run.files.map(({ name }) => name);
        const change = { action: "import.remove", subject: `import:${id}`, before: { files } };
        await recordChange(sql, { at: world.now(), by, ...change });
      });
      forgetFolder(home, run);
    },
  };
}

/** Runs and what takes them back. */
function running(parts: ImportServiceParts, shop: Workshop) {
  const { store, world, home } = parts;
  return {
    /** Begins a run that was received; `done` goes on by itself. Raises `invalid`, `conflict`, `not_found`. */
    start: async (
      id: number,
      way: { trigger: boolean; by: string; say?: (fault: Fault, table: string) => string },
    ) => {
      const run = await runOf(store.read, id);
      const { done } = await beginRun(shop, id, sourcesOf(home, run), way);
      return { id, done: done.finally(() => forgetInputs(home, run)) };
    },

    /** Imports a folder or file of somebody's own, written down as any other; see `importDirectory`. */
    runHere: async (place: string, way: RunWay): Promise<{ id: number; tables: ImportedTable[] }> => {
      const { id, done } = await runHere(shop, place, way);
      return { id, tables: await done };
    },

    /** Has a run stop after the rows it is at. Raises `conflict` when it is not under way. */
    stop: (id: number, by: string): Promise<void> =>
      store.write(async (sql) => {
        const change = "UPDATE import_run SET state = 'stopping' WHERE id = ? AND state = 'running'";
        if ((await sql.run(change, [id])).affected === 0)
          throw new Refusal("conflict", "这次导入没有在进行。");
        await recordChange(sql, { at: world.now(), by, action: "import.stop", subject: `import:${id}` });
      }),

    /** What taking a run back would come to. Raises `conflict`. */
    previewUndo: (id: number): Promise<UndoCounts> => previewRun(shop, id),

    /** Takes a run back; `done` goes on by itself. Raises `conflict`. */
    undo: (id: number, by: string) => undoOf(shop, id, by),

    /** Forgets what is kept longer than it may be, and files nobody began with. */
    tidy: () => tidy(parts),
  };
}

/** What there is to see. */
function looking({ store, world, limits, home }: ImportServiceParts, shop: Workshop) {
  const viewOf = (run: ImportRunLine): ImportRunView => ({
    ...run,
    whyNotUndo: whyNot(run, limits, world.now()) ?? null,
  });
  return {
    /** The latest runs, newest first. */
    list: async (limit = SHOWN): Promise<ImportRunView[]> => {
      await settled(shop);
      return (await latestRuns(store.read, limit)).map(viewOf);
    },

    /** One run. Raises `not_found`. */
    one: async (id: number): Promise<ImportRunView> => {
      await settled(shop);
      const run = await runOf(store.read, id);
      const progress = shop.atWork.get(id)?.now() ?? run.progress;
      return viewOf({ ...run, progress });
    },

    /** The file of refused rows of a run's file. Raises `not_found`: there are none, or none any more. */
    refused: async (id: number, at: number): Promise<{ path: string; name: string }> => {
      const run = await runOf(store.read, id);
      const table = run.results[at];
      if (!table?.hasRefused || run.folder === null)
        throw new Refusal("not_found", "没有退回的行，或者已经清除。");
      const name = `refused-${table.table}.csv`;
      return { path: resolve(home, run.folder, String(placeOf(run, at)), name), name };
    },
  };
}

const pathOf = (home: string, folder: string, at: number, name: string) =>
  resolve(home, folder, String(at), name);

async function looked(path: string, { name, bytes, rows }: ReceivedFile): Promise<ImportFile> {
  const file = { name, bytes, rows, table: null, chinese: null, ignored: [], fault: null };
  try {
    const { incoming, heading, sample } = await recognise(path);
    const { name: table, chinese } = incoming.table;
    return { ...file, table, chinese, ignored: [...heading.ignored], sample };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...file, fault: [error.message, ...error.faults.map(({ expected }) => expected)].join(" ") };
  }
}

/** The files of a run in the order their tables need each other. */
function sourcesOf(home: string, run: ImportRunLine): Source[] {
  const { folder, files } = run;
  if (folder === null || !files.some(({ table }) => table !== null))
    throw new Refusal("invalid", "没有可以导入的文件：每个文件都要能认出是哪张表。");
  return inOrder(files).map(({ at, file }) => ({
    incoming: incomingOf(file.table as TableName),
    path: pathOf(home, folder, at, file.name),
    refusedDir: resolve(home, folder, String(at)),
  }));
}

/** Files that are tables, in the order they are imported, each with its place among all. */
function inOrder(files: readonly ImportFile[]): { at: number; file: ImportFile }[] {
  const order = ["stores", "guides", "leaves", "customers", "children", "orders", "transfers"];
  return files
    .map((file, at) => ({ at, file }))
    .filter(({ file }) => file.table !== null)
    .sort((a, b) => order.indexOf(a.file.table ?? "") - order.indexOf(b.file.table ?? "") || a.at - b.at);
}

/** Which file a result is of: results stand in the order of the import. */
function placeOf({ files }: ImportRunLine, result: number): number {
  return inOrder(files)[result]?.at ?? 0;
}

async function runHere(shop: Workshop, place: string, way: RunWay): Promise<Running> {
  const sources = findSources(place);
  const at = shop.world.now();
  const files = sources.map(({ path, incoming: { table } }): ImportFile => {
    const known = { table: table.name, chinese: table.chinese, ignored: [], fault: null };
    return { name: path, bytes: 0, rows: null, ...known };
  });
  const note = { by: way.by, at, onDay: shopDayOf(at, shop.zone), folder: null, files };
  const id = await shop.store.write((sql) => noteRun(sql, note));
  return beginRun(shop, id, sources, way);
}

/** Files hold people's data: once they are in, they go; what was refused stays to be corrected. */
function forgetInputs(home: string, { folder, files }: ImportRunLine): void {
  if (folder === null) return;
  for (const [at, { name }] of files.entries()) rmSync(pathOf(home, folder, at, name), { force: true });
}

function forgetFolder(home: string, { folder }: ImportRunLine): void {
  if (folder !== null) rmSync(resolve(home, folder), { recursive: true, force: true });
}

async function tidy({ store, world, limits, home }: ImportServiceParts): Promise<void> {
  const old = world.now() - limits.undoDays * DAY;
  const rows = await store.read.rows<{ id: number }>(
    `SELECT id FROM import_run WHERE (state = 'draft' AND made_at < ?)
       OR (ended_at < ? AND state NOT IN ('running', 'stopping', 'undoing') AND (folder IS NOT NULL OR changes <> 0))`,
    [world.now() - DAY, old],
  );
  for (const { id } of rows) {
    const run = await runOf(store.read, id);
    // one that somebody has begun meanwhile keeps its files
    if (run.state === "draft" && !(await store.write((sql) => dropDraft(sql, id)))) continue;
    await forgetChanges(store, id);
    forgetFolder(home, run);
    if (run.state !== "draft") await store.write((sql) => setRun(sql, id, { folder: null, changes: null }));
  }
}
