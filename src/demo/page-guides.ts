// Guides of the demo at their own page: the words stand in the customer's chat, a call is made and reported.
import type { Store } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import type { Brand } from "../sandbox/brand-tables.js";
import { pick } from "../sandbox/chance.js";
import { confirmsAt, type GuideNature, naturalSkill } from "../sandbox/people.js";
import { evenTemper } from "../sandbox/settings.js";
import type { TaskService } from "../tasks/service.js";
import type { DistantSandbox } from "./sandbox-thread.js";

export interface PageGuidesParts {
  store: Store;
  sandbox: Pick<DistantSandbox, "guidesWrite">;
  tasks: Pick<TaskService, "takeWords" | "reportSent" | "doneByHand">;
  brand: Brand;
  seed: string;
}

interface PageTask {
  id: number;
  guideId: number;
  offeredAt: number;
  userid: string;
  externalUserid: string;
}

const CALLS: [string, ...string[]] = [
  "已电话回访，宝宝换了别家的奶粉，先保持联系",
  "已电话回访，家里还有两罐，月底再来",
  "已电话回访，近期会到店，想看新客礼",
  "电话没有接，已发短信留言",
];

/** Lets guides work on the open tasks of these days, each when their nature says so, as long as that is past. Gives
 *  how many they did. */
export async function workOnPages(
  parts: PageGuidesParts,
  days: readonly ShopDay[],
  now: number,
): Promise<number> {
  const natures = new Map(parts.brand.guides.map((guide) => [guide.userid, natureOf(parts.seed, guide)]));
  const taken: { task: PageTask; text: string }[] = [];
  let done = 0;
  for (const task of await openTasks(parts.store, days)) {
    const nature = natures.get(task.userid);
    const occasion = `page ${task.id}`;
    const at = nature && confirmsAt(parts.seed, nature, occasion, task.offeredAt, 0, evenTemper);
    if (at === undefined || at > now) continue;
    const text = await wordsOf(parts, task);
    if (text) taken.push({ task, text });
    if (text === "") done += await called(parts, task);
  }
  if (taken.length === 0) return done;
  await parts.sandbox.guidesWrite(
    taken.map(({ task: { userid, externalUserid }, text }) => ({
      guideUserid: userid,
      externalUserid,
      text,
    })),
  );
  for (const { task } of taken) await parts.tasks.reportSent(task.guideId, task.id);
  return done + taken.length;
}

function natureOf(seed: string, { userid, factor, skill }: Brand["guides"][number]): GuideNature {
  return { userid, factor, skill: skill ?? naturalSkill(seed, userid) };
}

/** Offered tasks that no hand-over carries: those of the ways page and by hand. */
function openTasks(store: Store, days: readonly ShopDay[]): Promise<PageTask[]> {
  return store.read.rows<PageTask>(
    `SELECT t.id, t.guide_id AS guideId, t.offered_at AS offeredAt, g.userid,
       c.external_userid AS externalUserid
     FROM task t JOIN guide g ON g.id = t.guide_id JOIN customer c ON c.id = t.customer_id
     WHERE t.state = 'offered' AND t.hand_over_id IS NULL AND t.release_on IN (${days.map(() => "?").join(", ")})
     ORDER BY t.id`,
    days,
  );
}

/** The words to send; "" for a follow-up without words, undefined for words that may not go any more. */
async function wordsOf({ tasks }: PageGuidesParts, { guideId, id }: PageTask): Promise<string | undefined> {
  try {
    return (await tasks.takeWords(guideId, id)).words;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.kind === "unsupported" ? "" : undefined;
  }
}

async function called({ tasks, seed }: PageGuidesParts, { guideId, id }: PageTask): Promise<number> {
  try {
    await tasks.doneByHand(guideId, id, pick(CALLS, seed, "call", id));
    return 1;
  } catch (error) {
    if (error instanceof Refusal) return 0;
    throw error;
  }
}
