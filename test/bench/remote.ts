// A process beside this one that does what it is told by messages; a killed one answers every open call with an error.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

interface Call {
  id: number;
  verb: string;
  args: unknown[];
}

interface Answer {
  id: number;
  value?: unknown;
  error?: Error;
}

/** A call that its process did not live to answer. */
export class Gone extends Error {}

/** A process of its own that performs verbs. */
export interface Remote {
  call<T>(verb: string, ...args: unknown[]): Promise<T>;
  /** runs whenever the process says something unasked */
  heard: (said: string) => void;
  /** SIGKILL; resolves when it is dead */
  kill(): Promise<void>;
}

/** Starts a built file of this folder. */
export function startRemote(file: string): Remote {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    serialization: "advanced",
    stdio: ["ignore", 2, 2, "ipc"],
    env: { ...process.env, GUIDEPOST_BENCH_ALONE: "", WECHATY_LOG: "silent" },
  });
  const open = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  const dead = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let count = 0;
  const remote: Remote = {
    heard: () => undefined,
    call: <T>(verb: string, ...args: unknown[]) =>
      new Promise<T>((resolve, reject) => {
        if (child.exitCode !== null || child.signalCode !== null || !child.connected)
          return reject(new Gone(verb));
        const id = ++count;
        open.set(id, { resolve: resolve as (value: unknown) => void, reject });
        child.send({ id, verb, args } satisfies Call, (error) => error && reject(new Gone(verb)));
      }),
    kill: async () => {
      child.kill("SIGKILL");
      await dead;
    },
  };
  listen(child, open, remote);
  return remote;
}

function listen(
  child: ChildProcess,
  open: Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>,
  remote: Remote,
): void {
  child.on("message", (message: Answer | string) => {
    if (typeof message === "string") return remote.heard(message);
    const waiting = open.get(message.id);
    open.delete(message.id);
    if (message.error) waiting?.reject(message.error);
    else waiting?.resolve(message.value);
  });
  child.once("exit", () => {
    for (const { reject } of open.values()) reject(new Gone("the process was killed"));
    open.clear();
  });
}

/** The process's side: performs one call after the other. Ends with its parent. */
export function perform(verbs: Record<string, (...args: never[]) => unknown>): void {
  let turn: Promise<unknown> = Promise.resolve();
  process.on("message", ({ id, verb, args }: Call) => {
    turn = turn.then(async () => {
      const answer: Answer = { id };
      try {
        answer.value = await (verbs[verb] as (...all: unknown[]) => unknown)(...args);
      } catch (error) {
        answer.error = error instanceof Error ? error : new Error(String(error));
      }
      process.send?.(answer);
    });
  });
  process.on("disconnect", () => process.exit(0));
}
