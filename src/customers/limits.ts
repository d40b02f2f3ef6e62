// The limits between the stages as HQ has set them: kept in the database, since every count and rule reads them.
import { z } from "zod";
import type { Sql } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import { type StageLimits, USUAL_LIMITS } from "./stages.js";

const SETTING = "stage_limits";

const days = z.int({ error: "a whole number of days from 1 to 3660" }).min(1).max(3660);
const pieces = z.int({ error: "a whole number from 1 to 1000" }).min(1).max(1000);

const LIMITS = {
  ...{ newDays: days, activeDays: days, churnedDays: days, trialQuantity: pieces },
  ...{ hoardQuantity: pieces, hoardDays: days },
};

const shape = z
  .strictObject(LIMITS, { error: () => `some of the limits ${Object.keys(LIMITS).join(", ")}` })
  .partial();

/** The limits in force. */
export async function loadLimits(sql: Sql): Promise<StageLimits> {
  const row = await sql.row<{ value: string }>("SELECT value FROM setting WHERE name = ?", [SETTING]);
  return row ? { ...USUAL_LIMITS, ...(JSON.parse(row.value) as Partial<StageLimits>) } : USUAL_LIMITS;
}

/** Sets some of the limits, in the caller's transaction; the others stay. Raises `invalid` with every fault. */
export async function setLimits(sql: Sql, changes: unknown): Promise<StageLimits> {
  const parsed = shape.safeParse(changes);
  const limits = { ...(await loadLimits(sql)), ...parsed.data } as StageLimits;
  const faults = (parsed.error?.issues ?? []).map(({ path, message }) => ({
    ...{ where: ["limits", ...path].join("."), expected: message },
  }));
  if (parsed.success && limits.churnedDays <= limits.activeDays)
    faults.push({ where: "limits.churnedDays", expected: `more than activeDays (${limits.activeDays})` });
  if (faults.length > 0) throw new Refusal("invalid", "阶段的界限不对。", faults);
  await sql.run(
    `INSERT INTO setting (name, value) VALUES (?, ?)${sql.dialect.onConflict(["name"], ["value"])}`,
    [SETTING, JSON.stringify(limits)],
  );
  return limits;
}
