// How often something may be tried: a sliding window per key, in this process's memory.

export interface AttemptLimit {
  /** Counts a try at `now` (epoch ms); false when the window is full, and then it is not counted. */
  take(key: string, now: number): boolean;
  /** Gives the latest try back: it was no failure. */
  giveBack(key: string): void;
  /** Forgets all tries of a key. */
  clear(key: string): void;
}

/** More keys than this are swept of those whose window has passed, so that a flood cannot fill the memory. */
const SWEEP_ABOVE = 10_000;

/** At most `max` tries of a key in any `windowMs`. */
export function attemptLimit(max: number, windowMs: number): AttemptLimit {
  const tries = new Map<string, number[]>();
  const sweep = (now: number) => {
    for (const [key, times] of tries) if ((times.at(-1) ?? 0) <= now - windowMs) tries.delete(key);
  };
  return {
    take(key, now) {
      if (tries.size > SWEEP_ABOVE) sweep(now);
      const recent = (tries.get(key) ?? []).filter((at) => at > now - windowMs);
      const isFree = recent.length < max;
      if (isFree) recent.push(now);
      tries.set(key, recent);
      return isFree;
    },
    giveBack: (key) => void tries.get(key)?.pop(),
    clear: (key) => void tries.delete(key),
  };
}
