// Sums over many guides or stores, remembered until figures are counted anew: a brand's pages ask for the same ones.
import type { Sql } from "../infra/store.js";
import type { World } from "../kernel/world.js";

/** Names of people and places may change without any figure; they are read again after so long. */
const LASTS = 30_000;
/** A sum of 10,000 guides takes some 3 MB. */
const KEPT = 6;

/** Gives what `make` makes, or made lately for the same question. `sql` reads how often figures were counted. */
export type Lately = <T>(sql: Sql, question: string, make: () => Promise<T>) => Promise<T>;

interface Kept {
  counted: number;
  until: number;
  answer: Promise<unknown>;
}

/** A memory of one process. */
export function lately({ now }: Pick<World, "now">): Lately {
  const kept = new Map<string, Kept>();
  return async <T>(sql: Sql, question: string, make: () => Promise<T>) => {
    const counted = await timesCounted(sql);
    const known = kept.get(question);
    if (known && known.counted === counted && now() < known.until) return known.answer as Promise<T>;
    const answer = make();
    // whoever asks meanwhile waits for the same sum
    kept.delete(question);
    kept.set(question, { counted, until: now() + LASTS, answer });
    answer.catch(() => kept.delete(question));
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return answer;
  };
}

async function timesCounted(sql: Sql): Promise<number> {
  const row = await sql.row<{ times: number }>("SELECT times FROM figures_counted WHERE id = 1");
  return Number(row?.times ?? 0);
}

/** Notes in the transaction that counts that sums made before it are of yesterday's figures. */
export async function noteCounted(sql: Sql): Promise<void> {
  const { affected } = await sql.run("UPDATE figures_counted SET times = times + 1 WHERE id = 1");
  if (affected === 0)
    await sql.run(`${sql.dialect.insertIgnore} INTO figures_counted (id, times) VALUES (1, 1)`);
}
