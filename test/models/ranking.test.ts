// Ranks and thresholds on cases that can be counted by hand.
import { auc, calibration, liftOfTop, partingScore } from "../../src/models/ranking.js";

const ranked = (scores: number[], bought: number[]) => ({
  scores: Float64Array.from(scores),
  bought: Float64Array.from(bought),
});

describe("area under the curve", () => {
  test.each([
    ["all right", [1, 2, 3, 4], [0, 0, 1, 2], 1],
    ["all wrong", [4, 3, 2, 1], [0, 0, 1, 1], 0],
    ["nothing told", [5, 5, 5, 5], [0, 1, 0, 1], 0.5],
    ["one pair of four wrong", [1, 3, 2, 4], [0, 0, 1, 1], 0.75],
    ["a tie counts half", [1, 2, 2, 3], [0, 0, 1, 1], 0.875],
  ])("%s", (_what, scores, bought, right) => {
    expect(auc(ranked(scores, bought))).toBeCloseTo(right, 12);
  });

  test("cannot be said when all bought, or none", () => {
    expect(auc(ranked([1, 2], [1, 1]))).toBeNaN();
    expect(auc(ranked([1, 2], [0, 0]))).toBeNaN();
  });
});

describe("the score that parts", () => {
  test("lies at the first buyer when they stand apart", () => {
    expect(partingScore(ranked([1, 2, 3, 4], [0, 0, 1, 1]))).toBe(3);
  });

  test("of overlapping ones is where most are right", () => {
    // below 4: all others and one of four buyers
    expect(partingScore(ranked([1, 2, 3, 3.2, 3.5, 4, 6, 7], [0, 0, 1, 0, 0, 1, 1, 1]))).toBe(4);
  });

  test("never cuts through equal scores", () => {
    expect(partingScore(ranked([1, 2, 2, 2, 3], [0, 0, 1, 0, 1]))).toBe(3);
  });

  test("cannot be said when all bought, or none", () => {
    expect(partingScore(ranked([1, 2], [1, 1]))).toBeNaN();
  });
});

test("a calibration table has every customer once, from low to high", () => {
  const scores = Array.from({ length: 95 }, (_, i) => (i * 37) % 95);
  const steps = calibration(
    ranked(
      scores,
      scores.map((score) => (score > 47 ? 2 : 0)),
    ),
  );
  expect(steps).toHaveLength(10);
  expect(steps.reduce((sum, { customers }) => sum + customers, 0)).toBe(95);
  expect(steps.map(({ score }) => score)).toEqual([...steps.map(({ score }) => score)].sort((a, b) => a - b));
  expect(steps[0]).toMatchObject({ bought: 0, purchases: 0 });
  expect(steps[9]).toMatchObject({ bought: 1, purchases: 2 });
});

test("lift of the highest fifth", () => {
  const scores = Array.from({ length: 100 }, (_, i) => i);
  expect(
    liftOfTop(
      ranked(
        scores,
        scores.map((score) => (score >= 75 ? 1 : 0)),
      ),
    ),
  ).toBeCloseTo(4, 12);
});
