// The demo's time: set by hand while the past is played, the machine's own from then on.
import { realWorld, seeded, type World } from "../kernel/world.js";

/** A world whose past can be played. */
export interface DemoWorld extends World {
  /** One float64 other threads can read: the clock in epoch ms, NaN while it is the machine's. */
  readonly clock: SharedArrayBuffer;
  /** Sets the clock to epoch ms while playing. */
  set(ms: number): void;
  /** From now on the clock is the machine's. */
  goLive(): void;
}

/** A world that starts live; `set` stops its clock. Chance comes from the seed, ids are real ones. */
export function demoWorld(seed: number): DemoWorld {
  const clock = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const time = new Float64Array(clock).fill(Number.NaN);
  return {
    clock,
    now: () => (Number.isNaN(time[0]) ? realWorld.now() : (time[0] ?? 0)),
    random: seeded(seed),
    id: realWorld.id,
    set: (ms) => {
      time[0] = ms;
    },
    goLive: () => {
      time[0] = Number.NaN;
    },
  };
}
