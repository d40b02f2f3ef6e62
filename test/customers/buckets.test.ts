// Buckets: fixed for ever, and even.
import { bucketOf } from "../../src/customers/buckets.js";

test("the bucket of an id is a constant of the product", () => {
  expect(["wm2356", "wmABC", "王"].map(bucketOf)).toEqual([9574, 2265, 1613]);
});

test("ids spread evenly over the buckets", () => {
  const quarters = [0, 0, 0, 0];
  for (let n = 0; n < 20_000; n++) quarters[Math.floor(bucketOf(`wm${n}`) / 2500)]! += 1;
  for (const count of quarters) expect(Math.abs(count - 5000)).toBeLessThan(250);
});
