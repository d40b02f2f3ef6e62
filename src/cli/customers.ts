// guidepost import: a folder of tables, with a bar on a terminal and every refusal where it can be mended.
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import cliProgress from "cli-progress";
import type { Command } from "commander";
import type { ImportedTable, ImportProgress } from "../customers/import.js";
import { customerService } from "../customers/service.js";
import { secretKey } from "../infra/config.js";
import { sayFault } from "../kernel/refusals.js";
import { realWorld } from "../kernel/world.js";
import { print, tell, withDatabase } from "./open.js";

/** Adds the commands on customers. */
export function addCustomerCommands(program: Command): void {
  program
    .command("import <dir>")
    .description("导入门店、导购、客户、宝宝、订单（.csv 或 .xlsx）；重复导入不会多出数据")
    .option("--refused <dir>", "被退回的行放在哪里；默认在原文件旁边")
    .option("--trigger", "导入的日期可以立即触发任务；默认到今天为止的都不触发")
    .action((dir: string, options: { refused?: string; trigger?: boolean }) => importTables(dir, options));
}

async function importTables(
  dir: string,
  { refused, trigger = false }: { refused?: string; trigger?: boolean },
) {
  // Only what an import needs: the other services would take a fifth of the memory it may use.
  await withDatabase("run_if_empty", async (store, config) => {
    const key = secretKey(config, () => randomBytes(32).toString("hex"));
    const customers = customerService({ store, world: realWorld, zone: config.zone, secretKey: key });
    const bar = progressBar();
    const way = { trigger, progress: bar.step, ...(refused ? { refusedDir: resolve(refused) } : {}) };
    try {
      const tables = await customers.importFrom(resolve(dir), way);
      bar.stop();
      say(tables);
      // only now: during the import its memory is the import's
      const { cancelAnswered } = await import("../tasks/asked.js");
      await cancelAnswered({ store, world: realWorld, config });
    } finally {
      bar.stop();
    }
  });
}

function say(tables: readonly ImportedTable[]): void {
  for (const table of tables) {
    const counts = `新增 ${table.new}，更新 ${table.changed}，未变 ${table.unchanged}，退回 ${table.refused}`;
    print(`${table.table}：${counts}`);
    for (const fault of table.faults) tell(`  ${sayFault(fault)}`);
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
