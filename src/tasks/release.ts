// The daily release: guides a few at a time, each with all that is planned for their customers.
import { setImmediate as turn } from "node:timers/promises";
import { chunked } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { urgentTouchpoints, waysOfTouchpoints } from "../journeys/queries.js";
import { GRACE_DAYS, type Way } from "../journeys/spec.js";
import { touchpointsSpeakingOf } from "../journeys/words-cache.js";
import { addDays, type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { quietDays } from "../org/calendar-queries.js";
import { type Leaves, leavesOn } from "../org/leaves.js";
import { putParts } from "./bundles.js";
import { depute, returnToOwners } from "./deputing.js";
import { expectedReplies } from "./expected-replies.js";
import { moveTasks } from "./moves.js";
import { openDays } from "./open-days.js";
import { putOffForQuiet } from "./quiet-release.js";
import { ON_THE_WAY, peopleOf } from "./release-people.js";
import { type Candidate, type Caps, decideRelease, type Release } from "./release-rules.js";
import { ofAwakeJourneys } from "./resting.js";
import type { TaskSetup } from "./setup.js";
import { stoppedSince } from "./stop.js";

/** What a release did, in tasks. */
export interface Released {
  released: number;
  /** asked again tomorrow */
  putOff: number;
  skipped: number;
  held: number;
  /** gone with another: siblings in one message */
  merged: number;
}

/** What release needs of everything there is. */
export type ReleaseSetup = Pick<TaskSetup, "store" | "world"> & {
  config: Pick<TaskSetup["config"], "zone" | "caps" | "receive_limit">;
};

/** Guides decided on in one transaction: some 300 tasks on a day as large as they come. */
const GUIDES = 12;
/** Guides asked for at once whether anything is planned for their customers. */
const ASKED = 200;
/** Tasks changed by one statement. */
const BATCH = 1000;
/** Owner to deputy, back, and to another deputy: a day needs no more. */
const ROUNDS = 3;

/** Releases what is planned up to today; run again the same day it only releases what is new and still fits. `guides`: decided
 *  on in one transaction; where nobody waits for what is locked, more at once ask the database less often. */
export async function releaseDue(setup: ReleaseSetup, { guides = GUIDES } = {}): Promise<Released> {
  const sum: Released = { released: 0, putOff: 0, skipped: 0, held: 0, merged: 0 };
  const today = shopDayOf(setup.world.now(), setup.config.zone);
  if ((await quietDays(setup.store.read, today, today)).length > 0) return releaseNothing(setup, today, sum);
  // what deputies give back is decided anew with what the owners have, or goes to other deputies
  for (let round = 0; round < ROUNDS; round++)
    if ((await releaseOnce(setup, today, sum, guides)) === 0) break;
  return sum;
}

/** A quiet day. */
async function releaseNothing({ store, world }: ReleaseSetup, today: ShopDay, sum: Released) {
  if (await stoppedSince(store.read)) return sum;
  const { planned } = await daysOf(store.read, today);
  return { ...sum, ...(await putOffForQuiet(store, planned, today, world.now())) };
}

/** Gives how many tasks deputies gave back. */
async function releaseOnce(
  setup: ReleaseSetup,
  today: ShopDay,
  sum: Released,
  atOnce: number,
): Promise<number> {
  const { read, write } = setup.store;
  if (await stoppedSince(read)) return 0;
  const leaves = await leavesOn(read, today);
  const days = await daysOf(read, today);
  await depute(setup.store, { leaves, days: days.planned, today, at: setup.world.now() });
  const ofChildren = await touchpointsSpeakingOf(read, "children");
  const [ways, forGuides] = [await waysOfTouchpoints(read), await urgentTouchpoints(read)];
  const expected = await expectedReplies(read);
  const day: ReleaseDay = { today, days, leaves, ofChildren, ways, forGuides, expected };
  let returned = 0;
  for await (const some of guidesPlanned(read, days.planned, today, atOnce)) {
    if (await stoppedSince(read)) break;
    const done = await write((sql) => releaseFor(sql, setup, some, day));
    sum.released += done.released.length;
    sum.putOff += done.tomorrow.length;
    sum.skipped += [...done.skipped.values()].flat().length;
    sum.held += [...done.held.values()].flat().length;
    sum.merged += [...done.merged.values()].flat().length;
    returned += done.returned.length;
    await turn();
  }
  return returned;
}

/** What is the same for all of a day's release. */
interface ReleaseDay {
  today: ShopDay;
  days: Days;
  leaves: Leaves;
  /** touchpoints whose words can speak of several children */
  ofChildren: ReadonlySet<number>;
  /** of touchpoints */
  ways: ReadonlyMap<number, Way>;
  /** answers of a thousand, by touchpoint */
  expected: ReadonlyMap<number, number>;
  /** touchpoints that take nothing to the customer */
  forGuides: ReadonlySet<number>;
}

/** Days of release_on on which something is planned, or on its way. */
interface Days {
  planned: readonly ShopDay[];
  underway: readonly ShopDay[];
}

/** No grace is longer than `most`, so nothing that still counts is older. */
async function daysOf(sql: Sql, today: ShopDay): Promise<Days> {
  const from = addDays(today, -GRACE_DAYS.most - 1);
  const planned = await openDays(sql, ["planned"], from, today);
  const underway = await openDays(sql, ON_THE_WAY, from, today);
  return { planned, underway: [...new Set([...underway, today])] };
}

/** Guides with something planned and not released yet, a few at a time and last those customers nobody owns (null).
 *  Asked in parts: SQLite answers all at once or not at all, and nothing else goes on meanwhile. */
async function* guidesPlanned(sql: Sql, days: readonly ShopDay[], today: ShopDay, atOnce: number) {
  if (days.length === 0) return;
  const awake = await ofAwakeJourneys(sql);
  const planned = (whose: string, params: readonly number[]) =>
    sql.rows<{ id: number | null }>(
      `SELECT DISTINCT guide_id AS id FROM task WHERE release_on IN (${marks(days.length)}) AND ${whose}
         AND COALESCE(state, '') = 'planned' AND (released_on IS NULL OR released_on <> ?)${awake}`,
      [...days, ...params, today],
    );
  const all = await sql.rows<{ id: number }>("SELECT id FROM guide ORDER BY id");
  for (const some of chunked(all, ASKED)) {
    const ends = [some[0]?.id ?? 0, some.at(-1)?.id ?? 0];
    const ids = (await planned("guide_id BETWEEN ? AND ?", ends)).map(({ id }) => id);
    yield* chunked(ids, atOnce);
    await turn();
  }
  if ((await planned("guide_id IS NULL", [])).length > 0) yield [null];
}

async function releaseFor(
  sql: Sql,
  { config, world }: ReleaseSetup,
  guides: readonly (number | null)[],
  day: ReleaseDay,
): Promise<Release> {
  const { today, days, leaves, ways } = day;
  const candidates = await candidatesOf(sql, guides, day);
  const onLeave = new Set(leaves.keys());
  const people = { ...(await peopleOf(sql, candidates, days.underway, { today, ways })), onLeave };
  const release = decideRelease(candidates, people, capsOf(config), today);
  const ofToday = new Set(candidates.filter(({ releaseOn }) => releaseOn === today).map(({ id }) => id));
  await write(sql, release, ofToday, today, world.now());
  return release;
}

function capsOf({ caps, receive_limit: receive }: ReleaseSetup["config"]): Caps {
  return {
    customerPerDay: caps.customer_per_day,
    customerPerMonth: caps.customer_per_month,
    guidePerDay: caps.guide_per_day,
    ...(receive && {
      receive: { perDay: receive.per_day, perMonth: receive.per_month, kept: receive.kept_for_best },
    }),
  };
}

interface Waiting extends Candidate {
  releaseOn: ShopDay;
}

async function candidatesOf(
  sql: Sql,
  guides: readonly (number | null)[],
  { today, days, ofChildren, forGuides, ways, expected }: ReleaseDay,
): Promise<Waiting[]> {
  const ids = guides.filter((id) => id !== null);
  const owned = `guide_id IN (${marks(ids.length) || "0"})${ids.length < guides.length ? " OR guide_id IS NULL" : ""}`;
  const rows = await sql.rows<
    Omit<Waiting, "aboutChild" | "speaksOfChildren" | "forGuideOnly"> & { childNo: number }
  >(
    `SELECT id, touchpoint_id AS touchpointId, customer_id AS customerId, guide_id AS guideId, deputy_of AS deputyOf,
       priority, due_on AS dueOn, expires_on AS expiresOn, release_on AS releaseOn, child_no AS childNo FROM task WHERE release_on IN (${marks(days.planned.length)}) AND (${owned})
     AND COALESCE(state, '') = 'planned' AND (released_on IS NULL OR released_on <> ?)${await ofAwakeJourneys(sql)}
     ${sql.dialect.forUpdate}`,
    [...days.planned, ...ids, today],
  );
  return rows.map(({ childNo, ...row }) => {
    const aboutChild = childNo > 0;
    const speaksOfChildren = aboutChild && ofChildren.has(row.touchpointId);
    const worth = {
      byMass: ways.get(row.touchpointId) === "mass",
      expected: expected.get(row.touchpointId) ?? 0,
    };
    const forGuideOnly = forGuides.has(row.touchpointId);
    return { ...row, id: Number(row.id), aboutChild, speaksOfChildren, forGuideOnly, ...worth };
  });
}

async function write(
  sql: Sql,
  release: Release,
  ofToday: ReadonlySet<number>,
  today: ShopDay,
  at: number,
): Promise<void> {
  // Neither is a change of state, so neither is an event: the row still waits for its guide's hour.
  const isOfToday = (id: number) => ofToday.has(id);
  const late = release.released.filter((id) => !isOfToday(id));
  // naming a column of a key costs the key, even where it stays
  await setDays(sql, release.released.filter(isOfToday), "released_on = ?", [today]);
  await setDays(sql, late, "released_on = ?, release_on = ?", [today, today]);
  await setDays(sql, release.tomorrow, "released_on = NULL, release_on = ?", [addDays(today, 1)]);
  const move = { from: ["planned"], actor: "system", at } as const;
  for (const [reason, ids] of release.skipped) await moveTasks(sql, ids, { ...move, to: "skipped", reason });
  for (const [reason, ids] of release.held) await moveTasks(sql, ids, { ...move, to: "held", reason });
  await moveTasks(sql, [...release.merged.values()].flat(), { ...move, to: "merged", reason: "merged" });
  await putParts(sql, release.merged);
  await returnToOwners(sql, release.returned, at);
}

async function setDays(
  sql: Sql,
  ids: readonly number[],
  set: string,
  params: readonly ShopDay[],
): Promise<void> {
  for (const part of chunked(ids, BATCH))
    await sql.run(`UPDATE task SET ${set} WHERE id IN (${marks(part.length)})`, [...params, ...part]);
}
