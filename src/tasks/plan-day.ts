// One due day of many touchpoints, planned in short transactions; the watermarks move with the last of them.
import { setImmediate as turn } from "node:timers/promises";
import { grouped } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql, Store } from "../infra/store.js";
import type { AudienceBasis } from "../journeys/audience-sql.js";
import type { LiveTouchpoint } from "../journeys/queries.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { NamedDays } from "../org/calendar-rules.js";
import { COMES_BACK } from "./corrections.js";
import { datesStand, plansFor } from "./day-plans.js";
import { moveTasks } from "./moves.js";
import { type PlanPiece, packed, piecesOf } from "./plan-pieces.js";
import { cancelledDue, countDue } from "./plan-reads.js";
import { anchorDates, type DuePlan, insertDue, type Slots } from "./plan-sql.js";
import { beginDay, endDay, type PlanState } from "./watermark.js";

/** How a run plans. */
export interface PlanRun {
  store: Store;
  today: ShopDay;
  /** epoch ms, for the record */
  at: number;
  /** each day as its own run would have, without import switch, publish dates and watermarks */
  byHand: boolean;
  basis: AudienceBasis;
  /** anchors that one transaction reads */
  piece: number;
  /** before some pieces are planned: brings in tasks kept elsewhere that stand where theirs would */
  recall?: Recall | undefined;
}

/** See `PlanRun.recall`. */
export type Recall = (pieces: readonly PlanPiece[], basis: AudienceBasis) => Promise<void>;

/** A day with the touchpoints it is planned for, and how far each of them is. */
export interface DueDay {
  day: ShopDay;
  touchpoints: readonly LiveTouchpoint[];
  states: ReadonlyMap<number, PlanState>;
  /** the calendar, where one of them names a day of it */
  named: NamedDays;
}

/** New tasks by touchpoint; `ended` is false when a version was published meanwhile: the rest is for the new one. */
export interface PlannedDay {
  counts: Map<LiveTouchpoint, number>;
  ended: boolean;
}

/** Plans a day. What was there already is left alone. */
export async function planDay(run: PlanRun, due: DueDay): Promise<PlannedDay> {
  const { store, byHand, piece } = run;
  const touchpoints = plannedOn(run, due);
  const plans = plansOf(run, due);
  const counts = new Map(touchpoints.map((touchpoint) => [touchpoint, 0]));
  if (touchpoints.length === 0) return { counts, ended: true };
  const ids = touchpoints.map(({ id }) => id);
  if (!byHand) await store.write((sql) => beginDay(sql, ids, due.day));
  const packs = packed(await cutAll(store.read, plans, piece), piece);
  // a day without any anchor has a last transaction too
  if (packs.length === 0) packs.push([]);
  for (const pack of packs) {
    const isLast = pack === packs.at(-1);
    await run.recall?.(pack, run.basis);
    const made = await store.write(async (sql) => {
      if (!(await areLive(sql, touchpoints)) || !(await datesStand(sql, plans))) return null;
      const made = await planPack(sql, run, pack, due.states);
      if (isLast && !byHand) await endDay(sql, touchpoints, due.day, run.today);
      return made;
    });
    if (made === null) return { counts, ended: false };
    for (const [touchpoint, n] of made) counts.set(touchpoint, (counts.get(touchpoint) ?? 0) + n);
    await turn();
  }
  return { counts, ended: true };
}

/** What planning a day would make. */
export async function countDay(run: PlanRun, due: DueDay): Promise<Map<LiveTouchpoint, number>> {
  const counts = new Map<LiveTouchpoint, number>();
  for (const plan of plansOf(run, due)) {
    const slice = { dates: anchorDates(plan) };
    const more = await countDue(run.store.read, plan, slice, run.basis);
    counts.set(plan.touchpoint, (counts.get(plan.touchpoint) ?? 0) + more);
    await turn();
  }
  return counts;
}

/** Looks at a piece of what falls due. */
export type LookAtPiece = (sql: Sql, piece: PlanPiece, basis: AudienceBasis) => Promise<void>;

/** Looks at all that falls due on a day, in pieces that one short statement can read; plans nothing. */
export async function eachDue(run: PlanRun, due: DueDay, look: LookAtPiece): Promise<void> {
  for (const plan of plansOf(run, due))
    for (const one of await piecesOf(run.store.read, plan, run.piece)) {
      await look(run.store.read, one, run.basis);
      await turn();
    }
}

function plannedOn({ byHand }: PlanRun, { day, touchpoints }: DueDay): LiveTouchpoint[] {
  return touchpoints.filter(({ plansFrom }) => byHand || plansFrom <= day);
}

function plansOf(run: PlanRun, due: DueDay): DuePlan[] {
  const { byHand, today } = run;
  const { day, states, named } = due;
  const on = { dueOn: day, runDay: byHand ? day : today, byHand };
  return plannedOn(run, due).flatMap((touchpoint) =>
    plansFor(touchpoint, slotsOf(touchpoint, states), on, named),
  );
}

function slotsOf({ id, spec }: LiveTouchpoint, states: DueDay["states"]): Slots {
  return states.get(id) ?? { slotKind: spec.trigger.anchor, wandered: 0 };
}

async function cutAll(sql: Sql, plans: readonly DuePlan[], most: number): Promise<PlanPiece[]> {
  const pieces: PlanPiece[] = [];
  for (const plan of plans) {
    pieces.push(...(await piecesOf(sql, plan, most)));
    await turn();
  }
  return pieces;
}

/** Whether these are still the versions in force. Nobody publishes before the transaction ends: a new version's own
 *  look at the open tasks finds these among them. */
async function areLive(sql: Sql, touchpoints: readonly LiveTouchpoint[]): Promise<boolean> {
  const versions = new Map(touchpoints.map(({ journeyId, versionId }) => [journeyId, versionId]));
  const live = await sql.rows<{ id: number; versionId: number }>(
    `SELECT id, live_version_id AS versionId FROM journey
     WHERE state <> 'archived' AND id IN (${marks(versions.size)})${sql.dialect.forUpdate}`,
    [...versions.keys()],
  );
  return live.length === versions.size && live.every(({ id, versionId }) => versions.get(id) === versionId);
}

async function planPack(
  sql: Sql,
  run: PlanRun,
  pack: readonly PlanPiece[],
  states: DueDay["states"],
): Promise<[touchpoint: LiveTouchpoint, made: number][]> {
  const made: [LiveTouchpoint, number][] = [];
  const cancelled = await sql.row("SELECT id FROM task WHERE state = 'cancelled' LIMIT 1");
  for (const { plan, slice } of pack) {
    made.push([plan.touchpoint, await insertDue(sql, plan, slice, run.basis)]);
    if (!cancelled) continue;
    const state = states.get(plan.touchpoint.id);
    if (run.byHand || state?.againFrom || state?.versionId !== plan.touchpoint.versionId)
      await bringBack(sql, run, { plan, slice });
  }
  return made;
}

/** Tasks cancelled before anybody saw them are planned again when they fall due again. The daily run looks for them only
 *  under a new version: else an identity falls due again by a change of its anchor alone, and that leaves a mark. */
async function bringBack(sql: Sql, run: PlanRun, { plan, slice }: Pick<PlanPiece, "plan" | "slice">) {
  const { dueOn, releaseOn, expiresOn, touchpoint } = plan;
  if (plan.missed) return;
  const cancelled = await cancelledDue(sql, plan, slice, run.basis, COMES_BACK);
  for (const group of grouped(cancelled, ({ anchorOn, guideId }) => `${anchorOn} ${guideId}`).values()) {
    const { anchorOn, guideId } = group[0] ?? { anchorOn: dueOn, guideId: null };
    await moveTasks(
      sql,
      group.map(({ id }) => id),
      {
        ...{ from: ["cancelled"], to: "planned", reason: null, actor: "system", at: run.at },
        set: {
          ...{ due_on: dueOn, anchor_on: anchorOn, release_on: releaseOn, expires_on: expiresOn },
          late: plan.late ? 1 : 0,
          ...{ guide_id: guideId, version_id: touchpoint.versionId, released_on: null },
        },
      },
    );
  }
}
