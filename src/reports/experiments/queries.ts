// Experiments and their figures in the database.
import { selectIn } from "../../infra/batches.js";
import { marks } from "../../infra/dialect.js";
import type { Sql } from "../../infra/store.js";
import {
  type ExperimentKind,
  type ExperimentState,
  variantNumbers,
} from "../../journeys/experiment-queries.js";
import type { TouchpointSpec } from "../../journeys/spec.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { ARM_CONDITIONS } from "./arm-sql.js";

/** An experiment as it is stored, with the place it stands in. */
export interface StoredExperiment {
  id: number;
  journeyId: number;
  journeyKey: string;
  journeyName: string;
  /** 0 and null: the whole journey */
  touchpointId: number;
  touchpointKey: string | null;
  kind: ExperimentKind;
  number: number;
  /** JSON of its definition */
  definition: string;
  state: ExperimentState;
  beganOn: ShopDay;
  endedOn: ShopDay | null;
  winner: number | null;
}

/** Experiments of a condition on `e`, `j` and `t`, newest first. */
export function experimentsWhere(
  sql: Sql,
  where: string,
  params: readonly (string | number)[] = [],
): Promise<StoredExperiment[]> {
  return sql.rows<StoredExperiment>(
    `SELECT e.id, e.journey_id AS journeyId, j.journey_key AS journeyKey, j.name AS journeyName,
       e.touchpoint_id AS touchpointId, t.touchpoint_key AS touchpointKey, e.kind, e.number, e.definition, e.state,
       e.began_on AS beganOn, e.ended_on AS endedOn, e.winner
     FROM experiment e JOIN journey j ON j.id = e.journey_id LEFT JOIN touchpoint t ON t.id = e.touchpoint_id
     WHERE ${where} ORDER BY e.id DESC`,
    params,
  );
}

/** A look that was taken; `figures` is JSON. */
export interface StoredLook {
  experimentId: number;
  number: number;
  lookedOn: ShopDay;
  figures: string;
}

/** The looks of experiments, in their order. */
export function looksTaken(sql: Sql, experimentIds: readonly number[]): Promise<StoredLook[]> {
  return selectIn<StoredLook>(
    sql,
    `SELECT experiment_id AS experimentId, number, looked_on AS lookedOn, figures FROM experiment_look
     WHERE experiment_id IN`,
    experimentIds,
    { tail: " ORDER BY experiment_id, number" },
  );
}

/** What the newest version of each touchpoint says. */
export async function newestSpecs(
  sql: Sql,
  touchpointIds: readonly number[],
): Promise<Map<number, TouchpointSpec>> {
  const rows = await selectIn<{ id: number; spec: string }>(
    sql,
    `SELECT v.touchpoint_id AS id, v.spec FROM touchpoint_version v
     WHERE v.version_id = (SELECT MAX(n.version_id) FROM touchpoint_version n WHERE n.touchpoint_id = v.touchpoint_id)
       AND v.touchpoint_id IN`,
    touchpointIds,
  );
  return new Map(rows.map(({ id, spec }) => [id, JSON.parse(spec) as TouchpointSpec]));
}

/** A variant by its place in the experiment, and what became of it. */
export interface VariantCount {
  key: string;
  /** as tasks have it; null: none was ever made */
  variant: number | null;
  /** percent of those who take part */
  share: number;
  /** tasks made, whatever became of them */
  assigned: number;
  /** sends whose chat is observed */
  sent: number;
  replied: number;
}

/** These variants of a touchpoint over what fell due from a day up to before another. */
export async function countVariants(
  sql: Sql,
  touchpointId: number,
  variants: readonly { key: string; share: number }[],
  { from, until }: { from: ShopDay; until: ShopDay },
): Promise<VariantCount[]> {
  const rows = await sql.rows<{ variant: number } & Omit<VariantCount, "key" | "share" | "variant">>(
    `SELECT variant, COUNT(*) AS assigned, SUM(CASE WHEN ${ARM_CONDITIONS.sent} THEN 1 ELSE 0 END) AS sent,
       SUM(CASE WHEN ${ARM_CONDITIONS.replied} THEN 1 ELSE 0 END) AS replied
     FROM task${sql.dialect.force("task_due")}
     WHERE touchpoint_id = ? AND due_on >= ? AND due_on < ? AND ${ARM_CONDITIONS.assigned} GROUP BY variant`,
    [touchpointId, from, until],
  );
  const numbers = await variantNumbers(sql, touchpointId);
  return variants.map(({ key, share }) => {
    const variant = numbers.get(key) ?? null;
    const count = rows.find((row) => row.variant === variant);
    const { assigned = 0, sent = 0, replied = 0 } = count ?? {};
    return { key, share, variant, assigned: Number(assigned), sent: Number(sent), replied: Number(replied) };
  });
}

/** How many occurrences, and after how many of them the customer ordered in time. */
export interface BuyerCount {
  n: number;
  bought: number;
}

/** A due day's occurrences, apart by what became of them. */
export type DayOfBuyers = Record<"held" | "sent" | "other", BuyerCount>;

/** The occurrences of a touchpoint due on one day under these versions, and who ordered from that day through another. */
export async function countBuyers(
  sql: Sql,
  touchpointId: number,
  versionIds: readonly number[],
  { dueOn, through }: { dueOn: ShopDay; through: ShopDay },
): Promise<DayOfBuyers> {
  const { force } = sql.dialect;
  const rows = await sql.rows<BuyerCount & { what: keyof DayOfBuyers }>(
    `SELECT what, COUNT(*) AS n, SUM(bought) AS bought FROM (
       SELECT CASE WHEN ${ARM_CONDITIONS.held} THEN 'held' WHEN state IN ('sent', 'done_by_hand') THEN 'sent' ELSE 'other' END
           AS what,
         CASE WHEN EXISTS (SELECT 1 FROM customer_order o${force("customer_order_day")}
           WHERE o.customer_id = task.customer_id AND o.ordered_on BETWEEN ? AND ? AND o.status <> 'refunded')
           THEN 1 ELSE 0 END AS bought
       FROM task${force("task_due")}
       WHERE touchpoint_id = ? AND due_on = ? AND version_id IN (${marks(versionIds.length)})
     ) AS occurrences GROUP BY what`,
    [dueOn, through, touchpointId, dueOn, ...versionIds],
  );
  const day: DayOfBuyers = {
    held: { n: 0, bought: 0 },
    sent: { n: 0, bought: 0 },
    other: { n: 0, bought: 0 },
  };
  for (const { what, n, bought } of rows) day[what] = { n: Number(n), bought: Number(bought) };
  return day;
}

/** The hold-outs of a touchpoint by version, newest first. */
export async function holdOutVersions(
  sql: Sql,
  touchpointId: number,
): Promise<{ versionId: number; own: number; journey: number }[]> {
  const rows = await sql.rows<{ versionId: number; spec: string }>(
    "SELECT version_id AS versionId, spec FROM touchpoint_version WHERE touchpoint_id = ? ORDER BY version_id DESC",
    [touchpointId],
  );
  return rows.map(({ versionId, spec }) => {
    const { holdOut = 0, journeyHoldOut = 0 } = JSON.parse(spec) as TouchpointSpec;
    return { versionId, own: holdOut, journey: journeyHoldOut };
  });
}

/** The first day on which a touchpoint's own hold-out of so many percent and its journey's of so many both held customers
 *  out (0: there is none of its kind); null: never. */
export async function holdOutBegan(
  sql: Sql,
  touchpointId: number,
  { own, journey }: { own: number; journey: number },
): Promise<ShopDay | null> {
  const rows = await sql.rows<{ place: number; definition: string; beganOn: ShopDay }>(
    `SELECT e.touchpoint_id AS place, e.definition, e.began_on AS beganOn
     FROM touchpoint t JOIN experiment e ON e.journey_id = t.journey_id AND e.touchpoint_id IN (0, t.id)
     WHERE t.id = ? AND e.kind = 'hold_out' ORDER BY e.began_on`,
    [touchpointId],
  );
  const first = (isPlace: (place: number) => boolean, share: number) =>
    rows.find(
      (row) => isPlace(row.place) && (JSON.parse(row.definition) as { share: number }).share === share,
    )?.beganOn;
  const days = [
    own > 0 ? first((place) => place !== 0, own) : undefined,
    journey > 0 ? first((place) => place === 0, journey) : undefined,
  ];
  return (
    days
      .flatMap((day) => day ?? [])
      .sort()
      .at(-1) ?? null
  );
}
