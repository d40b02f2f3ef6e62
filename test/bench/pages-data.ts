// A brand of the reference size as its people open it: millions of customers with months of tasks, a day under way, and
// the traces of a house that runs.
import { countGuides } from "../../src/customers/guide-counts.js";
import { insertRows } from "../../src/infra/batches.js";
import type { Param, Sql, Store } from "../../src/infra/store.js";
import { addDays, instantOf, type ShopDay } from "../../src/kernel/calendar.js";
import { rebuild } from "../../src/reports/refresh.js";
import type { Services } from "../../src/wire.js";
import { note } from "./harness.js";
import { type BrandSize, firstDay, makeBrand, makeDay, zone } from "./report-data.js";

/** What pages with a part in their address are opened for. */
export const SAMPLE = { customer: 1001, journey: "bench", oneoff: "visit" } as const;

export interface PagesSize extends BrandSize {
  customers: number;
}

/** At this hour of the last day everything is looked at. */
export const lookedAt = (size: PagesSize) => instantOf(lastDay(size), "15:20", zone);
export const lastDay = (size: PagesSize): ShopDay => addDays(firstDay, size.days - 1);

export const password = "bench-2026";
const TOUCHPOINTS = 20;

/** Fills an empty database. The services' world stands at `lookedAt`. */
export async function makeHouse(services: Services, size: PagesSize): Promise<void> {
  const { store } = services;
  await publish(services);
  await makeBrand(store, size);
  await makeCustomers(store, size);
  for (let at = 0; at < size.days; at++) {
    await store.write((sql) => makeDay(sql, size, at));
    if (at % 10 === 9) note(`${store.dialect.name}: ${at + 1} of ${size.days} days`);
  }
  await store.write((sql) => underWay(sql, size));
  await rebuild({ store, zone });
  await countGuides(store, lookedAt(size));
  await traces(store, size);
  await accounts(services);
  for (const table of store.dialect.name === "mysql"
    ? ["task", "customer", "contact", "anchor", "message"]
    : [])
    await store.read.rows(`ANALYZE TABLE ${table}`);
}

/** The journey whose touchpoints the tasks are of, its draft, and a one-off task, before there is anybody. */
async function publish({ drafts, oneoffs, readOneoffData }: Services): Promise<void> {
  const touchpoints = Array.from({ length: TOUCHPOINTS }, (_, at) => ({
    ...{ key: `t${at + 1}`, name: `触点${at + 1}`, after: "joined", days: at + 3, send: "page" },
    words: "{{customer.name}}，您好！我是{{guide.name}}，宝宝最近吃得怎么样？",
  }));
  const journey = { key: SAMPLE.journey, name: "新客育儿旅程", touchpoints };
  await drafts.save(SAMPLE.journey, journey, "system");
  await drafts.publish(SAMPLE.journey, { yes: true, by: "system" });
  await drafts.save(SAMPLE.journey, { ...journey, name: "新客育儿旅程 2" }, "system");
  const until = addDays(firstDay, 200);
  await oneoffs.create(
    await readOneoffData({ key: SAMPLE.oneoff, name: "回访", on: until, until, send: "hand" }),
    "system",
  );
}

const CHUNK = 250_000;

/** Customers with their guide, friendship, child and dates; a task's customer is one of the first. */
async function makeCustomers(store: Store, { customers, guides }: PagesSize): Promise<void> {
  const thousand = Array.from({ length: 1000 }, (_, n) => [n]);
  await store.write(async (sql) => {
    await sql.run("CREATE TABLE bench_n (n INTEGER NOT NULL PRIMARY KEY)");
    await insertRows(sql, "INSERT INTO bench_n (n)", thousand);
  });
  const guide = `(n.id % ${guides}) + 1`;
  for (let from = 0; from < customers; from += CHUNK) {
    const to = Math.min(customers, from + CHUNK);
    const ids = `(SELECT ${from} + a.n * 1000 + b.n + 1 AS id FROM bench_n a JOIN bench_n b
      ON a.n * 1000 + b.n < ${to - from}) n`;
    const put = (head: string, values: string, params: Param[] = []) =>
      store.write((sql) => sql.run(`INSERT INTO ${head} SELECT ${values} FROM ${ids}`, params));
    const joined = addDays(firstDay, -30);
    await put(
      "customer (id, external_userid, name, guide_id, joined_on, bucket)",
      `n.id, CONCAT('wm', n.id), CONCAT('妈妈', n.id), ${guide}, ?, n.id % 10000`,
      [joined],
    );
    await put("contact (customer_id, guide_id, began_on)", `n.id, ${guide}, ?`, [joined]);
    await put("child (customer_id, child_no, name, born_on)", "n.id, 1, '豆豆', ?", [joined]);
    const anchors = "anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id)";
    await put(anchors, `n.id, 'joined', 0, ?, 0, ${guide}`, [joined]);
    await put(anchors, `n.id, 'child_born', 1, ?, 0, ${guide}`, [joined]);
    note(`${store.dialect.name}: ${to} customers`);
  }
}

/** The last day is not over: some are with their guides, some failed, some wait for tomorrow. Nothing is open longer than
 *  its grace. */
async function underWay(sql: Sql, size: PagesSize): Promise<void> {
  const day = lastDay(size);
  await sql.run(
    `UPDATE task SET state = 'expired', reason = 'grace_passed'
     WHERE state = 'handed_over' AND release_on < ? AND expires_on < ?`,
    [day, day],
  );
  const some = (share: number, rest: number) => `release_on = ? AND id % ${share} = ${rest}`;
  await sql.run(
    `UPDATE task SET state = 'offered', reason = NULL, acted_at = NULL, sent_at = NULL, replied_at = NULL WHERE ${some(3, 0)}`,
    [day],
  );
  await sql.run(
    `UPDATE task SET state = 'failed', reason = 'channel_refused', sent_at = NULL WHERE ${some(300, 1)}`,
    [day],
  );
  await sql.run(
    `UPDATE task SET state = 'planned', reason = 'cap', release_on = ?, released_on = NULL, offered_at = NULL,
       acted_at = NULL, sent_at = NULL WHERE ${some(50, 2)}`,
    [addDays(day, 1), day],
  );
}

/** Two weeks of timed jobs, a day of calls, what people changed, dates nobody can believe. */
async function traces(store: Store, size: PagesSize): Promise<void> {
  const now = lookedAt(size);
  const minute = 60_000;
  const runs = ["figures", "dispatch", "offer", "credit"].flatMap((job) =>
    Array.from({ length: 5_000 }, (_, n): Param[] => [
      ...[job, now - n * 4 * minute, n % 500 === 7 ? "failed" : "done", now - n * 4 * minute],
      ...[now - n * 4 * minute + 300, `${n} 个`],
    ]),
  );
  const calls = Array.from({ length: 24 * 8 }, (_, n): Param[] => [
    ...["notebook", `api/${n % 8}`, now - (now % (60 * minute)) - Math.floor(n / 8) * 60 * minute],
    ...[1000, n % 9, now, now, null],
  ]);
  const audits = Array.from({ length: 20_000 }, (_, n): Param[] => [
    ...[
      now - n * minute,
      `account:${(n % 3) + 1}`,
      n % 2 ? "job.run" : "journey.pause",
      `job:${n % 9}`,
      null,
      "{}",
    ],
  ]);
  const faults = Array.from({ length: Math.min(20_000, size.customers) }, (_, n): Param[] => [
    ...[n + 1, 1, "born_on", "3000-01-01", n % 2 ? "太远的将来" : "早得不可信", lastDay(size)],
  ]);
  await store.write(async (sql) => {
    await insertRows(
      sql,
      "INSERT INTO job_run (job, scheduled_at, state, started_at, ended_at, result)",
      runs,
    );
    await insertRows(
      sql,
      "INSERT INTO channel_call (channel, api, hour_at, calls, failed, done_at, failed_at, error)",
      calls,
    );
    await insertRows(
      sql,
      "INSERT INTO audit_entry (done_at, done_by, action, subject, before_json, after_json)",
      audits,
    );
    await insertRows(
      sql,
      "INSERT INTO data_fault (customer_id, child_no, field, value, reason, seen_on)",
      faults,
    );
  });
}

async function accounts({ identity }: Services): Promise<void> {
  const reaches = {
    hq: {},
    manager: { regionId: 3 },
    store_manager: { storeId: 1 },
    guide: { guideId: 1 },
  } as const;
  for (const [role, reach] of Object.entries(reaches))
    await identity.createAccount({
      ...{ login: role, name: role, role: role as keyof typeof reaches, password },
      ...reach,
    });
}
