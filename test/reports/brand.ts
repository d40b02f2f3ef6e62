// A small brand with a fortnight of tasks in every state, drawn from a seed, with messages, refusals and newcomers.
import type { Store } from "../../src/infra/store.js";
import { addDays, type ShopDay } from "../../src/kernel/calendar.js";
import { seeded } from "../../src/kernel/world.js";
import { at, makeOrg, makeTask } from "./support.js";

export const FROM: ShopDay = "2026-03-02";
export const TO: ShopDay = "2026-03-15";

/** States a task may be in, with what else is true of it there: offered, acted, sent. */
const LIVES: { state: string; reason?: string; offered?: boolean; acted?: boolean; sent?: boolean }[] = [
  { state: "planned" },
  { state: "planned", offered: true },
  { state: "offered", offered: true },
  { state: "approved", offered: true, acted: true },
  { state: "sending", offered: true },
  { state: "handed_over", offered: true },
  { state: "sent", offered: true, acted: true, sent: true },
  { state: "sent", offered: true, acted: true, sent: true },
  { state: "sent", offered: true, acted: true, sent: true },
  { state: "needs_data", offered: true },
  { state: "held", reason: "no_guide" },
  { state: "unknown", offered: true, acted: true },
  { state: "done_by_hand", offered: true, acted: true },
  { state: "skipped", reason: "guide_skipped_busy", offered: true },
  { state: "skipped", reason: "not_a_friend", offered: true },
  { state: "skipped", reason: "receive_limit", offered: true, acted: true },
  { state: "skipped", reason: "cap" },
  { state: "expired", reason: "grace_passed", offered: true },
  { state: "expired", reason: "missed_run" },
  { state: "cancelled", reason: "bought_already", offered: true },
  { state: "cancelled", reason: "anchor_corrected" },
  { state: "failed", reason: "channel_refused", offered: true, acted: true },
  { state: "merged", reason: "merged" },
  { state: "held_out", reason: "held_out" },
];

/** So many tasks of six guides over the fortnight; every guide's places as they moved once. */
export async function makePlayed(store: Store, tasks: number): Promise<void> {
  await makeOrg(store);
  const random = seeded(20260302);
  const draw = (most: number) => Math.floor(random() * most);
  const waitsFor = ["mass", "page"];
  await store.write(async (sql) => {
    await sql.run(
      'UPDATE touchpoint_version SET spec = \'{"send":"page","holdOut":10}\' WHERE touchpoint_id = 1',
    );
    await sql.run('UPDATE touchpoint_version SET spec = \'{"send":"mass"}\' WHERE touchpoint_id = 2');
    await sql.run(
      "INSERT INTO touchpoint_variant (touchpoint_id, number, variant_key) VALUES (1, 1, 'a'), (1, 2, 'b')",
    );
    for (const [index, way] of waitsFor.entries())
      await sql.run(
        `INSERT INTO hand_over (id, ref, channel, way, guide_id, words, prepared_on, customers, state, called_at, next_at)
         VALUES (?, ?, 'wecom', ?, 1, '', ?, 1, 'handed_over', 0, 0)`,
        [index + 1, `r${index}`, way, FROM],
      );
  });
  for (let n = 0; n < tasks; n++) {
    const life = LIVES[n % LIVES.length] ?? LIVES[0]!;
    const day = addDays(FROM, draw(14));
    const guide = 1 + draw(6);
    const moved = guide === 2 && day < "2026-03-08";
    const shop = moved ? 3 : Math.ceil(guide / 2);
    const hasPlace = life.offered || !["planned", "held"].includes(life.state);
    const acted = at(addDays(day, draw(2)), `${10 + draw(9)}:15`);
    const touchpoint = 1 + draw(2);
    await makeTask(store, {
      ...{ guide_id: guide, release_on: day, state: life.state, reason: life.reason ?? null },
      ...{ touchpoint_id: touchpoint, variant: touchpoint === 1 ? draw(3) : 0 },
      offered_at: life.offered ? at(day, "09:07") : null,
      released_on: life.offered || life.state === "merged" ? day : null,
      store_id: hasPlace ? shop : null,
      region_id: hasPlace ? ([3, 4, 5][shop - 1] ?? 0) : null,
      acted_at: life.acted ? acted : null,
      sent_at: life.sent ? acted + 60_000 : null,
      ...{ observed: life.sent ? draw(2) : 0, proven: life.sent ? draw(2) : 0, late: draw(4) === 0 ? 1 : 0 },
      replied_at: life.sent && draw(2) === 1 ? acted + 3_600_000 : null,
      hand_over_id: ["sending", "unknown"].includes(life.state) ? 1 + draw(2) : null,
    });
  }
  await nobodysTasks(store);
  await refusals(store);
  await people(store, draw);
}

/** Nobody's: they ended without a guide. */
async function nobodysTasks(store: Store): Promise<void> {
  for (let n = 0; n < 3; n++)
    await makeTask(store, {
      ...{ guide_id: 6, release_on: FROM, state: "skipped", reason: "no_guide", offered_at: null },
      ...{ released_on: null, store_id: null, region_id: null },
    });
  await store.write(async (sql) => {
    await sql.run("UPDATE task SET guide_id = NULL WHERE reason = 'no_guide' AND state = 'skipped'");
    await sql.run("INSERT INTO rollup_mark (on_day, guide_id) VALUES (?, 0)", [FROM]);
  });
}

/** Every fifth task of those that were sent met a limit the day before it went. */
async function refusals(store: Store): Promise<void> {
  await store.write(async (sql) => {
    await sql.run(
      `INSERT INTO limit_hit (task_id, on_day, customer_id, guide_id, store_id, region_id, touchpoint_id, variant, told_by)
       SELECT id, release_on, customer_id, guide_id, store_id, region_id, touchpoint_id, variant, 'ledger' FROM task
       WHERE state = 'sent' AND id % 5 = 0`,
    );
    await sql.run(
      "INSERT INTO rollup_mark (on_day, guide_id) SELECT DISTINCT on_day, guide_id FROM limit_hit",
    );
  });
}

/** Forty customers who came on these days, each with their guide, and what they said. */
async function people(store: Store, draw: (most: number) => number): Promise<void> {
  await store.write(async (sql) => {
    for (let id = 1; id <= 400; id++) {
      const guide = 1 + (id % 6);
      const joined = id <= 40 ? addDays(FROM, id % 14) : "2025-11-01";
      await sql.run(
        `INSERT INTO customer (id, external_userid, name, guide_id, joined_on, bucket, opted_out, stopped, owner_named)
         VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0)`,
        [id, `wm${id}`, `客户${id}`, guide, joined],
      );
      await sql.run(
        "INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id) VALUES (?, 'joined', 0, ?, 0, ?)",
        [id, joined, guide],
      );
    }
    for (let n = 0; n < 150; n++) {
      const customer = 1 + draw(60);
      const guide = 1 + (customer % 6);
      const shop = Math.ceil(guide / 2);
      const day = addDays(FROM, draw(20));
      await sql.run(
        `INSERT INTO message (msgid, guide_id, store_id, region_id, customer_id, sender, sent_at, sent_on, type, text,
         source, recalled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'text', '好', 'archive', ?)`,
        [
          ...[`m${n}`, guide, shop, [3, 4, 5][shop - 1] ?? 0, customer, draw(4) === 0 ? "guide" : "customer"],
          ...[at(day, "11:00"), day, draw(10) === 0 ? 1 : 0],
        ],
      );
      await sql.run("INSERT INTO rollup_mark (on_day, guide_id) VALUES (?, ?)", [day, guide]);
    }
  });
}
