// The demo's sandbox in a thread of its own: WeCom's work beside ours, as between two machines.
import { parentPort, Worker, workerData } from "node:worker_threads";
import { realWorld, seeded } from "../kernel/world.js";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.js";
import type { SandboxOptions } from "../sandbox/settings.js";

const verbs = ["enrol", "connect", "neverQuiet", "step", "contactAdded", "guidesWrite"] as const;
type Verb = (typeof verbs)[number];

/** A sandbox that answers from its own thread: the same verbs, each with a promise. */
export type DistantSandbox = {
  [V in Verb]: (...args: Parameters<Sandbox[V]>) => Promise<Awaited<ReturnType<Sandbox[V]>>>;
} & {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  close(): Promise<void>;
};

/** One call to the thread; `close` ends it. */
interface Call {
  id: number;
  verb: Verb | "close";
  args: unknown[];
}

interface Answer {
  id: number;
  value?: unknown;
  error?: Error;
}

/** What the thread is started with; `clock` holds one float64, the time in epoch ms, NaN for the machine's own. */
interface Start {
  options: Omit<SandboxOptions, "world" | "onExchange">;
  clock: SharedArrayBuffer;
  chance: number;
}

/** Starts the sandbox in a thread. It reads its time from `clock`, so that no call can overtake a new time. */
export async function startDistantSandbox(start: Start): Promise<DistantSandbox> {
  const worker = new Worker(new URL(import.meta.url), { workerData: start });
  const open = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  const url = await new Promise<string>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  let count = 0;
  worker.on("message", ({ id, value, error }: Answer) => {
    const waiting = open.get(id);
    open.delete(id);
    if (error) waiting?.reject(error);
    else waiting?.resolve(value);
  });
  worker.on("error", (error) => {
    for (const { reject } of open.values()) reject(error);
    open.clear();
  });
  const call = (verb: Call["verb"], args: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++count;
      open.set(id, { resolve, reject });
      worker.postMessage({ id, verb, args } satisfies Call);
    });
  const spoken = Object.fromEntries(verbs.map((verb) => [verb, (...args: unknown[]) => call(verb, args)]));
  return {
    ...(spoken as Pick<DistantSandbox, Verb>),
    url,
    close: async () => {
      await call("close", []);
      await worker.terminate();
    },
  };
}

/** The thread's side. */
async function answerCalls({ options, clock, chance }: Start): Promise<void> {
  const time = new Float64Array(clock);
  const now = () => (Number.isNaN(time[0]) ? realWorld.now() : (time[0] ?? 0));
  const sandbox = await startSandbox({
    ...options,
    world: { now, random: seeded(chance), id: realWorld.id },
  });
  const perform = sandbox as unknown as Record<string, (...args: unknown[]) => unknown>;
  parentPort?.on("message", async ({ id, verb, args }: Call) => {
    const answer: Answer = { id };
    try {
      answer.value = await perform[verb]?.(...args);
    } catch (error) {
      answer.error = error instanceof Error ? error : new Error(String(error));
    }
    parentPort?.postMessage(answer);
  });
  parentPort?.postMessage(sandbox.url);
}

if (parentPort) await answerCalls(workerData as Start);
