// The guide's page: today's cards, what is left of them, and how the month goes.
import type { ReportRow } from "../../reports/report.js";
import type { TodayItem } from "../../tasks/queries.js";
import { percent, shortDay, weekday } from "../format.js";
import { type CardMoment, cardOf, isPutOff, modeOf } from "./cards.js";
import { groupOf, stretchesOf } from "./same-words.js";

export interface TodayFigures {
  items: readonly TodayItem[];
  /** the guide's own total of this month */
  month: ReportRow;
}

/** Everything templates/pages/today/today.hbs names. */
export function todayPage(name: string, figures: TodayFigures, moment: CardMoment): object {
  return {
    ...{ name, csrf: moment.csrf, tab: "today" },
    dayText: `${shortDay(moment.today)} ${weekday(moment.today)}`,
    summary: summaryOf(figures),
    ...listOf(figures, moment),
  };
}

/** What came of a tap for several at once: whose words may go now. */
export interface GoneTogether {
  tap: string;
  tasks: readonly number[];
}

/** Everything partials/today-list.hbs names. What was put off stands after what can be done now. */
export function listOf({ items }: TodayFigures, moment: CardMoment, gone?: GoneTogether): object {
  const open = items.filter((item) => modeOf(item) !== "done");
  const done = items.filter((item) => modeOf(item) === "done");
  const now = open.filter((item) => !isPutOff(item, moment.now));
  const later = open.filter((item) => isPutOff(item, moment.now));
  const shown = stretchesOf([...now, ...later], moment.now).map((one) => {
    if (!Array.isArray(one)) return cardOf(one, moment, { go: goOf([one], gone) });
    return groupOf(one, moment, goOf(one, gone));
  });
  return {
    open: shown,
    done: done.map((item) => cardOf(item, moment)),
    doneCount: done.length,
    isEmpty: items.length === 0,
    isAllDone: items.length > 0 && open.length === 0,
  };
}

/** The tap, where it claimed the words of all of these. */
function goOf(items: readonly TodayItem[], gone: GoneTogether | undefined): string {
  return gone && items.every(({ taskId }) => gone.tasks.includes(taskId)) ? gone.tap : "";
}

/** The figures on top: the day so far, and the month. */
export function summaryOf({ items, month }: TodayFigures): object {
  const done = items.filter((item) => modeOf(item) === "done").length;
  const left = items.length - done;
  return {
    left,
    done,
    all: items.length,
    width: items.length === 0 ? "0" : `${((100 * done) / items.length).toFixed(1)}%`,
    replied: items.filter((item) => item.replied).length,
    completion: percent(month.completionRate?.value ?? null),
    reply: percent(month.replyRate?.value ?? null),
  };
}
