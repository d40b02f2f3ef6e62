// guidepost serve, migrate, stop, resume, key, account.
import type { Command } from "commander";
import { buildFiguresOnce } from "../customers/figures.js";
import { shopDayOf } from "../kernel/calendar.js";
import { realWorld } from "../kernel/world.js";
import { addAccountCommands } from "./accounts.js";
import { print, tell, withDatabase, withServices } from "./open.js";

/** Adds the commands that run and keep the house. */
export function addHouseCommands(program: Command): void {
  program
    .command("serve")
    .description("启动服务")
    .action(async () => (await import("../main.js")).serve());

  program
    .command("migrate")
    .description("把数据库升级到这个版本；先备份")
    .action(() =>
      withDatabase("run", async (store, { zone }) => {
        const buyers = await buildFiguresOnce(store, shopDayOf(realWorld.now(), zone));
        if (buyers > 0) tell(`按已有订单算出 ${buyers} 位客户的汇总。`);
        print("数据库已是最新结构。");
      }),
    );

  program
    .command("stop")
    .description("紧急停止：不再放行，收回未确认的下发")
    .action(() =>
      withServices(async ({ stopEverything }) => {
        const { planned, withdrawn, left } = await stopEverything("system");
        print(`已停止：${planned} 个任务不再下发，收回 ${withdrawn} 个未确认的下发，${left} 个还在收回。`);
      }),
    );

  program
    .command("resume")
    .description("解除紧急停止；积压的任务按每日上限慢慢下发")
    .action(() =>
      withServices(async ({ resume }) => {
        print((await resume("system")) ? "已恢复，任务从明天起按每日上限下发。" : "没有停止，不需要恢复。");
      }),
    );

  addKeyCommands(program);
  addAccountCommands(program);
}

function addKeyCommands(program: Command): void {
  const key = program.command("key").description("推送数据的系统所用的密钥");
  key
    .command("add <name>")
    .description("新密钥，只显示这一次")
    .action((name: string) =>
      withServices(async ({ identity, world }) => {
        print((await identity.keys.create(name, world.now())).key);
      }),
    );
  key
    .command("list")
    .description("有哪些密钥")
    .action(() =>
      withServices(async ({ identity }) => {
        for (const one of await identity.keys.list())
          print(`${one.id}\t${one.name}${one.revokedAt ? "\t已停用" : ""}`);
      }),
    );
  key
    .command("revoke <id>")
    .description("停用一个密钥")
    .action((id: string) =>
      withServices(async ({ identity, world }) => {
        await identity.keys.revoke(Number(id), world.now());
        print("已停用。");
      }),
    );
}
