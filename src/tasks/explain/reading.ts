// What a timeline is made of, read for one customer: touchpoints, anchors, tasks.
import { selectIn } from "../../infra/batches.js";
import type { Sql } from "../../infra/store.js";
import { isEveryone } from "../../journeys/audience.js";
import { audienceBasis } from "../../journeys/audience-basis.js";
import { type AudienceBasis, audienceCondition } from "../../journeys/audience-sql.js";
import { type Trial, trialsOf } from "../../journeys/experiment-queries.js";
import type { JourneyState } from "../../journeys/queries.js";
import type { AnchorKind, TouchpointSpec } from "../../journeys/spec.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { whichOfCustomer } from "../customer-tasks.js";
import { armJoins, heldIn } from "../plan-arms.js";
import type { Absences, KnownGuide, KnownLeave } from "./absence.js";
import type { ExplainedAnchor, ExplainedTask, ExplainedTouchpoint } from "./timeline.js";

/** A touchpoint with whether it still makes tasks. */
export interface ReadTouchpoint extends ExplainedTouchpoint {
  isLive: boolean;
}

/** An anchor with its kind. */
export interface ReadAnchor extends ExplainedAnchor {
  kind: AnchorKind;
}

/** Every touchpoint there is or was, as its latest version has it, in the journeys' order. */
export async function touchpointsOf(sql: Sql, customerId: number, today: ShopDay): Promise<ReadTouchpoint[]> {
  const rows = await sql.rows<TouchpointRow>(
    `SELECT t.id, t.journey_id AS journeyId, t.live, t.plans_from AS plansFrom, j.state, j.name AS journeyName, v.name, v.spec,
       p.planned_through AS plannedThrough
     FROM touchpoint t JOIN journey j ON j.id = t.journey_id
       JOIN touchpoint_version v ON v.touchpoint_id = t.id
         AND v.version_id = (SELECT MAX(w.version_id) FROM touchpoint_version w WHERE w.touchpoint_id = t.id)
       LEFT JOIN touchpoint_plan p ON p.touchpoint_id = t.id
     ORDER BY j.id, v.position`,
  );
  const basis = await audienceBasis(sql);
  const trialOf = await trialsOf(sql);
  const read: ReadTouchpoint[] = [];
  for (const { spec: text, live, state, journeyId, ...row } of rows) {
    const spec = JSON.parse(text) as TouchpointSpec;
    read.push({
      ...{ ...row, key: spec.key, trigger: spec.trigger, graceDays: spec.graceDays },
      ...{ isLive: live === 1 && state !== "archived", isPaused: state === "paused" },
      inAudience: await isInAudience(sql, spec, customerId, basis, today),
      heldOut: await isHeldOut(sql, row.id, trialOf({ id: row.id, journeyId }), customerId),
    });
  }
  return read;
}

type TouchpointRow = Pick<
  ExplainedTouchpoint,
  "id" | "name" | "journeyName" | "plansFrom" | "plannedThrough"
> & {
  journeyId: number;
  live: number;
  state: JourneyState;
  spec: string;
};

async function isInAudience(
  sql: Sql,
  { audience }: TouchpointSpec,
  customerId: number,
  basis: AudienceBasis,
  today: ShopDay,
): Promise<boolean> {
  if (isEveryone(audience)) return true;
  const condition = audienceCondition(audience, basis, today);
  const row = await sql.row(`SELECT c.id FROM customer c WHERE c.id = ? AND ${condition.sql}`, [
    customerId,
    ...condition.params,
  ]);
  return row !== undefined;
}

/** Whether the planner would keep this touchpoint back, by its own condition. */
async function isHeldOut(sql: Sql, touchpointId: number, trial: Trial | undefined, customerId: number) {
  const held = heldIn(trial);
  if (held === null) return false;
  const row = await sql.row(
    `SELECT a.customer_id FROM (SELECT id AS customer_id FROM customer WHERE id = ?) a
       JOIN customer c ON c.id = a.customer_id ${armJoins(trial, touchpointId).join(" ")} WHERE ${held}`,
    [customerId],
  );
  return row !== undefined;
}

/** A customer's anchors, those without a date any more left out. */
export async function anchorsOf(sql: Sql, customerId: number): Promise<ReadAnchor[]> {
  return sql.rows<ReadAnchor>(
    `SELECT kind, child_no AS childNo, on_date AS onDate, cycle_on AS cycleOn, quiet_through AS quietThrough
     FROM anchor WHERE customer_id = ? AND on_date IS NOT NULL`,
    [customerId],
  );
}

/** The leaves, from today on, of those who know a customer. */
export async function absencesOf(
  sql: Sql,
  customerId: number,
  ownerId: number,
  today: ShopDay,
): Promise<Absences> {
  const contacts = await sql.rows<KnownGuide>(
    `SELECT k.guide_id AS guideId, k.began_on AS beganOn, g.name FROM contact k JOIN guide g ON g.id = k.guide_id
     WHERE k.customer_id = ? AND k.ended_on IS NULL AND (g.left_on IS NULL OR g.left_on > ?)`,
    [customerId, today],
  );
  const leaves = await selectIn<KnownLeave>(
    sql,
    `SELECT guide_id AS guideId, from_on AS fromOn, to_on AS toOn, deputy_id AS deputyId FROM guide_leave
     WHERE cancelled = 0 AND to_on >= ? AND guide_id IN`,
    [ownerId, ...contacts.map(({ guideId }) => guideId)],
    { params: [today], tail: " ORDER BY from_on" },
  );
  return { ownerId, leaves, contacts };
}

/** All tasks of a customer. */
export async function tasksOf(
  sql: Sql,
  customerId: number,
  touchpoints: readonly ReadTouchpoint[],
  today: ShopDay,
): Promise<ExplainedTask[]> {
  const ofCustomer = await whichOfCustomer(sql, customerId, today);
  const found: ExplainedTask[] = [];
  for (const { id, trigger } of touchpoints) {
    const which = ofCustomer(id, trigger);
    const rows = await sql.rows<ExplainedTask>(
      `SELECT t.touchpoint_id AS touchpointId, t.occurrence, t.child_no AS childNo, t.state, t.reason, t.due_on AS dueOn,
         t.anchor_on AS anchorOn, t.release_on AS releaseOn, t.expires_on AS expiresOn, t.sent_at AS sentAt,
         t.replied_at AS repliedAt, g.name AS guideName
       FROM task t${sql.dialect.force("task_identity")} LEFT JOIN guide g ON g.id = t.guide_id WHERE ${which.sql}`,
      which.params,
    );
    found.push(...rows);
  }
  return found;
}
