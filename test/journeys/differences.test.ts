// Two versions beside one another: each field, the words of each variant, the pictures.
import { differencesBetween } from "../../src/journeys/differences.js";
import type { JourneySpec, TouchpointSpec } from "../../src/journeys/spec.js";

const day3: TouchpointSpec = {
  ...{ key: "day-3", name: "第3天", at: null, graceDays: 3, priority: "service", send: "mass", audience: {} },
  trigger: { anchor: "joined", offset: { unit: "days", n: 3 }, repeat: "once" },
  words: "您好",
};
const journey = (...touchpoints: TouchpointSpec[]): JourneySpec => ({ key: "j", name: "旅程", touchpoints });
const picture = (digest: string) => ({
  kind: "picture" as const,
  file: { digest: digest.repeat(64), name: "a.png" },
});

it("tells every field that is not as it was, with both its values", () => {
  const after: TouchpointSpec = {
    ...day3,
    ...{ name: "三天", at: "09:30", graceDays: 5, send: "page", holdOut: 10 },
    trigger: { ...day3.trigger, offset: { unit: "days", n: 4 } } as TouchpointSpec["trigger"],
  };
  const { touchpoints, same } = differencesBetween(
    journey(day3, { ...day3, key: "other" }),
    journey(after, { ...day3, key: "other" }),
  );
  expect(same).toBe(1);
  expect(touchpoints).toMatchObject([{ key: "day-3", kind: "changed", words: [], pictures: null }]);
  expect(touchpoints[0]?.fields).toEqual([
    { field: "名称", before: "第3天", after: "三天" },
    { field: "到期", before: "加好友后第3天", after: "加好友后第4天" },
    { field: "宽限", before: "3天", after: "5天" },
    { field: "最早发送", before: "导购时间", after: "09:30" },
    { field: "方式", before: "企业微信群发", after: "导购页面发送" },
    { field: "对照", before: "", after: "10%" },
  ]);
});

it("tells words by variant, where there were none too", () => {
  const variants = [
    { key: "plain", share: 50, words: "您好" },
    { key: "warm", share: 50, words: "亲爱的，您好" },
  ];
  const [changed] = differencesBetween(journey(day3), journey({ ...day3, variants })).touchpoints;
  expect(changed?.words).toEqual([
    { variant: "plain", before: null, after: "您好" },
    { variant: "warm", before: null, after: "亲爱的，您好" },
    { variant: null, before: "您好", after: null },
  ]);
  const [other] = differencesBetween(
    journey({ ...day3, variants }),
    journey({ ...day3, variants: [{ ...variants[0], words: "早" }, variants[1]] as typeof variants }),
  ).touchpoints;
  expect(other?.words).toEqual([{ variant: "plain", before: "您好", after: "早" }]);
});

it("tells pictures that are others though they are called the same", () => {
  const [changed] = differencesBetween(
    journey({ ...day3, attachments: [picture("a")] }),
    journey({ ...day3, attachments: [picture("b")] }),
  ).touchpoints;
  expect(changed?.fields).toEqual([{ field: "附件", before: "图片 a.png", after: "图片 a.png（内容更换）" }]);
  expect(changed?.pictures).toEqual({ before: [picture("a").file], after: [picture("b").file] });
});

it("tells all of what is new or removed, and the journey's name", () => {
  const { touchpoints, renamed, same } = differencesBetween(journey(day3), {
    ...journey({ ...day3, key: "day-4" }),
    name: "新旅程",
  });
  expect(renamed).toEqual({ from: "旅程", to: "新旅程" });
  expect(same).toBe(0);
  expect(touchpoints).toMatchObject([
    { key: "day-4", kind: "new", words: [{ variant: null, before: null, after: "您好" }] },
    { key: "day-3", kind: "removed", words: [{ variant: null, before: "您好", after: null }] },
  ]);
  expect(touchpoints[0]?.fields).toContainEqual({ field: "到期", before: "", after: "加好友后第3天" });
});
