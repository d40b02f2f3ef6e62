// A guide's own week on their phone: against last week, against the middle of the store, and day by day.
import type { GuideFigures } from "../../reports/guide-figures.js";
import { cheerFor, type Figures, LEAST_GUIDES } from "../../reports/guide-standing.js";
import { SMALL } from "../../reports/measures.js";
import { percent, points, shortDay, span, weekday } from "../format.js";

const HEIGHT = 72;
const STEP = 22;
const BAR = 14;

/** Everything templates/pages/today/figures.hbs names. */
export function figuresPage(name: string, figures: GuideFigures): object {
  const { week, before, store, storeName } = figures;
  const cheer = cheerFor(figures);
  return {
    ...{ tab: "figures", name, storeName, spanText: span(figures.span.from, figures.span.to) },
    ...{ cheer: cheer.text, cheerN: cheer.values.n ?? "" },
    rates: [
      rateOf("完成率", ["completion", "issued"], figures),
      rateOf("回复率", ["reply", "observed"], figures),
    ],
    counts: countsOf(week),
    hasStore: store !== null,
    guides: store?.guides ?? 0,
    least: LEAST_GUIDES,
    isEmpty: figures.days.every(({ issued }) => issued === 0) && before.issued === 0,
    chart: chartOf(figures.days),
  };
}

function rateOf(
  label: string,
  [key, of]: ["completion", "issued"] | ["reply", "observed"],
  { week, before: last, store }: GuideFigures,
): object {
  const [now, before, middle] = [week[key], last[key], store?.[key] ?? null];
  const isFew = now !== null && week[of] < SMALL;
  const isCompared = now !== null && before !== null && !isFew && last[of] >= SMALL;
  return {
    few: isFew,
    ...{ label, value: percent(now), width: widthOf(now), middleAt: widthOf(middle) },
    ...{ before: percent(before), change: isCompared ? points(now - before) : "" },
    isUp: isCompared && now >= before,
    ...{ middle: percent(middle), hasMiddle: middle !== null },
  };
}

function widthOf(share: number | null): string {
  return `${((share ?? 0) * 100).toFixed(1)}%`;
}

function countsOf({ issued, completed, delivered, replied, messages }: Figures): object[] {
  return [
    { label: "给到你的", value: issued },
    { label: "你完成的", value: completed },
    { label: "客户收到", value: delivered },
    { label: "客户回复", value: replied },
    { label: "客户消息", value: messages },
  ];
}

/** Columns of what was given, filled by what was done. */
function chartOf(days: GuideFigures["days"]): object {
  const most = Math.max(1, ...days.map(({ issued }) => issued));
  const high = (n: number) => Math.round((n / most) * HEIGHT);
  return {
    ...{ width: days.length * STEP, height: HEIGHT + 18, base: HEIGHT },
    columns: days.map(({ day, issued, completed }, at) => ({
      ...{ x: at * STEP + (STEP - BAR) / 2, middle: at * STEP + STEP / 2, bar: BAR },
      ...{ issuedY: HEIGHT - high(issued), issuedHigh: high(issued) },
      ...{ doneY: HEIGHT - high(completed), doneHigh: high(completed) },
      label: at % 2 === days.length % 2 ? "" : Number(day.slice(8)),
      title: `${shortDay(day)} ${weekday(day)}：${completed} / ${issued}`,
    })),
  };
}
