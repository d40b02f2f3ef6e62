// How a guide's week goes, beside their last week and the middle of their store; and the one line that helps them on. Pure.
import { type Counts, SMALL } from "./measures.js";

/** A guide's figures of some days; a share is null where there is nothing to divide by. */
export interface Figures {
  issued: number;
  completed: number;
  delivered: number;
  observed: number;
  replied: number;
  messages: number;
  completion: number | null;
  reply: number | null;
}

/** The middle of a store's guides. */
export interface Middle {
  guides: number;
  completion: number | null;
  reply: number | null;
}

/** Fewer guides than these, and the middle would give away a colleague's own figures. */
export const LEAST_GUIDES = 3;

/** Counts with their two shares. */
export function figuresFrom(counts: Counts): Figures {
  const { issued, completed, delivered, observed, replied, messages } = counts;
  return {
    ...{ issued, completed, delivered, observed, replied, messages },
    completion: share(completed, issued),
    reply: share(replied, observed),
  };
}

/** The middle of the guides who had tasks; null when they are too few. */
export function middleOf(guides: readonly Counts[]): Middle | null {
  const busy = guides.filter(({ issued }) => issued > 0).map(figuresFrom);
  if (busy.length < LEAST_GUIDES) return null;
  const replies = busy.flatMap(({ reply }) => reply ?? []);
  return {
    guides: busy.length,
    completion: median(busy.flatMap(({ completion }) => completion ?? [])),
    // of two who are heard the middle gives one away as well
    reply: replies.length < LEAST_GUIDES ? null : median(replies),
  };
}

/** The middle value; of an even number the mean of the two in the middle. null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[half - 1], sorted[half]];
  if (high === undefined) return null;
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2;
}

/** What a guide may be told: a text of the catalogue and what stands in it. */
export interface Cheer {
  text: string;
  values: Record<string, number | string>;
}

/** Percentage points that are more than chance of a week. */
const MUCH = 0.02;

/** What is counted over fewer is compared with nothing. */
const isEnough = ({ issued }: Figures) => issued >= SMALL;

/** The one line that helps a guide on: what went well first, else the smallest next step. Never a reproach. */
export function cheerFor({
  week,
  before,
  store,
  open,
}: {
  week: Figures;
  before: Figures;
  store: Middle | null;
  /** customers who still wait, of whatever week */
  open: number;
}): Cheer {
  if (week.issued === 0 || week.completion === null)
    return { text: "这周还没有任务，到了该联系的日子，客户会出现在「今天」里。", values: {} };
  if (week.completed === week.issued && open > 0)
    return { text: "这周的都联系过了，之前还有 {n} 位在等你。", values: { n: open } };
  if (week.completed === week.issued)
    return { text: "这周的 {n} 位客户一个都没落下，真棒！", values: { n: week.issued } };
  const gained =
    before.completion === null || !isEnough(week) || !isEnough(before)
      ? 0
      : week.completion - before.completion;
  if (gained >= MUCH)
    return { text: "比上周同期多完成了 {n} 个百分点，就这样继续！", values: { n: points(gained) } };
  if (
    week.reply !== null &&
    week.observed >= SMALL &&
    store?.reply != null &&
    week.reply - store.reply >= MUCH
  )
    return {
      text: "客户很愿意回你的话：回复率比店里中位高 {n} 个百分点。",
      values: { n: points(week.reply - store.reply) },
    };
  if (store?.completion != null && isEnough(week) && week.completion - store.completion >= MUCH)
    return {
      text: "完成率比店里中位高 {n} 个百分点，稳稳的。",
      values: { n: points(week.completion - store.completion) },
    };
  const goal = Math.max(before.completion ?? 0, store?.completion ?? 0);
  const short = Math.ceil(goal * week.issued - 1e-9) - week.completed;
  if (short > 0)
    return { text: "再联系 {n} 位就追上了，先从「今天」里最短的那句开始吧。", values: { n: short } };
  return { text: "每一句问候客户都会记得，慢慢来。", values: {} };
}

function points(change: number): string {
  return (Math.abs(change) * 100).toFixed(1);
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
