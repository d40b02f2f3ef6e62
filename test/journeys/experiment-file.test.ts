// Variants, experiments and hold-outs in a journey's file: read, refused with the place of every fault, and said.
import { claimsCheck } from "../../src/journeys/claims.js";
import { parseJourney } from "../../src/journeys/file.js";
import { changesBetween, sayChanges } from "../../src/journeys/publish.js";
import { digestOf, type JourneySpec } from "../../src/journeys/spec.js";
import { sayFault } from "../../src/kernel/refusals.js";
import { refusedFor } from "../support/refused.js";

const claims = claimsCheck([
  { key: "absolute", name: "绝对化用语", reason: "不许", terms: ["最好"], except: [] },
]);
const words: Record<string, string> = { "warm.hbs": "亲爱的，您好", "bad.hbs": "您好\n{{nobody}}" };

function read(...lines: string[]): JourneySpec {
  const absent = { fault: "a file that exists" };
  const text = [
    ...["key: j", "name: 旅程", "hold_out: 5", "touchpoints:"],
    ...["  - key: t", "    name: 触点", "    after: joined", "    days: 3"],
    ...lines.map((line) => `    ${line}`),
  ].join("\n");
  const readWords = (path: string) => (words[path] === undefined ? absent : { text: words[path] });
  return parseJourney({ name: "j.yaml", text, readWords, readFile: () => absent }, claims);
}

const faultsOf = (...lines: string[]) => refusedFor(() => read(...lines)).map(sayFault);

const ab = (share = 50, warm = "warm.hbs") => [
  "variants:",
  "  - key: plain",
  `    share: ${100 - share}`,
  "    words: 您好",
  "  - key: warm",
  `    share: ${share}`,
  `    words: ${warm}`,
];

test("a file with all of it is read whole; the first variant's words are the touchpoint's own", () => {
  const [touchpoint] = read(
    ...ab(30),
    "hold_out: 10",
    "experiment:",
    "  pilot: 20",
    "  days: 14",
  ).touchpoints;
  expect(touchpoint).toMatchObject({
    words: "您好",
    send: "mass",
    variants: [
      { key: "plain", share: 70, words: "您好" },
      { key: "warm", share: 30, words: "亲爱的，您好" },
    ],
    experiment: { pilot: 20, days: 14, looks: 1 },
    holdOut: 10,
    journeyHoldOut: 5,
  });
});

test("words that name the customer in one variant make the touchpoint personal", () => {
  const [touchpoint] = read(...ab(50, '"{{customer.name}}，您好"')).touchpoints;
  expect(touchpoint?.send).toBe("page");
});

test("a file that says nothing of it keeps the digest it had", () => {
  const plain: JourneySpec = {
    ...{ key: "j", name: "旅程" },
    touchpoints: [
      {
        ...{
          key: "t",
          name: "触点",
          at: null,
          graceDays: 3,
          priority: "service",
          send: "mass",
          audience: {},
        },
        trigger: { anchor: "joined", offset: { unit: "days", n: 3 }, repeat: "once" },
        words: "您好",
      },
    ],
  };
  const text =
    "key: j\nname: 旅程\ntouchpoints:\n  - {key: t, name: 触点, after: joined, days: 3, words: 您好}\n";
  const absent = { fault: "a file that exists" };
  const spec = parseJourney(
    { name: "j.yaml", text, readWords: () => absent, readFile: () => absent },
    claims,
  );
  expect(digestOf(spec)).toBe(digestOf(plain));
});

test.each<[string, string[], unknown[]]>([
  [
    "shares that are not 100",
    ["variants:", "  - {key: a, share: 50, words: 您}", "  - {key: b, share: 40, words: 好}"],
    ['j.yaml line 10 column 7, "[…]": expected shares that make 100 together, not 90'],
  ],
  [
    "one variant alone",
    ["variants:", "  - {key: a, share: 99, words: 您}"],
    ['j.yaml line 10 column 7, "[…]": expected 2 to 6 variants'],
  ],
  [
    "the same key twice",
    ["variants:", "  - {key: a, share: 50, words: 您}", "  - {key: a, share: 50, words: 好}"],
    ['j.yaml line 11 column 15, "a": expected a key no other variant of the touchpoint has'],
  ],
  [
    "words and variants",
    ["words: 您好", ...ab()],
    ['j.yaml line 9 column 12, "您好": expected either words or variants, not both'],
  ],
  [
    "an experiment on nothing",
    ["words: 您好", "experiment:", "  days: 7"],
    ['j.yaml line 11 column 7, "{…}": expected variants: to compare'],
  ],
  [
    "a follow-up without words",
    ["send: hand", ...ab()],
    ['j.yaml line 11 column 7, "[…]": expected words to compare (send: hand goes without)'],
  ],
  [
    "a hold-out of all",
    ["words: 您好", "hold_out: 80"],
    ['j.yaml line 10 column 15, "80": expected a whole number from 1 to 50'],
  ],
  [
    "forbidden words in one variant",
    ab(50, "全世界最好的奶粉"),
    ['j.yaml line 15, "最好": expected words without 绝对化用语: 不许'],
  ],
  [
    "a fault in a variant's file",
    ab(50, "bad.hbs"),
    [expect.stringMatching(/^bad\.hbs line 2 column 3, "nobody": expected a known variable/)],
  ],
  [
    "too many looks",
    [...ab(), "experiment: {looks: 9, window: 3}"],
    [
      'j.yaml line 16 column 28, "window": expected one of the keys pilot, days, looks, detect',
      'j.yaml line 16 column 25, "9": expected a whole number from 1 to 6',
    ],
  ],
])("%s is refused where it stands", (_name, lines, expected) => {
  expect(faultsOf(...lines)).toEqual(expected);
});

test("what changes is said line by line", () => {
  const before = read("words: 您好");
  const after = read(...ab(30), "hold_out: 10", "experiment: {pilot: 20, days: 14, looks: 2, detect: 3}");
  expect(sayChanges(changesBetween(before, after))).toEqual([
    "修改「触点」：话术改写；实验由无改为plain 70%、warm 30%，先试20%客户，14天内评定2次，至少看出3个百分点；对照由无改为10%",
  ]);
  const other = read(
    ...ab(30, "亲，早"),
    "hold_out: 10",
    "experiment: {pilot: 20, days: 14, looks: 2, detect: 3}",
  );
  expect(changesBetween(after, other).touchpoints[0]).toMatchObject({ aspects: ["words"] });
});
