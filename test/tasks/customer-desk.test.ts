// One customer changed at the desk: what was shown before is what happens, nothing of a look stays, nobody else's can be touched.
import fc from "fast-check";
import { recordChange } from "../../src/identity/audit.js";
import type { Viewer } from "../../src/identity/viewer.js";
import type { Store } from "../../src/infra/store.js";
import { readClaims } from "../../src/journeys/claims-file.js";
import { claimsList } from "../../src/journeys/claims-list.js";
import type { CustomerAct } from "../../src/tasks/customer-acts.js";
import { customerChanges } from "../../src/tasks/customer-changes.js";
import { customerDeskWork } from "../../src/tasks/customer-desk.js";
import { customerHistory } from "../../src/tasks/customer-history.js";
import { planner } from "../../src/tasks/planner.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { enrolCustomer, openShop, standOn, zone } from "../support/task-stand.js";

const person = (role: Viewer["role"], ids: Partial<Viewer> = {}): Viewer => ({
  ...{ accountId: 3, role, name: "", guideId: null, storeId: null, regionId: null, ...ids },
});
const hq = person("hq");
const born = (value: string): CustomerAct => ({ act: "correct", field: "child.born_on", childNo: 1, value });

/** All that a look may not change, as text. */
async function contents(store: Store): Promise<string> {
  const tables = [
    "customer",
    "child",
    "anchor",
    "anchor_mark",
    "task",
    "task_event",
    "hand_over",
    "data_fault",
  ];
  const rows = [...tables, "audit_entry", "customer_mark", "rollup_mark"].map((table) =>
    store.read.rows(`SELECT * FROM ${table} ORDER BY 1, 2`),
  );
  return JSON.stringify(await Promise.all(rows));
}

describeOnEachDatabase("a customer at the desk", (db, kind) => {
  const open = () => {
    const stand = standOn(db());
    const changes = customerChanges(stand.setup);
    return { ...stand, desk: customerDeskWork({ setup: stand.setup, changes }), changes };
  };
  const taskOf = (key: string) =>
    db().read.row<{ dueOn: string; state: string; reason: string | null }>(
      `SELECT k.due_on AS dueOn, k.state, k.reason FROM task k JOIN touchpoint t ON t.id = k.touchpoint_id
       WHERE t.touchpoint_key = ? AND k.customer_id = 1`,
      [key],
    );

  beforeEach(async () => {
    await openShop(db());
    await enrolCustomer(db(), 1);
    await enrolCustomer(db(), 2, { guideId: 2 });
    // planned from the day its customers came, not from years before
    await db().write((sql) => sql.run("UPDATE touchpoint SET plans_from = '2026-02-01'"));
    const { world } = standOn(db());
    await planner({ store: db(), world, zone }).planDue();
  });

  it("corrected moves what has not gone out, as it was shown before", async () => {
    const { desk } = open();
    expect(await taskOf("baby")).toMatchObject({ dueOn: "2026-03-02", state: "planned" });
    const before = await contents(db());
    const shown = await desk.preview(hq, 1, born("2025-09-05"));
    expect(await contents(db())).toBe(before);
    expect(shown.changes).toMatchObject({ moved: 1, dropped: 0, added: 0 });
    expect(shown.changes.lines).toEqual([
      {
        ...{ what: "moved", touchpoint: "baby", journey: "新客旅程", childNo: 1 },
        ...{ from: "2026-03-02", to: "2026-03-05", isOut: false },
      },
    ]);
    expect(await desk.act(hq, 1, born("2025-09-05"))).toEqual(shown);
    expect(await taskOf("baby")).toMatchObject({ dueOn: "2026-03-05", state: "planned" });
    const [entry] = await db().read.rows(
      "SELECT done_by, action, subject, before_json, after_json FROM audit_entry",
    );
    expect(entry).toEqual({
      ...{ done_by: "account:3", action: "customer.correct", subject: "customer:1" },
      before_json: JSON.stringify({ childNo: 1, bornOn: "2025-09-02" }),
      after_json: JSON.stringify({ childNo: 1, bornOn: "2025-09-05", shifted: 1, dropped: 0, added: 0 }),
    });
  });

  it("whatever is changed, a look leaves nothing and tells what then happens", async () => {
    const day = fc.integer({ min: 0, max: 400 }).map((ago) => {
      return new Date(Date.UTC(2026, 2, 2) - ago * 86_400_000).toISOString().slice(0, 10);
    });
    const act: fc.Arbitrary<CustomerAct> = fc.oneof(
      day.map(born),
      day.map((value): CustomerAct => ({ act: "correct", field: "child.due_on", childNo: 1, value })),
      fc.constant(born("")),
      day.map((value): CustomerAct => ({ act: "correct", field: "customer.birthday", childNo: 0, value })),
      fc
        .constantFrom("米粒", "豆豆", "")
        .map((value): CustomerAct => ({ act: "correct", field: "child.name", childNo: 1, value })),
      day.map((bornOn): CustomerAct => ({ act: "add_child", name: "", bornOn, dueOn: "" })),
      fc.constantFrom<CustomerAct>(
        { act: "stop", why: "loss" },
        { act: "resume" },
        { act: "opt_out" },
        { act: "opt_in" },
      ),
    );
    const { desk } = open();
    const told = (work: Promise<unknown>) => work.catch((error: Error) => error.message);
    await fc.assert(
      fc.asyncProperty(act, async (one) => {
        const before = await contents(db());
        const shown = await told(desk.preview(hq, 1, one));
        expect(await contents(db())).toBe(before);
        expect(await told(desk.act(hq, 1, one))).toEqual(shown);
      }),
      { numRuns: kind === "sqlite" ? 40 : 10 },
    );
  });

  it("stopped loses what is about the baby, and gets it back", async () => {
    const { desk } = open();
    const shown = await desk.preview(hq, 1, { act: "stop", why: "loss" });
    expect(shown.changes).toMatchObject({ moved: 0, dropped: 1, added: 0 });
    await desk.act(hq, 1, { act: "stop", why: "loss" });
    expect(await taskOf("baby")).toMatchObject({ state: "cancelled", reason: "stopped" });
    expect(await taskOf("greeting")).toMatchObject({ state: "planned" });
    await expect(desk.act(hq, 1, { act: "stop", why: "loss" })).rejects.toMatchObject({ kind: "conflict" });
    expect((await desk.act(hq, 1, { act: "resume" })).changes).toMatchObject({ added: 1 });
    expect(await taskOf("baby")).toMatchObject({ state: "planned" });
  });

  it("opted out by a person ends all that was to come; opted in again what is to come comes", async () => {
    const { desk } = open();
    await desk.act(hq, 1, { act: "opt_out" });
    for (const key of ["greeting", "baby", "page"])
      expect(await taskOf(key)).toMatchObject({ state: "skipped", reason: "opted_out" });
    const row = await db().read.row("SELECT opted_out AS o, opted_out_by AS said FROM customer WHERE id = 1");
    expect(row).toEqual({ o: 1, said: "person" });
    await desk.act(hq, 1, { act: "opt_in" });
    await expect(desk.act(hq, 1, { act: "opt_in" })).rejects.toMatchObject({ kind: "conflict" });
  });

  it("says a wrong value in words, and changes nothing", async () => {
    const { desk } = open();
    const before = await contents(db());
    for (const [act, kind] of [
      [born("2026-03-03"), "invalid"],
      [born("1980-01-01"), "invalid"],
      [born("昨天"), "invalid"],
      [born("2025-09-02"), "conflict"],
      [{ ...born("2025-09-05"), childNo: 7 }, "conflict"],
      [{ act: "correct", field: "child.name", childNo: 1, value: "治愈宝宝" }, "invalid"],
      [{ act: "add_child", name: "米粒", bornOn: "", dueOn: "" }, "invalid"],
      [{ act: "add_child", name: "", bornOn: "", dueOn: "2029-01-01" }, "invalid"],
      [{ act: "resume" }, "conflict"],
      [{ act: "opt_in" }, "conflict"],
    ] as [CustomerAct, string][]) {
      await expect(desk.preview(hq, 1, act)).rejects.toMatchObject({ kind });
      await expect(desk.act(hq, 1, act)).rejects.toMatchObject({ kind });
    }
    await expect(desk.preview(hq, 1, born("昨天"))).rejects.toMatchObject({
      message: "出生日期「昨天」：请写成 2026-03-02 这样的日期。",
    });
    expect(await contents(db())).toBe(before);
  });

  it("the first look of all waits for nothing: the list of claims is written before it", async () => {
    const named = (value: string): CustomerAct => ({
      act: "correct",
      field: "child.name",
      childNo: 1,
      value,
    });
    const deskAnew = () => {
      const { setup, changes } = open();
      const seeds = readClaims("config/forbidden-claims.yaml");
      const { check } = claimsList({ store: db(), world: setup.world, seeds });
      return customerDeskWork({ setup: { ...setup, claims: check }, changes });
    };
    expect(await db().read.rows("SELECT id FROM claim_term")).toEqual([]);
    await expect(deskAnew().preview(hq, 1, named("第一名宝宝"))).rejects.toMatchObject({ kind: "invalid" });
    await db().write((sql) => sql.run("DELETE FROM claim_term"));
    expect(await deskAnew().preview(hq, 1, named("米粒"))).toMatchObject({ changes: { moved: 0 } });
    await db().write((sql) => sql.run("DELETE FROM claim_term"));
    const born: CustomerAct = { act: "add_child", name: "米粒", bornOn: "2025-12-01", dueOn: "" };
    expect(await deskAnew().act(hq, 1, born)).toMatchObject({ renamed: 0 });
  });

  it("shows of the chats and tasks with friends of several places only one's own", async () => {
    const { setup } = open();
    const history = customerHistory(setup);
    await db().write(async (sql) => {
      await sql.run("INSERT INTO region (id, parent_id, name, depth, trail) VALUES (6, 0, '华南', 0, '/6/')");
      await sql.run("INSERT INTO store (id, code, name, region_id) VALUES (4, 's4', '天河店', 6)");
      await sql.run("UPDATE guide SET store_id = 4 WHERE id = 2");
      await sql.run("INSERT INTO contact (customer_id, guide_id, began_on) VALUES (1, 2, '2026-02-24')");
      for (const [at, [guideId, text]] of (
        [
          [1, "兰兰的话"],
          [2, "梅梅的话"],
        ] as const
      ).entries())
        await sql.run(
          `INSERT INTO message (msgid, source, guide_id, customer_id, sender, type, text, sent_at, sent_on)
           VALUES (?, 'archive', ?, 1, 'customer', 'text', ?, ?, '2026-03-02')`,
          [`m${at}`, guideId, text, at],
        );
      const touchpoint = "(SELECT id FROM touchpoint WHERE touchpoint_key =";
      // what mei does for the customer herself, what she does in lan's place, what stands with nobody
      const mine = `guide_id = 2 WHERE customer_id = 1 AND touchpoint_id = ${touchpoint} 'baby')`;
      await sql.run(`UPDATE task SET ${mine}`);
      const deputed = `guide_id = 2, deputy_of = 1 WHERE customer_id = 1 AND touchpoint_id = ${touchpoint} 'page')`;
      await sql.run(`UPDATE task SET ${deputed}`);
      const held = `guide_id = NULL WHERE customer_id = 1 AND touchpoint_id = ${touchpoint} 'call')`;
      await sql.run(`UPDATE task SET ${held}`);
    });
    const seen = async (viewer: Viewer) => {
      const tasks = await history.tasks(viewer, 1);
      const chat = await history.chat(viewer, 1);
      const isOf = (name: string) => tasks.some(({ touchpoint }) => touchpoint === name);
      return [
        chat.map(({ text }) => text).join(" "),
        ["greeting", "baby", "page", "call"].filter(isOf).join(" "),
      ];
    };
    const lans = ["兰兰的话", "greeting page call"];
    const meis = ["梅梅的话", "baby page call"];
    expect(await seen(hq)).toEqual(["兰兰的话 梅梅的话", "greeting baby page call"]);
    expect(await seen(person("manager", { regionId: 5 }))).toEqual(lans);
    expect(await seen(person("store_manager", { storeId: 3 }))).toEqual(lans);
    expect(await seen(person("guide", { guideId: 1 }))).toEqual(lans);
    expect(await seen(person("manager", { regionId: 6 }))).toEqual(meis);
    expect(await seen(person("store_manager", { storeId: 4 }))).toEqual(meis);
    expect(await seen(person("guide", { guideId: 2 }))).toEqual(meis);
  });

  it.each<[string, boolean, Viewer]>([
    ["the region's manager", true, person("manager", { regionId: 5 })],
    ["another region's", false, person("manager", { regionId: 6 })],
    ["the store's manager", true, person("store_manager", { storeId: 3 })],
    ["another store's", false, person("store_manager", { storeId: 4 })],
    ["the guide", true, person("guide", { guideId: 1 })],
    ["a colleague", false, person("guide", { guideId: 2 })],
  ])("is there for %s: %s", async (_who, seen, viewer) => {
    const { desk, setup } = open();
    const history = customerHistory(setup);
    // one after the other: the change must not overtake the look at it
    for (const ask of [
      () => desk.preview(viewer, 1, born("2025-09-05")),
      () => desk.act(viewer, 1, born("2025-09-05")),
      () => history.tasks(viewer, 1),
      () => history.chat(viewer, 1),
    ])
      if (seen) expect(await ask()).toBeDefined();
      else await expect(ask()).rejects.toMatchObject({ kind: "not_found" });
    if (!seen) await expect(desk.erase(viewer, 1, "客户1")).rejects.toMatchObject({ kind: "not_found" });
  });

  it("erased by name takes words on their way along, and what was changed before", async () => {
    const { desk, states } = open();
    await desk.act(hq, 1, { act: "correct", field: "child.name", childNo: 1, value: "米粒" });
    const row = await db().read.row<{ id: number }>("SELECT MIN(id) AS id FROM task WHERE customer_id = 1");
    const id = Number(row?.id);
    await db().write(async (sql) => {
      await sql.run(
        `INSERT INTO hand_over (id, ref, channel, way, guide_id, words, prepared_on, customers, state, called_at, next_at)
         VALUES (1, 'r', 'notebook', 'mass', 1, '好久不见。', '2026-03-02', 1, 'ready', 0, 9999999999999)`,
      );
      await sql.run("INSERT INTO hand_over_task (task_id, hand_over_id, customer_id) VALUES (?, 1, 1)", [id]);
      await sql.run("UPDATE task SET hand_over_id = 1, state = 'sending' WHERE id = ?", [id]);
    });
    for (const who of ["wm-1", "wm-2"])
      await db().write((sql) =>
        recordChange(sql, {
          ...{ at: 1, by: "account:3", action: "contact.remark", subject: "guide:lan" },
          after: { customer: who },
        }),
      );
    await expect(desk.erase(hq, 1, "客户2")).rejects.toMatchObject({ kind: "invalid" });
    await desk.erase(hq, 1, "客户1");
    expect((await states()).filter((state) => state.startsWith("sending"))).toEqual([]);
    const details = await db().read.rows(
      "SELECT id FROM audit_entry WHERE subject = 'customer:1' AND (before_json LIKE '%米粒%' OR after_json LIKE '%米粒%')",
    );
    expect(details).toEqual([]);
    // remarks were once written down under the guide
    expect(
      await db().read.rows("SELECT after_json FROM audit_entry WHERE subject = 'guide:lan' ORDER BY id"),
    ).toEqual([{ after_json: null }, { after_json: '{"customer":"wm-2"}' }]);
    await expect(desk.preview(hq, 1, { act: "opt_out" })).rejects.toMatchObject({ kind: "not_found" });
  });
});
