// Charts drawn on the server as SVG, so that no browser needs a chart library.
import { daysFromTo, type ShopDay } from "../kernel/calendar.js";
import type { ChartLook, Report, ReportRow } from "./report.js";

const COLOURS = { completion: "#2f7d5b", reply: "#d9822b", issued: "#9fb8ad" };
const TEXT = "#5b6660";
const LINE = "#e6ebe8";

/** A day of the span, with its figures if it has any. */
interface ChartDay {
  day: ShopDay;
  row: ReportRow | undefined;
}

/** Completion and reply rate by day over issued tasks, from a report by day; a day without figures keeps its place.
 *  An SVG document. */
export function trendChart(report: Report, look: ChartLook): Promise<string> {
  const [issued, completion, reply] = ["下发", "完成率", "回复率"].map((name) => look.say?.(name) ?? name);
  const rows = new Map(report.rows.map((row) => [row.name, row]));
  const days = daysFromTo(report.from, report.to).map((day) => ({ day, row: rows.get(day) }));
  return drawn(look, {
    grid: { left: 46, right: 46, top: 36, bottom: 28 },
    legend: { top: 0, textStyle: { color: TEXT }, itemWidth: 14, data: [issued, completion, reply] },
    xAxis: {
      type: "category",
      data: days.map(({ day }) => `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`),
      axisLabel: { color: TEXT },
      axisLine: { lineStyle: { color: LINE } },
      axisTick: { show: false },
    },
    yAxis: [
      {
        type: "value",
        min: 0,
        max: 100,
        axisLabel: { color: TEXT, formatter: "{value}%" },
        splitLine: { lineStyle: { color: LINE } },
      },
      { type: "value", axisLabel: { color: TEXT }, splitLine: { show: false }, minInterval: 1 },
    ],
    series: [
      {
        name: issued,
        type: "bar",
        yAxisIndex: 1,
        data: days.map(({ row }) => row?.issued ?? 0),
        itemStyle: { color: COLOURS.issued, opacity: 0.5 },
        barMaxWidth: 18,
      },
      rateLine(completion, COLOURS.completion, days, "completionRate"),
      rateLine(reply, COLOURS.reply, days, "replyRate"),
    ],
  });
}

function rateLine(
  name: string | undefined,
  color: string,
  days: readonly ChartDay[],
  key: "completionRate" | "replyRate",
) {
  return {
    name,
    type: "line" as const,
    // Days whose windows are open may still rise: their points are hollow.
    data: days.map(({ row }) => {
      const rate = row?.[key] ?? null;
      return {
        value: rate === null ? null : Math.round(rate.value * 1000) / 10,
        symbol: row?.provisional ? "emptyCircle" : "circle",
      };
    }),
    symbolSize: 5,
    connectNulls: true,
    lineStyle: { color, width: 2 },
    itemStyle: { color },
  };
}

/** Draws a chart as an SVG document. */
export async function drawn(look: ChartLook, option: object): Promise<string> {
  // loaded with the first chart: most commands draw none
  const { init } = await import("./chart-library.js");
  const chart = init(null, null, { renderer: "svg", ssr: true, width: look.width, height: look.height });
  try {
    chart.setOption({ animation: false, ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
