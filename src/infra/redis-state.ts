// Texts shared through Redis: changed only while they are still what was read, so that no change is lost.
import { setTimeout as wait } from "node:timers/promises";
import type { World } from "../kernel/world.js";
import { connectionOf } from "./queue.js";
import type { SharedState } from "./shared-state.js";

const ANSWER_WITHIN = 1000;
const TRIES = 50;

/**
 * Sets KEYS[1] to ARGV[2] for ARGV[3] ms if it still is ARGV[1], and gives nil; else gives what is there now
 * ("" stands for nothing, both ways). Who lost needs no reading before the next try and so is ahead of who won.
 */
const SET_IF_SAME = `
local now = redis.call('GET', KEYS[1]) or ''
if now ~= ARGV[1] then return now end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return false`;

/** The two commands used of BullMQ's client, by whatever driver. */
interface Client {
  get(key: string): Promise<string | null>;
  eval(script: string, keys: number, ...args: (string | number)[]): Promise<unknown>;
}

/** Raises when Redis does not answer in time. `prefix` keeps brands on one Redis apart. */
export function redisState(
  url: string,
  world: Pick<World, "now">,
  { prefix = "guidepost", onFault }: { prefix?: string; onFault(error: unknown): void },
): SharedState {
  let closing = false;
  const retryStrategy = (times: number) => (closing ? null : Math.min(times * 250, 5000));
  const options = { ...connectionOf(url), retryStrategy, enableOfflineQueue: false, maxRetriesPerRequest: 1 };
  const connecting = import("bullmq").then(({ RedisConnection }) => {
    const connection = new RedisConnection(options, { shared: false, blocking: false });
    connection.on("error", onFault);
    return connection;
  });
  const opened = connecting.then((connection) => connection.client as unknown as Promise<Client>);
  // a Redis that is not there yet is told of by each change, not by an error nobody waits for
  opened.catch(() => undefined);
  return {
    change: async (name, change) => {
      const key = `${prefix}:state:${name}`;
      const client = await inTime(opened);
      let before = (await inTime(client.get(key))) ?? "";
      for (let tries = 0; tries < TRIES; tries++) {
        const { text, until, answer } = change(before || null);
        const life = Math.max(1, Math.ceil(until - world.now()));
        const other = await inTime(client.eval(SET_IF_SAME, 1, key, before, text, life));
        if (other === null) return answer;
        before = String(other);
      }
      throw new Error(`${name}: changed by others again and again`);
    },
    read: async (name) => inTime((await inTime(opened)).get(`${prefix}:state:${name}`)),
    close: async () => {
      closing = true;
      await Promise.race([
        connecting.then((connection) => connection.close()).catch(() => undefined),
        wait(ANSWER_WITHIN, undefined, { ref: false }),
      ]);
    },
  };
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = wait(ANSWER_WITHIN, undefined, { ref: false }).then((): T => {
    throw new Error("Redis does not answer");
  });
  return Promise.race([work, late]);
}
