// Guides of the demo at their own page: they open the list, tap, and the words stand in the customer's chat.
import { createHash } from "node:crypto";
import type { Store } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import type { TaskService } from "../tasks/service.js";
import type { DistantSandbox } from "./sandbox-thread.js";

export interface PageGuidesParts {
  store: Store;
  sandbox: DistantSandbox;
  tasks: TaskService;
  seed: number;
}

interface PageTask {
  id: number;
  guideId: number;
  userid: string;
  externalUserid: string;
}

/** Of those who would send at all, the share that does so at one look. */
const AT_A_LOOK = 0.3;
const WILLING = 0.72;

/** Lets guides send some of the open page tasks of these days; `look` tells one glance at the phone from the next. */
export async function tapOnPages(
  parts: PageGuidesParts,
  days: readonly ShopDay[],
  look: string,
): Promise<number> {
  let taps = 0;
  for (const task of await openPageTasks(parts.store, days)) {
    const chance = (of: string) => share(`${parts.seed} ${task.id} ${of}`);
    if (chance("willing") >= WILLING || chance(look) >= AT_A_LOOK) continue;
    taps += (await tap(parts, task)) ? 1 : 0;
  }
  return taps;
}

/** Offered tasks that no hand-over carries and that have words: those of the page way. */
function openPageTasks(store: Store, days: readonly ShopDay[]): Promise<PageTask[]> {
  return store.read.rows<PageTask>(
    `SELECT t.id, t.guide_id AS guideId, g.userid, c.external_userid AS externalUserid
     FROM task t JOIN guide g ON g.id = t.guide_id JOIN customer c ON c.id = t.customer_id
     WHERE t.state = 'offered' AND t.hand_over_id IS NULL AND t.release_on IN (${days.map(() => "?").join(", ")})
     ORDER BY t.id`,
    days,
  );
}

async function tap({ sandbox, tasks }: PageGuidesParts, task: PageTask): Promise<boolean> {
  try {
    const item = await tasks.one(task.guideId, task.id);
    if (item.way !== "page") return false;
    const { words } = await tasks.takeWords(task.guideId, task.id);
    if (!words) return false;
    await sandbox.guideWrites(task.userid, task.externalUserid, words);
    await tasks.reportSent(task.guideId, task.id);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function share(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
