// Bench of the way out: tasks offered (words rendered), handed to the sandbox one call each, their outcomes read back.
import { WecomChannel } from "../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../src/channels/wecom/token.js";
import { insertRows, selectIn } from "../../src/infra/batches.js";
import type { Store } from "../../src/infra/store.js";
import { wordsCache } from "../../src/journeys/words-cache.js";
import { movableWorld } from "../../src/kernel/world.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.js";
import { offerDue } from "../../src/tasks/offering.js";
import { pollOutstanding } from "../../src/tasks/outcomes.js";
import { tasksWhere } from "../../src/tasks/rows.js";
import { wordTasks } from "../../src/tasks/wording.js";
import { corp, minute, monday, openShop, standOn, today } from "../support/task-stand.js";
import { type BenchDatabase, onEachDatabase } from "./databases.js";
import { type BareMessage, bareCalls, barePosts } from "./dispatch-bare.js";
import {
  type Bars,
  type Bench,
  bars,
  inRounds,
  type Mode,
  note,
  table,
  timed,
  watchLoop,
  watchMemory,
} from "./harness.js";

const sizes = { full: { tasks: 20_000, guides: 400 }, ci: { tasks: 2_000, guides: 40 } };
type Size = (typeof sizes)[Mode];

/** Bars: 300 hand-overs a second; what we write around a call costs no more than a bare post itself. */
export const bench: Bench = {
  name: "dispatch",
  async run(mode, out) {
    const judged = bars(mode, out);
    const rows: (string | number)[][] = [];
    await onEachDatabase(out, async (database) => {
      rows.push(...(await measure(database, sizes[mode], judged)));
    });
    table(
      out,
      ["database", "what", "tasks", "a second", "× baseline", "worst loop delay ms", "peak MB"],
      rows,
    );
    return judged.kept();
  },
};

async function measure({ store, title }: BenchDatabase, size: Size, judged: Bars) {
  const world = movableWorld(monday);
  const sandbox = await openSandbox(world, size);
  const channel = new WecomChannel(
    { ...corp, baseUrl: sandbox.url, archive: false },
    memoryTokenStore(),
    world,
  );
  const stand = standOn(store, { channel, world });
  note(`${title}: people and ${size.tasks} released tasks`);
  await fill(store, size);
  const line = (what: string, one: Measured, base: number) => {
    const perSecond = (size.tasks * 1000) / one.ms;
    return [title, what, size.tasks, perSecond, one.ms / base, one.late, one.peak];
  };
  note(`${title}: bare posts, bare calls`);
  const { bare, calls } = await baselines(sandbox, channel, size);
  note(`${title}: render`);
  const tasks = await tasksWhere(store.read, "state = 'planned'", []);
  const concat = await measured(() => bareWords(store, tasks));
  const render = await measured(async () => {
    const setup = { touchpoint: wordsCache(store).touchpoint, openPhone: () => undefined };
    for (let at = 0; at < tasks.length; at += 1000)
      await wordTasks(setup, store.read, tasks.slice(at, at + 1000), today);
  });
  note(`${title}: offer, dispatch, confirm, poll`);
  const offer = await measured(() => offerDue(stand.setup));
  const dispatch = await measured(() => stand.sender.dispatchDue());
  await confirmAll(sandbox, store);
  world.set(monday + 2 * minute);
  const poll = await measured(() => pollOutstanding(stand.setup));
  // a connection the server closed while it was idle makes an outcome wait for the next reading
  world.set(monday + 10 * minute);
  await pollOutstanding(stand.setup);
  await expectSent(store, size);
  channel.close();
  await sandbox.close();
  judged.atLeast(`${title}: hand-overs`, (size.tasks * 1000) / dispatch.ms, 300, "/s");
  judged.atMost(`${title}: dispatch ÷ bare axios posts`, dispatch.ms / bare.ms, 2, "×");
  return [
    line("bare axios posts", bare, bare.ms),
    line("bare calls of the channel", calls, bare.ms),
    line("rendered from the database", render, concat.ms),
    line("offered: rendered, moved, told", offer, bare.ms),
    line("dispatched: checked, called, written down", dispatch, bare.ms),
    line("outcomes read (two calls each) and settled", poll, bare.ms),
  ];
}

interface Measured {
  ms: number;
  /** not a number where runs take turns */
  late: number;
  peak: number;
}

/** Both ways of calling without us, taking turns over as many messages as there are tasks. */
async function baselines(sandbox: Sandbox, channel: WecomChannel, size: Size) {
  const turns = 4;
  const share = (word: string) => {
    const all = messages(size, word);
    return () => all.splice(0, size.tasks / turns);
  };
  const [post, call] = [share("post"), share("call")];
  const warm = messages(size, "warm").slice(0, 200);
  await barePosts(sandbox, warm);
  await bareCalls(channel, warm);
  const times = await inRounds(turns, {
    posts: () => barePosts(sandbox, post()),
    calls: () => bareCalls(channel, call()),
  });
  const sum = (all: readonly number[]): Measured => ({
    ms: all.reduce((one, other) => one + other, 0),
    late: Number.NaN,
    peak: Number.NaN,
  });
  return { bare: sum(times.posts), calls: sum(times.calls) };
}

async function measured(work: () => Promise<unknown>): Promise<Measured> {
  const memory = watchMemory();
  const loop = watchLoop();
  const { ms } = await timed(work);
  const { worst } = await loop.stop();
  const peak = memory.peak();
  memory.stop();
  return { ms, late: worst, peak };
}

const guideOf = (n: number, size: Size) => (n % size.guides) + 1;

async function openSandbox(world: ReturnType<typeof movableWorld>, size: Size): Promise<Sandbox> {
  const sandbox = await startSandbox({
    ...{
      ...corp,
      token: "t",
      aesKey: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
      world,
      statePath: ":memory:",
    },
    ...{ seed: "bench", receiveLimitPerDay: 9, limits: { perMinute: 1e9, perHour: 1e9, parallel: 1000 } },
  });
  const people = Array.from({ length: size.tasks }, (_, at) => at + 1);
  sandbox.enrol({
    guides: Array.from({ length: size.guides }, (_, at) => ({ userid: `g${at + 1}`, name: `导购${at + 1}` })),
    customers: people.map((n) => ({ externalUserid: `wm-${n}`, name: `客户${n}` })),
    contacts: people.map((n) => ({
      ...{ guideUserid: `g${guideOf(n, size)}`, externalUserid: `wm-${n}`, createdAt: monday - 86_400_000 },
    })),
  });
  return sandbox;
}

/** A personal message for each customer, all due and released today. */
async function fill(store: Store, size: Size): Promise<void> {
  await openShop(store);
  const people = Array.from({ length: size.tasks }, (_, at) => at + 1);
  const guides = Array.from({ length: size.guides }, (_, at) => at + 1);
  await store.write(async (sql) => {
    await sql.run("DELETE FROM guide");
    await insertRows(
      sql,
      "INSERT INTO guide (id, userid, name, store_id)",
      guides.map((n) => [n, `g${n}`, `导购${n}`, 3]),
    );
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
    await insertRows(
      sql,
      `INSERT INTO task (touchpoint_id, occurrence, customer_id, child_no, version_id, guide_id, state, priority,
         variant, late, due_on, anchor_on, release_on, expires_on, released_on)`,
      people.map((n) => [
        ...[2, 0, n, 0, 1, guideOf(n, size), "planned", 0, 0, 0],
        ...[today, "2026-02-23", today, "2026-03-05", today],
      ]),
    );
  });
}

/** The baseline of rendering: the one value read, and joined to the rest of the words. */
async function bareWords(store: Store, tasks: readonly { customerId: number }[]): Promise<string[]> {
  const words: string[] = [];
  for (let at = 0; at < tasks.length; at += 1000) {
    const ids = tasks.slice(at, at + 1000).map(({ customerId }) => customerId);
    const rows = await selectIn<{ name: string }>(store.read, "SELECT name FROM customer WHERE id IN", ids);
    for (const { name } of rows) words.push(`${name}，您好！`);
  }
  return words;
}

/** One message to every customer, from their guide. */
function messages(size: Size, word: string): BareMessage[] {
  return Array.from({ length: size.tasks }, (_, at) => ({
    guideUserid: `g${guideOf(at + 1, size)}`,
    externalUserid: `wm-${at + 1}`,
    text: `客户${at + 1}，您好！（${word}）`,
  }));
}

/** Every guide taps every one of our mass sends. */
async function confirmAll(sandbox: Sandbox, store: Store): Promise<void> {
  const rows = await store.read.rows<{ msgid: string; guideId: number }>(
    "SELECT provider_ref AS msgid, guide_id AS guideId FROM hand_over WHERE state = 'waiting'",
  );
  for (const { msgid, guideId } of rows) await sandbox.guideConfirms(`g${guideId}`, msgid);
}

/** A bench of something that does not work would be worth nothing. */
async function expectSent(store: Store, size: Size): Promise<void> {
  const row = await store.read.row<{ n: number }>(
    "SELECT COUNT(*) AS n FROM task t JOIN delivery d ON d.task_id = t.id WHERE t.state = 'sent'",
  );
  if (Number(row?.n) !== size.tasks) throw new Error(`${row?.n} of ${size.tasks} tasks were sent`);
}
