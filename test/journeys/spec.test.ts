// A journey's canonical form: the same for the same meaning, another for any other.
import { canonical, digestOf, type JourneySpec, type TouchpointSpec } from "../../src/journeys/spec.js";

const touchpoint: TouchpointSpec = {
  key: "day-3",
  name: "第3天",
  trigger: { anchor: "joined", offset: { unit: "days", n: 3 }, repeat: "once" },
  at: null,
  graceDays: 3,
  priority: "service",
  send: "mass",
  audience: { source: ["门店"], tag: ["二胎"] },
  words: "您好",
};
const journey: JourneySpec = {
  key: "j",
  name: "旅程",
  touchpoints: [touchpoint, { ...touchpoint, key: "day-7" }],
};
const reversed = (value: object) => Object.fromEntries(Object.entries(value).reverse());

it("has its keys in order, touchpoints by key", () => {
  expect(canonical({ ...journey, touchpoints: [touchpoint] })).toBe(
    '{"key":"j","name":"旅程","touchpoints":[{"at":null,"audience":{"source":["门店"],"tag":["二胎"]},"graceDays":3,' +
      '"key":"day-3","name":"第3天","priority":"service","send":"mass",' +
      '"trigger":{"anchor":"joined","offset":{"n":3,"unit":"days"},"repeat":"once"},"words":"您好"}]}',
  );
});

it("is the same whatever the order of keys and touchpoints", () => {
  const other = { ...reversed(journey), touchpoints: journey.touchpoints.map(reversed).reverse() };
  expect(digestOf(other as unknown as JourneySpec)).toBe(digestOf(journey));
  expect(digestOf(journey)).toMatch(/^[0-9a-f]{64}$/);
});

it.each<[string, Partial<TouchpointSpec>]>([
  ["words", { words: "您好！" }],
  ["no words", { words: null }],
  ["name", { name: "第三天" }],
  ["trigger", { trigger: { ...touchpoint.trigger, offset: { unit: "weeks", n: 3 } } }],
  ["audience", { audience: { source: ["门店"] } }],
  ["time", { at: "10:00" }],
])("is another with another %s", (_name, change) => {
  const other = { ...journey, touchpoints: [{ ...touchpoint, ...change }, journey.touchpoints[1]!] };
  expect(digestOf(other)).not.toBe(digestOf(journey));
});
