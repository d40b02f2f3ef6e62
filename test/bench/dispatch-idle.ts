// Claim and record alone: messages taken by a channel that does nothing, beside BullMQ's jobs that do nothing, results kept.
import { Queue, Worker } from "bullmq";
import { NotebookChannel } from "../../src/channels/notebook/channel.js";
import type { FollowUp, HandedOver } from "../../src/channels/port.js";
import { movableWorld } from "../../src/kernel/world.js";
import { offerDue } from "../../src/tasks/offering.js";
import { monday, standOn } from "../support/task-stand.js";
import type { BenchDatabase } from "./databases.js";
import { type DispatchSize, fillTasks, inParts } from "./dispatch-data.js";
import { type Bars, inRounds, note } from "./harness.js";

const PARTS = 4;
const WIDTH = 16;
const redis = process.env.GUIDEPOST_TEST_REDIS ?? "redis://127.0.0.1:6379";

class IdleChannel extends NotebookChannel {
  #calls = 0;
  override async handOver(_followUp: FollowUp): Promise<HandedOver> {
    return { providerRef: `idle-${++this.#calls}`, refused: [], delivered: false };
  }
}

/** A row of the table: sends claimed and recorded a second, beside BullMQ's. */
export async function measureIdle(
  { store, title }: BenchDatabase,
  size: DispatchSize,
  judged: Bars,
): Promise<(string | number)[][]> {
  note(`${title}: claim and record`);
  const world = movableWorld(monday);
  const stand = standOn(store, { channel: new IdleChannel(world), world });
  await fillTasks(store, size);
  await offerDue(stand.setup);
  await inParts(store, PARTS);
  const jobs = size.tasks / PARTS;
  const bull = await bullRuns(jobs);
  let turn = -1;
  const times = await inRounds(PARTS, {
    bull: bull ? () => bull(`bench-${title}-${turn}-${process.pid}`) : async () => Number.NaN,
    ours: () => {
      world.set(monday + 10_000 * ++turn);
      return stand.sender.dispatchDue();
    },
  });
  const taken = await store.read.row<{ n: number }>(
    `SELECT COUNT(*) AS n FROM task t JOIN hand_over h ON h.id = t.hand_over_id
     WHERE t.state = 'handed_over' AND h.state = 'waiting' AND h.provider_ref LIKE 'idle-%'`,
  );
  if (Number(taken?.n) !== size.tasks) throw new Error(`${taken?.n} of ${size.tasks} sends were recorded`);
  const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0);
  const [ours, theirs] = [sum(times.ours), sum(times.bull)];
  // of a few hundred jobs the first statements of both cost more than the work
  if (bull && jobs >= 2_000)
    judged.atLeast(`${title}: claim and record ÷ BullMQ, results kept`, theirs / ours, 2, "×");
  const perSecond = (ms: number) => (size.tasks * 1000) / ms;
  const rest = [Number.NaN, Number.NaN];
  return [
    [title, "BullMQ jobs that do nothing, results kept", size.tasks, perSecond(theirs), 1, ...rest],
    [title, "sends that do nothing: claimed, recorded", size.tasks, perSecond(ours), ours / theirs, ...rest],
  ];
}

/** Works off so many jobs that were added before; gives the ms from the first to the last. Undefined without Redis. */
async function bullRuns(jobs: number): Promise<((name: string) => Promise<number>) | undefined> {
  const { hostname: host, port } = new URL(redis);
  const connection = { host, port: Number(port || 6379), maxRetriesPerRequest: null };
  const asked = new Queue("bench-asked", { connection: { ...connection, retryStrategy: () => null } });
  asked.on("error", () => undefined);
  const answers = await asked.waitUntilReady().then(
    () => true,
    () => false,
  );
  await asked.close().catch(() => undefined);
  if (!answers) note("no Redis answers: BullMQ is left out");
  if (!answers) return undefined;
  return async (name) => {
    const queue = new Queue(name, { connection });
    for (let from = 0; from < jobs; from += 1000)
      await queue.addBulk(
        Array.from({ length: Math.min(1000, jobs - from) }, (_, at) => ({
          name: "send",
          data: { task: from + at },
        })),
      );
    let done = 0;
    const start = process.hrtime.bigint();
    const worker = new Worker(name, async ({ data }) => ({ providerRef: `idle-${data.task}` }), {
      ...{ connection, concurrency: WIDTH },
    });
    await new Promise<void>((all) => worker.on("completed", () => ++done === jobs && all()));
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    const kept = await queue.getCompletedCount();
    await worker.close();
    await queue.obliterate({ force: true });
    await queue.close();
    if (kept !== jobs) throw new Error(`BullMQ kept ${kept} results of ${jobs}`);
    return ms;
  };
}
