// Purchases for tests of models: the published sets beside the project, and brands made from a seed.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../src/infra/config.js";
import { dayNumber } from "../../src/kernel/calendar.js";
import { purchaseDays } from "../../src/models/histories.js";
import { type PurchaseLog, purchaseLog } from "../../src/models/purchase-log.js";

/** Where real data stand beside the project; they may not be copied into it. */
const shared = join(projectRoot, "../shared/data");

/** `describe` when the set stands there, else one that is skipped and says so. */
export function describeWith(
  set: string,
  name: string,
  tests: (path: (file: string) => string) => void,
): void {
  if (existsSync(join(shared, set))) {
    describe(name, () => tests((file) => join(shared, set, file)));
    return;
  }
  // the tests are not even listed: they read their set as they are
  describe.skip(name, () => it(`needs ../shared/data/${set}`, () => undefined));
}

/** Purchase days of each customer, by what stands in the columns of a text file's lines. */
export function daysByCustomer(
  path: string,
  read: (line: string) => [customer: string, day: string] | undefined,
): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const line of readFileSync(path, "utf8").split(/\r?\n/)) {
    const [customer, day] = read(line) ?? [];
    if (!customer || !day) continue;
    const days = found.get(customer) ?? [];
    days.push(dayNumber(day));
    found.set(customer, days);
  }
  return new Map([...found].map(([customer, days]) => [customer, purchaseDays(days)]));
}

/** A log of these customers. */
export function logOf(customers: Iterable<readonly number[]>): PurchaseLog {
  const log = purchaseLog();
  for (const days of customers) log.add(days);
  return log.done();
}

/** 19970118 as 1997-01-18. */
export function dashed(day: string): string {
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
}
