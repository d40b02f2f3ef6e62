// A day's figures as one picture for chat: four figures on top, below them completion and reply by unit.
import { drawn } from "./charts.js";

/** One bar: a region, store or guide. */
export interface DayBar {
  name: string;
  /** share in [0, 1]; null: nothing to divide by */
  completion: number | null;
  reply: number | null;
  /** too few tasks to compare */
  small: boolean;
}

export interface DayChart {
  title: string;
  /** at most four */
  figures: { label: string; value: string; note: string }[];
  /** what the bars are: 门店, 导购 */
  level: string;
  bars: DayBar[];
  /** said below */
  foot: string;
}

const WIDTH = 540;
const HEAD = 150;
const ROW = 34;
const FOOT = 40;
const NAME = 140;
const BAR_END = 150;
const MOST_BARS = 12;
const MOST_LETTERS = 8;
const INK = "#22302a";
const SOFT = "#6a766f";
const GREEN = "#2f7d5b";
const PALE = "#a9cbb9";
const PAPER = "#ffffff";

/** The picture as an SVG document, in a font that has to be named here: nobody's machine is asked for one. */
export function dayChart(chart: DayChart, font: string): Promise<string> {
  // a category axis counts from below
  const bars = chart.bars.slice(0, MOST_BARS).reverse();
  const height = HEAD + ROW * bars.length + (bars.length > 0 ? 34 : 0) + FOOT;
  return drawn(
    { width: WIDTH, height },
    {
      backgroundColor: PAPER,
      textStyle: { fontFamily: font },
      graphic: [...headOf(chart, font), ...footOf(chart, bars.length, height, font)],
      grid: { left: NAME, right: BAR_END, top: HEAD + 30, bottom: FOOT, outerBoundsMode: "none" },
      xAxis: { type: "value", min: 0, max: 100, show: false },
      yAxis: {
        type: "category",
        data: bars.map(({ name }) => cut(name)),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: INK, fontSize: 14, fontFamily: font, margin: 12 },
      },
      series: [
        {
          type: "bar",
          barWidth: 16,
          showBackground: true,
          backgroundStyle: { color: "#eef2f0", borderRadius: 3 },
          data: bars.map(({ completion, small, reply }) => ({
            value: Math.round((completion ?? 0) * 1000) / 10,
            itemStyle: { color: small ? PALE : GREEN, borderRadius: 3 },
            label: { formatter: `${percent(completion)}　回复 ${percent(reply)}` },
          })),
          label: {
            show: true,
            position: [WIDTH - NAME - BAR_END + 10, 0],
            color: INK,
            fontSize: 14,
            fontFamily: font,
          },
        },
      ],
    },
  );
}

function headOf({ title, figures }: DayChart, font: string): object[] {
  const width = (WIDTH - 40) / 4;
  const bold = { font, bold: true };
  return [
    text(title, [20, 18], { ...bold, size: 20 }),
    ...figures.slice(0, 4).flatMap(({ label, value, note }, at) => {
      const left = 20 + width * at;
      return [
        text(label, [left, 56], { font, size: 13, fill: SOFT }),
        text(value, [left, 76], { ...bold, size: 28 }),
        text(note, [left, 112], { font, size: 12, fill: SOFT }),
      ];
    }),
  ];
}

function footOf({ level, foot }: DayChart, bars: number, height: number, font: string): object[] {
  const look = { font, fill: SOFT };
  const heading =
    bars > 0 ? [text(`各${level}完成率`, [20, HEAD + 4], { ...look, size: 14, bold: true })] : [];
  return [...heading, text(foot, [20, height - 28], { ...look, size: 12 })];
}

interface TextLook {
  font: string;
  size: number;
  bold?: boolean;
  fill?: string;
}

function text(
  said: string,
  [left, top]: [number, number],
  { font, size, bold, fill = INK }: TextLook,
): object {
  return {
    ...{ type: "text", left, top, silent: true },
    style: { text: said, fill, fontFamily: font, fontSize: size, fontWeight: bold ? "bold" : "normal" },
  };
}

function cut(name: string): string {
  const letters = [...name];
  return letters.length <= MOST_LETTERS ? name : `${letters.slice(0, MOST_LETTERS - 1).join("")}…`;
}

function percent(share: number | null): string {
  return share === null ? "—" : `${Math.round(share * 100)}%`;
}
