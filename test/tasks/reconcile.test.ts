// Calls without an answer, and what ends late: found, absent, asked about; never repeated blindly, never lost.
import { ChannelError } from "../../src/channels/port.js";
import type { Store } from "../../src/infra/store.js";
import { customerChanges } from "../../src/tasks/customer-changes.js";
import { expireDue } from "../../src/tasks/expiry.js";
import { offerDue } from "../../src/tasks/offering.js";
import { pollOutstanding } from "../../src/tasks/outcomes.js";
import { reconcile } from "../../src/tasks/reconcile.js";
import { describeOnEachDatabase } from "../support/databases.js";
import * as support from "../support/task-stand.js";
import { enrolCustomer, minute, openShop, planTask, type Stand, standOn } from "../support/task-stand.js";

const { hour, today } = support;

describeOnEachDatabase("reconciliation", (open) => {
  let store: Store;
  let stand: Stand;
  let id = 0;
  beforeEach(async () => {
    store = open();
    await openShop(store);
    stand = standOn(store);
    await enrolCustomer(store, 11);
    id = await planTask(store, "greeting", 11);
    await offerDue(stand.setup);
  });
  const calls = () => stand.notebook.entries.flatMap((entry) => (entry.kind === "handedOver" ? [entry] : []));
  const texts = () =>
    stand.notebook.entries.flatMap((entry) =>
      entry.kind === "told" && entry.note.kind === "text" ? [entry.note.text] : [],
    );
  const lose = async (when: "before" | "after") => {
    stand.notebook.failNext(new ChannelError("unknown", "timeout"), when);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["unknown"]);
  };
  /** lets time pass in small steps with every pass of the schedule */
  const live = async (ms: number, step = minute) => {
    for (let gone = 0; gone < ms; gone += step) {
      stand.pass(step);
      await stand.sender.dispatchDue();
      await reconcile(stand.setup);
      await pollOutstanding(stand.setup);
      await expireDue(stand.setup);
    }
  };

  it("finds what took place without an answer, and goes on as if there had been one", async () => {
    await lose("after");
    await live(5 * minute);
    expect(await stand.states()).toEqual(["handed_over"]);
    expect(calls()).toHaveLength(1);
    stand.notebook.confirm(calls()[0]?.providerRef ?? "");
    await live(20 * minute);
    expect(await stand.states()).toEqual(["sent"]);
    expect(await stand.task(id)).toMatchObject({ late: 0 });
  });

  it("calls anew only when it is long sure that nothing took place", async () => {
    await lose("before");
    await live(9 * minute);
    expect(calls()).toEqual([]);
    expect(await stand.states()).toEqual(["unknown"]);
    await live(30 * minute);
    expect(calls()).toHaveLength(1);
    expect(await stand.states()).toEqual(["handed_over"]);
    expect((await stand.handOvers()).map(({ state }) => state)).toEqual(["absent", "waiting"]);
  });

  it("does not offer anew what is past its grace", async () => {
    await store.write((sql) => sql.run("UPDATE task SET expires_on = ?", [today]));
    await lose("before");
    stand.pass(support.day);
    await reconcile(stand.setup);
    stand.pass(hour);
    await reconcile(stand.setup);
    expect(await stand.states()).toEqual(["expired: grace_passed"]);
    expect(calls()).toEqual([]);
  });

  it("counts a call as lost when its process died", async () => {
    await store.write(async (sql) => {
      await sql.run("UPDATE hand_over SET state = 'creating', called_at = ?", [stand.world.now()]);
      await sql.run("UPDATE task SET state = 'sending'");
    });
    stand.pass(minute - 1);
    expect((await reconcile(stand.setup)).lost).toBe(0);
    stand.pass(1);
    expect((await reconcile(stand.setup)).lost).toBe(1);
    expect(await stand.states()).toEqual(["unknown"]);
    await live(40 * minute);
    expect(calls()).toHaveLength(1);
  });

  it("takes the answer of a call that was counted as lost meanwhile", async () => {
    const handOver = stand.notebook.handOver.bind(stand.notebook);
    stand.notebook.handOver = async (followUp) => {
      stand.pass(2 * minute);
      await reconcile(stand.setup);
      expect(await stand.states()).toEqual(["unknown"]);
      return handOver(followUp);
    };
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["handed_over"]);
  });

  it("asks the guide when no channel can tell, and believes the answer", async () => {
    stand.notebook.promises.reconciles = false;
    await lose("after");
    await live(5 * minute);
    expect(texts()).toEqual([expect.stringContaining("客户11")]);
    expect(await stand.service.answerUnknown(1, id, true)).toMatchObject({ changed: true, state: "sent" });
    expect(await stand.service.answerUnknown(1, id, true)).toMatchObject({ changed: false, state: "sent" });
    expect(await store.read.rows("SELECT task_id FROM delivery")).toEqual([{ task_id: id }]);
    await live(hour);
    expect(calls()).toHaveLength(1);
  });

  it("offers anew what the guide says did not go out", async () => {
    stand.notebook.promises.reconciles = false;
    await lose("before");
    await expect(stand.service.answerUnknown(1, id, false)).rejects.toThrow("还在核实");
    await live(5 * minute);
    expect(await stand.service.answerUnknown(1, id, false)).toMatchObject({
      changed: true,
      state: "offered",
    });
    await live(minute);
    expect(calls()).toHaveLength(1);
  });

  it("does not touch what is unknown by any action of the guide", async () => {
    await lose("after");
    await expect(stand.service.skip(1, id, "busy")).rejects.toThrow("核实");
    await expect(stand.service.edit(1, id, "别的话")).rejects.toThrow("核实");
    await expect(stand.service.later(1, id)).rejects.toThrow("核实");
  });

  it("stops the hand-over when the grace has passed, and reads it once more before", async () => {
    await stand.sender.dispatchDue();
    await live(4 * support.day, hour);
    expect(await stand.states()).toEqual(["expired: grace_passed"]);
    expect((await stand.handOvers()).map(({ state }) => state)).toEqual(["stopped"]);
    const kinds = stand.notebook.entries.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "stopped")).toHaveLength(1);
  });

  it("counts as sent what the guide confirmed a moment before it expired", async () => {
    await stand.sender.dispatchDue();
    stand.pass(4 * support.day);
    stand.notebook.confirm(calls()[0]?.providerRef ?? "");
    await expireDue(stand.setup);
    expect(await stand.states()).toEqual(["sent"]);
    expect(await stand.task(id)).toMatchObject({ late: 0 });
  });

  it("finds out late: an expired task was sent after all", async () => {
    await lose("after");
    stand.notebook.confirm(calls()[0]?.providerRef ?? "");
    stand.pass(4 * support.day);
    await expireDue(stand.setup);
    expect(await stand.states()).toEqual(["expired: grace_passed"]);
    await live(5 * minute);
    expect(await stand.states()).toEqual(["sent"]);
    expect(await stand.task(id)).toMatchObject({ late: 1 });
  });

  it("takes back what is found after its task has ended, so that nobody taps it", async () => {
    await lose("after");
    stand.pass(4 * support.day);
    await expireDue(stand.setup);
    await live(5 * minute);
    expect(await stand.states()).toEqual(["expired: grace_passed"]);
    expect((await stand.handOvers()).map(({ state }) => state)).toEqual(["stopped"]);
    stand.notebook.confirm(calls()[0]?.providerRef ?? "");
    await live(hour);
    expect(await stand.states()).toEqual(["expired: grace_passed"]);
  });

  describe("a guide who skips what cannot be taken back at once", () => {
    const down = () => Promise.reject(new ChannelError("retry", "down"));
    let stop: typeof stand.notebook.stop;
    beforeEach(async () => {
      await stand.sender.dispatchDue();
      stop = stand.notebook.stop.bind(stand.notebook);
      stand.notebook.stop = down;
      expect(await stand.service.skip(1, id, "unsuitable", "不吃奶粉")).toMatchObject({
        ...{ changed: false, state: "handed_over" },
        message: expect.stringContaining("不用再说一次"),
      });
      await live(3 * minute);
      expect(await stand.states()).toEqual(["handed_over"]);
    });
    const wishes = () => store.read.rows("SELECT task_id FROM guide_wish");

    it("is heeded when it can, with nothing offered again", async () => {
      stand.notebook.stop = stop;
      await live(3 * minute);
      expect(await stand.states()).toEqual(["skipped: guide_skipped_unsuitable"]);
      expect((await stand.handOvers()).map(({ state }) => state)).toEqual(["stopped"]);
      const said = "SELECT actor, note FROM task_event WHERE to_state = 'skipped'";
      expect(await store.read.rows(said)).toEqual([{ actor: "guide:1", note: "不吃奶粉" }]);
      expect(await wishes()).toEqual([]);
    });

    it("has sent them who confirms them all the same", async () => {
      stand.notebook.confirm(calls()[0]?.providerRef ?? "");
      stand.notebook.stop = stop;
      await live(3 * minute);
      expect(await stand.states()).toEqual(["sent"]);
      expect(await wishes()).toEqual([]);
    });

    it("is heeded by what they said last", async () => {
      stand.notebook.stop = stop;
      expect(await stand.service.later(1, id)).toMatchObject({ changed: true, state: "offered" });
      await live(3 * minute);
      expect(await stand.states()).toEqual(["offered"]);
      expect(await wishes()).toEqual([]);
    });
  });

  describe("a guide who wants something else of what cannot be taken back at once", () => {
    let stop: typeof stand.notebook.stop;
    const said = { changed: false, state: "handed_over", message: expect.stringContaining("不用再说一次") };
    const wishes = () => store.read.rows("SELECT task_id FROM guide_wish");
    beforeEach(async () => {
      await stand.sender.dispatchDue();
      stop = stand.notebook.stop.bind(stand.notebook);
      stand.notebook.stop = () => Promise.reject(new ChannelError("retry", "down"));
    });
    const mended = async () => {
      stand.notebook.stop = stop;
      await live(3 * minute);
      expect(await wishes()).toEqual([]);
    };

    it("has it put off once it can be, and nothing goes out before", async () => {
      const until = stand.setup.world.now() + 2 * hour;
      expect(await stand.service.later(1, id)).toMatchObject(said);
      await live(3 * minute);
      expect([await stand.states(), (await wishes()).length]).toEqual([["handed_over"], 1]);
      await mended();
      expect(await stand.states()).toEqual(["offered"]);
      expect(await stand.task(id)).toMatchObject({ snoozed_until: until });
      expect(await store.read.rows("SELECT guide_id, at FROM task_reminder")).toEqual([
        { guide_id: 1, at: until },
      ]);
      expect(calls()).toHaveLength(1);
      await live(2 * hour);
      expect(calls()).toHaveLength(2);
    });

    it("has their own words in it once the old ones are back", async () => {
      expect(await stand.service.edit(1, id, "王女士，周末店里有育儿课。")).toMatchObject(said);
      await mended();
      await live(5 * minute);
      expect(calls().map(({ followUp }) => followUp?.text)).toEqual([
        expect.not.stringContaining("育儿课"),
        "王女士，周末店里有育儿课。",
      ]);
      expect(await store.read.rows("SELECT words, edited_by FROM task_edit")).toEqual([
        { words: "王女士，周末店里有育儿课。", edited_by: "guide:1" },
      ]);
    });

    it("is heeded by what they said last", async () => {
      await stand.service.edit(1, id, "王女士，周末店里有育儿课。");
      await stand.service.later(1, id);
      await stand.service.skip(1, id, "busy");
      await mended();
      expect(await stand.states()).toEqual(["skipped: guide_skipped_busy"]);
      expect(await store.read.rows("SELECT task_id FROM task_edit")).toEqual([]);
      expect(await store.read.rows("SELECT task_id FROM task_reminder")).toEqual([]);
    });

    it("has both, other words and a later hour, in either order", async () => {
      for (const [at, words] of ["第一版。", "第二版。"].entries()) {
        if (at === 0) await stand.service.edit(1, id, words);
        await stand.service.later(1, id);
        if (at === 1) await stand.service.edit(1, id, words);
      }
      const until = stand.setup.world.now() + 2 * hour;
      await mended();
      expect(await stand.task(id)).toMatchObject({ state: "offered", snoozed_until: until });
      expect(calls()).toHaveLength(1);
      await live(2 * hour);
      expect(calls().map(({ followUp }) => followUp?.text)[1]).toBe("第二版。");
    });

    it("has the old words again who wants them again", async () => {
      const old = calls()[0]?.followUp?.text ?? "";
      await stand.service.edit(1, id, "王女士，周末店里有育儿课。");
      expect(await stand.service.edit(1, id, old)).toMatchObject(said);
      await mended();
      await live(5 * minute);
      expect(calls().map(({ followUp }) => followUp?.text)).toEqual([old, old]);
    });

    it("has nothing offered again of a customer who wants no more messages by then", async () => {
      await stand.service.later(1, id);
      await store.write((sql) => sql.run("UPDATE customer SET opted_out = 1"));
      await mended();
      expect(await stand.states()).toEqual(["skipped: opted_out"]);
      expect((await stand.handOvers()).map(({ state }) => state)).toEqual(["stopped"]);
    });

    it("has nothing kept of a customer who was erased by then", async () => {
      await stand.service.edit(1, id, "王女士，周末店里有育儿课。");
      await customerChanges(stand.setup).erase({ customer: "wm-11", by: "account:1" });
      expect(await wishes()).toEqual([]);
      await mended();
      expect(await store.read.rows("SELECT task_id FROM task_edit")).toEqual([]);
      expect(await stand.states()).toEqual(["cancelled: erased"]);
    });

    it("has sent the old words who confirms them all the same", async () => {
      await stand.service.edit(1, id, "王女士，周末店里有育儿课。");
      stand.notebook.confirm(calls()[0]?.providerRef ?? "");
      await mended();
      expect(await stand.states()).toEqual(["sent"]);
      expect(await store.read.rows("SELECT task_id FROM task_edit")).toEqual([]);
    });

    it("has it expire all the same when its grace is over by then", async () => {
      await stand.service.later(1, id);
      stand.pass(4 * support.day);
      await mended();
      expect(await stand.states()).toEqual(["expired: grace_passed"]);
    });
  });

  it("keeps on stopping while the channel is out of reach", async () => {
    await stand.sender.dispatchDue();
    const stop = stand.notebook.stop.bind(stand.notebook);
    stand.notebook.stop = () => Promise.reject(new ChannelError("retry", "down"));
    stand.pass(4 * support.day);
    await expireDue(stand.setup);
    expect(await stand.states()).toEqual(["handed_over"]);
    stand.notebook.stop = stop;
    await live(5 * minute);
    expect(await stand.states()).toEqual(["expired: grace_passed"]);
  });

  it("expires what waits with us, and nothing twice", async () => {
    await store.write((sql) => sql.run("DELETE FROM task"));
    const states = ["planned", "needs_data", "held", "offered", "approved", "unknown", "sent", "skipped"];
    for (const [at, state] of states.entries())
      await planTask(store, "call", 100 + at, { state, expiresOn: "2026-03-04" });
    await expireDue(stand.setup);
    expect(await stand.states()).toEqual(states);
    stand.pass(3 * support.day);
    expect(await expireDue(stand.setup)).toEqual({ expired: 6, withdrawn: 0 });
    expect(await expireDue(stand.setup)).toEqual({ expired: 0, withdrawn: 0 });
    const events = await store.read.rows("SELECT from_state FROM task_event WHERE to_state = 'expired'");
    expect(events).toHaveLength(6);
  });

  it("leaves a corrected date to planning for two days", async () => {
    await store.write((sql) =>
      sql.run("UPDATE task SET state = 'planned', reason = 'anchor_corrected', expires_on = '2026-03-02'"),
    );
    stand.pass(support.day);
    expect((await expireDue(stand.setup)).expired).toBe(0);
    stand.pass(2 * support.day);
    expect((await expireDue(stand.setup)).expired).toBe(1);
  });
});
