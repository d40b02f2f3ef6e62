// Charts of the report's further tabs, drawn on the server as SVG.
import { drawn } from "./charts.js";
import type { ChartLook } from "./report.js";

const TEXT = "#5b6660";
const LINE = "#e6ebe8";
const GREEN = "#2f7d5b";
const PALE = "#a9cbb9";
const ORANGE = "#d9822b";

const AXIS = {
  axisLabel: { color: TEXT },
  axisLine: { lineStyle: { color: LINE } },
  axisTick: { show: false },
};
const VALUES = {
  type: "value" as const,
  axisLabel: { color: TEXT },
  splitLine: { lineStyle: { color: LINE } },
};

/** One bar a month; a month that goes on is paler. */
export function monthsChart(
  months: readonly { label: string; value: number; open: boolean }[],
  look: ChartLook,
): Promise<string> {
  const say = sayOf(look);
  return drawn(look, {
    grid: { left: 56, right: 16, top: 24, bottom: 28 },
    xAxis: { type: "category", data: months.map(({ label }) => say(label)), ...AXIS },
    yAxis: { ...VALUES, minInterval: 1 },
    series: [
      {
        name: say("客户消息"),
        type: "bar",
        barMaxWidth: 56,
        data: months.map(({ value, open }) => ({
          value,
          itemStyle: { color: open ? PALE : GREEN, borderRadius: [3, 3, 0, 0] },
        })),
        label: {
          show: true,
          position: "top",
          color: TEXT,
          formatter: ({ value }: { value: number }) => grouped(value),
        },
      },
    ],
  });
}

/** Expected against actual purchases in ten equal parts of the customers, from the lowest scores to the highest. */
export function calibrationChart(
  { name, steps }: { name: string; steps: readonly { expected: number | null; actual: number }[] },
  look: ChartLook,
): Promise<string> {
  const say = sayOf(look);
  const [actual, expected] = [say("实际"), say("预计")];
  const isCounting = steps.some((step) => step.expected !== null);
  return drawn(look, {
    grid: { left: 46, right: 16, top: 36, bottom: 46 },
    legend: { top: 0, textStyle: { color: TEXT }, data: isCounting ? [actual, expected] : [actual] },
    xAxis: {
      type: "category",
      name: say(`${name}：按分数从低到高`),
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: { color: TEXT },
      data: steps.map((_, at) => String(at + 1)),
      ...AXIS,
    },
    yAxis: { ...VALUES, name: say("次/人"), nameTextStyle: { color: TEXT } },
    series: [
      {
        name: actual,
        type: "bar",
        barMaxWidth: 32,
        itemStyle: { color: GREEN, opacity: 0.6 },
        data: steps.map((step) => rounded(step.actual)),
      },
      ...(isCounting
        ? [
            {
              name: expected,
              type: "line",
              symbolSize: 6,
              lineStyle: { color: ORANGE, width: 2 },
              itemStyle: { color: ORANGE },
              data: steps.map((step) => (step.expected === null ? null : rounded(step.expected))),
            },
          ]
        : []),
    ],
  });
}

function sayOf(look: ChartLook): (text: string) => string {
  return (text) => look.say?.(text) ?? text;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
