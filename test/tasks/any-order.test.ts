// Whatever happens in whatever order, nobody gets words twice, and what we believe is what happened.
import fc from "fast-check";
import { ChannelError } from "../../src/channels/port.js";
import type { Store } from "../../src/infra/store.js";
import { expireDue } from "../../src/tasks/expiry.js";
import { enforceStop, resume, stopEverything } from "../../src/tasks/halt.js";
import { offerDue } from "../../src/tasks/offering.js";
import { pollOutstanding } from "../../src/tasks/outcomes.js";
import { recheckWaiting } from "../../src/tasks/rechecking.js";
import { reconcile } from "../../src/tasks/reconcile.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";
import {
  enrolCustomer,
  hour,
  minute,
  openShop,
  planTask,
  type Stand,
  standOn,
} from "../support/task-stand.js";

const customers = [11, 12, 13, 14];
const kinds = ["before", "after"] as const;

/** What may happen next. `n` picks whom it happens to. */
const happenings = {
  dispatch: (stand: Stand) => stand.sender.dispatchDue(),
  dispatchTwice: (stand: Stand) => Promise.all([stand.sender.dispatchDue(), stand.sender.dispatchDue()]),
  poll: (stand: Stand) => pollOutstanding(stand.setup),
  reconcile: (stand: Stand) => reconcile(stand.setup),
  expire: (stand: Stand) => expireDue(stand.setup),
  recheck: (stand: Stand) => recheckWaiting(stand.setup),
  offer: (stand: Stand) => offerDue(stand.setup),
  minutes: async (stand: Stand, n: number) => stand.pass((n + 1) * minute),
  hours: async (stand: Stand, n: number) => stand.pass((n + 1) * 3 * hour),
  tap: async (stand: Stand, n: number) => {
    const all = handedOver(stand);
    if (all.length > 0) stand.notebook.confirm(all[n % all.length]?.providerRef ?? "");
  },
  refuse: async (stand: Stand, n: number) => {
    const all = handedOver(stand);
    const results = { "wm-11": "receive_limit", "wm-12": "not_a_friend" } as const;
    if (all.length > 0) stand.notebook.confirm(all[n % all.length]?.providerRef ?? "", results);
  },
  noAnswer: async (stand: Stand, n: number) =>
    stand.notebook.failNext(new ChannelError("unknown", "timeout"), kinds[n % 2] ?? "before"),
  error: async (stand: Stand, n: number) => {
    const kind = (["retry", "wait", "fix", "operations"] as const)[n] ?? "retry";
    stand.notebook.failNext(new ChannelError(kind, "no", kind === "fix" ? 84061 : undefined), "before");
  },
  cannotStop: async (stand: Stand) => {
    const stop = stand.notebook.stop.bind(stand.notebook);
    stand.notebook.stop = () => {
      stand.notebook.stop = stop;
      return Promise.reject(new ChannelError("retry", "down"));
    };
  },
  skip: (stand: Stand, n: number) => stand.service.skip(1, n + 1, "busy"),
  edit: (stand: Stand, n: number) => stand.service.edit(1, n + 1, `换句话说 ${stand.world.now()}`),
  later: (stand: Stand, n: number) => stand.service.later(1, n + 1),
  done: (stand: Stand, n: number) => stand.service.doneByHand(1, n + 1, "聊过"),
  optOut: (stand: Stand, n: number) =>
    change(stand, `UPDATE customer SET opted_out = 1 WHERE id = ${11 + n}`),
  stop: (stand: Stand) => stopEverything(stand.setup, "system"),
  resume: (stand: Stand) => resume(stand.setup, "system"),
  release: (stand: Stand) =>
    change(
      stand,
      `UPDATE task SET released_on = '${stand.day()}', release_on = '${stand.day()}'
       WHERE state = 'planned' AND expires_on >= '${stand.day()}'`,
    ),
} satisfies Record<string, (stand: Stand, n: number) => Promise<unknown>>;
type Happening = keyof typeof happenings;

function handedOver(stand: Stand) {
  return stand.notebook.entries.flatMap((entry) => (entry.kind === "handedOver" ? [entry] : []));
}

function change(stand: Stand, sql: string) {
  return stand.store.write((on) => on.run(sql));
}

/** A guide may be told no; anything else is a fault. */
async function happen(stand: Stand, what: Happening, n: number): Promise<void> {
  await Promise.resolve(happenings[what](stand, n)).catch((error: Error) => {
    if (error.name !== "Refusal") throw error;
  });
}

/** Customers who have the words, once for each time they got them. */
async function received(stand: Stand): Promise<string[]> {
  const outcomes = await stand.notebook.outcomes(
    handedOver(stand).map(({ providerRef, followUp }) => ({
      ref: followUp.ref,
      providerRef,
      guideUserid: "lan",
    })),
  );
  const got = outcomes.flatMap((outcome) =>
    outcome.customers.flatMap(({ externalUserid, result }) => (result === "sent" ? [externalUserid] : [])),
  );
  return got.sort();
}

describe("in any order", () => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await freshDatabase("sqlite");
    store = await database.open();
  });
  afterAll(() => database.drop());

  it("nobody gets words twice, and what we believe is what happened", async () => {
    const step = fc.tuple(
      fc.constantFrom(...(Object.keys(happenings) as Happening[])),
      fc.integer({ min: 0, max: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        await openShop(store);
        const stand = standOn(store);
        for (const id of customers) {
          await enrolCustomer(store, id);
          await planTask(store, id === 14 ? "personal" : "greeting", id);
        }
        await offerDue(stand.setup);
        for (const [what, n] of steps) {
          await happen(stand, what, n);
          const got = await received(stand);
          expect(got).toEqual([...new Set(got)]);
        }
        await settleAll(stand);
        await expectTruth(stand);
      }),
      { numRuns: 40 },
    );
  }, 600_000);
});

/** Time goes by until nothing is open any more. */
async function settleAll(stand: Stand): Promise<void> {
  for (let quarter = 0; quarter < 40; quarter++) {
    stand.pass(3 * hour);
    await enforceStop(stand.setup);
    await stand.sender.dispatchDue();
    await reconcile(stand.setup);
    await pollOutstanding(stand.setup);
    await expireDue(stand.setup);
  }
}

async function expectTruth(stand: Stand): Promise<void> {
  const sent = await stand.store.read.rows<{ wm: string }>(
    `SELECT c.external_userid AS wm FROM task t JOIN customer c ON c.id = t.customer_id
     WHERE t.state = 'sent' ORDER BY wm`,
  );
  const delivered = await stand.store.read.rows<{ wm: string }>(
    `SELECT c.external_userid AS wm FROM delivery d JOIN customer c ON c.id = d.customer_id ORDER BY wm`,
  );
  const got = await received(stand);
  expect([sent, delivered].map((rows) => rows.map(({ wm }) => wm))).toEqual([got, got]);
  const open = await stand.store.read.rows(
    `SELECT state FROM hand_over WHERE state IN ('ready', 'creating', 'waiting', 'stopping', 'unknown')`,
  );
  expect(open).toEqual([]);
  for (const state of await stand.states())
    expect(state).toMatch(/^(sent|skipped|expired|failed|done_by_hand)/);
  const events = await stand.store.read.rows(
    "SELECT task_id FROM task_event WHERE to_state = 'sent' GROUP BY task_id HAVING COUNT(*) > 1",
  );
  expect(events).toEqual([]);
}
