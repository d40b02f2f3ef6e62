// The pages of imports as values.

import { INCOMING } from "../../customers/import-tables.js";
import type { RowSample } from "../../customers/imports/recognise.js";
import type { ImportFile, ImportState, RunTable } from "../../customers/imports/run-rows.js";
import { columnName, sayExpected, sayRepeats } from "../../customers/imports/say-fault.js";
import type { ImportRunView } from "../../customers/imports/service.js";
import type { UndoCounts } from "../../customers/imports/undo.js";
import { KIND_NAMES } from "../../customers/imports/undo-text.js";
import type { UndoKindName } from "../../customers/imports/undo-words.js";
import type { Fault } from "../../kernel/refusals.js";
import { count, moment } from "../format.js";

/** What the states of an import are called. */
export const STATE_NAMES: Readonly<Record<ImportState, string>> = {
  ...{ draft: "待开始", running: "导入中", stopping: "正在停止", done: "完成", stopped: "已停止" },
  ...{ failed: "失败", interrupted: "中断", undoing: "撤销中", undone: "已撤销" },
};

/** The page one begins on: files to come, and what was imported before. */
export function historyPage(
  runs: readonly ImportRunView[],
  people: ReadonlyMap<string, string>,
  zone: string,
  limits: { undoRows: number; undoDays: number; uploadBytes: number },
): object {
  const busy = runs.find(({ state }) => ["running", "stopping", "undoing"].includes(state));
  return {
    busy: busy ? { id: busy.id, state: STATE_NAMES[busy.state] } : null,
    mostMb: count(limits.uploadBytes / 2 ** 20),
    mostBytes: limits.uploadBytes,
    undoRows: count(limits.undoRows),
    undoDays: limits.undoDays,
    tables: INCOMING.map(({ table: { name, chinese, columns, rest } }) => ({
      ...{ name, chinese },
      needed: Object.values(columns)
        .flatMap((one) => (one.required ? one.chinese : []))
        .join("、"),
      more: Object.values(columns)
        .flatMap((one) => (one.required ? [] : one.chinese))
        .join("、"),
      rest: rest ? `${rest.chinese}、省份、城市……（几级都可以，放在最后）` : "",
    })),
    runs: runs.map((run) => ({
      ...{ id: run.id, state: STATE_NAMES[run.state], isOdd: !["done", "undone"].includes(run.state) },
      at: moment(run.startedAt ?? run.madeAt, zone),
      by: people.get(run.by) ?? run.by,
      files: run.files.map(({ name, chinese }) => chinese ?? name).join("、"),
      ...sumOf(run.results),
    })),
  };
}

function sumOf(results: readonly RunTable[]) {
  const sum = (key: "new" | "changed" | "refused") => results.reduce((all, one) => all + one[key], 0);
  return { made: count(sum("new")), changed: count(sum("changed")), refused: count(sum("refused")) };
}

interface RunSight {
  people: ReadonlyMap<string, string>;
  zone: string;
  now: number;
  limits: { undoRows: number; undoDays: number };
}

/** One import, at whatever point it is. */
export function runPage(run: ImportRunView, { people, zone, now, limits }: RunSight): object {
  const { id, state, files, results, error, triggers, whyNotUndo, undo } = run;
  const who = (by: string | null) => (by === null ? "" : (people.get(by) ?? by));
  return {
    ...{ id, state: STATE_NAMES[state], triggers, error: error ?? "" },
    isDraft: state === "draft",
    isRunning: state === "running" || state === "stopping",
    isStopping: state === "stopping",
    isUndoing: state === "undoing",
    isOver: !["draft", "running", "stopping", "undoing"].includes(state),
    isGood: state === "done" || state === "undone",
    by: who(run.by),
    at: moment(run.startedAt ?? run.madeAt, zone),
    ended: run.endedAt === null ? "" : moment(run.endedAt, zone),
    files: files.map(fileRow),
    ...readiness(files, limits),
    ...progressOf(run, now),
    results: results.map((table, n) => resultRow(table, n, id)),
    hasDates: results.some(({ table }) => DATED.includes(table)),
    hasResults: results.length > 0,
    whyNotUndo: whyNotUndo ?? "",
    mayUndo: whyNotUndo === null,
    undo: undo ? undoValues(undo) : null,
    undoneBy: who(run.undoneBy),
    undoneAt: run.undoneAt === null ? "" : moment(run.undoneAt, zone),
    undoDays: limits.undoDays,
  };
}

/** Tables whose dates touchpoints wait for. */
const DATED: readonly string[] = ["children", "orders"];

function fileRow({ name, bytes, rows, table, chinese, ignored, fault, sample }: ImportFile) {
  const size =
    bytes < 2 ** 20 ? `${count(Math.ceil(bytes / 1024))} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
  return {
    ...{ name, size, chinese: chinese ?? "", fault: fault ?? "" },
    rows: rows === null ? "" : count(rows),
    ignored: ignored.join("、"),
    sample: sample && sample.rows > 0 ? sampleValues(sample, table ?? "") : undefined,
  };
}

function sampleValues({ rows, refused, faults }: RowSample, table: string) {
  return {
    ...{ rows: count(rows), refused: count(refused), isGood: refused === 0 },
    faults: faults.map((fault) => faultRow(fault, table)),
  };
}

/** Whether it can begin, and whether it can be taken back afterwards. */
function readiness(files: readonly ImportFile[], { undoRows }: { undoRows: number }) {
  const good = files.filter(({ table }) => table !== null);
  const rows = good.reduce((sum, file) => sum + (file.rows ?? 0), 0);
  return {
    ready: count(good.length),
    isReady: good.length > 0,
    hasFaulty: good.length < files.length,
    isTooLarge: rows > undoRows,
    rows: count(rows),
    undoRows: count(undoRows),
  };
}

const SECOND = 1000;

function progressOf({ progress, startedAt }: ImportRunView, now: number) {
  const { rows = 0, bytesDone = 0, bytesTotal = 0, table = "" } = progress ?? {};
  const seconds = Math.max(1, (now - (startedAt ?? now)) / SECOND);
  const percent = bytesTotal === 0 ? 0 : Math.min(100, Math.floor((100 * bytesDone) / bytesTotal));
  return {
    ...{ percent, rowsDone: count(rows), rate: count(rows / seconds) },
    tableNow: INCOMING.find((one) => one.table.name === table)?.table.chinese ?? "",
  };
}

const FAULTS_SHOWN = 10;

function resultRow(one: RunTable, n: number, id: number) {
  const { table, file, rows, new: made, changed, unchanged, refused, faults, hasRefused } = one;
  return {
    chinese: INCOMING.find((incoming) => incoming.table.name === table)?.table.chinese ?? table,
    file,
    ...{ rows: count(rows), made: count(made), changed: count(changed), unchanged: count(unchanged) },
    ...{ refused: count(refused), hasRefused: refused > 0 },
    download: hasRefused ? `/org/import/${id}/refused/${n}` : "",
    faults: faults.slice(0, FAULTS_SHOWN).map((fault) => faultRow(fault, table)),
    more: faults.length > FAULTS_SHOWN || refused > faults.length,
    repeats: one.repeats ? sayRepeats(one.repeats) : "",
  };
}

function faultRow(fault: Fault, table: string) {
  const { line = "", value = "", expected } = fault;
  return { line, column: columnName(fault, table), value, expected: sayExpected(expected) };
}

/** What taking back would come to. */
export function undoPage(id: number, counts: UndoCounts): object {
  return { id, ...undoValues(counts) };
}

function undoValues({ remove, restore, keep, tasks, byKind }: UndoCounts) {
  const kinds = Object.entries(byKind) as [UndoKindName, Record<"remove" | "restore" | "keep", number>][];
  return {
    ...{ removed: count(remove), restored: count(restore), kept: count(keep), tasks: count(tasks) },
    ...{ hasKept: keep > 0, hasTasks: tasks > 0, isNothing: remove + restore === 0 },
    kinds: kinds.map(([kind, one]) => ({
      name: KIND_NAMES[kind],
      ...{ removed: count(one.remove), restored: count(one.restore), kept: count(one.keep) },
    })),
  };
}
