// guidepost import: a folder of tables, with a bar on a terminal and every refusal where it can be mended.
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import cliProgress from "cli-progress";
import type { Command } from "commander";
import type { ImportedTable, ImportProgress } from "../customers/import.js";
import { sayRepeats } from "../customers/imports/say-fault.js";
import type { ImportService } from "../customers/imports/service.js";
import { sayUndo } from "../customers/imports/undo-text.js";
import { type Config, secretKey } from "../infra/config.js";
import { keepHeapSmall } from "../infra/memory.js";
import type { Store } from "../infra/store.js";
import { Refusal, sayFault } from "../kernel/refusals.js";
import { realWorld } from "../kernel/world.js";
import { importWork } from "../wire/imports.js";
import { askYes, print, tell, withDatabase } from "./open.js";

/** Adds the commands on customers. */
export function addCustomerCommands(program: Command): void {
  const command = program
    .command("import")
    .argument("<dir>", "文件夹，或一个文件")
    .description("导入门店、导购、客户、宝宝、订单（.csv 或 .xlsx）；重复导入不会多出数据")
    .option("--refused <dir>", "被退回的行放在哪里；默认在原文件旁边")
    .option("--trigger", "导入的日期可以立即触发任务；默认到今天为止的都不触发")
    .action((dir: string, options: { refused?: string; trigger?: boolean }) => importTables(dir, options));
  command
    .command("undo <run>")
    .description("撤销一次导入：回到导入之前的样子；之后又改动过的行不动")
    .option("--yes", "不再询问")
    .action((run: string, { yes }: { yes?: boolean }) => undo(numberOf(run), yes ?? false));
  command
    .command("list")
    .description("最近的导入")
    .option("--json", "JSON")
    .action(({ json }: { json?: boolean }) => list(json ?? false));
}

function numberOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const expected = "the number of an import, see guidepost import list";
  throw new Refusal("invalid", "导入的编号不对。", [{ where: "run", value: text, expected }]);
}

/** Only what an import needs: the other services would take a fifth of the memory it may use. */
function withImports(work: (imports: ImportService) => Promise<void>): Promise<void> {
  return withDatabase("run_if_empty", async (store, config) => {
    const key = secretKey(config, () => randomBytes(32).toString("hex"));
    const afterwards = () => cancelLate(store, config);
    await work(importWork({ store, world: realWorld, config, key, afterwards }));
  });
}

/** Loaded only now: during the import its memory is the import's. */
async function cancelLate(store: Store, config: Config): Promise<void> {
  const { cancelAnswered } = await import("../tasks/asked.js");
  await cancelAnswered({ store, world: realWorld, config });
}

async function importTables(
  dir: string,
  { refused, trigger = false }: { refused?: string; trigger?: boolean },
) {
  await withImports(async (imports) => {
    keepHeapSmall();
    const bar = progressBar();
    const refusedDir = refused === undefined ? undefined : resolve(refused);
    try {
      const way = { trigger, by: "command line", progress: bar.step, refusedDir };
      const { id, tables } = await imports.runHere(resolve(dir), way);
      bar.stop();
      say(tables);
      await sayHow(imports, id);
    } finally {
      bar.stop();
    }
  });
}

/** How it can be taken back, or why it cannot. */
async function sayHow(imports: ImportService, id: number): Promise<void> {
  const { changes, whyNotUndo } = await imports.one(id);
  if (changes !== 0) tell(whyNotUndo ?? `导入编号 ${id}；撤销：guidepost import undo ${id}`);
}

async function undo(id: number, yes: boolean): Promise<void> {
  await withImports(async (imports) => {
    const preview = await imports.previewUndo(id);
    tell(sayUndo(preview, "撤销将会"));
    if (!yes && !(await askYes("撤销这次导入？")))
      throw new Refusal("conflict", "没有撤销；确认后加 --yes。");
    const { done } = await imports.undo(id, "command line");
    print(sayUndo(await done, "已撤销："));
  });
}

async function list(json: boolean): Promise<void> {
  await withImports(async (imports) => {
    const runs = await imports.list(20);
    if (json) return print(JSON.stringify({ runs }, null, 2));
    const lines = runs.map(({ id, state, by, startedAt, files, changes }) => {
      const at = startedAt === null ? "" : new Date(startedAt).toISOString();
      return `${id}  ${at}  ${state}  ${by}  ${files.length} 个文件  ${changes ?? "—"} 行可撤销`;
    });
    print(lines.join("\n") || "还没有导入过。");
  });
}

function say(tables: readonly ImportedTable[]): void {
  for (const table of tables) {
    const counts = `新增 ${table.new}，更新 ${table.changed}，未变 ${table.unchanged}，退回 ${table.refused}`;
    print(`${table.table}：${counts}`);
    for (const fault of table.faults) tell(`  ${sayFault(fault)}`);
    if (table.repeats) tell(`  ${sayRepeats(table.repeats)}`);
    if (table.ignoredColumns.length > 0) tell(`  没有用到的列：${table.ignoredColumns.join("、")}`);
    if (table.refusedFile) tell(`  退回的行在 ${table.refusedFile}，改好后单独导入即可`);
  }
  const sum = (key: "new" | "changed" | "refused") => tables.reduce((all, table) => all + table[key], 0);
  if (sum("new") + sum("changed") + sum("refused") === 0) print("没有任何变化。");
}

/** A bar with rate and time left; nothing where stderr is no terminal. */
function progressBar() {
  if (!process.stderr.isTTY) return { step: () => undefined, stop: () => undefined };
  const bar = new cliProgress.SingleBar({
    format: "{table} {bar} {percentage}%  {rows} 行  {rate} 行/秒  剩余约 {eta_formatted}",
    stream: process.stderr,
    hideCursor: true,
    etaBuffer: 50,
  });
  let began = 0;
  return {
    step: ({ table, rows, bytesDone, bytesTotal }: ImportProgress) => {
      const seconds = process.uptime() - began;
      const rate = Math.round(rows / Math.max(seconds, 0.1));
      if (began === 0) {
        began = process.uptime();
        bar.start(bytesTotal, 0, { table, rows, rate: 0 });
      }
      bar.update(bytesDone, { table, rows, rate });
    },
    stop: () => bar.stop(),
  };
}
