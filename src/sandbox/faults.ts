// Faults on demand: what should go wrong with the next calls and the next callbacks.

const apiFaults = [
  "timeout_before", // no effect, no answer
  "timeout_after", // the effect, no answer
  "reset", // no effect, the connection breaks
  "reset_after", // the effect, the connection breaks
  "http_500", // no effect, HTTP 500
  "busy", // -1
  "limit", // 45009
  "parallel", // 45033
  "token_expired", // 42001, the token is dead from now on
  "token_invalid", // 40014, the same
  "code", // any errcode, given as `code`
] as const;

const callbackFaults = ["lost", "doubled", "late"] as const;

export type ApiFaultKind = (typeof apiFaults)[number];
export type CallbackFaultKind = (typeof callbackFaults)[number];

/** `path` is after /cgi-bin/, "*" for every path, "callback" for callbacks. */
export interface Fault {
  path: string;
  kind: ApiFaultKind | CallbackFaultKind;
  /** how many calls it hits, default 1 */
  times?: number;
  /** errcode of kind `code` */
  code?: number;
  /** ms by which a `late` callback is late, default ten minutes */
  lateBy?: number;
}

const kinds: readonly string[] = [...apiFaults, ...callbackFaults];

/** The faults still to come, oldest first. They live in memory: a restart is a fresh start. */
export class Faults {
  #coming: (Fault & { left: number })[] = [];

  add(fault: Fault): void {
    this.#coming.push({ ...fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#coming = [];
  }

  /** What is still to come. */
  list(): Fault[] {
    return this.#coming.map(({ left, ...fault }) => ({ ...fault, times: left }));
  }

  /** The fault that hits this call, if any; it counts as used. */
  take(path: string): Fault | undefined {
    const fault = this.#coming.find((one) => one.path === path || (one.path === "*" && path !== "callback"));
    if (!fault) return undefined;
    fault.left--;
    this.#coming = this.#coming.filter((one) => one.left > 0);
    return fault;
  }
}

/** Reads a fault from outside; undefined when it is none. */
export function readFault(value: unknown): Fault | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { path, kind, times, code, lateBy } = value as Record<string, unknown>;
  if (typeof path !== "string" || typeof kind !== "string" || !kinds.includes(kind)) return undefined;
  const number = (one: unknown): number | undefined => (typeof one === "number" ? one : undefined);
  return {
    path,
    kind: kind as Fault["kind"],
    times: number(times),
    code: number(code),
    lateBy: number(lateBy),
  };
}
