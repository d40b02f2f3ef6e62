// What a guide can ask and do, for page and chat alike; everything twice is as good as once.
import type { Sql } from "../infra/store.js";
import type { FilledForm } from "../journeys/outcome-form.js";
import { ASKABLE, type Askable } from "../journeys/words.js";
import { Refusal } from "../kernel/refusals.js";
import { edit, later, refuseClaims, skip, takeBackOne } from "./acting.js";
import { type Answer, answer } from "./answers.js";
import { approve, takeBackApprovals } from "./approving.js";
import { completeAsked } from "./asked.js";
import { answerUnknown } from "./asking.js";
import { currentCustomer } from "./current-customer.js";
import { customerCard } from "./customer-card.js";
import type { SkipReason } from "./life.js";
import { doneByHand } from "./outcome-reports.js";
import { pageParts } from "./page-parts.js";
import { putBack, reportSent, takeWords, type Unsent } from "./page-way.js";
import { prepareAnew } from "./preparing.js";
import { type HistoryLine, historyOf, itemOf, ownTask, type TodayItem, todaysList } from "./queries.js";
import type { TaskRow } from "./rows.js";
import { type Reported, reportTogether, takeTogether } from "./same-words.js";
import type { TaskSetup } from "./setup.js";
import { showList } from "./showing.js";
import { type Tap, tapOnce } from "./taps.js";
import { taskFile } from "./task-files.js";

export type TaskService = ReturnType<typeof taskService>;

/** The service over one setup. Every call enforces whose task it is: a neighbour's is a Refusal `not_found`. */
export function taskService(setup: TaskSetup) {
  return {
    /** today's list, in the order of the list last shown */
    todaysList: (guideId: number) => todaysList(setup, guideId),
    /** one task with all that happened to it */
    one: (guideId: number, taskId: number) => one(setup, guideId, taskId),
    /** today's list numbered anew: from now on numbers mean this one */
    showList: (guideId: number) => showList(setup, guideId),
    edit: (guideId: number, taskId: number, words: string) => edit(setup, guideId, taskId, words),
    skip: (guideId: number, taskId: number, reason: SkipReason, note?: string) =>
      skip(setup, guideId, taskId, reason, note),
    later: (guideId: number, taskId: number) => later(setup, guideId, taskId),
    /** in the guide's words, or as the task's form asks; `saidAt` (epoch ms): when the guide said so */
    doneByHand: (guideId: number, taskId: number, outcome: string | FilledForm, saidAt?: number) =>
      doneByHand(setup, guideId, taskId, outcome, saidAt),
    ...pageVerbs(setup),
    /** bot: send these */
    approve: (guideId: number, taskIds: readonly number[]) => approve(setup, guideId, taskIds),
    /** bot: take back what has not left yet, all of it or these */
    takeBack: (guideId: number, taskIds?: readonly number[]) => takeBackApprovals(setup, guideId, taskIds),
    /** take one back wherever it is: approved here, or waiting for the guide's tap in the chat system */
    takeBackOne: (guideId: number, taskId: number) => takeBackOne(setup, guideId, taskId),
    /** the file of an attachment by its place */
    file: (guideId: number, taskId: number, place: number) => taskFile(setup, guideId, taskId, place),
    /** a value that words miss; `field` is a fact or the word it is asked by */
    supply: (guideId: number, taskId: number, field: string, value: string) =>
      supply(setup, guideId, taskId, field, value),
    /** whether words without a receipt went out */
    answerUnknown: (guideId: number, taskId: number, sent: boolean) =>
      answerUnknown(setup, guideId, taskId, sent),
  };
}

/** What the guide's own pages ask and do besides. */
function pageVerbs(setup: TaskSetup) {
  return {
    /** page: the words to put into the chat, checked and claimed */
    takeWords: (guideId: number, taskId: number, tap?: string) => takeWords(setup, guideId, taskId, tap),
    /** page: the words are in the chat */
    reportSent: (guideId: number, taskId: number, sentAt?: number) =>
      reportSent(setup, guideId, taskId, sentAt),
    /** page: what goes with claimed words, as the client takes it */
    pageParts: (guideId: number, taskId: number) => pageParts(setup, guideId, taskId),
    /** page: the claimed words did not go into the chat */
    putBack: (guideId: number, taskId: number, why: Unsent, said?: string) =>
      putBack(setup, guideId, taskId, why, said),
    /** page: the same words for several customers, claimed by one tap */
    takeTogether: (guideId: number, taskIds: readonly number[], tap: string) =>
      takeTogether(setup, guideId, taskIds, tap),
    /** page: … and reported by one */
    reportTogether: (guideId: number, taskIds: readonly number[], what: Reported) =>
      reportTogether(setup, guideId, taskIds, what),
    /** what a tap with a key of its own does, once however often it is told */
    tapOnce: (tap: Tap, act: () => Promise<{ message?: string }>) => tapOnce(setup, tap, act),
    /** all a guide should know of a contact of theirs */
    customerCard: (guideId: number, customerId: number) => customerCard(setup, guideId, customerId),
    /** the customer of the chat the guide has open */
    currentCustomer: (guideId: number, externalUserid: string) =>
      currentCustomer(setup, guideId, externalUserid),
  };
}

async function one(
  setup: TaskSetup,
  guideId: number,
  taskId: number,
): Promise<TodayItem & { history: HistoryLine[] }> {
  const task = await ownTask(setup.store.read, guideId, taskId);
  return { ...(await itemOf(setup, task)), history: await historyOf(setup.store.read, taskId) };
}

/** Of siblings with one message a name is asked for the first who has none. */
async function childMeant(sql: Sql, { id, customerId, childNo }: TaskRow, fact: Askable): Promise<number> {
  if (fact !== "child.name" || childNo === 0) return childNo;
  const nameless = await sql.row<{ childNo: number }>(
    `SELECT c.child_no AS childNo FROM child c WHERE c.customer_id = ? AND COALESCE(c.name, '') = ''
       AND (c.child_no = ? OR c.child_no IN
         (SELECT t.child_no FROM bundle_part b JOIN task t ON t.id = b.task_id WHERE b.lead_id = ?))
     ORDER BY c.child_no LIMIT 1`,
    [customerId, childNo, id],
  );
  return nameless?.childNo ?? childNo;
}

async function supply(
  setup: TaskSetup,
  guideId: number,
  taskId: number,
  field: string,
  value: string,
): Promise<Answer> {
  const task = await ownTask(setup.store.read, guideId, taskId);
  const fact = (Object.keys(ASKABLE) as Askable[]).find(
    (name) => name === field || ASKABLE[name].word === field || ASKABLE[name].label === field,
  );
  if (!fact) {
    const words = Object.values(ASKABLE).map(({ word }) => word);
    throw new Refusal("invalid", `可以补充的资料：${words.join("、")}。`, [
      { where: "field", value: field, expected: words.join(", ") },
    ]);
  }
  // a name stands in the words as the guide writes it
  if (ASKABLE[fact].type !== "date") await refuseClaims(setup, value);
  const { customerId } = task;
  const childNo = await childMeant(setup.store.read, task, fact);
  const actor = `guide:${guideId}`;
  await setup.supplyFact({ customerId, childNo, field: fact, value: value.trim(), actor });
  const waiting = await setup.store.read.rows<{ id: number }>(
    "SELECT id FROM task WHERE state = 'needs_data' AND guide_id = ? AND customer_id = ?",
    [guideId, customerId],
  );
  await prepareAnew(
    setup,
    waiting.map(({ id }) => id),
    { actor },
  );
  const completed = await completeAsked(setup, guideId, { customerId, childNo, fact, value: value.trim() });
  const { missing } = await itemOf(setup, await ownTask(setup.store.read, guideId, taskId));
  const rest = missing.length > 0 ? `还缺：${missing.join("、")}。` : completed > 0 ? "任务完成。" : "";
  return answer(setup, guideId, taskId, true, `已记录${ASKABLE[fact].label}。${rest}`);
}
