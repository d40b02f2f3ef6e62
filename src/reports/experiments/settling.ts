// Ending an experiment that was judged without a winner: headquarters says which variant everybody gets from now on.
import { type Doer, recordChange } from "../../identity/audit.js";
import type { Sql, Store } from "../../infra/store.js";
import { variantNumbers } from "../../journeys/experiment-queries.js";
import { Refusal } from "../../kernel/refusals.js";
import { giveVariant } from "../../tasks/winner.js";
import { experimentsWhere, type StoredExperiment } from "./queries.js";

/** Whether it was judged for the last time, no variant was found better, and nobody has said yet which one stays. */
export function isUnsettled({ kind, state }: Pick<StoredExperiment, "kind" | "state">): boolean {
  return kind === "variants" && (state === "undecided" || state === "mismatch");
}

/** Settles the waiting experiment of a touchpoint ("journey/touchpoint") on a variant; tasks that nobody has seen get its
 *  words. Raises `conflict` where none waits, `invalid` for what is none of its variants. */
export function settle(store: Store, key: string, variant: string, doer: Doer): Promise<void> {
  const [journey = "", touchpoint = ""] = key.split("/");
  return store.write(async (sql) => {
    const found = await experimentsWhere(
      sql,
      "j.journey_key = ? AND t.touchpoint_key = ? AND e.ended_on IS NULL",
      [journey, touchpoint],
    );
    const waiting = found.find(isUnsettled);
    if (!waiting) throw none();
    const { id, touchpointId, state } = waiting;
    const numbers = await variantNumbers(sql, touchpointId);
    const winner = numberOf(waiting, numbers, variant);
    const { affected } = await sql.run(
      `UPDATE experiment SET state = 'settled', winner = ?, decided_at = ?
       WHERE id = ? AND state = ? AND ended_on IS NULL`,
      [winner, doer.at, id, state],
    );
    if (affected === 0) throw none();
    await giveVariant(sql, touchpointId, winner);
    await record(sql, { key, waiting, numbers, variant }, doer);
  });
}

function none(): Refusal {
  return new Refusal("conflict", "这个实验没有在等你定，可能刚刚有人定好了，请刷新看看。");
}

function numberOf(
  { definition }: StoredExperiment,
  numbers: ReadonlyMap<string, number>,
  variant: string,
): number {
  const { variants } = JSON.parse(definition) as { variants: { key: string }[] };
  const number = numbers.get(variant);
  if (number !== undefined && variants.some(({ key }) => key === variant)) return number;
  throw new Refusal("invalid", "请选一个版本。", [
    { where: "variant", value: variant, expected: variants.map(({ key }) => key).join("、") },
  ]);
}

interface Settled {
  key: string;
  waiting: StoredExperiment;
  numbers: ReadonlyMap<string, number>;
  variant: string;
}

function record(sql: Sql, { key, waiting, numbers, variant }: Settled, doer: Doer): Promise<void> {
  const before = [...numbers].find(([, number]) => number === waiting.winner)?.[0];
  return recordChange(sql, {
    ...{ ...doer, action: "experiment.settle", subject: `experiment:${key}` },
    before: { state: waiting.state, ...(before === undefined ? {} : { variant: before }) },
    after: { state: "settled", variant },
  });
}
