// Somebody else who writes while a bench works: how long does it take them at worst?
import { setTimeout as after } from "node:timers/promises";
import * as harness from "./harness.js";

const PAUSE = 5;

/** Writes every few milliseconds, the first, the second, the nth time; `stop` tells how long the slowest took, ms, from the
 *  moment it was due: what keeps this process from looking at it counts too. */
export function keepWriting(write: (n: number) => Promise<unknown>): { stop(): Promise<number> } {
  let worst = 0;
  let going = true;
  const loop = (async () => {
    for (let n = 1; going; n++) {
      const { ms } = await harness.timed(async () => {
        await after(PAUSE);
        await write(n);
      });
      worst = Math.max(worst, ms - PAUSE);
    }
  })();
  return {
    stop: async () => {
      going = false;
      await loop;
      return worst;
    },
  };
}
