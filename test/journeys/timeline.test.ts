// Touchpoints on their timeline: where each stands, and where it stands after a move.
import { dayOfYearIn, timelineOf } from "../../src/journeys/timeline.js";
import { type Move, moved, type TouchpointData, triggerOf } from "../../src/journeys/trigger-data.js";

const named = new Map([["双11", new Map([[2026, "2026-11-11"]])]]);
const dayOfYear = dayOfYearIn(2026, named);

function placeOf(data: TouchpointData): string {
  const lanes = timelineOf([{ trigger: triggerOf(data) }], dayOfYear);
  const places = lanes.flatMap(({ rows }) =>
    rows.flatMap((row) =>
      row.cells.flatMap((cell) => (cell.cards.length > 0 ? [`${row.name} ${cell.label}`] : [])),
    ),
  );
  expect(places).toHaveLength(1);
  return places[0] ?? "";
}

it.each<[TouchpointData, string]>([
  [{ before: "child_due", weeks: 40 }, "孕期 前40–37周"],
  [{ before: "child_due", weeks: 37 }, "孕期 前40–37周"],
  [{ before: "child_due", weeks: 4 }, "孕期 前4–1周"],
  [{ before: "child_due", weeks: 45 }, "孕期 前40–37周"],
  [{ after: "child_due", days: 0 }, "孕期 预产期起"],
  [{ after: "child_due", days: 60 }, "孕期 过期4周起"],
  [{ after: "child_born", days: 0 }, "0岁 出生"],
  [{ after: "child_born", months: 1 }, "0岁 1个月"],
  [{ after: "child_born", days: 100 }, "0岁 3个月"],
  [{ after: "child_born", months: 12 }, "1岁 12个月"],
  [{ after: "child_born", months: 35 }, "2岁 35个月"],
  [{ after: "child_born", months: 36 }, "3岁起 36个月"],
  [{ after: "child_born", months: 37 }, "3岁起 37–47个月"],
  [{ after: "child_born", months: 119 }, "3岁起 5岁起"],
  [{ after: "child_born", days: 0, repeat: "yearly" }, "宝宝生日 当天"],
  [{ before: "customer_birthday", days: 30, repeat: "yearly" }, "客户生日 更早"],
  [{ after: "joined", days: 3 }, "加好友后 1–3天"],
  [{ after: "joined", months: 1 }, "加好友后 16–30天"],
  [{ after: "guide_assigned", days: 4 }, "分配导购后 4–7天"],
  [{ after: "first_order", weeks: 100 }, "首次购买后 1年以后"],
  [{ after: "last_order", days: 45, repeat: "each" }, "最近一次购买后 45–59天"],
  [{ before: "supply_ends", days: 5, repeat: "each" }, "预计用完前后 前7–4天"],
  [{ after: "at_risk", days: 0, repeat: "each" }, "出现流失风险后 当天"],
  [{ after: "urgent_reply", days: 0, repeat: "each" }, "收到紧急回复 随时"],
  [{ on: "双11" }, "日历 11月"],
  [{ before: "双11", days: 11 }, "日历 10月"],
  [{ on: "06-18" }, "日历 6月"],
  [{ on: ["2027-01-31", "2028-01-31"] }, "日历 1月"],
])("%j stands at %s", (data, place) => {
  expect(placeOf(data)).toBe(place);
});

it("rows nobody uses are left out, those of the lanes themselves never", () => {
  const rows = timelineOf([], dayOfYear).flatMap((lane) => lane.rows.map(({ name }) => name));
  expect(rows).toEqual(["孕期", "0岁", "1岁", "2岁", "3岁起", "加好友后", "最近一次购买后", "日历"]);
});

it.each<[TouchpointData, Move, TouchpointData]>([
  [{ after: "joined", days: 7 }, { by: 1 }, { after: "joined", days: 8 }],
  [{ after: "child_born", months: 6 }, { by: -1 }, { after: "child_born", months: 5 }],
  [{ before: "child_due", weeks: 2 }, { by: 3 }, { after: "child_due", weeks: 1 }],
  [{ after: "child_due", days: 0 }, { to: -8 }, { before: "child_due", days: 8 }],
  [{ after: "child_born", months: 8 }, { days: 426 }, { after: "child_born", months: 13 }],
  [{ after: "child_born", days: 100 }, { days: 183 }, { after: "child_born", days: 183 }],
  [{ before: "child_due", weeks: 4 }, { days: -252 }, { before: "child_due", weeks: 36 }],
  [{ on: "双11" }, { by: -3 }, { before: "双11", days: 3 }],
  [{ before: "双11", days: 3 }, { by: 3 }, { after: "双11", days: 0 }],
  [{ on: "双11" }, { days: 304 }, { before: "双11", days: 10 }],
  [{ on: "06-18" }, { by: 13 }, { on: "07-01" }],
  [{ before: "06-18", days: 2 }, { days: 0 }, { before: "01-03", days: 2 }],
  [{ on: ["2026-06-18", "2027-06-20"] }, { by: 1 }, { on: ["2026-06-19", "2027-06-21"] }],
])("%j moved %j is %j", (data, move, after) => {
  const whole = { key: "k", name: "名", grace_days: 3 };
  const place = (trigger: Parameters<typeof dayOfYear>[0]) => dayOfYear(trigger) ?? 0;
  const result = moved({ ...whole, ...data }, move, (trigger) =>
    trigger.anchor === "day" ? place(trigger) : 0,
  );
  expect(result).toEqual({ ...whole, ...after });
});

it("a month's cell keeps the months it is dropped on", () => {
  const [first] = timelineOf([], dayOfYear);
  const cells = first?.rows.filter(({ anchor }) => anchor === "child_born").flatMap((row) => row.cells) ?? [];
  for (const [at, { from }] of cells.slice(0, 37).entries())
    expect(
      moved({ after: "child_born", months: 1 }, { days: Math.ceil(from) + (at % 2) * 29 }, () => 0),
    ).toMatchObject({
      months: at,
    });
});
