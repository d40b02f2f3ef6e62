// What the intake bench stands on: sizes, people with follow-ups, archive records, and how a piece of work is measured.
import { insertRows } from "../../src/infra/batches.js";
import type { Store } from "../../src/infra/store.js";
import { archived } from "../support/chats.js";
import { timed, watchLoop, watchMemory } from "./harness.js";

export const sizes = {
  full: { guides: 1_000, customers: 20_000, messages: 100_000, callbacks: 5_000 },
  ci: { guides: 100, customers: 2_000, messages: 10_000, callbacks: 500 },
};
export type Size = (typeof sizes)[keyof typeof sizes];

export const start = Date.parse("2026-03-02T01:00:00Z");
const hour = 3_600_000;
const push = 1_000;
export const guideOf = (customer: number, { guides }: Size) => (customer % guides) + 1;

/** What a piece of work took. */
export interface Measured {
  ms: number;
  late: { p99: number; worst: number };
  peak: number;
}

/** Does the work and watches time, memory and the event loop. */
export async function measured(work: () => Promise<unknown>): Promise<Measured> {
  const [memory, loop] = [watchMemory(), watchLoop()];
  const { ms } = await timed(work);
  memory.stop();
  return { ms, late: await loop.stop(), peak: memory.peak() };
}

/** Guides, customers, and one sent follow-up for each customer. */
export async function fill(store: Store, size: Size): Promise<void> {
  const each = <T>(count: number, row: (n: number) => T) =>
    Array.from({ length: count }, (_, n) => row(n + 1));
  await store.write(async (sql) => {
    await sql.run("INSERT INTO region (id, parent_id, name, depth, trail) VALUES (1, 0, '华东', 0, '/1/')");
    await sql.run("INSERT INTO store (id, code, name, region_id) VALUES (1, 's1', '一店', 1)");
    await insertRows(
      sql,
      "INSERT INTO guide (id, userid, name, store_id)",
      each(size.guides, (n) => [n, `guide-${n}`, `导购${n}`, 1]),
    );
    await insertRows(
      sql,
      "INSERT INTO customer (id, external_userid, name, guide_id, bucket)",
      each(size.customers, (n) => [n, `wm-${n}`, `客户${n}`, guideOf(n, size), 0]),
    );
    const day = "2026-03-02";
    await insertRows(
      sql,
      `INSERT INTO task (id, touchpoint_id, occurrence, customer_id, child_no, version_id, guide_id, state, priority,
         variant, late, due_on, anchor_on, release_on, expires_on, offered_at, sent_at)`,
      each(size.customers, (n) => [
        ...[n, 1, 0, n, 0, 1, guideOf(n, size), "sent", 0, 0, 0, day, day, day, day, start, start],
      ]),
    );
    await insertRows(
      sql,
      "INSERT INTO delivery (task_id, guide_id, customer_id, sent_at, sent_on, words)",
      each(size.customers, (n) => [n, guideOf(n, size), n, start, day, `客户${n}，早上好`]),
    );
  });
}

/** Archive records as they come: mostly in order, a send's own record first, then answers of both sides. */
export function pushesOf(size: Size): Record<string, unknown>[][] {
  const pushes: Record<string, unknown>[][] = [];
  for (let n = 0; n < size.messages; n++) {
    if (n % push === 0) pushes.push([]);
    const customer = ((n * 7) % size.customers) + 1;
    const [guide, other] = [`guide-${guideOf(customer, size)}`, `wm-${customer}`];
    const round = Math.floor(n / size.customers);
    const at = start + round * hour + (n % 1_000);
    const record =
      round === 0
        ? archived(`m-${n}`, guide, other, at, `客户${customer}，早上好`)
        : round % 2 === 1
          ? archived(`m-${n}`, other, guide, at, "谢谢，宝宝最近挺好的，就是晚上老醒")
          : archived(`m-${n}`, guide, other, at, "好的，您放心，有事随时找我");
    pushes.at(-1)?.push(record);
  }
  return pushes;
}
