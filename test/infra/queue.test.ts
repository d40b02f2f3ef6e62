// The work queue: pushes that wait are one, a fault stops nothing; the same over a real Redis.
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { makeLog } from "../../src/infra/log.js";
import { localQueue, sharedQueue, type WorkQueue } from "../../src/infra/queue.js";
import { until } from "../support/until.js";

const log = makeLog("silent");
const redis = process.env.GUIDEPOST_TEST_REDIS;
const kinds: [string, (() => WorkQueue)[]][] = [["local", [() => localQueue(log)]]];
const prefix = `test-${randomBytes(4).toString("hex")}`;
if (redis)
  kinds.push(["redis", [() => sharedQueue(redis, log, prefix), () => sharedQueue(redis, log, prefix)]]);

describe.each(kinds)("work queue [%s]", (_name, processes) => {
  test("what is pushed is done, and a burst of pushes is done at most a few times", async () => {
    let done = 0;
    const queues = processes.map((open) => open());
    for (const queue of queues)
      queue.work("wake", async () => {
        await wait(30);
        done++;
      });
    await wait(processes.length > 1 ? 300 : 0);
    for (let i = 0; i < 50; i++) await queues[i % queues.length]?.push("wake");
    await wait(600);
    expect(done).toBeGreaterThanOrEqual(1);
    expect(done).toBeLessThanOrEqual(processes.length > 1 ? 15 : 3);
    await Promise.all(queues.map((queue) => queue.close()));
  });

  test("a push while its work is under way is worked on afterwards", async () => {
    const begun: number[] = [];
    let free: () => void = () => undefined;
    const held = new Promise<void>((done) => {
      free = done;
    });
    const queue = (processes[0] as () => WorkQueue)();
    queue.work("again", async () => {
      begun.push(begun.length);
      if (begun.length === 1) await held;
    });
    await wait(200);
    await queue.push("again");
    await until(() => begun.length === 1);
    await queue.push("again");
    await queue.push("again");
    await wait(200);
    expect(begun).toHaveLength(1);
    free();
    await until(() => begun.length === 2);
    await wait(200);
    expect(begun).toHaveLength(2);
    await queue.close();
  });

  test("a handler that fails does not stop the next push", async () => {
    let calls = 0;
    const queue = (processes[0] as () => WorkQueue)();
    queue.work("fails", async () => {
      calls++;
      throw new Error("once more");
    });
    await wait(200);
    await queue.push("fails");
    await wait(300);
    await queue.push("fails");
    await wait(300);
    expect(calls).toBeGreaterThanOrEqual(2);
    await queue.close();
  });
});

if (!redis) test.skip("work queue over Redis: set GUIDEPOST_TEST_REDIS to run", () => undefined);

test("without its Redis a process does what is pushed itself", async () => {
  let done = 0;
  const queue = sharedQueue("redis://127.0.0.1:1", log);
  queue.work("lost", async () => {
    done++;
  });
  await queue.push("lost");
  await until(() => done === 1);
  expect(done).toBe(1);
  await queue.close();
  // the clients' last attempts to connect die out
  await wait(2000);
});
