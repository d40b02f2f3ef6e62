// The tasks, messages and refusals behind cells of one day, by the very conditions that counted them.
import { marks } from "../../infra/dialect.js";
import type { Param, Sql } from "../../infra/store.js";
import { addDays, instantOf, type ShopDay } from "../../kernel/calendar.js";
import type { Reason, State } from "../../tasks/life.js";
import { CONDITIONS } from "../count-sql.js";
import { IN_FUNNEL, STAGE_OF, WHY_OF } from "../funnel/funnel-sql.js";
import type { CountedAsk, CountedOf, TaskMeasure } from "./drill.js";

/** One line behind a figure: a task, a message, or a task that a limit kept back. */
export interface DrillRow {
  id: number;
  region: number;
  store: number;
  guide: number;
  customerId: number;
  touchpointId: number;
  /** null: a message that answers no task */
  state: State | null;
  reason: Reason | null;
  dueOn: ShopDay | null;
  /** the day it is counted on */
  day: ShopDay;
  offeredAt: number | null;
  actedAt: number | null;
  sentAt: number | null;
  repliedAt: number | null;
  /** of a message */
  type: string | null;
}

/** What these guides (0: nobody) have behind a figure on a day, in no order. */
export function rowsBehind(
  sql: Sql,
  ask: Pick<CountedAsk, "of" | "touchpoints" | "variant">,
  { day, guides, zone }: { day: ShopDay; guides: readonly number[]; zone: string },
): Promise<DrillRow[]> {
  const { of } = ask;
  if (of.kind === "measure" && of.measure === "messages") return messages(sql, day, guides);
  if (of.kind === "measure" && of.measure === "capped") return limitHits(sql, ask, day, guides);
  return tasks(sql, ask, { day, guides, zone });
}

/** A task's columns as a line has them, but for its day. */
export const TASK = `id, customer_id AS customerId, touchpoint_id AS touchpointId, state, reason, due_on AS dueOn,
  offered_at AS offeredAt, acted_at AS actedAt, sent_at AS sentAt, replied_at AS repliedAt, NULL AS type,
  COALESCE(region_id, 0) AS region, COALESCE(store_id, 0) AS store, COALESCE(guide_id, 0) AS guide`;

async function tasks(
  sql: Sql,
  { of, touchpoints, variant }: Pick<CountedAsk, "of" | "touchpoints" | "variant">,
  { day, guides, zone }: { day: ShopDay; guides: readonly number[]; zone: string },
): Promise<DrillRow[]> {
  const known = guides.filter((id) => id > 0);
  const whose = [
    ...(known.length > 0 ? [`guide_id IN (${marks(known.length)})`] : []),
    ...(guides.includes(0) ? ["guide_id IS NULL"] : []),
  ];
  const is = conditionOf(of, instantOf(addDays(day, 1), "00:00", zone));
  const those = ofTouchpoints(touchpoints, variant);
  return sql.rows<DrillRow>(
    `SELECT ${TASK}, release_on AS day FROM task
     WHERE release_on = ? AND (${whose.join(" OR ") || "1 = 0"}) AND ${is.text} AND ${those.text}`,
    [day, ...known, ...is.params, ...those.params],
  );
}

function conditionOf(of: CountedOf, dayEnd: number): { text: string; params: Param[] } {
  if (of.kind === "stage") {
    const why = of.why === undefined ? "" : ` AND ${WHY_OF} = ?`;
    return {
      text: `${IN_FUNNEL} AND ${STAGE_OF} ${of.why === undefined ? ">=" : "="} ?${why}`,
      params: [of.stage, ...(of.why === undefined ? [] : [of.why])],
    };
  }
  const measure = of.measure as TaskMeasure;
  return {
    text: `offered_at IS NOT NULL AND ${CONDITIONS[measure]}`,
    params: measure === "onTime" ? [dayEnd] : [],
  };
}

function ofTouchpoints(touchpoints: readonly number[] | undefined, variant: number | undefined) {
  if (!touchpoints) return { text: "1 = 1", params: [] };
  const one = variant === undefined ? "" : " AND variant = ?";
  return {
    text: `touchpoint_id + 0 IN (${marks(touchpoints.length) || "-1"})${one}`,
    params: [...touchpoints, ...(variant === undefined ? [] : [variant])],
  };
}

function messages(sql: Sql, day: ShopDay, guides: readonly number[]): Promise<DrillRow[]> {
  return sql.rows<DrillRow>(
    `SELECT m.id, m.customer_id AS customerId, COALESCE(t.touchpoint_id, 0) AS touchpointId, t.state, t.reason,
       t.due_on AS dueOn, NULL AS offeredAt, NULL AS actedAt, m.sent_at AS sentAt, NULL AS repliedAt, m.type,
       COALESCE(m.region_id, 0) AS region, COALESCE(m.store_id, 0) AS store, m.guide_id AS guide, m.sent_on AS day
     FROM message m LEFT JOIN task t ON t.id = m.task_id
     WHERE m.sent_on = ? AND m.guide_id IN (${marks(guides.length) || "-1"}) AND m.sender = 'customer' AND m.recalled = 0`,
    [day, ...guides],
  );
}

function limitHits(
  sql: Sql,
  { touchpoints, variant }: Pick<CountedAsk, "touchpoints" | "variant">,
  day: ShopDay,
  guides: readonly number[],
): Promise<DrillRow[]> {
  const those = ofTouchpoints(touchpoints, variant);
  return sql.rows<DrillRow>(
    `SELECT t.id, l.customer_id AS customerId, l.touchpoint_id AS touchpointId, t.state, t.reason, t.due_on AS dueOn,
       t.offered_at AS offeredAt, t.acted_at AS actedAt, t.sent_at AS sentAt, t.replied_at AS repliedAt, NULL AS type,
       l.region_id AS region, l.store_id AS store, l.guide_id AS guide, l.on_day AS day
     FROM limit_hit l JOIN task t ON t.id = l.task_id
     WHERE l.on_day = ? AND l.guide_id IN (${marks(guides.length) || "-1"})
       AND ${those.text.replaceAll("touchpoint_id", "l.touchpoint_id").replaceAll("variant", "l.variant")}`,
    [day, ...guides, ...those.params],
  );
}
