// The same words for several customers of one guide: claimed by one tap and reported by one, each still a task of its own.
import { Refusal } from "../kernel/refusals.js";
import { putBack, reportSent, takeWords, type Unsent } from "./page-way.js";
import { ownTask } from "./queries.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { wordTasks, written } from "./wording.js";

/** What came of one tap for several. */
export interface TakenTogether {
  words: string;
  /** tasks whose words may go into their chats now */
  went: number[];
  /** those that may not, and why */
  stayed: { taskId: number; message: string }[];
}

/** They went, at a time; or they did not. */
export type Reported = { sentAt?: number } | { why: Unsent; said: string };

/** The most customers WeCom's share takes at once is 20,000; a guide's day has far fewer. */
const MOST = 200;

/** Claims the words of tasks that say the same, each checked by itself. Asking again with the same `tap` gives the same.
 *  Raises `conflict` when they do not say the same any more, `invalid` for none or too many. */
export async function takeTogether(
  setup: TaskSetup,
  guideId: number,
  taskIds: readonly number[],
  tap: string,
): Promise<TakenTogether> {
  const open = await sameWords(setup, guideId, taskIds);
  const taken: TakenTogether = { words: open ?? "", went: [], stayed: [] };
  for (const taskId of new Set(taskIds))
    try {
      const { go, words } = await takeWords(setup, guideId, taskId, tap);
      if (taken.words === "") taken.words = words;
      if (go && words === taken.words) taken.went.push(taskId);
      else taken.stayed.push({ taskId, message: "刚才已经点过发送，请看看聊天里有没有。" });
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind !== "conflict") throw error;
      taken.stayed.push({ taskId, message: error.message });
    }
  return taken;
}

/** Reports for several at once that their words are in the chats, or did not go; gives how many that changed. */
export async function reportTogether(
  setup: TaskSetup,
  guideId: number,
  taskIds: readonly number[],
  what: Reported,
): Promise<number> {
  let changed = 0;
  for (const taskId of new Set(checked(taskIds))) {
    const answer =
      "why" in what
        ? await putBack(setup, guideId, taskId, what.why, what.said)
        : await reportSent(setup, guideId, taskId, what.sentAt);
    if (answer.changed) changed++;
  }
  return changed;
}

/** What those that are open say; null: none is open any more. */
async function sameWords(
  setup: TaskSetup,
  guideId: number,
  taskIds: readonly number[],
): Promise<string | null> {
  const { read } = setup.store;
  const tasks = [];
  for (const id of new Set(checked(taskIds))) tasks.push(await ownTask(read, guideId, id));
  const worded = await wordTasks(setup, read, tasks, dayOf(setup, setup.world.now()));
  const said = new Set<string>();
  let words: string | null = null;
  for (const { task, text, attachments } of worded.values()) {
    // what has gone is frozen, whatever would be said now
    if (task.state !== "offered") continue;
    said.add(`${text}\n${written(attachments)}`);
    words = text ?? "";
  }
  if (said.size > 1 || words === "")
    throw new Refusal("conflict", "这几位客户的话术刚刚有了变化，请看一下再发。");
  return words;
}

function checked(taskIds: readonly number[]): readonly number[] {
  if (taskIds.length > 0 && taskIds.length <= MOST) return taskIds;
  throw new Refusal("invalid", `请选 1 到 ${MOST} 位客户。`, [
    { where: "tasks", value: String(taskIds.length), expected: `1 to ${MOST} tasks` },
  ]);
}
