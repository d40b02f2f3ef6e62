// The special functions against closed forms and against each other.
import { gammaln, hyp2f1, hyp2f1WithOne, logAdd } from "../../src/models/special-functions.js";

const close = (value: number, right: number, digits = 12) =>
  expect(Math.abs(value / right - 1)).toBeLessThan(10 ** -digits);

test.each([
  [1, 0],
  [2, 0],
  [0.5, Math.log(Math.sqrt(Math.PI))],
  [5, Math.log(24)],
  [171, 706.5730622457874],
])("ln Γ(%p)", (x, right) => {
  expect(gammaln(x)).toBeCloseTo(right, 8);
});

describe("2F1 in closed form", () => {
  test.each([0.001, 0.1, 0.5, 0.9, 0.99])("z = %p", (z) => {
    // DLMF 15.4.1, 15.4.2, 15.4.6
    close(hyp2f1(1, 1, 2, z), -Math.log(1 - z) / z);
    close(hyp2f1(0.5, 1, 1.5, z * z), Math.atanh(z) / z);
    close(hyp2f1(2.5, 3, 3, z), (1 - z) ** -2.5, 10);
    close(hyp2f1WithOne(1, 2, z), -Math.log(1 - z) / z);
    close(hyp2f1WithOne(0.5, 1.5, z * z), Math.atanh(z) / z);
  });

  test("a series that ends is a polynomial", () => {
    close(hyp2f1(-2, 3, 4, 0.5), 1 - (2 * 3 * 0.5) / 4 + (2 * 1 * 3 * 4 * 0.25) / (4 * 5 * 2));
  });

  test("z = 0 gives 1", () => {
    expect(hyp2f1(3, 4, 5, 0)).toBe(1);
    expect(hyp2f1WithOne(4, 5, 0)).toBe(1);
  });
});

describe("the fraction agrees with the series", () => {
  const shapes = [
    [2.3, 5.7],
    [200.3, 201.7],
    [0.01, 1.2],
    [12, 12.4],
  ] as const;
  test.each(shapes)("b = %p, c = %p", (b, c) => {
    for (const z of [0.05, 0.5, 0.9, 0.99]) close(hyp2f1WithOne(b, c, z), hyp2f1(1, b, c, z), 9);
  });

  test("near z = 1 it still has the closed form's digits", () => {
    close(hyp2f1WithOne(1, 2, 0.9999), -Math.log(0.0001) / 0.9999, 10);
  });
});

test("logAdd neither overflows nor loses the lesser part", () => {
  expect(logAdd(1000, 1000)).toBeCloseTo(1000 + Math.LN2, 12);
  expect(logAdd(-2000, Number.NEGATIVE_INFINITY)).toBe(-2000);
  expect(logAdd(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
  expect(logAdd(0, -30)).toBeCloseTo(Math.log1p(Math.exp(-30)), 20);
});
