// What the benches of sending stand on: guides, customers with a message due today, and the same people in the sandbox.
import { insertRows } from "../../src/infra/batches.js";
import type { Store } from "../../src/infra/store.js";
import type { SandboxOptions } from "../../src/sandbox/settings.js";
import { corp, monday, openShop, today } from "../support/task-stand.js";
import type { BareMessage } from "./dispatch-bare.js";
import { type Remote, startRemote } from "./remote.js";

export interface DispatchSize {
  tasks: number;
  guides: number;
}

const day = 86_400_000;
const PART = 20_000;
const guideOf = (n: number, { guides }: DispatchSize) => (n % guides) + 1;
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

/** A sandbox in a process of its own, with everybody in it. */
export async function sandboxWith(size: DispatchSize): Promise<{ sandbox: Remote; url: string }> {
  const sandbox = startRemote("sandbox-apart.js");
  const options: Omit<SandboxOptions, "world"> = {
    ...{ ...corp, token: "t", aesKey: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C" },
    ...{ statePath: ":memory:", seed: "bench", receiveLimitPerDay: 99 },
    limits: { perMinute: 1e9, perHour: 1e9, parallel: 1000 },
  };
  const url = await sandbox.call<string>("open", options, monday);
  await sandbox.call("enrol", {
    guides: upTo(size.guides).map((n) => ({ userid: `g${n}`, name: `导购${n}` })),
  });
  for (let from = 0; from < size.tasks; from += PART) {
    const people = upTo(size.tasks).slice(from, from + PART);
    await sandbox.call("enrol", {
      customers: people.map((n) => ({ externalUserid: `wm-${n}`, name: `客户${n}` })),
      contacts: people.map((n) => ({
        ...{ guideUserid: `g${guideOf(n, size)}`, externalUserid: `wm-${n}`, createdAt: monday - 30 * day },
      })),
    });
  }
  return { sandbox, url };
}

/** A shop whose customers all meet the touchpoint `personal` today, and no other. */
export async function fillPeople(store: Store, size: DispatchSize): Promise<void> {
  await openShop(store);
  await store.write(async (sql) => {
    await sql.run("DELETE FROM guide");
    await sql.run("DELETE FROM touchpoint WHERE id <> 2");
    await sql.run("UPDATE touchpoint SET plans_from = ?", [today]);
    await sql.run("DELETE FROM touchpoint_version WHERE touchpoint_id <> 2");
    await insertRows(
      sql,
      "INSERT INTO guide (id, userid, name, store_id)",
      upTo(size.guides).map((n) => [n, `g${n}`, `导购${n}`, 3]),
    );
  });
  for (let from = 0; from < size.tasks; from += PART) {
    const people = upTo(size.tasks).slice(from, from + PART);
    await store.write(async (sql) => {
      await insertRows(
        sql,
        "INSERT INTO customer (id, external_userid, name, guide_id, bucket)",
        people.map((n) => [n, `wm-${n}`, `客户${n}`, guideOf(n, size), 0]),
      );
      await insertRows(
        sql,
        "INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id)",
        people.map((n) => [n, "joined", 0, "2026-02-23", 0, guideOf(n, size)]),
      );
    });
  }
}

/** A personal message for each customer, all due and released today. */
export async function fillTasks(store: Store, size: DispatchSize): Promise<void> {
  await fillPeople(store, size);
  await store.write((sql) =>
    insertRows(
      sql,
      `INSERT INTO task (touchpoint_id, occurrence, customer_id, child_no, version_id, guide_id, state, priority,
         variant, late, due_on, anchor_on, release_on, expires_on, released_on)`,
      upTo(size.tasks).map((n) => [
        ...[2, 0, n, 0, 1, guideOf(n, size), "planned", 0, 0, 0],
        ...[today, "2026-02-23", today, "2026-03-05", today],
      ]),
    ),
  );
}

/** Hand-overs fall due in so many equal parts, ten seconds after one another: what is compared can take turns. */
export async function inParts(store: Store, parts: number): Promise<void> {
  await store.write((sql) =>
    sql.run(`UPDATE hand_over SET next_at = next_at + 10000 * (id % ${parts}) WHERE state = 'ready'`),
  );
}

/** One message to every customer, from their guide. */
export function messagesTo(size: DispatchSize, word: string): BareMessage[] {
  return upTo(size.tasks).map((n) => ({
    ...{ guideUserid: `g${guideOf(n, size)}`, externalUserid: `wm-${n}` },
    text: `客户${n}，您好！（${word}）`,
  }));
}

/** Every guide taps every one of our mass sends. */
export async function confirmAll(sandbox: Remote, store: Store): Promise<void> {
  for (let after = 0; ; ) {
    const rows = await store.read.rows<{ id: number; msgid: string; guideUserid: string }>(
      `SELECT h.id, h.provider_ref AS msgid, g.userid AS guideUserid FROM hand_over h JOIN guide g ON g.id = h.guide_id
       WHERE h.state = 'waiting' AND h.id > ? ORDER BY h.id LIMIT 5000`,
      [after],
    );
    if (rows.length === 0) return;
    after = Number(rows.at(-1)?.id);
    await sandbox.call("confirm", rows);
  }
}

/** A bench of something that does not work would be worth nothing. */
export async function expectSent(store: Store, size: DispatchSize): Promise<void> {
  const row = await store.read.row<{ n: number }>(
    "SELECT COUNT(*) AS n FROM task t JOIN delivery d ON d.task_id = t.id WHERE t.state = 'sent'",
  );
  if (Number(row?.n) !== size.tasks) throw new Error(`${row?.n} of ${size.tasks} tasks were sent`);
}
