// A guide's commands carried out: numbers looked up in the list last shown, the task service asked, the result told.
import type { Answer } from "./answers.js";
import { type ActDeps, lineOf, onNumbers, withLeft } from "./chat-numbers.js";
import { supply } from "./chat-supply.js";
import { isLeft } from "./chat-texts.js";
import type { Verb } from "./command-words.js";
import type { Command } from "./commands.js";
import type { TodayItem } from "./queries.js";

/** Carries out what a guide said at a time (epoch ms) and gives the answer. */
export type GuideActs = (guideId: number, command: Command, saidAt: number) => Promise<string>;

/** What follows a verb, shown when it was missing. */
const EXAMPLES: Readonly<Record<Verb, string>> = {
  send: "发几号？请写：发 3，或 发 1-5，或 全部发送。",
  edit: "请写号码和新内容：改 3 亲，宝宝最近睡得好吗？",
  skip: "请写号码和原因：跳过 3 太忙。",
  later: "请写号码：稍后 3。",
  done: "请写号码和结果：完成 3 已电话回访。",
  supply: "请写号码、哪一项和内容：补 3 生日 2026-03-02。",
};

export function guideActs(deps: ActDeps): GuideActs {
  return async (guideId, command, saidAt) => {
    switch (command.kind) {
      case "list":
        return deps.texts.list(await deps.tasks.showList(guideId), deps.world.now());
      case "sendAll":
        return sendAll(deps, guideId);
      case "undo":
        return undo(deps, guideId, command.numbers);
      case "incomplete":
        return EXAMPLES[command.verb];
      case "show":
        return onNumbers(deps, guideId, [command.number], async ([item]) =>
          item ? deps.texts.one(item) : "",
        );
      case "supply":
        return onNumbers(deps, guideId, [command.number], ([item]) => supply(deps, guideId, item, command));
      default: {
        const numbers = "numbers" in command ? command.numbers : "number" in command ? [command.number] : [];
        return onNumbers(deps, guideId, numbers, async (items) => {
          const lines: string[] = [];
          for (const item of items)
            lines.push(await lineOf(item, () => actOn(deps, guideId, item, command, saidAt)));
          return withLeft(deps, guideId, lines);
        });
      }
    }
  };
}

function actOn(
  { tasks }: ActDeps,
  guideId: number,
  { taskId }: TodayItem,
  command: Command,
  saidAt: number,
): Promise<Answer> {
  switch (command.kind) {
    case "send":
      return tasks.approve(guideId, [taskId]).then(([answer]) => answer as Answer);
    case "edit":
      return tasks.edit(guideId, taskId, command.words);
    case "skip":
      return tasks.skip(guideId, taskId, command.reason, command.note);
    case "later":
      return tasks.later(guideId, taskId);
    case "done":
      return tasks.doneByHand(guideId, taskId, command.outcome, saidAt);
    case "wentOut":
      return tasks.answerUnknown(guideId, taskId, command.sent);
    default:
      throw new Error(`no act on a task for ${command.kind}`);
  }
}

async function sendAll(deps: ActDeps, guideId: number): Promise<string> {
  const items = await deps.tasks.todaysList(guideId);
  const ours = items.filter(({ state, way }) => state === "offered" && (way === "bot" || way === "mass"));
  const answers = await deps.tasks.approve(
    guideId,
    ours.map(({ taskId }) => taskId),
  );
  const approved = answers.filter(({ changed }) => changed).length;
  const lines =
    approved > 0 ? [`已确认 ${approved} 位，半分钟后发出；回复「撤回」可以取消。`] : ["没有可以代发的。"];
  const count = (is: (item: TodayItem) => boolean) => items.filter((item) => isLeft(item) && is(item)).length;
  const handed = count(({ state }) => state === "handed_over");
  const own = count(({ state, way }) => state === "offered" && way === "page");
  const hand = count(({ state, way }) => state === "offered" && way === "hand");
  const lacking = count(({ state }) => state === "needs_data");
  if (handed > 0) lines.push(`${handed} 位在企业微信的群发助手里，点一下确认就会发出。`);
  if (own > 0) lines.push(`${own} 位请打开任务页逐个发送。`);
  if (hand > 0) lines.push(`${hand} 位需要你亲自回访。`);
  if (lacking > 0) lines.push(`${lacking} 位还缺资料，补上才能发。`);
  return withLeft(deps, guideId, lines);
}

/** Without numbers: what was approved a moment ago; what waits in the chat system is taken back by its number only. */
async function undo(deps: ActDeps, guideId: number, numbers: readonly number[]): Promise<string> {
  if (numbers.length > 0)
    return onNumbers(deps, guideId, numbers, async (items) => {
      const lines: string[] = [];
      for (const item of items)
        lines.push(await lineOf(item, () => deps.tasks.takeBackOne(guideId, item.taskId)));
      return withLeft(deps, guideId, lines);
    });
  const answers = await deps.tasks.takeBack(guideId);
  if (answers.length > 0) return withLeft(deps, guideId, [`已撤回 ${answers.length} 位，还没发出去。`]);
  const handed = (await deps.tasks.todaysList(guideId)).filter(({ state }) => state === "handed_over");
  const [first] = handed;
  const none = "没有可以撤回的：刚确认的半分钟内才能撤回，已发出的收不回来。";
  if (!first) return withLeft(deps, guideId, [none]);
  return [
    none,
    `群发助手里还有 ${handed.length} 位没确认：${handed.map(({ position }) => position).join("、")} 号，要撤回请写号码：撤回 ${first.position}。`,
  ].join("\n");
}
