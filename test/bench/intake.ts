// Bench of what comes in: archive records pushed to the intake and credited, WeCom callbacks stored and worked off.
import { intakeService } from "../../src/channels/intake.js";
import { messageService } from "../../src/channels/messages.js";
import { insertRows } from "../../src/infra/batches.js";
import type { Store } from "../../src/infra/store.js";
import { realWorld } from "../../src/kernel/world.js";
import { replyService } from "../../src/tasks/replies.js";
import { type BenchDatabase, onEachDatabase } from "./databases.js";
import { type Bars, type Bench, bars, note, table, timed } from "./harness.js";
import { measureCallbacks } from "./intake-callbacks.js";
import { fill, guideOf, type Measured, measured, pushesOf, type Size, sizes } from "./intake-data.js";
import { measureDoors } from "./intake-http.js";

const log = { warn: () => undefined, error: () => undefined };
const hour = 3_600_000;

/** Bars: 5,000 messages a second stored; the ratios hold small sizes to the same work. */
export const bench: Bench = {
  name: "intake",
  async run(mode, out) {
    const judged = bars(mode, out);
    const rows: (string | number)[][] = [];
    await onEachDatabase(out, async (database) => {
      rows.push(...(await measureMessages(database, sizes[mode], judged)));
      rows.push(...(await measureCallbacks(database, sizes[mode], judged)));
      rows.push(...(await measureDoors(database, sizes[mode], judged)));
    });
    table(
      out,
      ["database", "what", "rows", "a second", "× baseline", "loop late p99 ms", "worst ms", "peak MB"],
      rows,
    );
    return judged.kept();
  },
};

async function measureMessages(
  { store, title }: BenchDatabase,
  size: Size,
  judged: Bars,
): Promise<(string | number)[][]> {
  note(`${title}: people and follow-ups`);
  await fill(store, size);
  const pushes = pushesOf(size);
  note(`${title}: ${size.messages} messages, bare`);
  const bare = await measured(() => storeBare(store, pushes, size));
  const replies = replyService({ store, windowMs: 72 * hour, log });
  const messages = messageService({ store, zone: "Asia/Shanghai", log });
  const { intake } = intakeService({ store, world: realWorld, messages });
  let stored = 0;
  const pushAll = async () => {
    stored = 0;
    for (const records of pushes) {
      stored += (await timed(() => intake({ messages: records }))).ms;
      await replies.settle();
    }
  };
  note(`${title}: pushed and credited`);
  const credited = await measured(pushAll);
  const kept = { ...credited, ms: stored };
  note(`${title}: pushed again`);
  const again = await measured(pushAll);
  await expectCredit(store, size);
  const line = (what: string, one: Measured): (string | number)[] => [
    ...[
      title,
      what,
      size.messages,
      (size.messages * 1000) / one.ms,
      one.ms / bare.ms,
      one.late.p99,
      one.late.worst,
      one.peak,
    ],
  ];
  judged.atLeast(`${title}: messages stored`, (size.messages * 1000) / kept.ms, 5_000, "/s");
  judged.atMost(`${title}: stored and credited ÷ bare inserts`, credited.ms / bare.ms, 6, "×");
  judged.atMost(`${title}: the same again ÷ the first time`, again.ms / credited.ms, 0.6, "×");
  return [
    line("bare inserts, 500 a transaction", bare),
    line("intake, stored", kept),
    line("intake, stored and credited", credited),
    line("intake, all of it again", again),
  ];
}

/** The baseline: the same rows into a table of the same shape and keys, nothing looked up, nothing marked. */
async function storeBare(store: Store, pushes: Record<string, unknown>[][], size: Size): Promise<void> {
  await store.write(async (sql) => {
    await sql.run(`CREATE TABLE bare_message AS SELECT * FROM message WHERE 1 = 0`);
    await sql.run("CREATE UNIQUE INDEX bare_msgid ON bare_message (msgid)");
    await sql.run("CREATE INDEX bare_pair ON bare_message (customer_id, guide_id, sent_at)");
    await sql.run("CREATE INDEX bare_day ON bare_message (sent_on, guide_id, sender)");
  });
  const head = `INSERT INTO bare_message (id, msgid, guide_id, customer_id, store_id, region_id, sender, sent_at,
    sent_on, type, text, source, recalled)`;
  let id = 0;
  for (const records of pushes)
    for (let from = 0; from < records.length; from += 500) {
      const rows = records.slice(from, from + 500).map((record) => {
        const customer = Number(/wm-(\d+)/.exec(JSON.stringify(record))?.[1]);
        const text = (record.text as { content: string }).content;
        const people = [guideOf(customer, size), customer, 1, 1, "customer"];
        return [
          ++id,
          String(record.msgid),
          ...people,
          Number(record.msgtime),
          "2026-03-02",
          "text",
          text,
          "archive",
          0,
        ];
      });
      await store.write((sql) => insertRows(sql, head, rows));
    }
}

/** A bench of something that does not work would be worth nothing. */
async function expectCredit(store: Store, size: Size): Promise<void> {
  const row = await store.read.row<{ n: number; replied: number; proven: number }>(
    "SELECT COUNT(*) AS n, COUNT(replied_at) AS replied, SUM(proven) AS proven FROM task",
  );
  const isRight = [row?.n, row?.replied, Number(row?.proven)].every((count) => count === size.customers);
  if (!isRight) throw new Error(`credit is wrong: ${JSON.stringify(row)}`);
}
