// The demo's time: set by hand while the past is played, the machine's own from then on.
import { realWorld, seeded, type World } from "../kernel/world.js";

/** A world whose past can be played. */
export interface DemoWorld extends World {
  /** Sets the clock to epoch ms while playing. */
  set(ms: number): void;
  /** From now on the clock is the machine's. */
  goLive(): void;
  readonly live: boolean;
}

/** A world that starts live; `set` stops its clock. Chance comes from the seed, ids are real ones. */
export function demoWorld(seed: number): DemoWorld {
  let stopped: number | undefined;
  return {
    now: () => stopped ?? realWorld.now(),
    random: seeded(seed),
    id: realWorld.id,
    set: (ms) => {
      stopped = ms;
    },
    goLive: () => {
      stopped = undefined;
    },
    get live() {
      return stopped === undefined;
    },
  };
}
