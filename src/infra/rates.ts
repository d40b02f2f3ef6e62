// How often something may be done, by all processes together: permits counted in slots of time, taken a few at a time.
import type { World } from "../kernel/world.js";
import type { SharedState } from "./shared-state.js";

/** At most `count` in any `ms`. */
export interface RateLimit {
  count: number;
  ms: number;
}

/** What is known of a key: until when nothing goes (epoch ms), and permits by window (ms) and slot. */
interface Counted {
  until: number;
  taken: { [ms: string]: { [slot: string]: number } };
}

/** A window is counted in so many slots; what was taken in the slot it begins in counts as well. */
const SLOTS = 6;
/** Of a limit, what one process takes at a time. */
const SHARE = 100;

/** Takes up to `wanted` permits; when there are none, says after how many ms to ask again. Pure. */
export function takePermits(
  text: string | null,
  limits: readonly RateLimit[],
  wanted: number,
  now: number,
): { text: string; granted: number; retryAfter: number } {
  const { until, taken: before } = read(text);
  if (until > now) return { text: text ?? "", granted: 0, retryAfter: until - now };
  const taken: Counted["taken"] = {};
  let granted = wanted;
  let retryAfter = 0;
  for (const { count, ms } of limits) {
    const width = widthOf(ms);
    const slot = Math.floor(now / width);
    const alive = Object.entries(before[ms] ?? {}).filter(([at]) => Number(at) >= slot - SLOTS);
    taken[ms] = Object.fromEntries(alive);
    const room = count - alive.reduce((sum, [, n]) => sum + n, 0);
    granted = Math.min(granted, Math.max(0, room));
    const oldest = Math.min(slot, ...alive.map(([at]) => Number(at)));
    if (room <= 0) retryAfter = Math.max(retryAfter, (oldest + SLOTS + 1) * width - now);
  }
  for (const { ms } of granted > 0 ? limits : []) {
    const slot = Math.floor(now / widthOf(ms));
    const slots = taken[ms] ?? {};
    taken[ms] = { ...slots, [slot]: (slots[slot] ?? 0) + granted };
  }
  return { text: JSON.stringify({ until: 0, taken } satisfies Counted), granted, retryAfter };
}

/** What is left of each limit, by a text; and until when nobody goes (epoch ms, 0: everybody may). Pure. */
export function permitsLeft(
  text: string | null,
  limits: readonly RateLimit[],
  now: number,
): { left: number[]; until: number } {
  const { until, taken } = read(text);
  const left = limits.map(({ count, ms }) => {
    const slot = Math.floor(now / widthOf(ms));
    const alive = Object.entries(taken[ms] ?? {}).filter(([at]) => Number(at) >= slot - SLOTS);
    return Math.max(0, count - alive.reduce((sum, [, n]) => sum + n, 0));
  });
  return { left, until: until > now ? until : 0 };
}

/** The same text with nothing allowed until an instant. Pure. */
export function blockedUntil(text: string | null, until: number): string {
  const counted = read(text);
  return JSON.stringify({ ...counted, until: Math.max(counted.until, until) } satisfies Counted);
}

function read(text: string | null): Counted {
  return text ? (JSON.parse(text) as Counted) : { until: 0, taken: {} };
}

function widthOf(ms: number): number {
  return Math.ceil(ms / SLOTS);
}

/** Asks all processes' common count before something is done. */
export interface Rates {
  /** null: it may be done now, and is counted; else ms until it may. */
  admit(key: string, limits: readonly RateLimit[]): Promise<number | null>;
  /** Nobody does it until an instant (epoch ms): the other side said so. */
  block(key: string, until: number): Promise<void>;
}

/** What this process holds of a key. */
interface Held {
  permits: number;
  /** permits are good in the slot they were counted in */
  goodUntil: number;
  closedUntil: number;
  asking: Promise<void> | undefined;
}

/** A block says nothing of how long the counts beside it matter. */
const COUNTS_KEPT = 2 * 3_600_000;
/** Keys this process keeps in mind; more are forgotten, oldest first. */
const MOST_KEYS = 20_000;

/** Limits over a shared count. */
export function sharedRates(state: SharedState, world: Pick<World, "now">): Rates {
  const known = new Map<string, Held>();
  const heldOf = (key: string): Held => {
    const held = known.get(key) ?? { permits: 0, goodUntil: 0, closedUntil: 0, asking: undefined };
    if (!known.has(key)) known.set(key, held);
    if (known.size > MOST_KEYS) known.delete(known.keys().next().value as string);
    return held;
  };
  return {
    admit: async (key, limits) => {
      if (limits.length === 0) return null;
      const held = heldOf(key);
      for (;;) {
        const now = world.now();
        if (held.closedUntil > now) return held.closedUntil - now;
        if (held.permits > 0 && now < held.goodUntil) {
          held.permits--;
          return null;
        }
        held.asking ??= ask(state, key, { held, limits, now }).finally(() => {
          held.asking = undefined;
        });
        await held.asking;
      }
    },
    block: async (key, until) => {
      const held = heldOf(key);
      held.permits = 0;
      held.closedUntil = Math.max(held.closedUntil, until);
      await state.change(key, (text) => ({
        ...{ text: blockedUntil(text, until), until: until + COUNTS_KEPT },
        answer: undefined,
      }));
    },
  };
}

/** Takes permits for this process, or notes how long there are none. */
async function ask(
  state: SharedState,
  key: string,
  { held, limits, now }: { held: Held; limits: readonly RateLimit[]; now: number },
): Promise<void> {
  const wanted = Math.max(1, Math.floor(Math.min(...limits.map(({ count }) => count)) / SHARE));
  const { granted, retryAfter } = await state.change(key, (text) => {
    const taken = takePermits(text, limits, wanted, now);
    return { text: taken.text, until: now + lifeOf(limits), answer: taken };
  });
  held.permits = granted;
  held.goodUntil = Math.min(...limits.map(({ ms }) => (Math.floor(now / widthOf(ms)) + 1) * widthOf(ms)));
  held.closedUntil = granted > 0 ? 0 : now + retryAfter;
}

/** Counts matter for the longest window and the slot it began in. */
function lifeOf(limits: readonly RateLimit[]): number {
  return Math.max(...limits.map(({ ms }) => ms + 2 * widthOf(ms)));
}
