// Bench of the way out: tasks offered (words rendered), handed to the sandbox one call each, their outcomes read back.
import { WecomChannel } from "../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../src/channels/wecom/token.js";
import { selectIn } from "../../src/infra/batches.js";
import type { Store } from "../../src/infra/store.js";
import { wordsCache } from "../../src/journeys/words-cache.js";
import { movableWorld } from "../../src/kernel/world.js";
import { offerDue } from "../../src/tasks/offering.js";
import { pollOutstanding } from "../../src/tasks/outcomes.js";
import { tasksWhere } from "../../src/tasks/rows.js";
import { wordTasks } from "../../src/tasks/wording.js";
import { corp, minute, monday, standOn, today } from "../support/task-stand.js";
import { type BenchDatabase, onDatabase, onEachDatabase } from "./databases.js";
import { bareCalls, barePosts } from "./dispatch-bare.js";
import {
  confirmAll,
  type DispatchSize,
  expectSent,
  fillTasks,
  inParts,
  messagesTo,
  sandboxWith,
} from "./dispatch-data.js";
import { measureDay } from "./dispatch-day.js";
import { measureIdle } from "./dispatch-idle.js";
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

const sizes: Record<Mode, { some: DispatchSize; day: DispatchSize }> = {
  full: {
    some: { tasks: 20_000, guides: 400 },
    day: { tasks: Number(process.env.GUIDEPOST_DAY_TASKS ?? 300_000), guides: 10_000 },
  },
  ci: { some: { tasks: 2_000, guides: 40 }, day: { tasks: 2_000, guides: 100 } },
};
const PARTS = 4;

/** Bars: what we ask and write around a call leaves at least 0.7 of a bare axios loop's calls a second. */
export const bench: Bench = {
  name: "dispatch",
  async run(mode, out) {
    const judged = bars(mode, out);
    const rows: (string | number)[][] = [];
    const { some, day } = sizes[mode];
    await onEachDatabase(out, async (database) => {
      rows.push(...(await measure(database, some, judged)));
      rows.push(...(await measureIdle(database, some, judged)));
    });
    const head = ["database", "what", "tasks", "a second", "× baseline", "worst loop delay ms", "peak MB"];
    table(out, head, rows);
    await onEachDatabase(out, ({ kind }) => onDatabase(kind, (one) => measureDay(one, day, judged, out)));
    return judged.kept();
  },
};

async function measure({ store, title }: BenchDatabase, size: DispatchSize, judged: Bars) {
  const world = movableWorld(monday);
  const { sandbox, url: baseUrl } = await sandboxWith(size);
  const channel = new WecomChannel({ ...corp, baseUrl, archive: false }, memoryTokenStore(), world);
  const stand = standOn(store, { channel, world });
  note(`${title}: people and ${size.tasks} released tasks`);
  await fillTasks(store, size);
  const line = (what: string, one: Measured, base: number) => {
    const perSecond = (size.tasks * 1000) / one.ms;
    return [title, what, size.tasks, perSecond, one.ms / base, one.late, one.peak];
  };
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
  await inParts(store, PARTS);
  const { bare, calls, dispatch } = await inTurns(channel, baseUrl, size, (turn) => {
    world.set(monday + 10_000 * turn);
    return stand.sender.dispatchDue();
  });
  await sandbox.call("clock", monday + 2 * minute);
  await confirmAll(sandbox, store);
  world.set(monday + 3 * minute);
  const poll = await measured(() => pollOutstanding(stand.setup));
  // a connection the server closed while it was idle makes an outcome wait for the next reading
  world.set(monday + 10 * minute);
  await pollOutstanding(stand.setup);
  await expectSent(store, size);
  channel.close();
  await sandbox.kill();
  judged.atLeast(`${title}: hand-overs`, (size.tasks * 1000) / dispatch.ms, 300, "/s");
  judged.atLeast(`${title}: sends recorded ÷ bare axios posts`, bare.ms / dispatch.ms, 0.7, "×");
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

/** Both ways of calling without us and ours, taking turns over as many messages as there are tasks. */
async function inTurns(
  channel: WecomChannel,
  baseUrl: string,
  size: DispatchSize,
  dispatch: (turn: number) => Promise<unknown>,
) {
  const share = (word: string) => {
    const all = messagesTo(size, word);
    return () => all.splice(0, size.tasks / PARTS);
  };
  const [post, call] = [share("post"), share("call")];
  const warm = messagesTo(size, "warm").slice(0, 200);
  await barePosts(baseUrl, warm);
  await bareCalls(channel, warm);
  let turn = 0;
  const times = await inRounds(PARTS, {
    posts: () => barePosts(baseUrl, post()),
    calls: () => bareCalls(channel, call()),
    ours: () => dispatch(turn++),
  });
  const sum = (all: readonly number[]): Measured => ({
    ms: all.reduce((one, other) => one + other, 0),
    late: Number.NaN,
    peak: Number.NaN,
  });
  return { bare: sum(times.posts), calls: sum(times.calls), dispatch: sum(times.ours) };
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
