// Guides who are away: what they have in hand is taken back, and given back when they are not away after all.
import type { Store } from "../../src/infra/store.js";
import { recheckAbsences } from "../../src/tasks/absences.js";
import { moveTasks } from "../../src/tasks/moves.js";
import { offerDue } from "../../src/tasks/offering.js";
import { releaseDue } from "../../src/tasks/release.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { taskFaults } from "../support/invariants.js";
import { enrolCustomer, openShop, planTask, type Stand, standOn, today } from "../support/task-stand.js";

const tomorrow = "2026-03-03";

describeOnEachDatabase("absences", (open) => {
  let store: Store;
  let stand: Stand;
  beforeEach(async () => {
    store = open();
    await openShop(store);
    stand = standOn(store);
    for (const id of [11, 12, 13, 14, 15, 16, 17]) await enrolCustomer(store, id);
  });
  afterEach(async () => expect(await taskFaults(store)).toEqual([]));
  const change = (statement: string) => store.write((sql) => sql.run(statement));
  const away = (from: string, to: string, rest = { guide: 1, cancelled: 0 }) =>
    change(
      `INSERT INTO guide_leave (guide_id, from_on, to_on, cancelled, settled, said_by, said_on)
       VALUES (${rest.guide}, '${from}', '${to}', ${rest.cancelled}, 0, 'system', '${today}')`,
    );
  const knows = (customer: number, guide = 2) =>
    change(
      `INSERT INTO contact (customer_id, guide_id, began_on) VALUES (${customer}, ${guide}, '2026-01-01')`,
    );
  const lines = async () => {
    const rows = await store.read.rows<Record<string, string | number | null>>(
      "SELECT state, reason, guide_id, deputy_of, release_on, released_on FROM task ORDER BY id",
    );
    return rows.map((row) => {
      const let_go = row.released_on === null ? "" : " let go";
      const whose = row.deputy_of === null ? `${row.guide_id}` : `${row.guide_id} for ${row.deputy_of}`;
      return `${row.state}${row.reason ? `: ${row.reason}` : ""} ${whose} ${row.release_on?.toString().slice(5)}${let_go}`;
    });
  };
  const offered = (ids: readonly number[]) =>
    store.write((sql) =>
      moveTasks(sql, ids, {
        from: ["planned"],
        to: "offered",
        actor: "system",
        at: 1,
        set: { offered_at: 1 },
      }),
    );
  const inHand = async (customer: number, state: string, rest = {}) => {
    const id = await planTask(store, "page", customer, { state, dueOn: "2026-03-01", ...rest });
    await change(
      `UPDATE task SET offered_at = 1, reason = ${state === "needs_data" ? "'no_data'" : "NULL"} WHERE id = ${id}`,
    );
    return id;
  };

  it("on leave: what is not confirmed is planned anew, what is on its way or done stays", async () => {
    const states = ["offered", "needs_data", "approved", "sending", "unknown", "done_by_hand"];
    for (const [at, state] of states.entries()) await inHand(11 + at, state);
    await away(today, tomorrow);
    expect(await recheckAbsences(stand.setup)).toBe(3);
    expect(await lines()).toEqual([
      ...["planned 1 03-02", "planned 1 03-02", "planned 1 03-02"],
      ...["sending 1 03-01 let go", "unknown 1 03-01 let go", "done_by_hand 1 03-01 let go"],
    ]);
    expect(await recheckAbsences(stand.setup)).toBe(0);
  });

  it("gone: held, also what was offered; with us again: planned", async () => {
    await inHand(11, "offered");
    await planTask(store, "greeting", 12, { released: false });
    await change(`UPDATE guide SET left_on = '${today}' WHERE id = 1`);
    expect(await recheckAbsences(stand.setup)).toBe(1);
    await releaseDue(stand.setup);
    expect(await lines()).toEqual(["held: guide_left 1 03-01", "held: guide_left 1 03-02"]);
    await change("UPDATE guide SET left_on = NULL WHERE id = 1");
    expect(await recheckAbsences(stand.setup)).toBe(2);
    expect(await lines()).toEqual(["planned 1 03-01", "planned 1 03-02"]);
  });

  it("release: to the deputy, with what they have themselves, by rank and within their day", async () => {
    stand.setup.config = { ...stand.setup.config, caps: { ...stand.setup.config.caps, guide_per_day: 2 } };
    await enrolCustomer(store, 21, { guideId: 2 });
    await enrolCustomer(store, 22, { guideId: 2 });
    for (const id of [11, 12]) await knows(id);
    await planTask(store, "greeting", 21, { guideId: 2, released: false });
    await planTask(store, "greeting", 22, { guideId: 2, released: false });
    for (const id of [11, 12, 13]) await planTask(store, "greeting", id, { released: false });
    await change("UPDATE task SET priority = 1 WHERE customer_id IN (21, 12)");
    await away(today, tomorrow);
    expect(await releaseDue(stand.setup)).toMatchObject({ released: 2, putOff: 3 });
    expect(await lines()).toEqual([
      ...["planned 2 03-03", "planned 2 03-02 let go"],
      ...["planned 2 for 1 03-02 let go", "planned 2 for 1 03-03", "planned 1 03-03"],
    ]);
    // the owner is back: what waits with the deputy is theirs again
    stand.pass(2 * 24 * 3_600_000);
    const done = await store.read.rows<{ id: number }>("SELECT id FROM task WHERE released_on IS NOT NULL");
    await offered(done.map(({ id }) => id));
    await change("UPDATE task SET expires_on = '2026-03-09'");
    await releaseDue(stand.setup);
    expect((await lines())[3]).toBe("planned 1 03-04 let go");
  });

  it("let go this morning and not offered: a leave told since gives it away, or puts it off", async () => {
    await knows(11);
    for (const id of [11, 12]) await planTask(store, "greeting", id, { released: false });
    expect(await releaseDue(stand.setup)).toMatchObject({ released: 2 });
    await away(today, today);
    expect(await releaseDue(stand.setup)).toMatchObject({ released: 1, putOff: 1 });
    expect(await lines()).toEqual(["planned 2 for 1 03-02 let go", "planned 1 03-03"]);
  });

  it("the deputy goes away too: to another deputy, or back", async () => {
    await change("INSERT INTO guide (id, userid, name, store_id) VALUES (3, 'hong', '红', 3)");
    for (const [id, guide] of [
      [11, 2],
      [11, 3],
      [12, 2],
    ] as const)
      await knows(id, guide);
    await change("UPDATE contact SET began_on = '2026-02-01' WHERE guide_id = 2");
    for (const id of [11, 12]) await planTask(store, "greeting", id, { released: false });
    await away(today, tomorrow);
    await releaseDue(stand.setup);
    expect(await lines()).toEqual(["planned 2 for 1 03-02 let go", "planned 2 for 1 03-02 let go"]);
    const all = await store.read.rows<{ id: number }>("SELECT id FROM task");
    await offered(all.map(({ id }) => id));
    await away(today, today, { guide: 2, cancelled: 0 });
    expect(await recheckAbsences(stand.setup)).toBe(2);
    await releaseDue(stand.setup);
    expect(await lines()).toEqual(["planned 3 for 1 03-02 let go", "planned 1 03-03"]);
  });

  it("a leave taken back: what its deputies have not confirmed goes back, what is natural stays", async () => {
    await knows(11);
    await knows(12);
    for (const id of [11, 12]) await planTask(store, "greeting", id, { released: false });
    await away(today, tomorrow);
    await releaseDue(stand.setup);
    const one = await store.read.row<{ id: number }>("SELECT id FROM task WHERE customer_id = 11");
    await offered([one?.id ?? 0]);
    expect(await recheckAbsences(stand.setup)).toBe(0);
    stand.pass(2 * 24 * 3_600_000);
    expect(await recheckAbsences(stand.setup)).toBe(0);
    stand.pass(-2 * 24 * 3_600_000);
    await change("UPDATE guide_leave SET cancelled = 1, settled = 0");
    expect(await recheckAbsences(stand.setup)).toBe(2);
    expect(await lines()).toEqual(["planned 1 03-02", "planned 1 03-02"]);
    expect(await store.read.rows("SELECT settled FROM guide_leave")).toEqual([{ settled: 1 }]);
    expect(await releaseDue(stand.setup)).toMatchObject({ released: 2 });
  });

  it("nothing is offered to who is on leave, even where it was let go before anybody knew", async () => {
    await planTask(store, "greeting", 11, { released: true });
    await away(today, today);
    expect(await offerDue(stand.setup)).toMatchObject({ offered: 0 });
    stand.pass(24 * 3_600_000);
    await releaseDue(stand.setup);
    expect(await offerDue(stand.setup)).toMatchObject({ offered: 1 });
  });

  it("a leave to come is looked at on its first day; a leaver of last month in the night", async () => {
    await inHand(11, "offered");
    await enrolCustomer(store, 31, { guideId: 2 });
    await inHand(31, "offered", { guideId: 2 });
    await away(tomorrow, tomorrow);
    await change("UPDATE guide SET left_on = '2026-02-20' WHERE id = 2");
    expect(await recheckAbsences(stand.setup)).toBe(0);
    expect(await recheckAbsences(stand.setup, "all")).toBe(1);
    stand.pass(24 * 3_600_000);
    expect(await recheckAbsences(stand.setup)).toBe(1);
    expect(await lines()).toEqual(["planned 1 03-03", "held: guide_left 2 03-01"]);
  });
});
