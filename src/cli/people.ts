// guidepost leave, guide: who is away, and who leaves for good.
import type { Command } from "commander";
import { Refusal } from "../kernel/refusals.js";
import type { LeaveLine } from "../org/leave-service.js";
import { handOverLeavers } from "../wire/contacts.js";
import { COMMAND_LINE, day, print, withServices } from "./open.js";

/** Adds the commands on guides who are away. */
export function addPeopleCommands(program: Command): void {
  const leave = program
    .command("leave")
    .description("导购休假：休假期间的跟进由代班导购完成，或顺延到回来之后");
  leave
    .command("add <guide>")
    .description("登记或修改休假（同一开始日期即修改）")
    .requiredOption("--from <day>", "第一天 YYYY-MM-DD", day)
    .requiredOption("--to <day>", "最后一天 YYYY-MM-DD", day)
    .option("--deputy <guide>", "代班导购账号；他也是客户好友时优先")
    .action((guide: string, options: AddOptions) => add(guide, options));
  leave
    .command("cancel <guide>")
    .description("取消休假：代班导购还没有确认的跟进回到本人")
    .requiredOption("--from <day>", "休假的第一天 YYYY-MM-DD", day)
    .action((guide: string, { from }: { from: string }) =>
      withServices(async ({ leaves }) => {
        await leaves.cancel(COMMAND_LINE, guide, from);
        print(`已取消 ${guide} 从 ${from} 开始的休假。`);
      }),
    );
  leave
    .command("list")
    .description("还没有结束的休假；或一位导购的、某一天的")
    .option("--guide <guide>", "导购账号")
    .option("--on <day>", "这一天 YYYY-MM-DD", day)
    .option("--json", "JSON")
    .action((options: ListOptions) => list(options));

  program
    .command("guide")
    .description("导购")
    .command("leave <guide>")
    .description("登记离职；客户可以整批交接给另一位导购")
    .requiredOption("--on <day>", "从这一天起不在职 YYYY-MM-DD", day)
    .option("--to <guide>", "接替的导购账号；没有接替的，任务暂缓到客户交接为止")
    .action((guide: string, options: { on: string; to?: string }) => leaveForGood(guide, options));
}

interface AddOptions {
  from: string;
  to: string;
  deputy?: string;
}

async function add(guide: string, { from, to, deputy }: AddOptions): Promise<void> {
  if (from > to) throw new Refusal("invalid", "--from 不能晚于 --to。");
  await withServices(async ({ leaves }) => {
    const named = deputy === undefined ? {} : { deputyUserid: deputy };
    const written = await leaves.put(COMMAND_LINE, { userid: guide, fromOn: from, toOn: to, ...named });
    print(written === "unchanged" ? "没有变化。" : `已登记：${guide} ${from} 至 ${to} 休假。`);
  });
}

interface ListOptions {
  guide?: string;
  on?: string;
  json?: boolean;
}

async function list({ json, ...ask }: ListOptions): Promise<void> {
  await withServices(async ({ leaves }) => {
    const lines = await leaves.list(COMMAND_LINE, ask);
    if (json) print(JSON.stringify({ leaves: lines }, null, 2));
    else print(lines.length === 0 ? "没有休假。" : lines.map(sayLeave).join("\n"));
  });
}

function sayLeave({ guide, name, from, to, deputy, cancelled }: LeaveLine): string {
  const tail = `${deputy ? `  代班 ${deputy}` : ""}${cancelled ? "  已取消" : ""}`;
  return `${from} 至 ${to}  ${name}（${guide}）${tail}`;
}

async function leaveForGood(guide: string, { on, to }: { on: string; to?: string }): Promise<void> {
  await withServices(async ({ leaves, customers, contacts }) => {
    await leaves.letGo(COMMAND_LINE, { guide, on, successor: to });
    const moved = await handOverLeavers(contacts, customers);
    const done =
      moved > 0
        ? `，${moved} 位客户${contacts ? "的交接已在企业微信发起" : "已交接"}`
        : to === undefined
          ? "，客户等待交接"
          : "，客户当天交接";
    print(`已登记：${guide} 从 ${on} 起离职${done}。`);
  });
}
