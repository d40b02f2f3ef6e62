// Imports as people run them: one at a time, written down, with a sign of life, stopped on request, taken back.

import { statSync } from "node:fs";
import { recordChange } from "../../identity/audit.js";
import type { Sql, Store } from "../../infra/store.js";
import { type ShopDay, shopDayOf } from "../../kernel/calendar.js";
import { type Fault, Refusal } from "../../kernel/refusals.js";
import type { World } from "../../kernel/world.js";
import { type ImportedTable, type ImportProgress, importSources } from "../import.js";
import type { Source } from "../import-tables.js";
import { changeLog, forgetChanges } from "./change-log.js";
import { type Heart, heartOf } from "./heart.js";
import {
  claimPlace,
  type ImportFile,
  type ImportRunLine,
  leavePlace,
  runOf,
  setRun,
  settleDead,
  tablesOf,
  workerName,
} from "./run-rows.js";
import type { UndoTasks } from "./undo-words.js";

export interface ImportRunParts {
  store: Store;
  world: World;
  zone: string;
  secretKey: Buffer;
  /** most rows kept of one run, and for how many days they may be taken back */
  limits: { undoRows: number; undoDays: number };
  tasks: UndoTasks;
  /** what else follows from an import that went through */
  afterwards?: () => Promise<unknown>;
}

/** How a run goes. */
export interface RunWay {
  trigger: boolean;
  by: string;
  refusedDir?: string | undefined;
  /** today when left out */
  today?: ShopDay | undefined;
  progress?: ((progress: ImportProgress) => void) | undefined;
  say?: ((fault: Fault, table: string) => string) | undefined;
}

/** A run under way. */
export interface Running {
  id: number;
  /** raises what broke it off; what it came to is written down either way */
  done: Promise<ImportedTable[]>;
}

/** What this process works on. */
export interface Workshop extends ImportRunParts {
  worker: string;
  atWork: Map<number, Heart>;
}

/** The workshop of one process. */
export function workshopOf(parts: ImportRunParts): Workshop {
  return { ...parts, worker: workerName(parts.world.id().slice(0, 32)), atWork: new Map() };
}

/** Settles a run whose worker has died. */
export function settled({ store, worker, atWork, world }: Workshop): Promise<void> {
  return settleDead(store, { name: worker, isAtIt: (id) => atWork.has(id) }, world.now());
}

/** Writes a new run down, not begun. */
export async function noteRun(
  sql: Sql,
  {
    by,
    at,
    onDay,
    folder,
    files,
  }: { by: string; at: number; onDay: ShopDay; folder: string | null; files: ImportFile[] },
): Promise<number> {
  const { insertedId } = await sql.run(
    "INSERT INTO import_run (state, said_by, made_at, on_day, folder, files) VALUES ('draft', ?, ?, ?, ?, ?)",
    [by.slice(0, 64), at, onDay, folder, JSON.stringify(files)],
  );
  return insertedId;
}

/** Begins a run that is noted; it goes on by itself. Raises `conflict` while another is under way, or when it is begun. */
export async function beginRun(
  shop: Workshop,
  id: number,
  sources: readonly Source[],
  way: RunWay,
): Promise<Running> {
  const { store, world, zone, worker } = shop;
  await settled(shop);
  const at = world.now();
  const today = way.today ?? shopDayOf(at, zone);
  await store.write(async (sql) => {
    const run = await runOf(sql, id);
    if (run.state !== "draft") throw new Refusal("conflict", "这次导入已经开始过了。");
    if (!(await claimPlace(sql, id))) throw new Refusal("conflict", ONE_AT_A_TIME);
    await setRun(sql, id, {
      ...{
        state: "running",
        started_at: at,
        beat_at: at,
        worker,
        triggers: Number(way.trigger),
        on_day: today,
      },
    });
    const files = run.files.map(({ name, chinese }) => `${name}（${chinese}）`);
    await recordChange(sql, {
      ...{ at, by: way.by, action: "import.start", subject: `import:${id}` },
      after: { files, trigger: way.trigger },
    });
  });
  const heart = heartOf(shop, id);
  shop.atWork.set(id, heart);
  const done = run(shop, id, sources, { ...way, today }, heart).finally(() => shop.atWork.delete(id));
  return { id, done };
}

export const ONE_AT_A_TIME = "另一次导入或撤销正在进行，完成后再开始。";

async function run(
  shop: Workshop,
  id: number,
  sources: readonly Source[],
  way: RunWay & { today: ShopDay },
  heart: Heart,
): Promise<ImportedTable[]> {
  const { store, world, secretKey, limits } = shop;
  let log = changeLog(id, limits.undoRows);
  const results: ImportedTable[] = [];
  let state: ImportRunLine["state"] = "failed";
  let error: string | null = UNEXPECTED;
  try {
    if (await isFirstLoad(shop, sources)) log = changeLog(id, 0);
    await importSources(sources, {
      ...{ store, secretKey, today: way.today, at: world.now(), trigger: way.trigger, keeper: log },
      ...(way.refusedDir === undefined ? {} : { refusedDir: way.refusedDir }),
      ...(way.say ? { say: way.say } : {}),
      progress: (step) => {
        heart.progress(step);
        way.progress?.(step);
      },
      ended: (table) => {
        results.push(table);
        heart.ended(results);
      },
      isStopped: heart.isStopped,
    });
    await shop.afterwards?.();
    [state, error] = ["done", null];
    return results;
  } catch (thrown) {
    if (thrown instanceof Refusal) error = saidWhole(thrown);
    if (heart.isStopped()) [state, error] = ["stopped", null];
    throw thrown;
  } finally {
    await heart.stop();
    await end(shop, id, { state, error, results, changes: log.rows(), by: way.by });
  }
}

/** A row with an id and a few facts is longer than this, bytes. */
const SHORTEST_ROW = 60;

/** Whether files into an empty database are sure to hold more rows than may be kept: then not even the first ones are. */
async function isFirstLoad({ store, limits }: Workshop, sources: readonly Source[]): Promise<boolean> {
  const bytes = sources.reduce(
    (sum, { path }) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  if (bytes < limits.undoRows * SHORTEST_ROW * 3) return false;
  return (await store.read.row("SELECT id FROM customer LIMIT 1")) === undefined;
}

const UNEXPECTED = "出了意料之外的错误，已记入日志；已经写入的行保留，可以再导入一次。";

function saidWhole({ message, faults }: Refusal): string {
  return [message, ...faults.map(({ expected }) => expected)].join(" ");
}

interface Ending extends Pick<ImportRunLine, "state" | "error" | "changes"> {
  results: readonly ImportedTable[];
  by: string;
}

async function end(
  { store, world }: Workshop,
  id: number,
  { state, error, results, changes, by }: Ending,
): Promise<void> {
  const at = world.now();
  if (changes === null) await forgetChanges(store, id);
  await store.write(async (sql) => {
    await leavePlace(sql, id);
    const shown = JSON.stringify(tablesOf(results));
    await setRun(sql, id, { state, error, ended_at: at, results: shown, changes });
    const tables = results.map((one) => {
      const { table, file, new: made, changed, refused } = one;
      return { table, file, made, changed, refused };
    });
    const after = { state, tables };
    await recordChange(sql, { at, by, action: "import.end", subject: `import:${id}`, after });
  });
}
