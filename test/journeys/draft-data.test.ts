// A journey as plain data: read by the rules of files, its faults told by their paths, whole without its folder.
import { contentDigest } from "../../src/journeys/content.js";
import { dataOf, dataSource, type JourneyData, keptIn, remembering } from "../../src/journeys/draft-data.js";
import { parseJourney } from "../../src/journeys/file.js";
import { digestOf } from "../../src/journeys/spec.js";

const day3 = { key: "day-3", name: "第3天", after: "joined", days: 3, words: "您好" };
const journey = (...touchpoints: object[]): JourneyData => ({ key: "care", name: "关怀", touchpoints });
const read = (data: JourneyData, claims: Parameters<typeof parseJourney>[1] = () => []) =>
  parseJourney(dataSource(data, new Map()), claims);
const faultsOf = (data: JourneyData, claims?: Parameters<typeof parseJourney>[1]) => {
  try {
    read(data, claims);
    return [];
  } catch (error) {
    return (error as { faults: { field?: string; line?: number; expected: string }[] }).faults;
  }
};

it.each<[string, JourneyData, string[]]>([
  ["no touchpoints", { key: "care", name: "关怀" }, [""]],
  ["a key of the wrong kind", { ...journey(day3), key: 7 }, ["key"]],
  ["a touchpoint that is none", journey("day-3" as never), ["touchpoints.0"]],
  ["a day too early", journey({ ...day3, days: -1 }), ["touchpoints.0.days"]],
  ["an unknown key", journey(day3, { ...day3, key: "b", every: 3 }), ["touchpoints.1.every"]],
  ["words from a file", journey({ ...day3, words: "day3.hbs" }), ["touchpoints.0.words"]],
  ["an unknown variable", journey({ ...day3, words: "{{no.such}}" }), ["touchpoints.0.words"]],
  ["twice the same key", journey(day3, day3), ["touchpoints.1.key"]],
  [
    "an audience of the wrong kind",
    journey({ ...day3, audience: { level: 3 } }),
    ["touchpoints.0.audience.level"],
  ],
])("%s is told by its path", (_what, data, fields) => {
  expect(faultsOf(data).map(({ field }) => field)).toEqual(fields);
});

it("tells forbidden words with their line inside the words", () => {
  const hit = { term: "治愈", category: "医疗", reason: "不许", position: 3, found: "治愈", sentence: "" };
  const [fault] = faultsOf(journey({ ...day3, words: "您好\n治愈" }), () => [hit]);
  expect(fault).toMatchObject({ field: "touchpoints.0.words", line: 2 });
});

it("means the same as the file it came from, with what lay beside it inside it", () => {
  const picture = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    "base64",
  );
  const file = {
    name: "care.yaml",
    text: [
      "# 关怀",
      "key: care",
      "name: 关怀",
      "touchpoints:",
      "  - { key: a, name: 甲, after: joined, days: 3, words: a.hbs }",
      "  - { key: b, name: 乙, after: joined, days: 4, words: 您好, attachments: [{ kind: picture, file: sub/p.png }] }",
    ].join("\n"),
    readWords: () => ({ text: "您好\n{{customer.name}}\n" }),
    readFile: () => ({ bytes: picture }),
  };
  const { source, whole } = remembering(file);
  const files = new Map<string, Buffer>();
  const spec = parseJourney(source, () => [], files);
  const text = whole();
  expect(text).toContain("# 关怀");
  expect(text).not.toMatch(/a\.hbs|sub\//);
  const data = dataOf(text, spec);
  expect(keptIn(data)).toEqual([contentDigest(picture)]);
  expect(digestOf(parseJourney(dataSource(data, files), () => []))).toBe(digestOf(spec));
  expect(() => read(data)).toThrow("有错，没有采用");
});

it("takes words that an old version only names from what was published", () => {
  const text =
    "key: care\nname: 关怀\ntouchpoints:\n  - { key: day-3, name: 第3天, after: joined, days: 3, words: a.hbs }\n";
  const { touchpoints } = read(journey(day3));
  expect(dataOf(text, { touchpoints })).toEqual(journey(day3));
});
