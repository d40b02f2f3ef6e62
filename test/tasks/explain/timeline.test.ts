// What a timeline says where there is no task: exactly one reason, from today's data.
import type { KnownGuide, KnownLeave } from "../../../src/tasks/explain/absence.js";
import { sentenceOf } from "../../../src/tasks/explain/sentences.js";
import {
  type CustomerNow,
  type ExplainedAnchor,
  type ExplainedTask,
  type ExplainedTouchpoint,
  inTimeOrder,
  linesOf,
} from "../../../src/tasks/explain/timeline.js";
import { REASONS } from "../../../src/tasks/life.js";

const today = "2026-03-02";
const zone = "Asia/Shanghai";
const now: CustomerNow = {
  optedOut: false,
  stopped: false,
  hasGuide: true,
  guideLeftOn: null,
  bucket: 7_500,
  quietThrough: null,
  joinedOn: null,
  absences: null,
};
const children = new Map<number, string | null>();
const telling = { today, named: new Map([["七夕", new Map([[2026, "2026-08-19"]])]]) };

const day7: ExplainedTouchpoint = {
  ...{ id: 1, key: "day-7", name: "第7天", journeyName: "新客", graceDays: 3 },
  trigger: { anchor: "joined", offset: { unit: "days", n: 7 }, repeat: "once" },
  ...{ plansFrom: "2026-01-01", plannedThrough: today, isPaused: false, inAudience: true, heldOut: false },
};
const birthday: ExplainedTouchpoint = {
  ...day7,
  trigger: { anchor: "child_born", offset: { unit: "days", n: 0 }, repeat: "yearly" },
};
const joined = (onDate: string, rest: Partial<ExplainedAnchor> = {}): ExplainedAnchor => ({
  ...{ childNo: 0, onDate, cycleOn: 0, quietThrough: null, ...rest },
});

const away = (guideId: number, fromOn: string, toOn: string, deputyId: number | null = null): KnownLeave => ({
  ...{ guideId, fromOn, toOn, deputyId },
});
const knows = (guideId: number, beganOn = "2025-06-01"): KnownGuide => ({
  guideId,
  beganOn,
  name: `李${guideId}`,
});

describe("a due day without a task", () => {
  it.each<[string, string, string, Partial<ExplainedTouchpoint>, ExplainedAnchor[], Partial<CustomerNow>]>([
    ["no date to count from", "none", "no_anchor", {}, [], {}],
    ["due tomorrow", "to_come", "", {}, [joined("2026-02-24")], {}],
    ["due today, not planned yet", "to_come", "", { plannedThrough: null }, [joined("2026-02-23")], {}],
    ["inside the grace behind the watermark", "to_come", "", {}, [joined("2026-02-20")], {}],
    ["known after its grace", "none", "no_anchor", {}, [joined("2026-02-10")], {}],
    [
      "before the publish date",
      "none",
      "before_publish",
      { plansFrom: "2026-03-10" },
      [joined("2026-02-24")],
      {},
    ],
    [
      "quiet by import",
      "none",
      "import_quiet",
      {},
      [joined("2026-02-20", { quietThrough: "2026-03-01" })],
      {},
    ],
    ["due after the quiet", "to_come", "", {}, [joined("2026-02-25", { quietThrough: "2026-03-01" })], {}],
    ["not meant", "none", "not_in_audience", { inAudience: false }, [joined("2026-02-24")], {}],
    ["kept back", "to_come", "held_out", { heldOut: true }, [joined("2026-02-24")], {}],
    ["the journey rests", "to_come", "paused", { isPaused: true }, [joined("2026-02-24")], {}],
    ["opted out", "to_come", "opted_out", {}, [joined("2026-02-24")], { optedOut: true }],
    ["nobody's", "to_come", "no_guide", {}, [joined("2026-02-24")], { hasGuide: false }],
  ])("%s: %s %s", (_name, state, reason, touchpoint, anchors, customer) => {
    const lines = linesOf({ ...day7, ...touchpoint }, anchors, [], { ...now, ...customer }, telling);
    expect(lines).toMatchObject([{ state, reason: reason || null, computed: true, task: null }]);
  });

  it.each<[string, KnownLeave[], KnownGuide[], string | null, string]>([
    ["nobody is away", [], [], null, "还有1天，到时会出现在导购的任务里"],
    [
      "away on another day",
      [away(1, "2026-03-04", "2026-03-09")],
      [],
      null,
      "还有1天，到时会出现在导购的任务里",
    ],
    [
      "back inside the grace",
      [away(1, "2026-03-01", "2026-03-04")],
      [],
      null,
      "导购休假，顺延到3月5日回来后会出现在任务里",
    ],
    [
      "another knows the customer",
      [away(1, "2026-03-01", "2026-03-09")],
      [knows(2)],
      null,
      "导购休假，那天会出现在代班的李2的任务里",
    ],
    [
      "the one named stands in",
      [away(1, "2026-03-01", "2026-03-09", 2)],
      [knows(2, "2025-01-01"), knows(3, "2026-01-01")],
      null,
      "导购休假，那天会出现在代班的李2的任务里",
    ],
    [
      "the deputy is away too, until the second day",
      [away(1, "2026-03-01", "2026-03-09"), away(2, "2026-03-01", "2026-03-03")],
      [knows(2)],
      null,
      "导购休假，顺延到3月4日会出现在代班的李2的任务里",
    ],
    ["nobody inside the grace", [away(1, "2026-03-01", "2026-03-06")], [], "no_guide", "不会发出"],
  ])("foresees leave: %s", (_name, leaves, contacts, reason, said) => {
    const customer = { ...now, absences: { ownerId: 1, leaves, contacts: [knows(1), ...contacts] } };
    const [line] = linesOf(day7, [joined("2026-02-24")], [], customer, telling);
    expect(line).toMatchObject({ state: "to_come", reason });
    expect(line && sentenceOf(line, { today, zone, children })).toContain(said);
  });

  it.each([
    ["2026-03-04", null],
    ["2026-03-03", "guide_left"],
    ["2026-01-01", "guide_left"],
  ])("foresees a guide who is gone from %s", (guideLeftOn, reason) => {
    const [line] = linesOf(day7, [joined("2026-02-24")], [], { ...now, guideLeftOn }, telling);
    expect(line).toMatchObject({ state: "to_come", reason, dueOn: "2026-03-03" });
  });

  it("speaks of a stopped child alone", () => {
    const born = joined("2025-03-05", { childNo: 1 });
    const [line] = linesOf(birthday, [born], [], { ...now, stopped: true }, telling);
    expect(line).toMatchObject({ state: "to_come", reason: "stopped", dueOn: "2026-03-05" });
  });
});

it("shows of what comes back the last day and the next", () => {
  const born = joined("2020-02-29", { childNo: 2 });
  const lines = inTimeOrder(linesOf(birthday, [born], [], now, telling));
  expect(lines.map(({ dueOn, childNo }) => [dueOn, childNo])).toEqual([
    ["2026-02-28", 2],
    ["2027-02-28", 2],
  ]);
});

describe("a calendar day", () => {
  const day = (name: string, rest: Partial<ExplainedTouchpoint> = {}): ExplainedTouchpoint => ({
    ...day7,
    trigger: {
      anchor: "day",
      day: { name },
      offset: { unit: "days", n: -4 },
      repeat: "yearly",
      spreadDays: 4,
    },
    ...rest,
  });

  it("has its line on the day of the customer's turn", () => {
    const lines = linesOf(day("七夕"), [], [], now, telling);
    expect(lines).toMatchObject([
      { state: "to_come", reason: null, dueOn: "2026-08-18", anchorOn: "2026-08-19" },
    ]);
    expect(lines[0] && sentenceOf(lines[0], { today, zone, children })).toMatch(
      /：七夕前4天起，分4天（8月18日），/,
    );
  });

  it("says that the calendar has no such day yet", () => {
    const [line] = linesOf(day("国庆"), [], [], now, telling);
    expect(line).toMatchObject({ state: "none", reason: "no_anchor", dueOn: null });
    expect(line && sentenceOf(line, { today, zone, children })).toContain("日历里还没有这一天的日期");
  });

  it.each([
    ["2026-07-01", ["2026-08-18"]],
    ["2025-01-01", ["2025-08-28", "2026-08-18"]],
  ])("tells a customer who joined on %s of no day before that", (joinedOn, days) => {
    const dates = new Map([
      [2025, "2025-08-29"],
      [2026, "2026-08-19"],
    ]);
    const lines = linesOf(
      day("七夕"),
      [],
      [],
      { ...now, joinedOn },
      { today, named: new Map([["七夕", dates]]) },
    );
    expect(lines.map(({ dueOn }) => dueOn)).toEqual(days);
  });

  it("is quiet for whom an import brought", () => {
    const quiet = { ...now, quietThrough: "2026-09-01" };
    expect(linesOf(day("七夕"), [], [], quiet, telling)).toMatchObject([
      { state: "none", reason: "import_quiet" },
    ]);
  });
});

it("has one line for a task and its due day", () => {
  const [line, ...others] = linesOf(day7, [joined("2026-02-23")], [task({})], now, telling);
  expect(others).toEqual([]);
  expect(line).toMatchObject({ state: "sent", computed: false, dueOn: "2026-03-02" });
});

describe("sentences", () => {
  const said = (one: Partial<ExplainedTask>) => {
    const [line] = linesOf(day7, [], [task(one)], now, telling);
    return line ? sentenceOf(line, { today, zone, children }) : "";
  };

  it.each<[string, Partial<ExplainedTask>]>([
    ["当天 09:12 已由兰兰发给客户，客户当天回复了。", { repliedAt: Date.UTC(2026, 2, 2, 3) }],
    ["当天 09:12 已由兰兰发给客户，还没有回复。", {}],
    ["已由兰兰人工完成。", { state: "done_by_hand", sentAt: null }],
    ["已排好，等当天放行。", { state: "planned", sentAt: null }],
    [
      "顺延到3月4日再看（当天名额已满、导购休假或不宜打扰）。",
      { state: "planned", sentAt: null, releaseOn: "2026-03-04" },
    ],
    [
      "先放着：客户没有负责导购，或导购休假而无人代班，宽限期到3月5日。",
      { state: "held", reason: "no_guide", sentAt: null },
    ],
    [
      "没有发出：客户在对照组，这个触点特意不发，用来比较效果。",
      { state: "held_out", reason: "held_out", sentAt: null },
    ],
  ])("%s", (end, one) => {
    expect(said(one)).toBe(`「第7天」：加好友后第7天（3月2日），${end}`);
  });

  it.each<[string, [number, string | null][], number]>([
    ["（小宝）", [[1, "小宝"]], 1],
    [
      "（大宝）",
      [
        [1, "小宝"],
        [2, "大宝"],
      ],
      2,
    ],
    [
      "（第2个宝宝）",
      [
        [1, "小宝"],
        [2, null],
      ],
      2,
    ],
    ["", [[1, null]], 1],
    ["", [[1, "小宝"]], 0],
  ])("say of which child they speak: %s", (who, known, childNo) => {
    const [line] = linesOf(day7, [], [task({ childNo })], now, telling);
    const said = line && sentenceOf(line, { today, zone, children: new Map(known) });
    expect(said).toMatch(new RegExp(`^「第7天」${who}：`));
  });

  it("has words for every reason", () => {
    const all = REASONS.map((reason) => said({ state: "skipped", reason, sentAt: null }));
    expect(new Set(all).size).toBe(REASONS.length);
    expect(all.filter((sentence) => sentence.includes("undefined"))).toEqual([]);
  });

  it("says a coming day, and why there is none", () => {
    const [coming] = linesOf(day7, [joined("2026-12-30")], [], now, telling);
    const [none] = linesOf(day7, [], [], now, telling);
    const both = [coming, none].map((line) => (line ? sentenceOf(line, { today, zone, children }) : ""));
    expect(both).toEqual([
      "「第7天」：加好友后第7天（2027年1月6日），还有310天，到时会出现在导购的任务里。",
      "「第7天」：不知道是哪天加的好友。",
    ]);
  });
});

function task(one: Partial<ExplainedTask>): ExplainedTask {
  return {
    ...{ touchpointId: 1, occurrence: 0, childNo: 0, state: "sent", reason: null, dueOn: "2026-03-02" },
    ...{ anchorOn: "2026-02-23", releaseOn: "2026-03-02", expiresOn: "2026-03-05", guideName: "兰兰" },
    ...{ sentAt: Date.UTC(2026, 2, 2, 1, 12), repliedAt: null, ...one },
  };
}
