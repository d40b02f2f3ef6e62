// The daily release on a database: days, caps over what was had and is on its way, holds and skips, twice, two at once.
import type { Store } from "../../src/infra/store.js";
import { releaseDue } from "../../src/tasks/release.js";
import { pullStop } from "../../src/tasks/stop.js";
import { describeOnEachDatabase } from "../support/databases.js";
import {
  day,
  enrolCustomer,
  monday,
  openShop,
  type PlannedTask,
  planTask,
  type Stand,
  standOn,
  type TouchpointName,
  today,
} from "../support/task-stand.js";

const tomorrow = "2026-03-03";

describeOnEachDatabase("release", (open) => {
  let store: Store;
  let stand: Stand;
  beforeEach(async () => {
    store = open();
    await openShop(store);
    stand = standOn(store);
    for (const id of [11, 12, 13]) await enrolCustomer(store, id);
  });
  const plan = (name: TouchpointName, customerId: number, rest: PlannedTask = {}) =>
    planTask(store, name, customerId, { released: false, ...rest });
  const release = () => releaseDue(stand.setup);
  const change = (statement: string) => store.write((sql) => sql.run(statement));
  const caps = (some: Partial<Stand["setup"]["config"]["caps"]>) => {
    stand.setup.config = { ...stand.setup.config, caps: { ...stand.setup.config.caps, ...some } };
  };
  const days = async () => {
    const rows = await store.read.rows<{ release_on: string; released_on: string | null }>(
      "SELECT release_on, released_on FROM task ORDER BY id",
    );
    return rows.map(({ release_on, released_on }) => [release_on, released_on]);
  };
  const events = () =>
    store.read.rows("SELECT from_state, to_state, reason, actor FROM task_event ORDER BY id");
  const delivered = (taskId: number, customerId: number, sentOn: string, guideId = 1) =>
    change(
      `INSERT INTO delivery (task_id, guide_id, customer_id, sent_at, sent_on, words)
       VALUES (${taskId}, ${guideId}, ${customerId}, 0, '${sentOn}', '')`,
    );

  it("lets go what is due, today's and what waited, and nothing of tomorrow", async () => {
    await plan("greeting", 11);
    await plan("greeting", 12, { dueOn: "2026-02-28" });
    await plan("greeting", 13, { dueOn: tomorrow });
    expect(await release()).toEqual({ released: 2, putOff: 0, skipped: 0, held: 0, merged: 0 });
    expect(await days()).toEqual([
      [today, today],
      [today, today],
      [tomorrow, null],
    ]);
    expect(await stand.states()).toEqual(["planned", "planned", "planned"]);
    expect(await events()).toEqual([]);
  });

  it("lets go again what was let go yesterday and found no hour", async () => {
    await plan("greeting", 11, { dueOn: "2026-03-01", released: true });
    expect(await release()).toMatchObject({ released: 1 });
    expect(await days()).toEqual([[today, today]]);
  });

  it("keeps within a customer's day: the first in rank goes, the next waits, and is skipped when it cannot", async () => {
    await plan("greeting", 11);
    await plan("call", 11);
    await plan("page", 11, { expiresOn: today });
    expect(await release()).toEqual({ released: 1, putOff: 1, skipped: 1, held: 0, merged: 0 });
    expect(await days()).toEqual([
      [today, today],
      [tomorrow, null],
      [today, null],
    ]);
    expect(await stand.states()).toEqual(["planned", "planned", "skipped: cap"]);
    expect(await events()).toEqual([
      { from_state: "planned", to_state: "skipped", reason: "cap", actor: "system" },
    ]);
  });

  it.each<[string, string, string]>([
    ["is with the guide", "offered", today],
    ["is with the guide since Friday", "offered", "2026-02-27"],
    ["waits for the guide's tap", "handed_over", "2026-03-01"],
    ["had no answer", "unknown", "2026-03-01"],
    ["was let go today", "planned", today],
    ["was done by hand today", "done_by_hand", today],
  ])("counts what %s", async (_name, state, on) => {
    await plan("call", 11, { state, dueOn: on, released: true });
    await plan("greeting", 11);
    expect(await release()).toMatchObject({ released: 0, putOff: 1 });
  });

  it.each<[string, string, string]>([
    ["arrived last week", "sent", "2026-02-25"],
    ["the guide passed over", "skipped", today],
    ["was cancelled", "cancelled", today],
    ["was done by hand yesterday", "done_by_hand", "2026-03-01"],
  ])("does not count for the day what %s", async (_name, state, on) => {
    await plan("call", 11, { state, dueOn: on, released: true });
    await plan("greeting", 11);
    expect(await release()).toMatchObject({ released: 1, putOff: 0 });
  });

  it("counts deliveries of the day and of the calendar month, each once", async () => {
    caps({ customer_per_month: 2 });
    const sent = await plan("call", 11, { state: "sent", released: true });
    await delivered(sent, 11, today);
    await plan("greeting", 11);
    await delivered(901, 12, "2026-03-01");
    await delivered(902, 12, "2026-02-28");
    await plan("greeting", 12);
    await delivered(903, 13, "2026-03-01");
    await delivered(904, 13, "2026-03-01");
    await plan("greeting", 13);
    expect(await release()).toMatchObject({ released: 1, putOff: 2 });
    expect((await days()).map(([on]) => on)).toEqual([today, tomorrow, today, tomorrow]);
  });

  it("counts what is on its way with the guide before", async () => {
    await plan("call", 11, { guideId: 2, state: "handed_over", dueOn: "2026-03-01", released: true });
    await change("INSERT INTO contact (customer_id, guide_id, began_on) VALUES (11, 2, '2026-01-01')");
    await plan("greeting", 11);
    expect(await release()).toMatchObject({ released: 0, putOff: 1 });
  });

  it("keeps within a guide's day, by priority, and over several passes", async () => {
    caps({ guide_per_day: 2 });
    for (const id of [11, 12, 13]) await plan("greeting", id);
    await change("UPDATE task SET priority = 1 WHERE customer_id = 11");
    expect(await release()).toMatchObject({ released: 2, putOff: 1 });
    expect((await days()).map(([on]) => on)).toEqual([tomorrow, today, today]);
    await enrolCustomer(store, 14);
    await plan("greeting", 14);
    expect(await release()).toMatchObject({ released: 0, putOff: 1 });
    await change("UPDATE task SET state = 'cancelled' WHERE customer_id = 12");
    await enrolCustomer(store, 15);
    await plan("greeting", 15);
    expect(await release()).toMatchObject({ released: 1, putOff: 0 });
  });

  it("puts off day by day until the grace is over", async () => {
    caps({ guide_per_day: 0 });
    await plan("greeting", 11);
    const seen: string[] = [];
    for (let n = 0; n < 5; n++) {
      await release();
      seen.push(...(await stand.states()));
      stand.world.set(monday + (n + 1) * day);
    }
    expect(seen).toEqual(["planned", "planned", "planned", "skipped: cap", "skipped: cap"]);
  });

  it("holds and skips whom it must not reach", async () => {
    for (const id of [14, 15]) await enrolCustomer(store, id);
    await enrolCustomer(store, 21, { guideId: 2 });
    await change("UPDATE customer SET opted_out = 1 WHERE id = 11");
    await change("UPDATE customer SET stopped = 1 WHERE id = 12");
    await change("UPDATE contact SET ended_on = '2026-03-01' WHERE customer_id = 13");
    await change("UPDATE guide SET left_on = '2026-03-02' WHERE id = 2");
    for (const id of [11, 13, 21]) await plan("greeting", id, { guideId: id === 21 ? 2 : 1 });
    await plan("baby", 12);
    await plan("greeting", 15);
    await change("UPDATE task SET guide_id = NULL WHERE customer_id = 15");
    expect(await release()).toEqual({ released: 0, putOff: 0, skipped: 3, held: 2, merged: 0 });
    expect(await stand.states()).toEqual([
      ...["skipped: opted_out", "skipped: not_a_friend", "held: guide_left"],
      ...["skipped: stopped", "held: no_guide"],
    ]);
  });

  it("does nothing twice, from two processes or under the stop", async () => {
    for (const id of [11, 12, 13]) await plan("greeting", id);
    const both = await Promise.all([release(), release(), release()]);
    expect(both.reduce((sum, { released }) => sum + released, 0)).toBe(3);
    expect(await release()).toEqual({ released: 0, putOff: 0, skipped: 0, held: 0, merged: 0 });
    await plan("call", 11, { dueOn: "2026-03-01" });
    await store.write((sql) => pullStop(sql, { at: monday, by: "account:1" }));
    expect(await release()).toEqual({ released: 0, putOff: 0, skipped: 0, held: 0, merged: 0 });
  });

  it("works through more guides than one transaction takes", async () => {
    const many = Array.from({ length: 95 }, (_, at) => at + 100);
    await store.write(async (sql) => {
      for (const id of many) {
        await sql.run("INSERT INTO guide (id, userid, name, store_id) VALUES (?, ?, ?, 3)", [
          ...[id, `g${id}`, `导购${id}`],
        ]);
      }
    });
    for (const id of many) await enrolCustomer(store, id, { guideId: id });
    for (const id of many) await plan("greeting", id, { guideId: id });
    expect(await release()).toMatchObject({ released: 95 });
  });
});
