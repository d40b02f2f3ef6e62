// The demo brand looks like life, and is the same from the same seed.

import { addDays } from "../../src/kernel/calendar.js";
import { makeBrand, PLAY_DAYS } from "../../src/sandbox/brand.js";

const today = "2026-11-22";
const brand = makeBrand(7, today);

test("its size is that of a small brand", () => {
  expect(new Set(brand.stores.map((s) => s.region)).size).toBe(7);
  expect(brand.stores).toHaveLength(120);
  expect(brand.guides.length).toBeGreaterThan(310);
  expect(brand.guides.length).toBeLessThan(400);
  expect(brand.customers).toHaveLength(6000);
});

test("the same seed makes the same brand, another seed another one", () => {
  expect(makeBrand(7, today)).toEqual(brand);
  expect(makeBrand(8, today).customers[0]?.name).not.toBe(undefined);
  expect(makeBrand(8, today).customers).not.toEqual(brand.customers);
});

test("nothing happens after today, and about one customer in eight comes in the played days", () => {
  expect(brand.orders.filter((o) => o.orderedOn > today)).toEqual([]);
  expect(brand.children.filter((c) => c.bornOn > today)).toEqual([]);
  const recent = brand.customers.filter((c) => c.joinedOn >= addDays(today, -PLAY_DAYS)).length;
  expect(recent).toBe(Math.round(6000 * 0.13));
});

test("双11 is the busiest day, and orders have numbers of their own", () => {
  const byDay = new Map<string, number>();
  for (const order of brand.orders) byDay.set(order.orderedOn, (byDay.get(order.orderedOn) ?? 0) + 1);
  const busiest = [...byDay].sort((a, b) => b[1] - a[1]).slice(0, 2);
  expect(busiest.map(([day]) => day.slice(5))).toEqual(["11-11", "11-11"]);
  expect(new Set(brand.orders.map((o) => o.orderNo)).size).toBe(brand.orders.length);
});

test("phones have the form of a mobile and belong to nobody", () => {
  for (const customer of brand.customers) expect(customer.phone).toMatch(/^1\d{2}0000\d{4}$/);
});

test("names of stores and cities are real places", () => {
  for (const store of brand.stores) expect(store.city).toMatch(/(市|州|地区|盟)$/);
});
