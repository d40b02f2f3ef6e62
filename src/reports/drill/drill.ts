// What may be asked to be opened: a figure's tasks, messages or customers, by the words of the figure. Pure.
import type { CONDITIONS } from "../count-sql.js";
import type { ArmPart } from "../experiments/arm-sql.js";
import type { ReportAsk } from "../report.js";

/** A figure that counts tasks by the day of their offer. */
export type TaskMeasure = keyof typeof CONDITIONS;

/** What the figures count, and what they are called. */
export const MEASURE_NAMES: Readonly<Record<TaskMeasure | "capped" | "messages", string>> = {
  issued: "下发",
  completed: "完成",
  onTime: "准时完成",
  delivered: "送达",
  observed: "可观察",
  replied: "回复",
  tapped: "已点按",
  confirmed: "已确认",
  proven: "已证实",
  unproven: "未核实",
  notFriend: "非好友",
  late: "迟到",
  open: "还没完成",
  capped: "接收已满",
  messages: "客户消息",
};
export type Measure = keyof typeof MEASURE_NAMES;

/** The parts of an experiment, and what they are called: `drawn` and `held` are all that was drawn and all held out. */
export const ARM_NAMES: Readonly<Record<ArmPart, string>> = {
  assigned: "实验分到",
  sent: "实验发送（会话可观察）",
  replied: "实验回复",
  drawn: "分到（没有留作对照）",
  held: "对照",
};

/** Which tasks of the roll-ups: those a figure counts, or those that came to a step of the funnel. */
export type CountedOf =
  | { kind: "measure"; measure: Measure }
  /** that reached a step; with `why`: that stopped right there for it */
  | { kind: "stage"; stage: number; why?: string };

/** Which tasks; those of an experiment by their due days. */
export type DrillOf = CountedOf | { kind: "arm"; part: ArmPart };

/** One figure to be opened. */
export interface DrillAsk extends Pick<ReportAsk, "from" | "to" | "within"> {
  of: DrillOf;
  /** of these touchpoints only; with a variant it is one */
  touchpoints?: readonly number[];
  variant?: number;
  /** goes on after the page that gave this as `next` */
  after?: string;
  limit: number;
}

/** One that the roll-ups count. */
export interface CountedAsk extends Omit<DrillAsk, "of"> {
  of: CountedOf;
}

/** Where a page ended. */
export interface DrillCursor {
  day: string;
  region: number;
  store: number;
  guide: number;
  id: number;
}

/** A cursor as text for an address. */
export function cursorText({ day, region, store, guide, id }: DrillCursor): string {
  return [day, region, store, guide, id].join("_");
}

/** The cursor of a text; undefined for what no page gave. */
export function cursorOf(text: string): DrillCursor | undefined {
  const [, day, region, store, guide, id] =
    /^(\d{4}-\d{2}-\d{2})_(\d{1,10})_(\d{1,10})_(\d{1,10})_(\d{1,15})$/.exec(text) ?? [];
  if (day === undefined) return undefined;
  return { day, region: Number(region), store: Number(store), guide: Number(guide), id: Number(id) };
}
