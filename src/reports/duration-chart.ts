// How long runs took, one bar each, as an SVG drawn on the server.
import { drawn } from "./charts.js";
import type { ChartLook } from "./report.js";

/** One run. */
export interface DurationBar {
  label: string;
  seconds: number;
  isBad: boolean;
}

const GOOD = "#7db79c";
const BAD = "#d9822b";
const TEXT = "#5b6660";
const LINE = "#e6ebe8";

/** The bars in their order; those that went wrong stand out. */
export function durationChart(bars: readonly DurationBar[], look: ChartLook): Promise<string> {
  return drawn(look, {
    grid: { left: 56, right: 16, top: 16, bottom: 28 },
    xAxis: {
      ...{
        type: "category",
        data: bars.map(({ label }) => look.say?.(label) ?? label),
        axisTick: { show: false },
      },
      ...{ axisLabel: { color: TEXT, hideOverlap: true }, axisLine: { lineStyle: { color: LINE } } },
    },
    yAxis: {
      ...{
        type: "value",
        min: 0,
        axisLabel: { color: TEXT, formatter: `{value} ${look.say?.("秒") ?? "秒"}` },
      },
      splitLine: { lineStyle: { color: LINE } },
    },
    series: [
      {
        ...{ type: "bar", barMaxWidth: 14 },
        data: bars.map(({ seconds, isBad }) => ({
          value: Math.round(seconds * 100) / 100,
          itemStyle: { color: isBad ? BAD : GOOD },
        })),
      },
    ],
  });
}
