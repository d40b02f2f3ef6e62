// The statement that makes tasks: one touchpoint, one due day, the anchors of its dates, straight from index to table.
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import { isEveryone } from "../journeys/audience.js";
import { type AudienceBasis, audienceCondition } from "../journeys/audience-sql.js";
import type { Occasion } from "../journeys/days.js";
import { ONEOFF } from "../journeys/oneoff-file.js";
import type { LiveTouchpoint } from "../journeys/queries.js";
import { CYCLIC_KINDS, PRIORITIES, type TriggerAnchor } from "../journeys/spec.js";
import { anchorRanges, occurrenceOn, yyyymmdd } from "../journeys/triggers.js";
import { addDays, daysFromTo, type ShopDay } from "../kernel/calendar.js";
import { customersAsAnchors } from "./day-customers.js";
import { PLACED } from "./moves.js";
import { armJoins, asksBucket, beginsIn, heldIn, variantIn } from "./plan-arms.js";
import type { PlanState } from "./watermark.js";

/** One due day of one touchpoint, and how its tasks begin. */
export interface DuePlan {
  touchpoint: LiveTouchpoint;
  slots: Slots;
  dueOn: ShopDay;
  /** the earliest day on which the tasks may go out */
  releaseOn: ShopDay;
  expiresOn: ShopDay;
  late: boolean;
  /** past the grace when planned: the row says so and ends */
  missed: boolean;
  /** whether an import that must not trigger holds its customers back */
  heedsImports: boolean;
  /** of a touchpoint that waits for a calendar day: whose turn it is */
  occasion?: Occasion;
}

/** Where a touchpoint's tasks stand in the key. */
export type Slots = Pick<PlanState, "slotKind" | "wandered">;

/** Part of a due day's anchors: those of some dates; of one date alone customers after one id up to another. */
export interface Slice {
  dates: readonly ShopDay[];
  after?: number;
  upTo?: number;
  /** only these customers */
  customers?: readonly number[];
}

/** How a due day is planned on `runDay`: late inside the grace, missed after it. */
export function duePlan(
  touchpoint: LiveTouchpoint,
  slots: Slots,
  { dueOn, runDay, byHand, occasion }: DueOn,
): DuePlan {
  const expiresOn = addDays(dueOn, touchpoint.spec.graceDays);
  const missed = expiresOn < runDay;
  const late = dueOn < runDay && !missed;
  return {
    ...{ touchpoint, slots, dueOn, expiresOn, late, missed },
    // what HQ asks for once is asked of everybody there is
    heedsImports: !byHand && !touchpoint.journeyKey.startsWith(ONEOFF),
    releaseOn: late ? runDay : dueOn,
    ...(occasion ? { occasion } : {}),
  };
}

interface DueOn {
  dueOn: ShopDay;
  runDay: ShopDay;
  byHand: boolean;
  occasion?: Occasion;
}

/** The anchor dates of a due day, from early to late. */
export function anchorDates({ touchpoint, dueOn, occasion }: DuePlan): ShopDay[] {
  if (occasion) return [occasion.on];
  return anchorRanges(touchpoint.spec.trigger, dueOn).flatMap(({ from, to }) => daysFromTo(from, to));
}

/** Part of a statement, with a `?` for each parameter. */
export interface Piece {
  sql: string;
  params: Param[];
}

/** No customer id is larger. */
const MOST = 2 ** 31 - 1;

const COLUMNS = `touchpoint_id, slot, occurrence, customer_id, child_no, version_id, guide_id, state, reason, priority,
  variant, late, due_on, anchor_on, release_on, expires_on`;

/** Inserts the tasks of a slice that are not there yet, in the order of their key; gives how many are new. */
export async function insertDue(
  sql: Sql,
  plan: DuePlan,
  slice: Slice,
  basis: AudienceBasis,
): Promise<number> {
  const { touchpoint, dueOn, releaseOn, expiresOn, late, missed } = plan;
  // on MySQL an ignored row costs more than a new one (it is written and taken back), so where rows are they are looked
  // for first; where none is, looking would cost a quarter of the whole
  // (not over temporary tables, which MySQL reads once in a statement)
  const mayLook = sql.dialect.name === "mysql" && !sql.beside;
  const look = mayLook && (await isBegun(sql, plan, slice)) ? "new" : "due";
  const from = dueFrom(sql, plan, slice, basis, look);
  const { id, trial } = touchpoint;
  const { affected } = await sql.run(
    `${sql.dialect.insertIgnore} INTO task (${COLUMNS})
     SELECT ${id}, ${slotOf(plan)}, ${occurrenceIn(plan)}, a.customer_id, a.child_no, ${touchpoint.versionId}, a.guide_id,
       ${beginsIn(trial, missed)}, ${PRIORITIES.indexOf(touchpoint.spec.priority)}, ${variantIn(trial)},
       ${late ? 1 : 0}, ?, a.on_date, ?, ? FROM ${from.sql} ORDER BY a.on_date, a.customer_id, a.child_no`,
    [dueOn, releaseOn, expiresOn, ...from.params],
  );
  if (trial?.holdOuts.length) await rememberHeld(sql, plan, dueFrom(sql, plan, slice, basis, "due"));
  if (affected > 0 && (missed || trial?.everHeld)) await placeEnded(sql, plan);
  return affected;
}

/** Gives what ended as it began its place in the figures, and marks it. */
async function placeEnded(sql: Sql, { touchpoint: { id }, dueOn }: DuePlan): Promise<void> {
  const ended = `touchpoint_id = ? AND due_on = ? AND COALESCE(state, '') IN ('held_out', 'expired') AND offered_at IS NULL`;
  await sql.run(
    `INSERT INTO rollup_mark (on_day, guide_id) SELECT DISTINCT release_on, COALESCE(guide_id, 0) FROM task
     WHERE ${ended} AND store_id IS NULL`,
    [id, dueOn],
  );
  await sql.run(
    `UPDATE task SET store_id = ${PLACED.store_id.sql}, region_id = ${PLACED.region_id.sql}
     WHERE ${ended} AND store_id IS NULL AND guide_id IS NOT NULL`,
    [id, dueOn],
  );
}

/** Who is held out once is held out for ever. */
async function rememberHeld(sql: Sql, { touchpoint: { id, trial } }: DuePlan, from: Piece): Promise<void> {
  await sql.run(
    `${sql.dialect.insertIgnore} INTO held_customer (touchpoint_id, customer_id)
     SELECT ${id}, a.customer_id FROM ${from.sql} AND ${heldIn(trial)} AND was.customer_id IS NULL`,
    from.params,
  );
}

/** Whether a slice has tasks already, as far as their slots can be told from its dates. */
async function isBegun(sql: Sql, plan: DuePlan, { dates, after, upTo }: Slice): Promise<boolean> {
  if (slotOf(plan) !== "a.cycle_on" || mayStandAtZero(plan)) return true;
  const { touchpoint, dueOn } = plan;
  for (const slot of plan.occasion ? [0] : dates.map(yyyymmdd)) {
    const occurrence = plan.occasion?.year ?? occurrenceOn(touchpoint.spec.trigger, dueOn) ?? slot;
    const found = await sql.row(
      `SELECT id FROM task WHERE touchpoint_id = ? AND slot = ? AND occurrence = ? AND customer_id > ?
         AND customer_id <= ? LIMIT 1`,
      [touchpoint.id, slot, occurrence, after ?? 0, upTo ?? MOST],
    );
    if (found) return true;
  }
  return false;
}

/** FROM and WHERE: the anchors `a` of a slice that fall due. `new`: without a task; `any`: even where a task stands
 *  under another slot. */
export function dueFrom(
  sql: Sql,
  plan: DuePlan,
  { dates, after, upTo, customers }: Slice,
  basis: AudienceBasis,
  look: "due" | "new" | "any",
  joined = "",
): Piece {
  const { touchpoint, slots, dueOn, heedsImports } = plan;
  const { trigger, audience } = touchpoint.spec;
  const source = plan.occasion
    ? customersAsAnchors(plan.occasion, dueOn)
    : anchorsOn(sql, trigger.anchor, dates);
  const { where } = source;
  if (after !== undefined) where.push({ sql: "a.customer_id > ?", params: [after] });
  if (upTo !== undefined) where.push({ sql: "a.customer_id <= ?", params: [upTo] });
  if (customers) where.push(among("a.customer_id", customers));
  if (heedsImports) where.push({ sql: "(a.quiet_through IS NULL OR a.quiet_through < ?)", params: [dueOn] });
  if (look === "new") where.push({ sql: notThere(plan, slotOf(plan)), params: [] });
  if (look !== "any" && mayStandAtZero(plan)) where.push({ sql: notThere(plan, "0"), params: [] });
  if (!isEveryone(audience)) where.push(audienceCondition(audience, basis, dueOn));
  const joins = [source.from];
  if (isForeign(plan))
    joins.push(
      `LEFT JOIN anchor s ON s.customer_id = a.customer_id AND s.kind = '${slots.slotKind}' AND s.child_no = a.child_no`,
    );
  const { id, trial } = touchpoint;
  if (!isEveryone(audience) || asksBucket(trial)) joins.push("JOIN customer c ON c.id = a.customer_id");
  joins.push(...armJoins(trial, id), joined);
  return {
    sql: `${joins.join(" ")} WHERE ${where.map((part) => part.sql).join(" AND ")}`,
    params: where.flatMap((part) => part.params),
  };
}

function anchorsOn(sql: Sql, kind: TriggerAnchor, dates: readonly ShopDay[]) {
  // SQLite would sometimes take the primary key for the sake of the order
  const index = sql.dialect.name === "sqlite" ? "INDEXED BY anchor_due" : "FORCE INDEX (anchor_due)";
  const where: Piece[] = [{ sql: "a.kind = ?", params: [kind] }, among("a.on_date", dates)];
  return { from: `anchor a ${index}`, where };
}

function among(column: string, values: readonly Param[]): Piece {
  if (values.length === 1) return { sql: `${column} = ?`, params: [...values] };
  return { sql: `${column} IN (${marks(values.length) || "NULL"})`, params: [...values] };
}

/** The slot, in SQL over `a` (and `s`): the same for ever for one touchpoint, customer, child and occurrence. */
export function slotOf(plan: DuePlan): string {
  const { slots, touchpoint } = plan;
  if (touchpoint.spec.trigger.repeat === "each" || slots.slotKind === touchpoint.spec.trigger.anchor)
    return "a.cycle_on";
  return isForeign(plan) ? "COALESCE(s.cycle_on, 0)" : "0";
}

/** Whether a touchpoint counts from another anchor than the one its slots come from. */
function isForeign({ slots: { slotKind }, touchpoint }: DuePlan): boolean {
  const { anchor, repeat } = touchpoint.spec.trigger;
  return slotKind !== anchor && repeat !== "each" && !CYCLIC_KINDS.includes(slotKind);
}

/** A customer may have none of the anchor that slots come from (slot 0) and get one later: once a touchpoint has
 *  wandered to another anchor, a task may stand under either slot. */
export function mayStandAtZero(plan: DuePlan): boolean {
  const isEach = plan.touchpoint.spec.trigger.repeat === "each";
  return isForeign(plan) || (plan.slots.wandered === 1 && !isEach && slotOf(plan) !== "0");
}

function occurrenceIn({ touchpoint, dueOn, occasion }: DuePlan): string {
  return `${occasion?.year ?? occurrenceOn(touchpoint.spec.trigger, dueOn) ?? "a.cycle_on"}`;
}

function notThere(plan: DuePlan, slot: string): string {
  return `NOT EXISTS (SELECT 1 FROM task t WHERE ${sameIdentity(plan, slot)})`;
}

/** The task `t` that an anchor `a` has under a slot, if it has one. */
export function sameIdentity(plan: DuePlan, slot: string): string {
  return `t.touchpoint_id = ${plan.touchpoint.id} AND t.slot = ${slot} AND t.occurrence = ${occurrenceIn(plan)}
    AND t.customer_id = a.customer_id AND t.child_no = a.child_no`;
}
