// What differs between two values, place by place.
import { changedParts, differences } from "../../src/identity/differences.js";

describe("differences", () => {
  const line = (path: string, before?: string, after?: string) => ({ path, before, after });
  const cases: [what: string, before: object | undefined, after: object | undefined, places: object[]][] = [
    ["nothing and nothing", undefined, undefined, []],
    ["the same", { a: 1, b: [1, 2], c: { d: "x" } }, { c: { d: "x" }, b: [1, 2], a: 1 }, []],
    [
      "something new",
      undefined,
      { name: "关怀", on: false },
      [line("name", undefined, "关怀"), line("on", undefined, "false")],
    ],
    ["something gone", { a: 1, b: null }, {}, [line("a", "1")]],
    ["deep inside", { a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, [line("a.b.c", "1", "2")]],
    ["a list of words", { days: ["周一", "周二"] }, { days: ["周二"] }, [line("days", "周一、周二", "周二")]],
    ["a list emptied", { days: [1] }, { days: [] }, [line("days", "1")]],
    [
      "a member put in front of others with keys",
      { t: [{ key: "a", n: 1 }] },
      {
        t: [
          { key: "b", n: 2 },
          { key: "a", n: 1 },
        ],
      },
      [line("t.b.key", undefined, "b"), line("t.b.n", undefined, "2")],
    ],
    ["members without keys, by place", { t: [{ n: 1 }] }, { t: [{ n: 3 }] }, [line("t.1.n", "1", "3")]],
    [
      "a value that became many",
      { a: "x" },
      { a: { b: "x" } },
      [line("a", "x"), line("a.b", undefined, "x")],
    ],
  ];
  it.each(cases)("%s", (_what, before, after, places) => {
    expect(differences(before, after)).toEqual(places);
  });
});

it("keeps of two large values what differs", () => {
  const before = { name: "a", touchpoints: [{ key: "x", words: "1", n: 1 }] };
  const after = { name: "a", touchpoints: [{ key: "x", words: "2", n: 1 }, { key: "y" }] };
  expect(changedParts(before, after)).toEqual({
    before: { "touchpoints.x.words": "1" },
    after: { "touchpoints.x.words": "2", "touchpoints.y.key": "y" },
  });
  expect(changedParts(undefined, after)).toEqual({ before: undefined, after });
});
