// Answers that take their time: worked out once, asked after by the page until they are there, forgotten after a while.
import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "../../kernel/world.js";

/** How far an answer is. */
export type Slow<T> =
  | { state: "running"; done: number; of: number }
  | { state: "done"; value: T }
  | { state: "failed"; error: unknown };

/** Tells how far one is. */
export type Told = (done: number, of: number) => void;

/** Answers by what was asked. */
export interface SlowAnswers<T> {
  /** The answer to a question, begun by whoever asks first; waits a moment for it before it says how far it is. */
  ask(question: string, work: (told: Told) => Promise<T>): Promise<Slow<T>>;
}

const KEPT_MS = 10 * 60_000;
const MOST = 12;
/** What is ready sooner is better waited for than shown to be coming. */
const PATIENCE_MS = 1_200;

interface Asked<T> {
  answer: Slow<T>;
  at: number;
  ended: Promise<void>;
}

/** Keeps the answers last asked for. One that failed is told once and then worked out again. */
export function slowAnswers<T>(world: Pick<World, "now">, patience = PATIENCE_MS): SlowAnswers<T> {
  const kept = new Map<string, Asked<T>>();
  const begin = (question: string, work: (told: Told) => Promise<T>): Asked<T> => {
    const asked: Asked<T> = {
      answer: { state: "running", done: 0, of: 0 },
      at: world.now(),
      ended: Promise.resolve(),
    };
    asked.ended = work((done, of) => {
      asked.answer = { state: "running", done, of };
    }).then(
      (value) => {
        asked.answer = { state: "done", value };
      },
      (error: unknown) => {
        asked.answer = { state: "failed", error };
      },
    );
    kept.set(question, asked);
    return asked;
  };
  return {
    ask: async (question, work) => {
      for (const [key, { at, answer }] of kept)
        if (answer.state !== "running" && (world.now() - at > KEPT_MS || kept.size > MOST)) kept.delete(key);
      const asked = kept.get(question) ?? begin(question, work);
      if (asked.answer.state === "running") await Promise.race([asked.ended, sleep(patience)]);
      if (asked.answer.state === "failed") kept.delete(question);
      return asked.answer;
    },
  };
}
