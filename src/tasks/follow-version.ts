// Open tasks follow the version just published: new words, other days, or no task any more, in the same transaction.
import { grouped, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import { allWords } from "../journeys/experiment-changes.js";
import type { FollowCounts } from "../journeys/publish-counts.js";
import type { FollowedTouchpoint, Publication } from "../journeys/service.js";
import { PRIORITIES } from "../journeys/spec.js";
import type { ShopDay } from "../kernel/calendar.js";
import { CORRECTABLE } from "./corrections.js";
import { leaveReady } from "./hand-overs.js";
import type { State } from "./life.js";
import { moveTasks, type TaskChanges } from "./moves.js";
import { leavers } from "./version-audience.js";
import { type Dates, type Kept, type Moved, OF_TOUCHPOINT, redatings, WORDLESS } from "./version-dates.js";
import { drawnAnew, holdOut } from "./version-held.js";
import { countNew, planAgainFrom } from "./version-new.js";

/** Lets the open tasks of a journey follow its new version; without one only counts. A task stands in one count. */
export async function followVersion(sql: Sql, publication: Publication): Promise<FollowCounts> {
  const kept = publication.touchpoints.filter((one): one is Kept => one.after !== null);
  const removed = publication.touchpoints.filter(({ after }) => after === null);
  const reworded = kept.filter(({ before, after }) => allWords(before) !== allWords(after));
  const archived = await tasksIn(sql, CORRECTABLE, removed);
  const rewritten = new Set([
    ...(await tasksIn(sql, WORDLESS, reworded)),
    ...(await unedited(sql, await tasksIn(sql, OFFERED, reworded.filter(goesTheSameWay)))),
  ]);
  const left = await leavers(sql, kept);
  const gone = new Set(left);
  const dates = await redatings(sql, kept, publication.today);
  const moved = dates.moved.filter(({ task }) => !gone.has(task.id));
  const cancelled = dates.cancelled.filter((id) => !gone.has(id));
  const ended = new Set([...cancelled, ...left]);
  const held = new Set((await drawnAnew(sql, kept)).filter((id) => !ended.has(id)));
  for (const id of [...moved.map(({ task }) => task.id), ...ended, ...held]) rewritten.delete(id);
  if (publication.version !== null) {
    await leaveReady(sql, [...archived, ...left]);
    await moveTasks(sql, archived, { ...cancelBy(publication), reason: "archived" });
    await moveTasks(sql, left, { ...cancelBy(publication), reason: "audience_left" });
    await moveTasks(sql, cancelled, { ...cancelBy(publication), reason: "anchor_corrected" });
    await moveAll(sql, publication, moved);
    await renumber(sql, publication.version.id, WORDLESS, kept);
    await renumber(sql, publication.version.id, OFFERED, kept.filter(goesTheSameWay));
    await wordAnew(sql, reworded.filter(goesTheSameWay));
    await holdOut(sql, publication, [...held]);
    if (publication.insideGrace) await planAgainFrom(sql, publication);
  }
  return {
    rerendered: rewritten.size,
    moved: moved.filter(({ task }) => !held.has(task.id)).length,
    cancelled: archived.length + left.length + cancelled.length,
    ...(held.size > 0 ? { heldOut: held.size } : {}),
    ...(publication.version === null ? await countNew(sql, publication) : { newToday: 0, newInsideGrace: 0 }),
  };
}

async function tasksIn(
  sql: Sql,
  states: readonly State[],
  touchpoints: readonly FollowedTouchpoint[],
): Promise<number[]> {
  const ids = touchpoints.map(({ id }) => id);
  const tasks = await selectIn<{ id: number }>(
    sql,
    `SELECT id FROM task WHERE state IN (${marks(states.length)}) AND ${OF_TOUCHPOINT} IN`,
    ids,
    { params: states },
  );
  return tasks.map(({ id }) => Number(id));
}

/** Moves tasks, all that come from and go to the same at once. */
async function moveAll(sql: Sql, publication: Publication, moved: readonly Moved[]): Promise<void> {
  const groups = grouped(moved, ({ task: { state, reason, dueOn }, to }) =>
    [state, reason, dueOn === to.dueOn, to.dueOn, to.anchorOn, to.expiresOn].join(),
  );
  for (const group of groups.values()) {
    const [first] = group;
    if (!first) continue;
    const { task, to } = first;
    const { state, reason } = task;
    const ids = group.map((one) => one.task.id);
    const set = changesTo(to, task.dueOn !== to.dueOn, publication.today);
    await moveTasks(sql, ids, { ...moveBy(publication), from: [state], to: state, reason, set });
  }
}

/** A task due on another day is released on that day, or today when it is over; one let go today stays let go. */
function changesTo({ dueOn, anchorOn, expiresOn }: Dates, isOtherDay: boolean, today: ShopDay): TaskChanges {
  const dates = { due_on: dueOn, anchor_on: anchorOn, expires_on: expiresOn };
  if (!isOtherDay) return dates;
  const letGo = { sql: "CASE WHEN task.released_on = ? THEN task.released_on END", params: [today] };
  return {
    ...dates,
    release_on: dueOn > today ? dueOn : today,
    released_on: dueOn > today ? null : letGo,
    late: dueOn < today ? 1 : 0,
  };
}

/** Open tasks take the new version, and its priorities. */
async function renumber(
  sql: Sql,
  versionId: number,
  states: readonly State[],
  kept: readonly Kept[],
): Promise<void> {
  for (const [priority, touchpoints] of grouped(kept, ({ after }) => PRIORITIES.indexOf(after.priority)))
    await sql.run(
      `UPDATE task SET version_id = ?, priority = ? WHERE state IN (${marks(states.length)})
         AND ${OF_TOUCHPOINT} IN (${marks(touchpoints.length)})`,
      [versionId, priority, ...states, ...touchpoints.map(({ id }) => id)],
    );
}

/** Before the guide, who has not confirmed: the words may still change, the day and the way may not. */
const OFFERED: readonly State[] = ["offered"];

function goesTheSameWay({ before, after }: Kept): boolean {
  return before.send === after.send;
}

/** Those whose words the guide has not changed. */
async function unedited(sql: Sql, ids: readonly number[]): Promise<number[]> {
  const rows = await selectIn<{ id: number }>(
    sql,
    "SELECT task_id AS id FROM task_edit WHERE task_id IN",
    ids,
  );
  const edited = new Set(rows.map(({ id }) => Number(id)));
  return ids.filter((id) => !edited.has(id));
}

/** Words that wait to be called become those of an earlier day, so that they are made anew; a guide's own stay theirs. */
async function wordAnew(sql: Sql, reworded: readonly Kept[]): Promise<void> {
  if (reworded.length === 0) return;
  await sql.run(
    `UPDATE hand_over SET prepared_on = '2000-01-01' WHERE state = 'ready' AND way <> 'page' AND id IN
       (SELECT hand_over_id FROM task WHERE state = 'offered' AND hand_over_id IS NOT NULL
          AND ${OF_TOUCHPOINT} IN (${marks(reworded.length)}))`,
    reworded.map(({ id }) => id),
  );
}

function moveBy({ actor, at, version }: Publication) {
  return { actor, at, note: version && `第${version.number}版` };
}

function cancelBy(publication: Publication) {
  return { ...moveBy(publication), from: CORRECTABLE, to: "cancelled" as const };
}
