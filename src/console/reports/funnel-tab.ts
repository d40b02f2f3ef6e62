// The tab 漏斗: from due to answered, and where and why it leaks.
import { addDays } from "../../kernel/calendar.js";
import { type Funnel, type FunnelStep, funnel } from "../../reports/funnel/funnel-service.js";
import type { Grid } from "../../reports/grid.js";
import { SMALL } from "../../reports/measures.js";
import { count, percent } from "../format.js";
import type { TabView } from "./frame.js";
import { type ReportTab, readTab } from "./tab.js";
import { stageUrl } from "./task-links.js";

/** Reasons named one by one; the others stand together. */
const MOST_LEAKS = 6;

/** The tab. */
export const funnelTab: ReportTab = {
  key: "funnel",
  title: "漏斗",
  needs: "see_report",
  read: (query, today) => readTab(query, { from: addDays(today, -29), to: today, most: 400 }),
  answer: async ({ store }, { viewer, view }) => {
    const { from, to, within } = view;
    const found = await funnel(store, viewer, { from, to, ...(within && { within }) });
    return {
      path: found.path,
      grids: [stepGrid(found, view), leakGrid(found, view)],
      page: {
        steps: found.steps.map((step, at) => stepOf(found.steps, step, at, view)),
        isEmpty: (found.steps[0]?.tasks ?? 0) === 0,
        provisional: found.provisional,
        few: (found.steps[0]?.tasks ?? 0) < SMALL,
      },
    };
  },
};

function stepOf(steps: readonly FunnelStep[], step: FunnelStep, at: number, view: TabView): object {
  const first = steps[0]?.tasks ?? 0;
  const before = steps[at - 1]?.tasks ?? 0;
  const shown = step.leaks.slice(0, MOST_LEAKS);
  const others = step.leaks.slice(MOST_LEAKS);
  return {
    ...{ name: step.name, meaning: step.meaning, isFirst: at === 0 },
    tasks: count(step.tasks),
    href: step.tasks > 0 ? stageUrl(view, step.stage) : "",
    width: first > 0 ? `${((step.tasks / first) * 100).toFixed(1)}%` : "0%",
    ofFirst: percent(first > 0 ? step.tasks / first : null),
    ofBefore: percent(at > 0 && before > 0 ? step.tasks / before : null),
    few: at > 0 && before < SMALL,
    leaks: shown.map((leak) => ({
      ...{ name: leak.name, tasks: count(leak.tasks), waiting: leak.waiting, meant: leak.meant },
      share: percent(step.tasks > 0 ? leak.tasks / step.tasks : null),
      href: stageUrl(view, step.stage, leak.why),
    })),
    others: others.length > 0 ? count(others.reduce((sum, { tasks }) => sum + tasks, 0)) : "",
  };
}

function stepGrid({ steps }: Funnel, view: TabView): Grid {
  const first = steps[0]?.tasks ?? 0;
  return {
    title: "漏斗",
    columns: [
      { name: "步骤", kind: "text" },
      { name: "任务", kind: "count" },
      { name: "占到期", kind: "share" },
      { name: "占上一步", kind: "share" },
    ],
    rows: steps.map(({ name, tasks, stage }, at) => {
      const before = steps[at - 1]?.tasks ?? 0;
      return {
        cells: [
          { value: name },
          { value: tasks, href: stageUrl(view, stage) },
          { value: first > 0 ? tasks / first : null, few: first > 0 && first < SMALL },
          {
            value: at > 0 && before > 0 ? tasks / before : null,
            few: at > 0 && before > 0 && before < SMALL,
          },
        ],
      };
    }),
  };
}

function leakGrid({ steps }: Funnel, view: TabView): Grid {
  return {
    title: "漏在哪里",
    columns: [
      { name: "停在", kind: "text" },
      { name: "原因", kind: "text" },
      { name: "任务", kind: "count" },
      { name: "占这一步", kind: "share" },
    ],
    rows: steps.flatMap(({ name, stage, tasks: all, leaks }) =>
      leaks.map(({ why, name: reason, tasks, waiting }) => ({
        cells: [
          { value: name },
          { value: reason, provisional: waiting },
          { value: tasks, href: stageUrl(view, stage, why) },
          { value: all > 0 ? tasks / all : null },
        ],
      })),
    ),
  };
}
