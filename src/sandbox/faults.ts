// What should go wrong with the next calls and callbacks: on demand, or by chance that hangs on a seed.
import { chance } from "./chance.js";

const apiFaults = [
  "timeout_before", // no effect, no answer
  "timeout_after", // the effect, no answer
  "reset", // no effect, the connection breaks
  "reset_after", // the effect, the connection breaks
  "cut", // the effect, half of the answer, then the connection breaks
  "drip", // the effect, the answer byte by byte, `lateBy` ms between two
  "half_open", // the effect and the answer; from then on nothing sent on this connection is heard
  "restart", // no effect; every connection breaks, and for `lateBy` ms nobody listens
  "restart_after", // the effect, then the same
  "http_500", // no effect, HTTP 500
  "busy", // -1
  "limit", // 45009
  "parallel", // 45033
  "token_expired", // 42001, the token is dead from now on
  "token_invalid", // 40014, the same
  "code", // any errcode, given as `code`
] as const;

const callbackFaults = [
  "lost", // never sent
  "doubled", // sent twice
  "late", // sent `lateBy` ms later
  "reordered", // sent after the next one, at the latest `lateBy` ms later
] as const;

export type ApiFaultKind = (typeof apiFaults)[number];
export type CallbackFaultKind = (typeof callbackFaults)[number];
export type FaultKind = ApiFaultKind | CallbackFaultKind;

/** `path` is after /cgi-bin/, "*" for every path, "callback" for callbacks. */
export interface Fault {
  path: string;
  kind: FaultKind;
  /** how many calls it hits, default 1 */
  times?: number;
  /** errcode of kind `code` */
  code?: number;
  /** ms: how late a callback is (default ten minutes), between two bytes (200), how long nobody listens (300) */
  lateBy?: number;
}

/** Of each kind a share in 0…1 of all calls, or of all callbacks; `code` has none. */
export interface RandomFaults {
  seed: string;
  shares: Partial<Record<FaultKind, number>>;
  lateBy?: number;
}

/** Counts how often something was asked for; gives how many times before. */
export type Count = (what: string) => number;

/** Who asks for a token shows none that could be refused. */
const mayHit = (kind: FaultKind, path: string) => path !== "gettoken" || !kind.startsWith("token_");

/** The faults still to come. Those on demand live in memory; chance goes on after a restart where it was. */
export class Faults {
  #coming: (Fault & { left: number })[] = [];
  #random: RandomFaults | undefined;

  constructor(private readonly count: Count) {}

  add(fault: Fault): void {
    this.#coming.push({ ...fault, left: fault.times ?? 1 });
  }

  /** From now on faults come by chance as well; undefined: no more. */
  byChance(random: RandomFaults | undefined): void {
    this.#random = random;
  }

  /** Ends them all. */
  clear(): void {
    this.#coming = [];
    this.#random = undefined;
  }

  /** What was asked for and is still to come. */
  list(): Fault[] {
    return this.#coming.map(({ left, ...fault }) => ({ ...fault, times: left }));
  }

  /** The shares by which faults come, if any do. */
  get random(): RandomFaults | undefined {
    return this.#random;
  }

  /** The fault that hits this call, if any; it counts as used. */
  take(path: string): Fault | undefined {
    const fault = this.#coming.find(
      (one) => one.path === path || (one.path === "*" && path !== "callback" && mayHit(one.kind, path)),
    );
    if (!fault) return this.#draw(path);
    fault.left--;
    this.#coming = this.#coming.filter((one) => one.left > 0);
    return fault;
  }

  #draw(path: string): Fault | undefined {
    if (!this.#random) return undefined;
    const { seed, shares, lateBy } = this.#random;
    let share = chance(seed, "fault", path, this.count(`calls ${path}`));
    for (const kind of path === "callback" ? callbackFaults : apiFaults) {
      share -= shares[kind] ?? 0;
      if (share >= 0) continue;
      if (!mayHit(kind, path)) return undefined;
      return { path, kind, ...(lateBy === undefined ? {} : { lateBy }) };
    }
    return undefined;
  }
}

const kinds: readonly string[] = [...apiFaults, ...callbackFaults];

/** Reads a fault from outside; undefined when it is none. */
export function readFault(value: unknown): Fault | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { path, kind, times, code, lateBy } = value as Record<string, unknown>;
  if (typeof path !== "string" || typeof kind !== "string" || !kinds.includes(kind)) return undefined;
  if ((path === "callback") !== (callbackFaults as readonly string[]).includes(kind)) return undefined;
  if (kind === "code" && numberOf(code) === undefined) return undefined;
  return {
    path,
    kind: kind as FaultKind,
    times: numberOf(times),
    code: numberOf(code),
    lateBy: numberOf(lateBy),
  };
}

/** Reads shares from outside; undefined when they are none. */
export function readRandomFaults(value: unknown): RandomFaults | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { seed, shares, lateBy } = value as Record<string, unknown>;
  if (typeof seed !== "string" || typeof shares !== "object" || shares === null) return undefined;
  const good = Object.entries(shares).every(
    ([kind, share]) =>
      kind !== "code" && kinds.includes(kind) && typeof share === "number" && share >= 0 && share <= 1,
  );
  if (!good) return undefined;
  return { seed, shares: shares as RandomFaults["shares"], lateBy: numberOf(lateBy) };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
