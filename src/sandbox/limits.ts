// Counting calls in windows of time: WeCom's frequency limits, in memory.

interface Window {
  start: number;
  count: number;
}

/** Counts per key; once over a limit the key is blocked for as long as the window is. */
export class Limits {
  readonly #windows = new Map<string, Window[]>();
  readonly #blocked = new Map<string, number>();

  /** Each window: how many in how many ms. */
  constructor(private readonly allowed: readonly { count: number; ms: number }[]) {}

  /** Whether one more at `now` is allowed; it counts either way. */
  allow(key: string, now: number): boolean {
    if (now < (this.#blocked.get(key) ?? 0)) return false;
    const windows = this.#windows.get(key) ?? this.allowed.map(() => ({ start: now, count: 0 }));
    this.#windows.set(key, windows);
    let fine = true;
    this.allowed.forEach(({ count, ms }, at) => {
      const window = windows[at] as Window;
      if (now - window.start >= ms) {
        window.start = now;
        window.count = 0;
      }
      if (++window.count > count) {
        this.#blocked.set(key, now + ms);
        fine = false;
      }
    });
    return fine;
  }
}
