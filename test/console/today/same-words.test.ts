// Which customers of a list are put together: the same words, the same way, waiting for the same tap.
import { groupOf, stretchesOf } from "../../../src/console/today/same-words.js";
import type { TodayItem } from "../../../src/tasks/queries.js";

const now = Date.UTC(2026, 2, 12, 2);
let serial = 0;
function item(more: Partial<TodayItem> = {}): TodayItem {
  serial++;
  return {
    ...{ taskId: serial, position: serial, customerId: serial, externalUserid: `wm${serial}` },
    ...{ customerName: `客户${serial}`, childName: null, touchpointName: "第3天", journeyName: "旅程" },
    ...{
      why: "加好友第3天",
      words: "您好",
      original: null,
      missing: [],
      asks: [],
      attachments: [],
      leftOut: [],
    },
    ...{ form: null, way: "page", state: "offered", stateName: "待处理", reason: null, reasonName: null },
    ...{ dueOn: "2026-03-12", expiresOn: "2026-03-15", snoozedUntil: null, acted: false, automatic: false },
    ...{ sendsAt: null, handOverId: null, proof: null, replied: false, ...more },
  };
}
const shape = (items: TodayItem[]) =>
  stretchesOf(items, now).map((one) => (Array.isArray(one) ? one.map(({ taskId }) => taskId) : one.taskId));

beforeEach(() => {
  serial = 0;
});

test("a group stands where its first stood", () => {
  expect(shape([item({ words: "早" }), item(), item({ words: "晚" }), item(), item()])).toEqual([
    1,
    [2, 4, 5],
    3,
  ]);
});

test.each<[string, Partial<TodayItem>, Partial<TodayItem>]>([
  ["other words", {}, { words: "您好！" }],
  ["another way", {}, { way: "bot" }],
  ["another state", {}, { state: "sending" }],
  ["something enclosed", {}, { attachments: [{ kind: "file", file: { digest: "d", name: "a.pdf" } }] }],
  ["no words", { words: null, way: "hand" }, { words: null, way: "hand" }],
  ["a question", {}, { asks: [{ field: "child.name", label: "小名", word: "小名" }] }],
  ["put off", {}, { snoozedUntil: now + 1 }],
  ["its own time", { way: "bot", sendsAt: now + 1 }, { way: "bot", sendsAt: now + 1 }],
  ["done", { state: "sent" }, { state: "sent" }],
  ["two hand-overs in WeCom", mass(7), mass(8)],
  ["none in WeCom yet", { way: "mass" }, { way: "mass" }],
])("one with %s stands alone", (_what, one, other) => {
  expect(shape([item(one), item(other)])).toEqual([1, 2]);
});

function mass(handOverId: number): Partial<TodayItem> {
  return { way: "mass", state: "handed_over", handOverId };
}

test("one mass send in WeCom is one group, and says that one tap there sends it", () => {
  const items = [item(mass(7)), item(mass(7))];
  expect(shape(items)).toEqual([[1, 2]]);
  const moment = {
    now,
    today: "2026-03-12",
    zone: "Asia/Shanghai",
    csrf: "w",
    inWecom: true,
    tap: () => "t",
  };
  expect(groupOf(items, moment)).toMatchObject({
    ...{ mode: "wait", count: 2, tasks: "1,2", customers: "wm1,wm2" },
    hint: expect.stringContaining("点一次「发送」"),
  });
});
