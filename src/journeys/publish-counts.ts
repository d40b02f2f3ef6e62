// What publishing does, in counts, and how they are said.
import { Refusal } from "../kernel/refusals.js";
import type { JourneyChanges } from "./publish.js";
import type { JourneyState } from "./queries.js";
import type { JourneySpec } from "./spec.js";

/** Open tasks that follow a version, each counted once: cancelled, else held out, else moved to another day, else with new
 *  words. */
export interface FollowCounts {
  rerendered: number;
  moved: number;
  cancelled: number;
  /** drawn into a hold-out that begins or grows; absent: none */
  heldOut?: number;
  /** tasks that the version makes at once: of today, and of the grace before it too. Counted only beforehand. */
  newToday: number;
  newInsideGrace: number;
}

/** What a version does: to open tasks, how many tasks it makes at once, how many touchpoints begin with it. */
export interface PublishCounts extends FollowCounts {
  /** by HQ's choice one of the two */
  new: number;
  touchpoints: number;
}

/** What applying a file would do. */
export interface Preview {
  /** false: the live version says the same */
  differs: boolean;
  /** there was a version before, so publishing another must be confirmed */
  needsYes: boolean;
  /** the number of the version in force; null before the first */
  version: number | null;
  changes: JourneyChanges;
  /** the changes in Chinese */
  lines: string[];
  /** days of the calendar that touchpoints wait for and a year does not have, in Chinese */
  warnings: string[];
  counts: PublishCounts;
}

/** The counts of a version: `re-rendered 214, moved 37, cancelled 5, new 1,204`, and a line in Chinese below. */
export function sayCounts(counts: PublishCounts): string {
  const { rerendered, moved, cancelled, heldOut = 0, new: made, newInsideGrace, touchpoints } = counts;
  const n = (count: number) => count.toLocaleString("en-US");
  const held = heldOut > 0 ? `, held out ${n(heldOut)}` : "";
  const english = `re-rendered ${n(rerendered)}, moved ${n(moved)}, cancelled ${n(cancelled)}, new ${n(made)}${held}`;
  const open = `未发送的任务：换新话术 ${n(rerendered)}，改期 ${n(moved)}，取消 ${n(cancelled)}${heldOut > 0 ? `，留作对照 ${n(heldOut)}` : ""}`;
  const begun = touchpoints > 0 ? `（新增触点 ${n(touchpoints)} 个）` : "";
  const more = newInsideGrace > made ? `；若包括宽限期内已到期的，马上生成 ${n(newInsideGrace)}` : "";
  return `${english}\n${open}；马上生成任务 ${n(made)}${begun}${more}`;
}

/** The Refusal of a version that nobody has confirmed: what it would do, and how to say yes. */
export function unconfirmed(
  spec: JourneySpec,
  state: JourneyState | undefined,
  { lines, warnings, counts }: Preview,
): Refusal {
  const told = [...lines, ...warnings].map((line) => `- ${line}`).join("\n");
  const is = { live: "已在运行", paused: "已暂停", archived: "已归档，发布后重新启用" }[state ?? "live"];
  return new Refusal(
    "conflict",
    `旅程「${spec.name}」${is}，这次改动还没有发布。\n${sayCounts(counts)}\n${told}\n确认发布请加 --yes 再执行一次。`,
  );
}
