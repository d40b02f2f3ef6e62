// guidepost customer merge, erase; guidepost faults.
import { type Command, Option } from "commander";
import { FAULT_FIELDS, type FaultLine } from "../customers/faults.js";
import { Refusal } from "../kernel/refusals.js";
import { faultsCsv } from "../reports/faults-csv.js";
import { askYes, print, withServices } from "./open.js";

/** Adds the commands on single customers and on what is wrong with their data. */
export function addIdentityCommands(program: Command): void {
  const customer = program.command("customer").description("单个客户：合并、删除");
  customer
    .command("merge <from> <into>")
    .description("两个客户ID是同一个人：<from> 并入 <into>；已发过的不会再发")
    .action((from: string, into: string) =>
      withServices(async ({ changes }) => {
        const { moved, ended } = await changes.merge({ from, into, by: "system" });
        print(`客户 ${from} 已并入 ${into}：转入 ${moved} 个任务，${ended} 个重复的未完成任务已取消。`);
      }),
    );
  customer
    .command("erase <customer>")
    .description("删除客户的个人资料；报表数字保留，无法恢复")
    .option("--yes", "确认删除")
    .action((id: string, { yes = false }: { yes?: boolean }) => erase(id, yes));
  program
    .command("faults")
    .description("资料问题：哪些日期不可信或缺少，该怎么办")
    .addOption(new Option("--json", "JSON").conflicts("csv"))
    .option("--csv", "CSV，全部")
    .action((options: { json?: boolean; csv?: boolean }) => faults(options));
}

async function erase(customer: string, yes: boolean): Promise<void> {
  if (!yes && !(await askYes(`删除客户 ${customer} 的个人资料？无法恢复。`)))
    throw new Refusal("conflict", "没有删除。确认删除请加 --yes 再执行一次。");
  await withServices(async ({ changes }) => {
    const { ended } = await changes.erase({ customer, by: "system" });
    print(`客户 ${customer} 的个人资料已删除，${ended} 个未完成任务已取消。`);
  });
}

async function faults({ json = false, csv = false }: { json?: boolean; csv?: boolean }): Promise<void> {
  await withServices(async ({ customers }) => {
    if (json) {
      const { counts } = await customers.faults(0);
      const lines: FaultLine[] = [];
      for await (const line of customers.allFaults()) lines.push(line);
      print(JSON.stringify({ counts, faults: lines }));
    } else if (csv) {
      for await (const text of faultsCsv(customers.allFaults())) print(text);
    } else {
      const { counts } = await customers.faults(0);
      for (const { field, reason, count, advice } of counts)
        print(`${FAULT_FIELDS[field]}\t${reason}\t${count.toLocaleString("en-US")}\t${advice}`);
      if (counts.length === 0) print("没有发现有问题的日期。");
    }
  });
}
