// Journey files: read with their defaults, or refused with every fault's file, line and what was expected.
import { claimsCheck } from "../../src/journeys/claims.js";
import { type JourneySource, parseJourney } from "../../src/journeys/file.js";
import { sayFault } from "../../src/kernel/refusals.js";
import { refusedFor } from "../support/refused.js";

const claims = claimsCheck([
  { key: "absolute", name: "绝对化用语", reason: "不许", terms: ["最好"], except: ["最好先"] },
]);

const files: Record<string, string> = {
  "day-3.hbs": "{{!-- note --}}\r\n您好，{{customer.name}}。\r\n",
  "bad.hbs": "一行\n二行{{nobody}}\n{{> card}}",
  "claim.hbs": "\uFEFF一行\n这是{{! x }}最{{! y }}好的",
  "blank.hbs": "{{!-- nothing --}}\n",
  "open.hbs": "{{#if days}}",
};

function read(text: string, name = "brand/journey.yaml") {
  const source: JourneySource = {
    name,
    text,
    readWords: (path) => (path in files ? { text: files[path]! } : { fault: "a file that exists" }),
  };
  return parseJourney(source, claims);
}

const faultsOf = (text: string) => refusedFor(() => read(text)).map(sayFault);

/** A journey whose one touchpoint has these lines besides its key and name; they begin on line 6. */
const touchpoint = (...lines: string[]) =>
  [
    "key: j",
    "name: 旅程",
    "touchpoints:",
    "  - key: t",
    "    name: 触点",
    ...lines.map((line) => `    ${line}`),
  ].join("\n");

describe("a right file", () => {
  it("is read whole, with defaults", () => {
    const journey = read(touchpoint("after: joined", "days: 3", "words: 您好"));
    expect(journey).toEqual({
      key: "j",
      name: "旅程",
      touchpoints: [
        {
          key: "t",
          name: "触点",
          trigger: { anchor: "joined", offset: { unit: "days", n: 3 }, repeat: "once" },
          at: null,
          graceDays: 3,
          priority: "service",
          send: "mass",
          audience: {},
          words: "您好",
        },
      ],
    });
  });

  it("is read whole, with everything said", () => {
    const journey = read(
      touchpoint(
        "before: child_due",
        "weeks: 2",
        "repeat: once",
        'at: "09:07"',
        "grace_days: 0",
        "priority: milestone",
        "send: bot",
        "audience: { source: [门店, 电商, 门店], tag: 二胎 }",
        "words: day-3.hbs",
      ),
    );
    expect(journey.touchpoints[0]).toMatchObject({
      trigger: { anchor: "child_due", offset: { unit: "weeks", n: -2 }, repeat: "once" },
      at: "09:07",
      graceDays: 0,
      priority: "milestone",
      send: "bot",
      audience: { source: ["电商", "门店"], tag: ["二胎"] },
      words: "{{!-- note --}}\n您好，{{customer.name}}。\n",
    });
  });

  it.each([
    ["words: 您好", "mass"],
    ["words: 我是{{guide.name}}", "mass"],
    ["words: 您好，{{customer.name}}", "page"],
    ['words: "{{default child.name \\"宝宝\\"}}好"', "page"],
    ["send: hand", "hand"],
  ])("%s goes by %s unless told", (line, send) => {
    expect(read(touchpoint("after: joined", "days: 3", line)).touchpoints[0]?.send).toBe(send);
  });

  it.each([
    "after: child_born\n    days: 0\n    repeat: yearly",
    "before: child_born\n    days: 7\n    repeat: yearly",
    "after: customer_birthday\n    days: 0\n    repeat: yearly",
    "after: child_born\n    months: 36",
    "after: last_order\n    days: 30\n    repeat: each",
    "before: supply_ends\n    days: 5\n    repeat: each",
    "after: at_risk\n    days: 0\n    repeat: each",
    "after: first_order\n    weeks: 1",
    "after: guide_assigned\n    days: 3\n    audience: {}",
    "after: joined\n    days: 3\n    at: 09:07",
  ])("%s", (lines) => {
    expect(faultsOf(touchpoint(lines, "words: 您好"))).toEqual([]);
  });

  it("says an audience as rules inside rules", () => {
    const audience =
      "audience:\n      region: 华东\n      any:\n        - { child_stage: [3-6, 0-3], orders: { at_least: 2 } }\n        - not: { tag: 投诉 }";
    expect(
      read(touchpoint("after: joined", "days: 3", "words: 您好", audience)).touchpoints[0]?.audience,
    ).toEqual({
      region: ["华东"],
      any: [{ child_stage: ["0-3", "3-6"], orders: { at_least: 2 } }, { not: { tag: ["投诉"] } }],
    });
  });

  it("may use YAML's own means: aliases and blocks", () => {
    const journey = read(
      `key: j\nname: 旅程\ntouchpoints:\n  - { key: a, name: 甲, after: joined, days: 1, words: 您好, audience: &shops { source: [门店] } }\n  - key: b\n    name: 乙\n    after: joined\n    days: 2\n    audience: *shops\n    words: |\n      第一次见面，\n      您好\n`,
    );
    expect(journey.touchpoints[1]).toMatchObject({
      audience: { source: ["门店"] },
      words: "第一次见面，\n您好\n",
    });
  });
});

describe("faults", () => {
  const good = ["after: joined", "days: 3", "words: 您好"];
  const without = (...out: string[]) => good.filter((line) => !out.some((start) => line.startsWith(start)));

  it.each<[string, string[], string]>([
    [
      "unknown key",
      [...good, "colour: red"],
      'line 9 column 5, "colour": expected one of the keys key, name',
    ],
    [
      "unknown anchor",
      ["after: wedding", ...without("after")],
      'line 6 column 12, "wedding": expected one of joined,',
    ],
    [
      "after and before",
      [...good, "before: child_due"],
      'line 9 column 13, "child_due": expected one of after, before and on, not after and before',
    ],
    ["neither", without("after"), "line 4 column 5: expected after: or before: with one of joined"],
    ["no distance", without("days"), "line 4 column 5: expected days:, weeks: or months:"],
    ["two distances", [...good, "weeks: 1"], 'line 9 column 12, "1": expected one of days, weeks and months'],
    [
      "a negative distance",
      ["days: -3", ...without("days")],
      'line 6 column 11, "-3": expected a whole number from 0',
    ],
    ["a broken distance", ["days: 2.5", ...without("days")], '"2.5": expected a whole number'],
    ["a distance in words", ["days: three", ...without("days")], '"three": expected a whole number'],
    [
      "too far",
      ["months: 400", "after: child_born", "words: 您好"],
      '"400": expected a whole number from 0 to 120',
    ],
    [
      "months yearly",
      ["after: child_born", "months: 2", "repeat: yearly", "words: 您好"],
      'line 7 column 13, "2": expected days or weeks',
    ],
    ["joined each", [...good, "repeat: each"], 'line 9 column 13, "each": expected repeat: once with joined'],
    ["joined yearly", [...good, "repeat: yearly"], "expected repeat: once with joined, not yearly"],
    [
      "last order once",
      ["after: last_order", ...without("after")],
      "line 4 column 5: expected repeat: each with last_order",
    ],
    ["at risk once", ["after: at_risk", ...without("after")], "expected repeat: each with at_risk"],
    [
      "a birthday once",
      ["after: customer_birthday", ...without("after")],
      "expected repeat: yearly with customer_birthday",
    ],
    [
      "a birth each",
      ["after: child_born", "repeat: each", ...without("after")],
      "expected repeat: once or yearly",
    ],
    ["an unknown repeat", [...good, "repeat: daily"], '"daily": expected one of once, yearly, each'],
    [
      "before what nobody foresees",
      ["before: joined", ...without("after")],
      '"joined": expected after: joined is not known',
    ],
    [
      "before a birth, once",
      ["before: child_born", ...without("after")],
      "expected after: child_born is not known",
    ],
    ["no time", [...good, "at: 25:00"], 'line 9 column 9, "25:00": expected a time "HH:MM"'],
    ["half a time", [...good, "at: 9"], '"9": expected a time "HH:MM"'],
    ["a time without its nought", [...good, 'at: "9:07"'], '"9:07": expected a time "HH:MM"'],
    ["too much grace", [...good, "grace_days: 61"], '"61": expected a whole number from 0 to 60'],
    [
      "unknown priority",
      [...good, "priority: urgent"],
      "expected one of service, milestone, churn, promotion",
    ],
    ["unknown way", [...good, "send: mail"], '"mail": expected one of mass, page, bot, hand'],
    [
      "unknown audience field",
      [...good, "audience: { city: [上海] }"],
      '"city": expected one of the keys source, level',
    ],
    ["an audience of nobody", [...good, "audience: { source: [] }"], "expected a list of texts"],
    ["an audience of numbers", [...good, "audience: { level: [1] }"], "expected a list of texts"],
    [
      "an unknown stage in a rule",
      [...good, "audience:\n      any:\n        - tag: [二胎]\n        - buying_stage: [new, old]"],
      'line 12 column 31, "old": expected one or more of new, active',
    ],
    [
      "an unknown key in a rule",
      [...good, "audience: { not: { city: [上海] } }"],
      '"city": expected one of the keys source, level',
    ],
    [
      "a range that is a number",
      [...good, "audience: { orders: 2 }"],
      '"2": expected at_least: and at_most:, or one of them',
    ],
    [
      "a range upside down",
      [...good, "audience: { orders: { at_least: 3, at_most: 2 } }"],
      '"{…}": expected at_least no larger than at_most',
    ],
    ["an audience that is text", [...good, "audience: 门店"], '"门店": expected key: value pairs'],
    ["no words", without("words"), "line 4 column 5: expected words: a text or a path"],
    ["empty words", ["words:", ...without("words")], "expected a text, or a path ending in .hbs"],
    [
      "words without letters",
      ['words: "  "', ...without("words")],
      "expected a text, or a path ending in .hbs",
    ],
    ["words upwards", ["words: ../day-3.hbs", ...without("words")], '"../day-3.hbs": expected a path inside'],
    ["words upwards inside", ["words: a/../../day-3.hbs", ...without("words")], "expected a path inside"],
    ["words at the root", ["words: /etc/passwd.hbs", ...without("words")], "expected a path inside"],
    ["words on a drive", ["words: C:day-3.hbs", ...without("words")], "expected a path inside"],
    ["words by backslash", ["words: ..\\day-3.hbs", ...without("words")], "expected a path inside"],
    [
      "words that are not there",
      ["words: none.hbs", ...without("words")],
      'line 6 column 12, "none.hbs": expected a file that exists',
    ],
    [
      "words of nothing",
      ["words: blank.hbs", ...without("words")],
      "brand/blank.hbs line 1: expected words, not nothing",
    ],
    [
      "words that do not end",
      ["words: open.hbs", ...without("words")],
      "brand/open.hbs line 1 column 13: expected the end of what was opened",
    ],
    [
      "a claim across comments",
      ["words: claim.hbs", ...without("words")],
      'brand/claim.hbs line 2, "最好": expected words without 绝对化用语',
    ],
    [
      "a claim in a default",
      ["words: '{{default child.name \"最好的宝宝\"}}'", ...without("words")],
      'journey.yaml line 6, "最好"',
    ],
    [
      "a claim in a block",
      ["words: |", "  一", "  最好", ...without("words")],
      'brand/journey.yaml line 8, "最好"',
    ],
    [
      "unknown variable in a block",
      ["words: |", "  一", "  {{nobody}}", ...without("words")],
      'journey.yaml line 8, "nobody"',
    ],
    ["too many words", [`words: ${"好".repeat(1400)}`, ...without("words")], "expected at most 4000 bytes"],
  ])("%s", (_name, lines, expected) => {
    const faults = faultsOf(touchpoint(...lines));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(expected);
  });

  it("inside words stand at their own lines", () => {
    expect(faultsOf(touchpoint("after: joined", "days: 3", "words: bad.hbs"))).toEqual([
      expect.stringMatching(/^brand\/bad.hbs line 2 column 5, "nobody": expected a known variable/),
      expect.stringMatching(/^brand\/bad.hbs line 3 column 1, "\{\{> …\}\}": expected text/),
    ]);
  });

  it("are all told, the journey's own first, in the order of their lines", () => {
    const faults = faultsOf(
      "key: J!\nname: ''\ntouchpoints:\n  - key: a\n    name: x\n    after: joined\n    days: x\n    words: bad.hbs\n  - key: a\n    after: joined\n    days: 1\n    words: 最好\n  - 7\nextra: 1",
    );
    expect(faults.map((fault) => fault.replace(/brand\//, "").replace(/(line \d+).*/, "$1"))).toEqual([
      ...[1, 2, 7, 9, 9, 12, 13, 14].map((line) => `journey.yaml line ${line}`),
      "bad.hbs line 2",
      "bad.hbs line 3",
    ]);
  });

  it.each([
    ["not YAML", "key: [", "YAML that can be read"],
    ["nothing", "", "key: value pairs"],
    ["a list", "- a", "key: value pairs"],
    [
      "a key twice",
      "key: j\nkey: k\nname: x\ntouchpoints: []",
      "YAML that can be read (Map keys must be unique",
    ],
    ["two documents", "key: j\n---\nkey: k", "YAML that can be read"],
    ["an unknown alias", "key: *j", '"*j": expected an alias of something above'],
    ["no touchpoints", "key: j\nname: x", "touchpoints: a list"],
    ["an empty list", "key: j\nname: x\ntouchpoints: []", "a list with at least one entry"],
    ["a key that is a number", "key: 3\nname: x\ntouchpoints: []", "1 to 64 of a-z"],
  ])("%s", (_name, text, expected) => {
    expect(faultsOf(text).join("\n")).toContain(expected);
  });
});
