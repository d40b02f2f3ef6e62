// guidepost reply-words list, add, remove, try.
import { type Command, Option } from "commander";
import { LIST_KINDS, ROLES } from "../channels/reply-rules.js";
import { LIST_NAMES, ROLE_NAMES } from "../channels/reply-words.js";
import { print, withServices } from "./open.js";

interface Where {
  kind: string;
  role: string;
}

/** Adds the commands on the phrases by which a customer's reply is known for urgent. */
export function addReplyWordCommands(program: Command): void {
  const words = program
    .command("reply-words")
    .description("紧急回复的词：客户的话里有它，马上给导购一个任务；退订一类还停止发送");
  words
    .command("list")
    .description("所有的词")
    .option("--json", "JSON")
    .action(({ json = false }: { json?: boolean }) =>
      withServices(async ({ replyWords }) => {
        const phrases = await replyWords.list();
        if (json) return print(JSON.stringify({ phrases }));
        for (const { kind, role, phrase } of phrases)
          print(`${LIST_NAMES[kind]}\t${ROLE_NAMES[role]}\t${phrase}\t${kind} ${role}`);
      }),
    );
  placed(words.command("add <phrase>").description("加一个词；… 代表中间最多 8 个字")).action(
    (phrase: string, where: Where) =>
      withServices(async ({ replyWords }) => {
        print((await replyWords.add({ ...where, phrase }, "system")) ? "已加上。" : "已经在列表里。");
      }),
  );
  placed(words.command("remove <phrase>").description("去掉一个词")).action((phrase: string, where: Where) =>
    withServices(async ({ replyWords }) => {
      print((await replyWords.remove({ ...where, phrase }, "system")) ? "已去掉。" : "已经不在列表里。");
    }),
  );
  words
    .command("try <text>")
    .description("用现在的词判断客户的一句话")
    .action((text: string) =>
      withServices(async ({ replyWords }) => {
        const { finding, automatic } = await replyWords.tryOut(text);
        if (automatic) return print("系统自动消息，不算客户回复。");
        if (!finding) return print("普通消息，不生成任务。");
        const { kind, word, optOut } = finding;
        print(`${LIST_NAMES[kind]}，因为「${word}」：马上给导购一个任务${optOut ? "，并停止发送" : ""}。`);
      }),
    );
}

function placed(command: Command): Command {
  return command
    .addOption(new Option("--kind <kind>", "类别").choices([...LIST_KINDS]).makeOptionMandatory())
    .addOption(new Option("--role <role>", "怎么用").choices([...ROLES]).default("any"));
}
