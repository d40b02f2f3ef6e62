// A customer erased while words are on their way to them: at whatever stage, alone or among others, nothing is left in a
// hand-over without a task, every hand-over ends, nobody gets words anew, and no words of theirs are kept.
import { ChannelError } from "../../src/channels/port.js";
import type { Store } from "../../src/infra/store.js";
import { customerChanges } from "../../src/tasks/customer-changes.js";
import { expireDue } from "../../src/tasks/expiry.js";
import { moveTasks } from "../../src/tasks/moves.js";
import { offerDue } from "../../src/tasks/offering.js";
import { pollOutstanding } from "../../src/tasks/outcomes.js";
import { recheckWaiting } from "../../src/tasks/rechecking.js";
import { reconcile } from "../../src/tasks/reconcile.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { taskFaults } from "../support/invariants.js";
import {
  enrolCustomer,
  hour,
  minute,
  openShop,
  planTask,
  type Stand,
  standOn,
  type TouchpointName,
} from "../support/task-stand.js";

/** Brings words to a stage; `erase` is called there, by whom it is not said otherwise after it. */
type Stage = (stand: Stand, erase: () => Promise<unknown>) => Promise<unknown>;

const lose = (when: "before" | "after") => async (stand: Stand) => {
  stand.notebook.failNext(new ChannelError("unknown", "timeout"), when);
  await stand.sender.dispatchDue();
};

const STAGES: readonly (readonly [string, Stage])[] = [
  ["waits to be called", async () => undefined],
  [
    "is being called",
    async (stand, erase) => {
      const handOver = stand.notebook.handOver.bind(stand.notebook);
      stand.notebook.handOver = async (followUp) => {
        stand.notebook.handOver = handOver;
        await erase();
        return handOver(followUp);
      };
      await stand.sender.dispatchDue();
    },
  ],
  [
    "was being called when the process died",
    async ({ store, world }) => {
      await store.write(async (sql) => {
        await sql.run("UPDATE hand_over SET state = 'creating', called_at = ?", [world.now()]);
        const tasks = await sql.rows<{ id: number }>("SELECT id FROM task");
        const ids = tasks.map(({ id }) => Number(id));
        await moveTasks(sql, ids, { from: ["offered"], to: "sending", actor: "system", at: world.now() });
      });
    },
  ],
  ["had no answer, and was taken", lose("after")],
  ["had no answer, and was not taken", lose("before")],
  ["waits for the guide", ({ sender }) => sender.dispatchDue()],
  [
    "is being taken back, and the channel is out of reach",
    async ({ sender, notebook }) => {
      await sender.dispatchDue();
      const stop = notebook.stop.bind(notebook);
      let failures = 2;
      notebook.stop = (one) =>
        failures-- > 0 ? Promise.reject(new ChannelError("retry", "down")) : stop(one);
    },
  ],
  [
    "is asked about",
    async (stand) => {
      stand.notebook.promises.reconciles = false;
      await lose("before")(stand);
    },
  ],
];

const KINDS: readonly (readonly [string, TouchpointName, number[]])[] = [
  ["alone", "personal", [11]],
  ["among others", "greeting", [11, 12, 13]],
];

describeOnEachDatabase("erasing a customer", (open) => {
  let store: Store;
  let stand: Stand;

  beforeEach(async () => {
    store = open();
    await openShop(store);
    stand = standOn(store);
  });

  const erase = () => customerChanges(stand.setup).erase({ customer: "wm-11", by: "api:1" });
  /** Lets time pass with every pass of the schedule. */
  const live = async (ms: number, step: number) => {
    for (let gone = 0; gone < ms; gone += step) {
      stand.pass(step);
      await stand.sender.dispatchDue();
      await reconcile(stand.setup);
      await pollOutstanding(stand.setup);
      await recheckWaiting(stand.setup);
      await expireDue(stand.setup);
    }
  };
  const rows = <T = Record<string, unknown>>(sql: string) => store.read.rows<T>(sql);
  /** What no hand-over may be at any time. */
  const faults = async () => [
    ...(await taskFaults(store)),
    ...(await rows(
      `SELECT l.hand_over_id, l.task_id FROM hand_over_task l LEFT JOIN task t ON t.id = l.task_id
       LEFT JOIN hand_over h ON h.id = l.hand_over_id WHERE t.id IS NULL OR h.id IS NULL`,
    )),
    ...(await rows(
      `SELECT h.id, h.state, h.customers FROM hand_over h
       WHERE h.customers <> (SELECT COUNT(*) FROM hand_over_task l WHERE l.hand_over_id = h.id)`,
    )),
    ...(await rows(
      `SELECT t.id, t.state FROM task t LEFT JOIN hand_over h ON h.id = t.hand_over_id
       WHERE t.state IN ('sending', 'handed_over', 'unknown') AND h.id IS NULL`,
    )),
  ];
  const taskOf = async (customerId: number) => {
    const [row] = await rows<{ state: string; reason: string | null }>(
      `SELECT state, reason FROM task WHERE customer_id = ${customerId}`,
    );
    return row?.reason ? `${row.state}: ${row.reason}` : row?.state;
  };
  const texts = () =>
    stand.notebook.entries.flatMap((entry) =>
      entry.kind === "told" && entry.note.kind === "text" ? [entry.note.text] : [],
    );
  /** Mass sends that lie before the guide with the customer among others. */
  const lying = async () => {
    const taken = stand.notebook.entries.flatMap((entry) => (entry.kind === "handedOver" ? [entry] : []));
    const theirs = taken.filter(({ followUp }) => followUp.externalUserids.includes("wm-11"));
    const outcomes = await stand.notebook.outcomes(
      theirs.map(({ providerRef }) => ({ ref: "", providerRef, guideUserid: "lan" })),
    );
    return outcomes.filter(({ state }) => state === "waiting").length;
  };

  describe.each(KINDS)("%s", (_kind, touchpoint, customers) => {
    beforeEach(async () => {
      for (const id of customers) {
        await enrolCustomer(store, id);
        await planTask(store, touchpoint, id);
      }
      await offerDue(stand.setup);
    });

    test.each(STAGES)("whose message %s", async (_stage, reach) => {
      let isErased = false;
      const once = async () => {
        if (!isErased) await erase();
        isErased = true;
        expect(await faults()).toEqual([]);
      };
      await reach(stand, once);
      await once();
      await live(2 * hour, minute);
      expect(await faults()).toEqual([]);
      expect(await taskOf(11)).toMatch(/^(cancelled|skipped): erased$/);
      expect(await lying()).toBe(0);
      expect(texts().filter((text) => text.includes("没有收到回执") && customers.length === 1)).toEqual([]);
      await live(5 * 24 * hour, 6 * hour);
      // the others' messages wait for the guide, or have expired; nothing goes on for nobody
      expect(
        await rows(
          "SELECT id, state FROM hand_over WHERE state IN ('ready', 'creating', 'waiting', 'stopping', 'unknown', 'asking')",
        ),
      ).toEqual([]);
      expect(await faults()).toEqual([]);
      for (const id of customers.slice(1)) expect(await taskOf(id)).toBe("expired: grace_passed");
      expect(await rows("SELECT words FROM hand_over WHERE words LIKE '%客户11%'")).toEqual([]);
    });
  });

  test("whose guide was faster: it counts, and its words are not kept", async () => {
    await enrolCustomer(store, 11);
    await planTask(store, "personal", 11);
    await offerDue(stand.setup);
    await stand.sender.dispatchDue();
    const [taken] = stand.notebook.entries.flatMap((entry) => (entry.kind === "handedOver" ? [entry] : []));
    stand.notebook.confirm(taken?.providerRef ?? "");
    await erase();
    expect(await taskOf(11)).toBe("sent");
    expect(await rows("SELECT words FROM delivery")).toEqual([{ words: "" }]);
    expect(await rows("SELECT state, words FROM hand_over")).toEqual([{ state: "confirmed", words: "" }]);
    expect(await faults()).toEqual([]);
  });

  test("whose words a guide was putting into the chat: nobody is asked about them", async () => {
    await enrolCustomer(store, 11);
    const id = await planTask(store, "page", 11);
    await offerDue(stand.setup);
    await stand.service.takeWords(1, id, "a tap");
    await erase();
    await live(hour, minute);
    expect([await taskOf(11), texts()]).toEqual(["cancelled: erased", []]);
    expect(await rows("SELECT state, words FROM hand_over")).toEqual([{ state: "absent", words: "" }]);
    expect(await faults()).toEqual([]);
  });
});
