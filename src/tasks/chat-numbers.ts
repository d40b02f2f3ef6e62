// Numbers in chat: what they mean in the list last shown, and how the result of each is told.
import type { Store } from "../infra/store.js";
import { shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import type { Answer } from "./answers.js";
import { type ChatTexts, isLeft, nameOf } from "./chat-texts.js";
import type { TodayItem } from "./queries.js";
import { monthAndDay } from "./said-days.js";
import type { TaskService } from "./service.js";
import { shownOn } from "./showing.js";

export interface ActDeps {
  store: Store;
  world: Pick<World, "now">;
  zone: string;
  tasks: TaskService;
  texts: ChatTexts;
}

/**
 * Finds what the numbers mean and goes on with it. A number that is not on the list last shown, or a list of another
 * day, is answered, never guessed: who types 3 means the customer they saw at 3.
 */
export async function onNumbers(
  deps: ActDeps,
  guideId: number,
  numbers: readonly number[],
  work: (items: [TodayItem, ...TodayItem[]]) => Promise<string>,
): Promise<string> {
  const today = shopDayOf(deps.world.now(), deps.zone);
  const shown = await shownOn(deps.store.read, guideId, deps.zone);
  if (!shown || shown.day !== today) {
    const list = deps.texts.list(await deps.tasks.showList(guideId), deps.world.now());
    const why = shown ? `你上次看的是${monthAndDay(shown.day)}的列表，号码已经变了。` : "还没给你看过列表。";
    return `${why}这是今天的：\n\n${list}`;
  }
  const items: TodayItem[] = [];
  const wrong: number[] = [];
  for (const number of numbers) {
    const taskId = shown.tasks.get(number);
    const item = taskId === undefined ? undefined : await ownOrGone(deps, guideId, taskId);
    if (item) items.push({ ...item, position: number });
    else wrong.push(number);
  }
  const missing =
    wrong.length > 0
      ? `列表里没有 ${some(wrong)}（共 ${shown.tasks.size} 位），回复「任务」看最新列表。`
      : "";
  const [first, ...others] = items;
  if (!first) return missing;
  const answer = await work([first, ...others]);
  return missing ? `${answer}\n${missing}` : answer;
}

/** 7、8、9 号; of many the first: 7、8 等 191 个号 */
function some(numbers: readonly number[]): string {
  const said = numbers.slice(0, MOST_NAMED).join("、");
  return numbers.length > MOST_NAMED ? `${said} 等 ${numbers.length} 个号` : `${said} 号`;
}

const MOST_NAMED = 6;

/** The task, unless it went to another guide since. */
async function ownOrGone(
  { tasks }: ActDeps,
  guideId: number,
  taskId: number,
): Promise<TodayItem | undefined> {
  try {
    return await tasks.one(guideId, taskId);
  } catch (error) {
    if (error instanceof Refusal && error.kind === "not_found") return undefined;
    throw error;
  }
}

/** `3. 王芳（小米）：已跳过：太忙。`; a refusal of one number does not stop the others. */
export async function lineOf(item: TodayItem, act: () => Promise<Answer>): Promise<string> {
  const say = (message: string) => `${item.position}. ${nameOf(item)}：${message}`;
  try {
    return say((await act()).message);
  } catch (error) {
    if (error instanceof Refusal) return say(error.message);
    throw error;
  }
}

/** Lines, and what is left of the day. */
export async function withLeft(
  { tasks }: ActDeps,
  guideId: number,
  lines: readonly string[],
): Promise<string> {
  const left = (await tasks.todaysList(guideId)).filter(isLeft).length;
  const rest = left > 0 ? `还剩 ${left} 位待跟进，回复「任务」看列表。` : "今天的都处理完了，辛苦啦！";
  return [...lines, rest].join("\n");
}
