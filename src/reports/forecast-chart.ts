// What a draft changes in the days ahead, as a picture: what would go out each day, with it and without it.
import { daysFromTo } from "../kernel/calendar.js";
import type { DraftForecast, Forecast } from "../tasks/forecast/shape.js";
import { drawn } from "./charts.js";
import type { ChartLook } from "./report.js";

const COLOURS = { live: "#b9c6bf", draft: "#2f7d5b" };
const TEXT = "#5b6660";
const LINE = "#e6ebe8";

/** Tasks released a day, draft beside live; `names` are the legend's words. An SVG document. */
export function forecastChart(
  forecast: DraftForecast,
  names: { live: string; draft: string },
  look: ChartLook,
): Promise<string> {
  const days = daysFromTo(forecast.from, forecast.to);
  const bars = (name: string, color: string, of: Forecast) => {
    const released = new Map<string, number>();
    for (const line of of.days) released.set(line.on, (released.get(line.on) ?? 0) + line.released);
    return {
      ...{ name, type: "bar", barGap: "0%", barMaxWidth: 14, itemStyle: { color } },
      data: days.map((day) => released.get(day) ?? 0),
    };
  };
  return drawn(look, {
    grid: { left: 52, right: 12, top: 34, bottom: 26 },
    legend: { top: 0, textStyle: { color: TEXT }, itemWidth: 14, data: [names.live, names.draft] },
    xAxis: {
      type: "category",
      data: days.map((day) => `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`),
      axisLabel: { color: TEXT },
      axisLine: { lineStyle: { color: LINE } },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      axisLabel: { color: TEXT },
      splitLine: { lineStyle: { color: LINE } },
    },
    series: [bars(names.live, COLOURS.live, forecast.live), bars(names.draft, COLOURS.draft, forecast)],
  });
}
