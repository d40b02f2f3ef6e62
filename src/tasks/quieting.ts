// Quiet at work: what no guide has confirmed when quiet begins is taken back, and made again at the next opening.
import { waitingHandOvers } from "./hand-overs.js";
import { quietAt } from "./quiet-hours.js";
import type { TaskSetup } from "./setup.js";
import { withdrawAll } from "./withdrawing.js";

const BATCH = 200;

/** Takes back what waits for a guide's tap while it is quiet; gives how many hand-overs were taken back. What was tapped
 *  before that is sent, and flagged. */
export async function enforceQuiet(setup: TaskSetup): Promise<number> {
  const { read } = setup.store;
  if ((await quietAt(setup, read, setup.world.now())) === null) return 0;
  let withdrawn = 0;
  for await (const waiting of waitingHandOvers(read, BATCH, "confirmed_at IS NULL"))
    withdrawn += (await withdrawAll(setup, waiting)).stopped;
  return withdrawn;
}
