// What is asked of audiences again and again while somebody builds one, and takes a walk over all customers to answer.
import type { World } from "../kernel/world.js";
import { stableJson } from "./spec.js";

/** Nobody's choice of words changes in a minute, in milliseconds. */
const KEPT = 60_000;
const MOST = 50;

/** The same question gives the same answer for a minute, and is asked once however many wait for it. */
export function rememberedByRule<T>(
  { now }: Pick<World, "now">,
  ask: (rule: unknown) => Promise<T>,
): (rule: unknown) => Promise<T> {
  const kept = new Map<string, { until: number; answer: Promise<T> }>();
  return (rule) => {
    const key = stableJson(rule ?? null);
    const known = kept.get(key);
    if (known && known.until > now()) return known.answer;
    const answer = ask(rule);
    kept.delete(key);
    kept.set(key, { until: now() + KEPT, answer });
    answer.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST) break;
      kept.delete(oldest);
    }
    return answer;
  };
}
