// What a text in the search box is taken for, and which names begin with it.
import fc from "fast-check";
import {
  askedBy,
  beginningWith,
  compareTexts,
  maskedPhone,
  namesBeginningWith,
} from "../../src/customers/search-text.js";

describe("a text", () => {
  it.each<[string, string[]]>([
    ["", []],
    ["   ", []],
    ["张", ["name 张"]],
    [" 张小 ", ["name 张小"]],
    ["13812341234", ["phone 13812341234", "name 13812341234", "id 13812341234"]],
    ["+86 138-1234-1234", ["phone 13812341234", "name +86 138-1234-1234"]],
    ["１３８１２３４１２３４", ["phone 13812341234", "name １３８１２３４１２３４"]],
    ["1234", ["tail 1234", "name 1234", "id 1234"]],
    ["12 34", ["tail 1234", "name 12 34"]],
    ["123", ["name 123", "id 123"]],
    ["12812341234", ["name 12812341234", "id 12812341234"]],
    ["wmEAlQDQAA", ["id wmEAlQDQAA", "name wmEAlQDQAA"]],
    ["woAJ2GCAAA", ["id woAJ2GCAAA", "name woAJ2GCAAA"]],
    ["Lily", ["name Lily", "id Lily"]],
    ["🌸花", ["name 🌸花"]],
  ])("%j may mean %j", (typed, meanings) => {
    expect(askedBy(typed).map(({ by, text }) => `${by} ${text}`)).toEqual(meanings);
  });

  it("of any length means something, and never more than 120 characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (typed) => {
        for (const { text } of askedBy(typed)) expect(text.length).toBeLessThanOrEqual(120);
      }),
    );
  });
});

describe("names that begin with a text", () => {
  const isIn = (name: string, [from, before]: readonly [string, string | null]) =>
    compareTexts(name, from) >= 0 && (before === null || compareTexts(name, before) < 0);

  it("lie in one span, and no other name does", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "b", "张", "\uD7FF", "\uE000", "🌸", "\u{10FFFF}"),
      maxLength: 4,
    });
    fc.assert(
      fc.property(text, text, (prefix, name) => {
        fc.pre(prefix !== "");
        expect(isIn(name, beginningWith(prefix))).toBe(name.startsWith(prefix));
      }),
      { numRuns: 2_000 },
    );
  });

  it("are found however their letters are written", () => {
    const spans = namesBeginningWith("lily");
    for (const name of ["lily妈妈", "Lily", "LILY88"])
      expect(spans.filter((span) => isIn(name, span))).toHaveLength(1);
    for (const name of ["lil", "Lola", "liLy"]) expect(spans.some((span) => isIn(name, span))).toBe(false);
    expect(namesBeginningWith("张")).toHaveLength(1);
  });
});

test.each([
  ["13812341234", "138****1234"],
  ["", "****"],
  ["1381234", "****"],
])("%j is shown as %s", (phone, shown) => expect(maskedPhone(phone)).toBe(shown));
