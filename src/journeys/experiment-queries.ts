// What planning and wording must know of experiments: those in force by touchpoint, and the numbers of variants.
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";

export type ExperimentKind = "variants" | "hold_out";

/** `stopped`: ended before it was judged; `mismatch`: judged, and not to be trusted; `settled`: judged without a winner, and
 *  then people chose a variant. */
export type ExperimentState = "running" | "decided" | "undecided" | "mismatch" | "settled" | "stopped";

/** A touchpoint's experiments as planning needs them. */
export interface Trial {
  /** hold-outs in force, the journey's among them: ids whose shuffles say who is held */
  holdOuts: number[];
  /** it had a hold-out once: who was held then is held for ever */
  everHeld: boolean;
  /** the experiment on words while it runs: its shuffle says who gets which variant */
  running: number | null;
  /** the variant of everybody who is in no arm: 0 for the first words, or the winner */
  variant: number;
}

/** The touchpoints (ids) that have or had experiments. */
export async function trialsOf(
  sql: Sql,
): Promise<(at: { id: number; journeyId: number }) => Trial | undefined> {
  const rows = await sql.rows<{
    id: number;
    journeyId: number;
    touchpointId: number;
    kind: ExperimentKind;
    state: ExperimentState;
    winner: number | null;
    inForce: number;
  }>(
    `SELECT id, journey_id AS journeyId, touchpoint_id AS touchpointId, kind, state, winner,
       CASE WHEN ended_on IS NULL THEN 1 ELSE 0 END AS inForce
     FROM experiment WHERE ended_on IS NULL OR kind = 'hold_out' ORDER BY id`,
  );
  return ({ id, journeyId }) => {
    const own = rows.filter((row) => row.journeyId === journeyId && [0, id].includes(row.touchpointId));
    if (own.length === 0) return undefined;
    const holdOuts = own.filter(({ kind }) => kind === "hold_out");
    const words = own.find(({ kind }) => kind === "variants");
    return {
      holdOuts: holdOuts.filter(({ inForce }) => inForce === 1).map((row) => row.id),
      everHeld: holdOuts.length > 0,
      running: words?.state === "running" ? words.id : null,
      variant: words?.winner ?? 0,
    };
  };
}

/** The numbers of a touchpoint's variants, by key; numbers never change. */
export async function variantNumbers(sql: Sql, touchpointId: number): Promise<Map<string, number>> {
  const rows = await variantsOf(sql, [touchpointId]);
  return new Map(rows.map(({ variantKey, number }) => [variantKey, number]));
}

/** The variants that touchpoints ever had. */
export function variantsOf(
  sql: Sql,
  touchpointIds: readonly number[],
): Promise<{ touchpointId: number; number: number; variantKey: string }[]> {
  return selectIn(
    sql,
    `SELECT touchpoint_id AS touchpointId, number, variant_key AS variantKey
     FROM touchpoint_variant WHERE touchpoint_id IN`,
    touchpointIds,
    { tail: " ORDER BY touchpoint_id, number" },
  );
}
