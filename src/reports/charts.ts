// Charts drawn on the server as SVG, so that no browser needs a chart library.
import { init } from "echarts";
import type { ChartLook, Report, ReportRow } from "./report.js";

const COLOURS = { completion: "#2f7d5b", reply: "#d9822b", issued: "#9fb8ad" };

/** Completion and reply rate by day over issued tasks, from a report by day. An SVG document. */
export function trendChart(report: Report, look: ChartLook): string {
  const days = report.rows;
  const text = look.dark ? "#c9d1cc" : "#5b6660";
  const line = look.dark ? "#39413d" : "#e6ebe8";
  return draw(look, {
    grid: { left: 46, right: 46, top: 36, bottom: 28 },
    legend: { top: 0, textStyle: { color: text }, itemWidth: 14, data: ["下发", "完成率", "回复率"] },
    xAxis: {
      type: "category",
      data: days.map((day) => `${Number(day.name.slice(5, 7))}/${Number(day.name.slice(8))}`),
      axisLabel: { color: text },
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
    },
    yAxis: [
      {
        type: "value",
        min: 0,
        max: 100,
        axisLabel: { color: text, formatter: "{value}%" },
        splitLine: { lineStyle: { color: line } },
      },
      { type: "value", axisLabel: { color: text }, splitLine: { show: false }, minInterval: 1 },
    ],
    series: [
      {
        name: "下发",
        type: "bar",
        yAxisIndex: 1,
        data: days.map((day) => day.issued),
        itemStyle: { color: COLOURS.issued, opacity: 0.5 },
        barMaxWidth: 18,
      },
      rateLine("完成率", COLOURS.completion, days, "completionRate"),
      rateLine("回复率", COLOURS.reply, days, "replyRate"),
    ],
  });
}

function rateLine(
  name: string,
  color: string,
  rows: readonly ReportRow[],
  key: "completionRate" | "replyRate",
) {
  return {
    name,
    type: "line" as const,
    // Days whose windows are open may still rise: their points are hollow.
    data: rows.map((row) => ({
      value: row[key] === null ? null : Math.round(row[key].value * 1000) / 10,
      symbol: row.provisional ? "emptyCircle" : "circle",
    })),
    symbolSize: 5,
    connectNulls: true,
    lineStyle: { color, width: 2 },
    itemStyle: { color },
  };
}

function draw(look: ChartLook, option: object): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: look.width, height: look.height });
  try {
    chart.setOption({ animation: false, ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
