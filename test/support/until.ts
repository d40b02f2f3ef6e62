// Waiting for what another party does, as long as it takes and no longer.
import { setTimeout as wait } from "node:timers/promises";

/** Resolves when `is` holds, or after ten seconds: what is expected next then says what is missing. */
export async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000 && !(await is()); tries++) await wait(10);
}
