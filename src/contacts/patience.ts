// Calls made again where that may help: a busy system, a limit that passes. What may have happened is never repeated.
import { setTimeout as sleep } from "node:timers/promises";
import { ChannelError } from "../channels/port.js";
import type { World } from "../kernel/world.js";

const TRIES = 4;
const second = 1000;
const LONGEST = 65 * second;

/** Calls until it goes well: after `retry` and `wait` at most four times, each time later, never in step with others. */
export async function patiently<T>(world: Pick<World, "random">, call: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await call();
    } catch (error) {
      const again = error instanceof ChannelError && (error.kind === "retry" || error.kind === "wait");
      if (!again || failures >= TRIES) throw error;
      const least = error.retryAfter ?? second * 2 ** (failures - 1);
      await sleep(Math.min(least * (1 + world.random() / 2), LONGEST));
    }
  }
}
