// How a hand-over changes: always guarded by the state it was in.
import { chunked } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import type { HandOverState } from "./hand-overs.js";

/** What changes of a hand-over. */
export interface HandOverChange {
  state?: HandOverState;
  providerRef?: string;
  calledAt?: number;
  nextAt?: number;
  confirmedAt?: number;
  tries?: number;
  looks?: number;
  error?: string | null;
}

const NAMES: Record<keyof HandOverChange, string> = {
  state: "state",
  providerRef: "provider_ref",
  calledAt: "called_at",
  nextAt: "next_at",
  confirmedAt: "confirmed_at",
  tries: "tries",
  looks: "looks",
  error: "error",
};

/** Changes one hand-over while it is in one of `from`; false when it was elsewhere already. */
export async function changeHandOver(
  sql: Sql,
  id: number,
  from: readonly HandOverState[],
  change: HandOverChange,
): Promise<boolean> {
  return (await changeHandOvers(sql, [id], from, change)) > 0;
}

/** Changes hand-overs in the same way, those that are in one of `from`; gives how many. */
export async function changeHandOvers(
  sql: Sql,
  ids: readonly number[],
  from: readonly HandOverState[],
  change: HandOverChange,
): Promise<number> {
  if (ids.length === 0) return 0;
  const entries = Object.entries(change) as [keyof HandOverChange, Param][];
  const { affected } = await sql.run(
    `UPDATE hand_over SET ${entries.map(([name]) => `${NAMES[name]} = ?`).join(", ")}
     WHERE id IN (${marks(ids.length)}) AND state IN (${marks(from.length)})`,
    [...entries.map(([, value]) => value), ...ids, ...from],
  );
  return affected;
}

/** Hand-overs that change in one statement. */
const TOGETHER = 95;

/** Changes hand-overs in the same way but for the channel's reference, which is each one's own; gives those that were
 *  in one of `from`. */
export async function referHandOvers(
  sql: Sql,
  refs: ReadonlyMap<number, string>,
  from: readonly HandOverState[],
  change: HandOverChange,
): Promise<Set<number>> {
  const changed = new Set<number>();
  const entries = Object.entries(change) as [keyof HandOverChange, Param][];
  for (const some of chunked([...refs.keys()], TOGETHER)) {
    const found = await sql.rows<{ id: number }>(
      `SELECT id FROM hand_over WHERE id IN (${marks(some.length)})
         AND COALESCE(state, '') IN (${marks(from.length)})${sql.dialect.forUpdate}`,
      [...some, ...from],
    );
    const ids = found.map(({ id }) => Number(id));
    if (ids.length === 0) continue;
    const own = `CASE id ${ids.map(() => "WHEN ? THEN ?").join(" ")} ELSE provider_ref END`;
    await sql.run(
      `UPDATE hand_over SET provider_ref = ${own}${entries.map(([name]) => `, ${NAMES[name]} = ?`).join("")}
       WHERE id IN (${marks(ids.length)})`,
      [...ids.flatMap((id) => [id, refs.get(id) ?? ""]), ...entries.map(([, value]) => value), ...ids],
    );
    for (const id of ids) changed.add(id);
  }
  return changed;
}
