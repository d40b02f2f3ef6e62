// The evening's picture: what stands in it, how tall it is, and that all its words are in the font that comes with us.
import { Resvg } from "@resvg/resvg-js";
import { PICTURE_FONT, pictureFrom, pictureOf } from "../../src/infra/pictures.js";
import { type DayChart, dayChart } from "../../src/reports/day-chart.js";

const chart = (bars: number): DayChart => ({
  title: "华东 3月2日 小结",
  figures: [
    { label: "下发", value: "320", note: "昨天 301" },
    { label: "完成率", value: "88%", note: "昨天 86%" },
    { label: "回复率", value: "—", note: "" },
    { label: "客户消息", value: "140", note: "昨天 122" },
  ],
  level: "门店",
  bars: Array.from({ length: bars }, (_, n) => ({
    name: n === 0 ? "上海徐汇日月光中心店" : `<店${n}>`,
    completion: n === 1 ? null : n / 20,
    reply: 0.25,
    small: n === 2,
  })),
  foot: "完成率从低到高",
});

const textsOf = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text?.trim() ?? "");

test("figures, and the units with the lowest on top", async () => {
  const texts = textsOf(await dayChart(chart(3), PICTURE_FONT));
  for (const text of ["华东 3月2日 小结", "320", "88%", "昨天 86%", "各门店完成率", "上海徐汇日月光…"])
    expect(texts).toContain(text);
  expect(texts).toContain("&lt;店1&gt;");
  expect(texts).toContain("—　回复 25%");
  expect(texts).toContain("0%　回复 25%");
});

test("every word names the one font there is", async () => {
  const svg = await dayChart(chart(3), PICTURE_FONT);
  const texts = svg.match(/<text[^>]*>/g) ?? [];
  expect(texts.length).toBeGreaterThan(15);
  for (const text of texts) expect(text).toContain(PICTURE_FONT);
});

test.each([
  [0, 190],
  [1, 258],
  [12, 632],
  [40, 632],
])("with %i units it is %i high, and a PNG of twice that", async (bars, height) => {
  const svg = await dayChart(chart(bars), PICTURE_FONT);
  expect(new Resvg(svg, { font: { loadSystemFonts: false } }).height).toBe(height);
  if (bars <= 1)
    expect(pictureOf(await pictureFrom(svg, 2))).toEqual({ type: "png", width: 1080, height: height * 2 });
});
