// What a new version's audience makes of open tasks: those of customers who no longer belong to it go.
import type { Sql } from "../infra/store.js";
import { isEveryone } from "../journeys/audience.js";
import { audienceBasis } from "../journeys/audience-basis.js";
import { stableJson } from "../journeys/spec.js";
import { outsideOf } from "./outsiders.js";
import type { Kept } from "./version-dates.js";

/** The tasks no channel has, whose customers are not in their touchpoint's new audience. */
export async function leavers(sql: Sql, kept: readonly Kept[]): Promise<number[]> {
  const narrowed = kept.filter(
    ({ before, after }) =>
      !isEveryone(after.audience) && stableJson(before.audience) !== stableJson(after.audience),
  );
  if (narrowed.length === 0) return [];
  const basis = await audienceBasis(sql);
  const left: number[] = [];
  for (const { id, after } of narrowed)
    for (const one of await outsideOf(sql, { id, audience: after.audience }, basis)) left.push(one);
  return left;
}
