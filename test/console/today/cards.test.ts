// What a card asks of its guide, by state and way.
import { cardOf, modeOf } from "../../../src/console/today/cards.js";
import { summaryOf } from "../../../src/console/today/page.js";
import type { Way } from "../../../src/journeys/spec.js";
import { NOTHING, toRow } from "../../../src/reports/measures.js";
import { STATES, type State } from "../../../src/tasks/life.js";
import type { TodayItem } from "../../../src/tasks/queries.js";

function item(state: State, way: Way, more: Partial<TodayItem> = {}): TodayItem {
  return {
    ...{
      taskId: 1,
      position: 1,
      customerId: 1,
      externalUserid: "wm1",
      customerName: "林悦",
      childName: null,
      touchpointName: "第3天",
    },
    ...{
      journeyName: "旅程",
      why: "加好友第3天",
      words: "您好",
      original: null,
      missing: [],
      asks: [],
      attachments: [],
      leftOut: [],
      form: null,
      way,
      state,
    },
    ...{ stateName: state, reason: null, reasonName: null, dueOn: "2026-03-12", expiresOn: "2026-03-15" },
    ...{ snoozedUntil: null, acted: false, proof: null, replied: false },
    ...{ automatic: false, sendsAt: null, handOverId: null, ...more },
  };
}
const asks: TodayItem["asks"] = [{ field: "child.name", label: "宝宝小名", word: "小名" }];
const moment = {
  ...{ now: Date.UTC(2026, 2, 12, 2), today: "2026-03-12", zone: "Asia/Shanghai", csrf: "word" },
  ...{ inWecom: false, tap: () => "tap-1" },
};

it.each<[State, Way, string]>([
  ["offered", "page", "take"],
  ["offered", "hand", "hand"],
  ["offered", "bot", "approve"],
  ["offered", "mass", "wait"],
  ["sending", "page", "report"],
  ["sending", "mass", "wait"],
  ["approved", "bot", "wait"],
  ["handed_over", "mass", "wait"],
  ["unknown", "mass", "ask"],
  ["unknown", "page", "ask"],
  ["needs_data", "page", "wait"],
  ["sent", "mass", "done"],
  ["done_by_hand", "hand", "done"],
  ["skipped", "page", "done"],
  ["expired", "mass", "done"],
  ["failed", "mass", "done"],
])("%s by %s: %s", (state, way, mode) => expect(modeOf(item(state, way))).toBe(mode));

it("asks for what the guide can supply", () => {
  expect(modeOf(item("needs_data", "page", { asks }))).toBe("data");
});

it.each(STATES)("%s has a card", (state) => {
  for (const way of ["mass", "page", "bot", "hand"] as const)
    expect(cardOf(item(state, way), moment)).toMatchObject({ customer: "林悦", csrf: "word" });
});

it("offers no tap that would be refused", () => {
  const taps = (state: State) => {
    const { canEdit, canSkip, canPutOff, canTakeBack } = cardOf(item(state, "mass"), moment) as Record<
      string,
      boolean
    >;
    return { canEdit, canSkip, canPutOff, canTakeBack };
  };
  const none = { canEdit: false, canSkip: false, canPutOff: false, canTakeBack: false };
  expect(taps("sending")).toEqual(none);
  expect(taps("unknown")).toEqual(none);
  expect(taps("approved")).toEqual({ ...none, canTakeBack: true });
  expect(taps("handed_over")).toEqual({ canEdit: true, canSkip: true, canPutOff: true, canTakeBack: false });
});

it("keeps what was typed when it is refused", () => {
  const fault = { panel: "edit" as const, text: "不可以", typed: "治病" };
  expect(cardOf(item("offered", "page"), moment, { fault })).toMatchObject({
    draft: "治病",
    faultEdit: true,
    fault: "不可以",
  });
});

it("says when it ends and until when it was put off", () => {
  expect(cardOf(item("offered", "page", { expiresOn: "2026-03-12" }), moment)).toMatchObject({
    ...{ deadline: "今天截止", urgent: true, snoozed: "" },
  });
  const snoozedUntil = moment.now + 7_200_000;
  expect(cardOf(item("offered", "page", { snoozedUntil }), moment)).toMatchObject({
    ...{ deadline: "3月15日截止", urgent: false, snoozed: "12:00" },
  });
});

it("counts the day", () => {
  const head = { key: "total", name: "合计", kind: "total" as const, id: null, children: false };
  const month = toRow(head, { ...NOTHING, issued: 10, completed: 9 }, 0, 0);
  const items = [item("sent", "page", { replied: true }), item("offered", "page"), item("skipped", "hand")];
  expect(summaryOf({ items, month })).toEqual({
    ...{ left: 1, done: 2, all: 3, width: "66.7%", replied: 1, completion: "90.0%", reply: "—" },
  });
});
