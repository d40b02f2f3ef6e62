// Every tap on the guide's page: its verb, the shape of what comes along, and the service's verb behind it.
import { z } from "zod";
import { readValues } from "../../infra/web.js";
import { ASKABLE, type Askable } from "../../journeys/words.js";
import { SKIP_NAMES, type SkipReason } from "../../tasks/life.js";
import { UNSENT, type Unsent } from "../../tasks/page-way.js";
import type { TaskService } from "../../tasks/service.js";
import type { CardFault } from "./cards.js";

/** What came of a tap: what it says is told in passing; `go` names the tap whose words may go into the chat now. */
export interface Acted {
  message?: string;
  go?: string;
}

/** What a tap does. `now`: epoch ms. */
export type Act = (guideId: number, taskId: number, body: unknown, now: number) => Promise<Acted>;

const note = z.string().trim().max(200, "不超过 200 字").default("");
const skipForm = z.object({ reason: z.enum(Object.keys(SKIP_NAMES) as SkipReason[], "请选一个原因"), note });
const editForm = z.object({ words: z.string().max(4000, "太长了") });
const handForm = z.object({
  outcome: z.string("请选一个结果").trim().min(1, "请选一个结果").max(60, "请选一个结果"),
  tags: z.preprocess((tags) => (tags === undefined ? [] : [tags].flat()), z.array(z.string())),
  note,
  next: z.string().trim().default(""),
});
const answerForm = z.object({ sent: z.enum(["yes", "no"], "已发出或没有发出") });
/** A tap's own key, thought up by the page (or the server, for a page without scripts), so that a repeat of a tap is known
 *  from another one. `ago`: ms since the tap by the page's own clock. */
const tapForm = z.object({
  tap: z.string().max(60).default(""),
  ago: z.coerce.number().int().min(0).catch(0),
});
export const unsentForm = z.object({
  why: z.enum(Object.keys(UNSENT) as Unsent[], "为什么没有发出"),
  said: z.string().trim().max(200).default(""),
});
const supplyForm = z.object({
  field: z.enum(Object.keys(ASKABLE) as Askable[], "资料名"),
  value: z.string().trim().min(1, "请填写").max(60, "不超过 60 字"),
});

/** A tap's key and when it was made, from what was sent along. */
export function tapOf(body: unknown, now: number): { tap: string; at: number } {
  const { tap, ago } = readValues(tapForm, body ?? {}, "tap");
  return { tap, at: now - ago };
}

/** A tap by its verb, with the panel its faults are shown in. `keyed`: it keeps its own key, and must be asked again. */
type Taps = Record<string, { panel: CardFault["panel"]; act: Act; keyed?: true }>;

const quiet = { message: "" };

/** All taps by their verbs, as they stand in /g/tasks/:id/VERB. */
export function actsOf(tasks: TaskService): Taps {
  const first = async (answers: Promise<{ message: string }[]>) => (await answers)[0] ?? quiet;
  return {
    ...typedActsOf(tasks),
    take: {
      panel: "edit",
      keyed: true,
      act: async (guide, task, body, now) => {
        const { tap } = tapOf(body, now);
        const { go } = await tasks.takeWords(guide, task, tap);
        return go ? { go: tap } : { message: "刚才已经点过发送，请看看聊天里有没有。" };
      },
    },
    unsent: {
      panel: "edit",
      act: (guide, task, body) => {
        const { why, said } = readValues(unsentForm, body, "unsent");
        return tasks.putBack(guide, task, why, said);
      },
    },
    sent: {
      panel: "edit",
      act: (guide, task, body, now) => tasks.reportSent(guide, task, tapOf(body, now).at),
    },
    approve: { panel: "edit", act: (guide, task) => first(tasks.approve(guide, [task])) },
    "take-back": { panel: "edit", act: (guide, task) => first(tasks.takeBack(guide, [task])) },
    later: { panel: "skip", act: (guide, task) => tasks.later(guide, task) },
  };
}

/** Those that bring something the guide typed or chose. */
function typedActsOf(tasks: TaskService): Taps {
  return {
    edit: {
      panel: "edit",
      act: (guide, task, body) => tasks.edit(guide, task, readValues(editForm, body, "edit").words),
    },
    skip: {
      panel: "skip",
      act: (guide, task, body) => {
        const asked = readValues(skipForm, body, "skip");
        return tasks.skip(guide, task, asked.reason, asked.note || undefined);
      },
    },
    done: {
      panel: "hand",
      act: (guide, task, body) => {
        const { next, ...asked } = readValues(handForm, body, "done");
        return tasks.doneByHand(guide, task, { ...asked, nextTouchOn: next || null });
      },
    },
    supply: {
      panel: "data",
      act: (guide, task, body) => {
        const { field, value } = readValues(supplyForm, body, "supply");
        return tasks.supply(guide, task, field, value);
      },
    },
    answer: {
      panel: "edit",
      act: (guide, task, body) =>
        tasks.answerUnknown(guide, task, readValues(answerForm, body, "answer").sent === "yes"),
    },
  };
}
