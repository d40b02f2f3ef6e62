// What somebody at a desk changes of one customer, each written down with what stood there before.
import { optIn } from "../customers/consent.js";
import { addChild, correctFact, type FactCorrection, type NewChild } from "../customers/correcting.js";
import { writeStopped } from "../customers/stopping.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { refuseKnownClaims } from "./acting.js";
import { optOutIn } from "./opting-out.js";
import type { TaskSetup } from "./setup.js";

/** Why baby follow-ups stop, with their Chinese names. */
export const STOP_NAMES = { loss: "失去宝宝", complaint: "客户投诉", other: "其他原因" } as const;
export type StopReason = keyof typeof STOP_NAMES;

/** One change. */
export type CustomerAct =
  | ({ act: "correct" } & FactCorrection)
  | ({ act: "add_child" } & NewChild)
  | { act: "stop"; why: StopReason }
  | { act: "resume" }
  | { act: "opt_out" }
  | { act: "opt_in" };

/** The customer as acts need them. */
export interface ActedOn {
  id: number;
  externalUserid: string;
  birthday: ShopDay | null;
  stopped: number;
  optedOut: number;
}

export interface ActParts {
  setup: TaskSetup;
  sql: Sql;
  today: ShopDay;
  /** epoch ms */
  at: number;
  /** `account:3` */
  by: string;
}

/** What the record keeps of an act, and the tasks that may have to be taken back from the chat system. */
export interface Written {
  action: string;
  before?: object | undefined;
  after?: object | undefined;
  recall: number[];
}

/** What a corrected fact is called in the record. */
const KEPT_AS = {
  "customer.birthday": "birthday",
  "child.name": "name",
  "child.born_on": "bornOn",
  "child.due_on": "dueOn",
} as const;

/** Writes one change in the caller's transaction; names are judged by the list of claims as it was read before. Raises
 *  `invalid` for values that cannot be, `conflict` for what is so already. */
export async function writeAct(parts: ActParts, customer: ActedOn, act: CustomerAct): Promise<Written> {
  const { setup, sql, today, at, by } = parts;
  const { id } = customer;
  // none of these facts is a phone
  const writing = { today, at, quietThrough: null, secretKey: Buffer.alloc(0) };
  if (act.act === "correct") {
    const { field, childNo, value } = act;
    if (field === "child.name") refuseKnownClaims(setup, value);
    const before = await correctFact(sql, customer, act, writing);
    if ((before ?? "") === value.trim()) throw new Refusal("conflict", "和现在的资料一样，没有要改的。");
    const sides = [before, value.trim() || null].map((side) => {
      return { ...(childNo > 0 ? { childNo } : {}), [KEPT_AS[field]]: side };
    });
    return { action: "customer.correct", ...pair(sides[0], sides[1]) };
  }
  if (act.act === "add_child") {
    refuseKnownClaims(setup, act.name);
    const childNo = await addChild(sql, id, act, writing);
    const { name, bornOn, dueOn } = act;
    return { action: "customer.add-child", ...pair(undefined, { childNo, name, bornOn, dueOn }) };
  }
  if (act.act === "stop" || act.act === "resume") {
    const stopped = act.act === "stop";
    if (customer.stopped === Number(stopped))
      throw new Refusal("conflict", stopped ? "已经停止宝宝相关的跟进了。" : "没有停止过跟进。");
    await writeStopped(sql, id, stopped, today);
    return { action: `customer.${act.act}`, ...pair(undefined, stopped ? { why: act.why } : undefined) };
  }
  if (act.act === "opt_out") {
    if (customer.optedOut === 1) throw new Refusal("conflict", "客户已经退订了。");
    const recall = await optOutIn(setup, sql, id, { source: "person", actor: by });
    return { action: "customer.opt-out", recall };
  }
  if (!(await optIn(sql, id))) throw new Refusal("conflict", "客户没有退订。");
  return { action: "customer.opt-in", recall: [] };
}

const pair = (before: object | undefined, after: object | undefined) => ({ before, after, recall: [] });
