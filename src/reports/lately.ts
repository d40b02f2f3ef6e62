// Sums over many guides or stores, remembered until figures are counted anew: a brand's pages ask for the same ones.
import type { Sql } from "../infra/store.js";
import type { World } from "../kernel/world.js";

/** Names of people and places may change without any figure; they are read again after so long. */
const LASTS = 30_000;
/** Rows of all answers together; those of 10,000 guides with their rates take some 7 MB. */
const MOST_ROWS = 40_000;
const MOST_ANSWERS = 200;

/** Gives what `make` makes, or made lately for the same question. `sql` reads how often figures were counted, `rowsIn`
 *  tells how long an answer is. Who gets an answer shares it with others and changes nothing in it. */
export type Lately = <T>(
  sql: Sql,
  question: string,
  make: () => Promise<T>,
  rowsIn: (answer: T) => number,
) => Promise<T>;

interface Kept {
  counted: number;
  until: number;
  answer: Promise<unknown>;
  /** 0 until it is known */
  rows: number;
}

/** A memory of one process. */
export function lately({ now }: Pick<World, "now">): Lately {
  const kept = new Map<string, Kept>();
  return async <T>(
    sql: Sql,
    question: string,
    make: () => Promise<T>,
    rowsIn: (answer: T) => number,
  ): Promise<T> => {
    const counted = await timesCounted(sql);
    const known = kept.get(question);
    if (known && known.counted === counted && now() < known.until) return known.answer as Promise<T>;
    const answer = make();
    const one: Kept = { counted, until: now() + LASTS, answer, rows: 0 };
    // whoever asks meanwhile waits for the same sum
    kept.delete(question);
    kept.set(question, one);
    answer.then(
      (made) => {
        one.rows = rowsIn(made);
        forgetOldest(kept);
      },
      () => kept.get(question) === one && kept.delete(question),
    );
    return answer;
  };
}

/** Keeps the latest answers, whatever the length of the last. */
function forgetOldest(kept: Map<string, Kept>): void {
  let rows = 0;
  for (const one of kept.values()) rows += one.rows;
  for (const [question, one] of kept) {
    if (kept.size === 1 || (rows <= MOST_ROWS && kept.size <= MOST_ANSWERS)) return;
    kept.delete(question);
    rows -= one.rows;
  }
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
