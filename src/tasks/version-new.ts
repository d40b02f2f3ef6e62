// The tasks a version makes at once, counted beforehand by the planner's own conditions: today's, and those of the grace.
import { insertRows } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { audienceBasis } from "../journeys/audience-basis.js";
import { opensOthers } from "../journeys/publish.js";
import type { LiveTouchpoint } from "../journeys/queries.js";
import type { BegunTouchpoint, FollowedTouchpoint, Publication } from "../journeys/service.js";
import { addDays, daysFromTo } from "../kernel/calendar.js";
import { COMES_BACK } from "./corrections.js";
import { namedDaysFor, plansFor } from "./day-plans.js";
import { countBack, countDue } from "./plan-reads.js";
import { anchorDates, type Slots } from "./plan-sql.js";
import { statesOf } from "./watermark.js";

/** New tasks of today, and of today with the days of the grace before it. */
export interface NewTasks {
  newToday: number;
  newInsideGrace: number;
}

/** The touchpoints a version plans again: those that begin, come back, or have other dates or people. */
function plannedAgain({ touchpoints, begun }: Publication): BegunTouchpoint[] {
  const changed = touchpoints.flatMap(({ id, before, after }: FollowedTouchpoint) =>
    after && opensOthers(before, after) ? [{ id, spec: after }] : [],
  );
  return [...begun, ...changed];
}

/** Counts what planning would make of a version, writing nothing. Tasks cancelled before anybody saw them count when
 *  they come back. */
export async function countNew(sql: Sql, publication: Publication): Promise<NewTasks> {
  const counts: NewTasks = { newToday: 0, newInsideGrace: 0 };
  const again = plannedAgain(publication);
  if (again.length === 0) return counts;
  const { today } = publication;
  const basis = await audienceBasis(sql);
  const known = await statesOf(sql, again);
  const named = await namedDaysFor(sql, again);
  for (const { id, spec } of again) {
    const touchpoint = { ...NOWHERE, id, spec, key: spec.key, name: spec.name, plansFrom: today };
    const { anchor } = spec.trigger;
    const state = known.get(id) ?? { slotKind: anchor, wandered: 0 };
    const slots: Slots = { ...state, wandered: state.slotKind === anchor ? state.wandered : 1 };
    for (const dueOn of daysFromTo(addDays(today, -spec.graceDays), today)) {
      for (const plan of plansFor(touchpoint, slots, { dueOn, runDay: today, byHand: false }, named)) {
        const slice = { dates: anchorDates(plan) };
        const made =
          (await countDue(sql, plan, slice, basis)) +
          (id === 0 ? 0 : await countBack(sql, plan, slice, basis, COMES_BACK));
        counts.newInsideGrace += made;
        if (dueOn === today) counts.newToday += made;
      }
    }
  }
  return counts;
}

/** Has the planner go through the days of the grace once more, those of touchpoints it has never met among them. */
export async function planAgainFrom(sql: Sql, publication: Publication): Promise<void> {
  const published = await sql.rows<{ id: number; touchpointKey: string }>(
    `SELECT t.id, t.touchpoint_key AS touchpointKey FROM touchpoint_version v
     JOIN touchpoint t ON t.id = v.touchpoint_id WHERE v.version_id = ?`,
    [publication.version?.id ?? 0],
  );
  const idOf = new Map(published.map(({ id, touchpointKey }) => [touchpointKey, id]));
  await insertRows(
    sql,
    "INSERT INTO touchpoint_plan (touchpoint_id, slot_kind, again_from)",
    plannedAgain(publication).map(({ id, spec }) => [
      ...[id || (idOf.get(spec.key) ?? 0), spec.trigger.anchor, addDays(publication.today, -spec.graceDays)],
    ]),
    sql.dialect.onConflict(["touchpoint_id"], ["again_from"]),
  );
}

/** What a plan says of a touchpoint that is not published. */
const NOWHERE: Pick<LiveTouchpoint, "journeyId" | "journeyKey" | "journeyName" | "versionId"> = {
  ...{ journeyId: 0, journeyKey: "", journeyName: "", versionId: 0 },
};
