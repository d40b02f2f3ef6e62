// What is said of an experiment's figures.
import { verdictJson } from "../../../src/reports/experiments/verdict-json.js";
import { verdictText } from "../../../src/reports/experiments/verdict-text.js";
import { sayVerdict } from "../../../src/reports/experiments/verdict-words.js";
import { type ArmCount, judge } from "../../../src/reports/experiments/verdicts.js";

const arm = (name: string, sent: number, replied: number): ArmCount => ({ name, sent, replied });
const said = (...arms: ArmCount[]) => sayVerdict(judge(arms)).en;

test.each([
  [
    "the second is better",
    [arm("A", 1200, 238), arm("B", 1200, 289)],
    "B is better: 24.1 % against 19.8 % replies, difference 4.3 points (0.9 to 7.6)",
  ],
  [
    "the first is better",
    [arm("A", 1200, 289), arm("B", 1200, 238)],
    "A is better: 24.1 % against 19.8 % replies, difference 4.3 points (0.9 to 7.6)",
  ],
  [
    "more is needed",
    [arm("A", 1000, 200), arm("B", 1000, 220)],
    "not decided: 11,019 more sends needed (2,000 sent, a difference of 2 points takes about 13,019)",
  ],
  [
    "no difference at all",
    [arm("A", 1000, 200), arm("B", 1000, 200)],
    "not decided: no difference seen, so nobody can say how many more sends it takes",
  ],
  [
    "the best of three beside the first",
    [arm("A", 5000, 503), arm("B", 5000, 520), arm("C", 5000, 613)],
    "C is better: 12.3 % against 10.1 % replies, difference 2.2 points (1.0 to 3.4)",
  ],
])("%s", (_name, arms, sentence) => expect(said(...arms)).toBe(sentence));

test("three arms must clear a higher bar than two", () => {
  const [a, b, c] = [arm("A", 1000, 200), arm("B", 1000, 237), arm("C", 1000, 201)];
  expect(judge([a, b]).outcome).toBe("better");
  expect(judge([a, b, c]).outcome).toBe("undecided");
  expect(judge([a, b]).bound).toBeCloseTo(1.959964, 5);
  expect(judge([a, b, c]).bound).toBeCloseTo(2.241403, 5);
});

test("sizes that cannot be chance make every rate worthless", () => {
  const arms = [arm("A", 600, 60), arm("B", 400, 80)];
  expect(judge(arms).outcome).toBe("better");
  const verdict = judge(arms, { shares: [50, 50] });
  expect(verdict).toMatchObject({ outcome: "mismatch", winner: null, moreSends: null });
  expect(sayVerdict(verdict).en).toMatch(/^not to be trusted: the sizes of A : B should be about 500 : 500/);
  expect(judge(arms, { shares: [3, 2] }).outcome).toBe("better");
  expect(judge(arms, { shares: [50, 50], assigned: [500, 500] }).outcome).toBe("better");
});

test("a bound of an early look holds back what a fixed horizon would call", () => {
  const arms = [arm("A", 1000, 200), arm("B", 1000, 240)];
  expect(judge(arms).outcome).toBe("better");
  expect(judge(arms, { bound: 3.7 }).outcome).toBe("undecided");
});

test("with a difference worth knowing, enough is enough", () => {
  const verdict = judge([arm("A", 20_000, 4000), arm("B", 20_000, 4010)], { detect: 0.03 });
  expect(verdict.moreSends).toBe(0);
  expect(sayVerdict(verdict)).toEqual({
    en: "not decided: enough was sent to see a difference of 3 points, and none was seen",
    zh: "尚无定论：发送量已足以看出 3 个百分点的差异，但没有看到",
  });
  // 1,094 an arm by power.prop.test's formula for 20 % against 25 %
  const early = judge([arm("A", 1000, 200), arm("B", 1000, 210)], { detect: 0.05 });
  expect(early.moreSends).toBe(188);
});

test("an arm without a send is no fault", () => {
  const verdict = judge([arm("A", 0, 0), arm("B", 10, 5)]);
  expect(verdict).toMatchObject({ outcome: "undecided", moreSends: null });
  expect(verdict.arms[0]?.rate).toBeNull();
});

test("as JSON and as text", () => {
  const verdict = judge([arm("A", 5000, 503), arm("B", 5000, 613)], { shares: [1, 1] });
  const json = verdictJson(verdict);
  expect(json).toMatchObject({
    outcome: "better",
    winner: "B",
    sample_ratio: { expected: [5000, 5000], p: 1, holds: true },
    more_sends: null,
  });
  expect(json.p).toBeCloseTo(0.00047679668, 9);
  expect(json.difference?.low).toBeCloseTo(0.009661, 6);
  expect(verdictText(verdict).split("\n")).toEqual([
    "A  发送 5000  回复 503  10.1%（9.3% 到 10.9%）",
    "B  发送 5000  回复 613  12.3%（11.4% 到 13.2%）",
    "B − A  2.2%（1.0% 到 3.4%）  p = 0.000477",
    "样本比例：正常（p = 1.00）",
    "B 更好：回复率 12.3% 对 10.1%，相差 2.2 个百分点（1.0 到 3.4）",
  ]);
});
