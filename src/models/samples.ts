// Reads the customers that the models learn from: all of a small brand, of a large one some tens of thousands, evenly.
import { setImmediate as turn } from "node:timers/promises";
import { grouped } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { dayNumber, type ShopDay } from "../kernel/calendar.js";
import { purchaseDays } from "./histories.js";
import { ordersBetween } from "./order-queries.js";
import { type PurchaseLog, purchaseLog } from "./purchase-log.js";
import { type Supply, supplyOf } from "./supplies.js";

/** What is learned from. */
export interface Sample {
  log: PurchaseLog;
  supplies: Supply[];
}

/** Customers looked at, at most: the area under the curve is then right to about 0.003. */
const MOST = 40_000;
/** Of whom so many say how fast things are used up. */
const MOST_SUPPLIES = 4_000;
/** Customers in a row of one read. */
const BLOCK = 200;

/** The orders of customers with ids up to `last`, as far as they had happened on `until`. */
export async function readSample(sql: Sql, last: number, until: ShopDay): Promise<Sample> {
  const log = purchaseLog();
  const supplies: Supply[] = [];
  const blocks = blocksOf(last);
  for (const [at, from] of blocks.entries()) {
    const orders = await ordersBetween(sql, from, from + BLOCK - 1, until);
    for (const own of grouped(orders, ({ customerId }) => customerId).values()) {
      log.add(purchaseDays(own.map(({ orderedOn }) => dayNumber(orderedOn))));
      const supply = supplyOf(own);
      // as many of each block
      const wanted = ((at + 1) * MOST_SUPPLIES) / blocks.length;
      if (supply && supplies.length < wanted) supplies.push(supply);
    }
    await turn();
  }
  return { log: log.done(), supplies };
}

/** Where blocks begin: one after the other, or spread evenly when there are more customers than are looked at. */
function blocksOf(last: number): number[] {
  const blocks = Math.ceil(Math.min(last, MOST) / BLOCK);
  const distance = Math.max(BLOCK, last / blocks);
  return Array.from({ length: blocks }, (_, at) => 1 + Math.floor(at * distance));
}
