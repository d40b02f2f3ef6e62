// guidepost oneoff create, list, close.
import { resolve } from "node:path";
import type { Command } from "commander";
import { journeySource } from "../journeys/folder.js";
import type { Oneoff } from "../tasks/oneoffs.js";
import { print, tell, withServices } from "./open.js";

/** Adds the commands on one-off tasks. */
export function addOneoffCommands(program: Command): void {
  const oneoff = program.command("oneoff").description("一次性任务：给一群客户，有截止日期");
  oneoff
    .command("create <file>")
    .description("校验文件，给人群里的每位客户生成一个任务")
    .option("--json", "JSON")
    .action((file: string, { json = false }: { json?: boolean }) =>
      withServices(async ({ oneoffs, readOneoff }) => {
        const made = await oneoffs.create(await readOneoff(journeySource(resolve(file))), "system");
        for (const warning of made.warnings) tell(warning);
        print(json ? JSON.stringify(made) : sayOneoff(made));
      }),
    );
  oneoff
    .command("list")
    .description("所有一次性任务和完成情况")
    .option("--json", "JSON")
    .action(({ json = false }: { json?: boolean }) =>
      withServices(async ({ oneoffs }) => {
        const all = await oneoffs.list();
        print(
          json ? JSON.stringify({ oneoffs: all }) : all.map(sayOneoff).join("\n") || "还没有一次性任务。",
        );
      }),
    );
  oneoff
    .command("close <key>")
    .description("提前结束：没做完的都取消")
    .action((key: string) =>
      withServices(async ({ oneoffs }) => {
        const { cancelled } = await oneoffs.close(key, "system");
        print(`已结束，取消 ${cancelled} 个没做完的任务。`);
      }),
    );
}

function sayOneoff({ key, name, on, until, state, tasks }: Oneoff): string {
  const { all, done, open, ended } = tasks;
  const figures = `任务 ${all}，完成 ${done}，进行中 ${open}，未完成结束 ${ended}`;
  return `${key}  ${name}  ${on} 至 ${until}  ${state === "open" ? "进行中" : "已结束"}  ${figures}`;
}
