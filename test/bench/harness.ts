// What every bench shares: fair timing, memory, bars that are kept or missed, Markdown tables, progress on stderr.
import { readFileSync, writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** `full` is the reference size; `ci` is small and quick, and only ratios are judged, with room. */
export type Mode = "full" | "ci";

/** Takes a line of Markdown for stdout. */
export type Out = (line: string) => void;

/** One bench. `run` writes its tables to `out` and says whether its bars were kept. */
export interface Bench {
  name: string;
  run(mode: Mode, out: Out): Promise<boolean>;
}

/** Progress, for stderr. */
export function note(text: string): void {
  process.stderr.write(`${Math.round(process.uptime()).toString().padStart(5)} s  ${text}\n`);
}

/** How long work took, ms, and what it gave. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ ms: number; value: T }> {
  const start = process.hrtime.bigint();
  const value = await work();
  return { ms: Number(process.hrtime.bigint() - start) / 1e6, value };
}

/** The middle value (of an even number: the mean of the two in the middle). NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}

/** Runs the contenders in turn, round after round, so that a busy moment hits all alike; gives each one's times.
 *  A contender that returns a number has measured itself (ms); else its whole run is timed. */
export async function inRounds<K extends string>(
  rounds: number,
  contenders: Record<K, () => Promise<unknown>>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(contenders) as K[];
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<K, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const { ms, value } = await timed(contenders[name]);
      times[name].push(typeof value === "number" ? value : ms);
    }
  }
  return times;
}

/** The median of each contender over interleaved rounds, ms. */
export async function medianOfRounds<K extends string>(
  rounds: number,
  contenders: Record<K, () => Promise<unknown>>,
): Promise<Record<K, number>> {
  const times = await inRounds(rounds, contenders);
  const entries = Object.entries<number[]>(times).map(([name, all]) => [name, median(all)]);
  return Object.fromEntries(entries) as Record<K, number>;
}

/** Watches this process's memory from here on; `peak()` is the most it held at once, MB. */
export function watchMemory(): { peak(): number; stop(): void } {
  let most = 0;
  const look = () => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  look();
  const resets = resetHighWater();
  // a look now and then misses what comes and goes inside one synchronous statement; the kernel's mark does not
  const timer = setInterval(look, 20).unref();
  return {
    peak: () => {
      look();
      return Math.max(most, resets ? highWater() : 0) / 2 ** 20;
    },
    stop: () => clearInterval(timer),
  };
}

/** Linux forgets the highest memory seen so far when told to. */
function resetHighWater(): boolean {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
    return true;
  } catch {
    return false;
  }
}

function highWater(): number {
  const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
  return Number(found?.[1] ?? 0) * 1024;
}

/** Watches how late the event loop runs; `stop()` gives the 99th percentile and the worst delay, ms. */
export function watchLoop(): { stop(): Promise<{ p99: number; worst: number }> } {
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  return {
    stop: async () => {
      // a delay is only seen when the loop gets round to it
      await new Promise((resolve) => setTimeout(resolve, 20));
      delays.disable();
      // the histogram holds whole intervals, the wanted 5 ms with them
      const late = (ns: number) => Math.max(0, ns / 1e6 - 5);
      return { p99: late(delays.percentile(99)), worst: late(delays.max) };
    },
  };
}

/** Judges measured values against their bars and says each on a line of its own. */
export interface Bars {
  /** Kept when `value` ≤ `limit`. */
  atMost(what: string, value: number, limit: number, unit: Unit): void;
  /** Kept when `value` ≥ `limit`. */
  atLeast(what: string, value: number, limit: number, unit: Unit): void;
  /** Whether all so far were kept. */
  kept(): boolean;
}

/** `×` is a ratio of two values of the same run: the one kind that small sizes and busy machines can be held to. */
export type Unit = "×" | "ms" | "MB" | "/s" | "s";

/** Bars of one run. At small sizes only ratios are judged, and only a miss by more than 2 × counts. */
export function bars(mode: Mode, out: Out): Bars {
  let kept = true;
  const judge = (what: string, value: number, limit: number, unit: Unit, room: number, sign: string) => {
    const counts = mode === "full" || unit === "×";
    const isKept = room <= (mode === "full" ? 1 : 2);
    if (counts && !isKept) {
      kept = false;
      note(`MISSED  ${what}: ${amount(value, unit)}, bar ${sign} ${amount(limit, unit)}`);
    }
    const verdict = room <= 1 ? "kept" : counts && !isKept ? "**missed**" : "over, not judged at this size";
    out(`- ${what}: ${amount(value, unit)} (bar ${sign} ${amount(limit, unit)}) ${verdict}`);
  };
  return {
    atMost: (what, value, limit, unit) => judge(what, value, limit, unit, value / limit, "≤"),
    atLeast: (what, value, limit, unit) => judge(what, value, limit, unit, limit / value, "≥"),
    kept: () => kept,
  };
}

const amount = (value: number, unit: Unit) =>
  unit === "×" ? `${round(value)} ×` : `${round(value)}${unit === "/s" ? "" : " "}${unit}`;

/** A number as people read it: three figures or so, thousands apart. */
export function round(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

/** Writes a Markdown table; numbers are rounded and stand to the right. */
export function table(
  out: Out,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const isNumber = head.map((_title, at) => rows.some((row) => typeof row[at] === "number"));
  const line = (cells: readonly string[]) => out(`| ${cells.join(" | ")} |`);
  out("");
  line(head);
  out(`|${isNumber.map((is) => (is ? " ---: " : " --- ")).join("|")}|`);
  for (const row of rows) line(row.map((cell) => (typeof cell === "number" ? round(cell) : cell)));
  out("");
}
