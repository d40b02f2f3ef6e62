// Work to be done soon, by whichever process is free. The database stays the truth: what is lost here is found
// again by the timed jobs, so losing Redis loses nothing.

import { setTimeout as wait } from "node:timers/promises";
import type { Queue as BullQueue, Worker } from "bullmq";
import PQueue from "p-queue";
import type { Logger } from "./log.js";

/** Small messages to any of the processes; each is handled by one of them, at least once. */
export interface WorkQueue {
  /** Asks for `topic` to be worked on; asking again before it began changes nothing. */
  push(topic: string): Promise<void>;
  /** Says what a topic does here. Call before the first push. */
  work(topic: string, handle: () => Promise<void>): void;
  close(): Promise<void>;
}

const CLOSE_WITHIN = 3000;
const ASK_WITHIN = 1000;

/** The queue of this process alone. */
export function localQueue(log: Logger): WorkQueue {
  const lanes = new Map<string, { lane: PQueue; handle: () => Promise<void> }>();
  return {
    push: async (topic) => {
      const found = lanes.get(topic);
      if (!found || found.lane.size > 0) return;
      void found.lane.add(() =>
        found.handle().catch((error) => log.error({ err: error, topic }, "queued work failed")),
      );
    },
    work: (topic, handle) => {
      lanes.set(topic, { lane: new PQueue({ concurrency: 1 }), handle });
    },
    close: async () => {
      await Promise.all([...lanes.values()].map(({ lane }) => lane.onIdle()));
    },
  };
}

/** A queue shared by all processes through Redis (BullMQ); a failing handler is tried three times. What Redis does not
 *  take in time is done by this process itself. */
export function sharedQueue(url: string, log: Logger, prefix = "guidepost"): WorkQueue {
  let closing = false;
  const retryStrategy = (times: number) => (closing ? null : Math.min(times * 250, 5000));
  const connection = { ...connectionOf(url), retryStrategy };
  const asking = { ...connection, enableOfflineQueue: false };
  const waiting = { ...connection, maxRetriesPerRequest: null };
  const queues = new Map<string, Promise<BullQueue>>();
  const workers: Promise<Worker>[] = [];
  // loaded by those alone who have a Redis: it is large
  const library = import("bullmq");
  const alone = localQueue(log);
  const warn = (error: Error) =>
    log.warn({ err: error }, "the shared queue is out of reach; each process does its own work");
  return {
    push: async (topic) => {
      const queue = await queues.get(topic);
      if (!queue) return;
      // Not waited for: a Redis out of reach must not hold up who asks.
      asked(queue, topic).catch((error: Error) => {
        warn(error);
        return alone.push(topic);
      });
    },
    work: (topic, handle) => {
      alone.work(topic, handle);
      const queue = library.then(({ Queue }) => new Queue(topic, { connection: asking, prefix }));
      queues.set(
        topic,
        queue.then((one) => one.on("error", warn)),
      );
      const worker = library.then(
        (bullmq) => new bullmq.Worker(topic, handle, { connection: waiting, prefix }),
      );
      const failed = (_job: unknown, error: Error) => log.error({ err: error, topic }, "queued work failed");
      workers.push(worker.then((one) => one.on("error", warn).on("failed", failed)));
    },
    close: async () => {
      // A Redis that never answered would be waited for without end; what is lost is found again by the timed jobs.
      closing = true;
      const ends = [...workers, ...queues.values()].map(async (one) => (await one).close().catch(warn));
      const all = Promise.all([...ends, alone.close()]);
      await Promise.race([all, wait(CLOSE_WITHIN, undefined, { ref: false })]);
    },
  };
}

/** Puts a job on Redis. Of a topic one is at work and one waits: a push during the work is worked on after it. */
async function asked(queue: BullQueue, topic: string): Promise<void> {
  const job = queue.add(
    topic,
    {},
    {
      deduplication: { id: topic, keepLastIfActive: true },
      attempts: 3,
      removeOnComplete: true,
      removeOnFail: true,
    },
  );
  const late = wait(ASK_WITHIN, undefined, { ref: false }).then(() => {
    throw new Error("Redis does not answer");
  });
  await Promise.race([job, late]);
}

/** The options of a Redis by its address. */
export function connectionOf(url: string): {
  host: string;
  port: number;
  username?: string;
  password?: string;
  db: number;
  tls?: object;
} {
  const at = new URL(url);
  return {
    host: at.hostname,
    port: Number(at.port || 6379),
    db: Number(at.pathname.slice(1) || 0),
    ...(at.username ? { username: decodeURIComponent(at.username) } : {}),
    ...(at.password ? { password: decodeURIComponent(at.password) } : {}),
    ...(at.protocol === "rediss:" ? { tls: {} } : {}),
  };
}
