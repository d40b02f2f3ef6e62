// How often something may be tried.
import { attemptLimit } from "../../src/identity/attempts.js";

it("lets so many through in a window, and again when it has passed", () => {
  const limit = attemptLimit(2, 1000);
  expect([limit.take("a", 0), limit.take("a", 10), limit.take("a", 20)]).toEqual([true, true, false]);
  expect(limit.take("b", 20)).toBe(true);
  expect(limit.take("a", 1000)).toBe(true);
  expect(limit.take("a", 1005)).toBe(false);
});

it("a refused try does not lengthen the wait", () => {
  const limit = attemptLimit(1, 1000);
  limit.take("a", 0);
  for (let at = 1; at < 1000; at += 100) expect(limit.take("a", at)).toBe(false);
  expect(limit.take("a", 1000)).toBe(true);
});

it("gives a try back, and forgets", () => {
  const limit = attemptLimit(1, 1000);
  limit.take("a", 0);
  limit.giveBack("a");
  expect(limit.take("a", 1)).toBe(true);
  limit.clear("a");
  expect(limit.take("a", 2)).toBe(true);
});
