// The rows of a report as they are seen.
import { kpisOf } from "../../../src/console/reports/kpis.js";
import { rateCell, sortRows } from "../../../src/console/reports/rows.js";
import { NOTHING, rate, toRow } from "../../../src/reports/measures.js";
import type { ReportRow } from "../../../src/reports/report.js";

function row(name: string, counts: Partial<typeof NOTHING>): ReportRow {
  const head = { key: name, name, kind: "store" as const, id: 1, children: true };
  return toRow(head, { ...NOTHING, ...counts }, 0, 0);
}

describe("a rate", () => {
  const whole = rate(700, 1000);
  it.each([
    ["nothing to divide by", null, 0, "—", false, ""],
    ["too few to compare, however far off", rate(1, 20), 20, "5.0%", true, ""],
    ["surely below the whole", rate(100, 200), 200, "50.0%", false, "below"],
    ["surely above the whole", rate(180, 200), 200, "90.0%", false, "above"],
    ["perhaps below", rate(25, 40), 40, "62.5%", false, ""],
  ])("%s", (_name, value, of, text, few, versus) => {
    expect(rateCell(value, of, whole)).toMatchObject({ text, few, versus });
  });

  it("has the ends of its bar", () => {
    expect(rateCell(rate(50, 100), 100)).toMatchObject({
      ...{ width: "50.0%", low: "40.4%", high: "59.6%", interval: "40.4–59.6" },
    });
  });
});

describe("order", () => {
  const rows = [
    row("乙店", { issued: 10, completed: 5 }),
    row("甲店", { issued: 0 }),
    row("丙店", { issued: 30, completed: 30 }),
  ];
  const names = (sort?: { key: "name" | "issued" | "completionRate"; down: boolean }) =>
    sortRows(rows, sort).map(({ name }) => name);

  it("is the organisation's own unless asked", () => {
    expect(names()).toEqual(["乙店", "甲店", "丙店"]);
  });

  it("puts what cannot be counted last, up or down", () => {
    expect(names({ key: "completionRate", down: true })).toEqual(["丙店", "乙店", "甲店"]);
    expect(names({ key: "completionRate", down: false })).toEqual(["乙店", "丙店", "甲店"]);
  });

  it("reads names as a dictionary does", () => {
    expect(names({ key: "name", down: false })).toEqual(["丙店", "甲店", "乙店"]);
  });
});

describe("key figures", () => {
  const march = (messages: number) => ({ name: "3月", messages, href: "/report/tasks?of=messages" });
  const open = (measure: string) => `/report/tasks?of=${measure}`;
  const now = row("合计", {
    issued: 1200,
    completed: 900,
    delivered: 900,
    observed: 600,
    replied: 200,
    messages: 40,
  });
  it("stand beside the span before; colour only where chance is ruled out", () => {
    const before = row("合计", { issued: 1000, completed: 600, delivered: 600, observed: 400, replied: 130 });
    const told = kpisOf(now, { now, before }, march(99), open).map(({ name, value, change }) => [
      name,
      value,
      change?.text,
    ]);
    expect(told).toEqual([
      ["下发", "1,200", "+20.0%"],
      ["完成率", "75.0%", "+15.0 个百分点"],
      ["准时率", "0.0%", "0.0 个百分点"],
      ["送达", "900", "+50.0%"],
      ["回复率", "33.3%", "+0.8 个百分点"],
      ["3月客户消息", "99", undefined],
    ]);
    const links = kpisOf(now, { now, before }, march(99), open).map(({ href }) => href.split("=")[1]);
    expect(links).toEqual(["issued", "completed", undefined, "delivered", "replied", "messages"]);
    const [, completion, , , reply] = kpisOf(now, { now, before }, march(0), open);
    expect([completion?.change?.up, reply?.change?.up]).toEqual([true, false]);
  });

  it("say nothing of a span without figures", () => {
    for (const compared of [{ now, before: row("合计", {}) }, null])
      expect(kpisOf(now, compared, march(0), open).every(({ change }) => change === null)).toBe(true);
  });

  it("compare whole days, and say what the reply rate is a share of", () => {
    const over = row("合计", { issued: 1000, completed: 900 });
    const before = row("合计", { issued: 1000, completed: 600 });
    const [issued, , , , reply] = kpisOf(now, { now: over, before }, march(0), open);
    expect([issued?.value, issued?.change?.text]).toEqual(["1,200", "0.0%"]);
    expect(reply?.note).toBe("可观察的送达 600 条，占 66.7%");
  });
});
