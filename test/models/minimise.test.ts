// The downhill simplex on functions whose lowest point is known.
import { minimise } from "../../src/models/minimise.js";

test("Rosenbrock's valley", () => {
  const banana = ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  const { at, value } = minimise(banana, [-1.2, 1], { tolerance: 1e-14 });
  expect(value).toBeLessThan(1e-9);
  expect(at[0]).toBeCloseTo(1, 4);
  expect(at[1]).toBeCloseTo(1, 4);
});

test("a bowl in four dimensions, from far away", () => {
  const bowl = (at: readonly number[]) => at.reduce((sum, value, i) => sum + (i + 1) * (value - i) ** 2, 3);
  const { at, value } = minimise(bowl, [40, -30, 20, 10], { tolerance: 1e-14 });
  expect(value).toBeCloseTo(3, 8);
  for (const [i, one] of at.entries()) expect(one).toBeCloseTo(i, 4);
});

test("where the function is none, it is not looked for", () => {
  const walled = ([x = 0]: readonly number[]) => (x < 2 ? Number.NaN : x * x);
  expect(minimise(walled, [5]).at[0]).toBeCloseTo(2, 2);
});

test("a step that no move betters draws the simplex together", () => {
  // a cone so narrow that every reflection and contraction of the first simplex lies higher than its best point
  const cone = (at: readonly number[]) => Math.max(...at.map((value) => Math.abs(value)));
  const { value } = minimise(cone, [0.3, 0.2, -0.4], { step: 10, tolerance: 1e-10 });
  expect(value).toBeLessThan(1e-2);
});
