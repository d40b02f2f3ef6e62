// Hand-overs: words of one guide on their way to one or many customers, as rows that outlive every crash.
import { chunked, insertRows, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";

/**
 * Where a hand-over is. `next_at` says when it is looked at next.
 * ready: to be called · creating: called, no answer written down yet · waiting: taken, the guide has not confirmed ·
 * stopping: being taken back · unknown: the call had no answer · asking: only the guide can tell.
 * Ended: confirmed, stopped, failed, absent (the call never took place), dropped (never called).
 */
export type HandOverState =
  | ("ready" | "creating" | "waiting" | "stopping" | "unknown" | "asking")
  | ("confirmed" | "stopped" | "failed" | "absent" | "dropped");

export interface HandOverRow {
  id: number;
  ref: string;
  channel: string;
  way: "mass" | "bot" | "page";
  guideId: number;
  words: string;
  /** JSON of Attachment[]; null: the words alone */
  attachments: string | null;
  preparedOn: ShopDay;
  customers: number;
  state: HandOverState;
  providerRef: string | null;
  calledAt: number;
  nextAt: number;
  confirmedAt: number | null;
  tries: number;
  looks: number;
}

/** A hand-over not made yet. */
export interface Draft {
  channel: string;
  way: HandOverRow["way"];
  guideId: number;
  words: string;
  /** JSON of what goes with the words */
  attachments?: string | null;
  preparedOn: ShopDay;
  /** epoch ms of its call at the earliest */
  nextAt: number;
  tasks: readonly { id: number; customerId: number }[];
}

/** A task's part in a hand-over. */
export interface Link {
  handOverId: number;
  taskId: number;
  customerId: number;
}

const COLUMNS = `id, ref, channel, way, guide_id AS guideId, words, attachments, prepared_on AS preparedOn, customers, state,
  provider_ref AS providerRef, called_at AS calledAt, next_at AS nextAt, confirmed_at AS confirmedAt, tries, looks`;

/** The most customers one hand-over may have (WeCom, add_msg_template). */
export const MOST_CUSTOMERS = 10_000;

/** Tasks changed by one statement. */
const BATCH = 1000;

/** One line of what should go out, before it is grouped. */
export interface Outgoing extends Omit<Draft, "tasks"> {
  task: { id: number; customerId: number; touchpointId: number; versionId: number };
}

/** Groups what is the same: words and what goes with them, guide, touchpoint version and time. A customer stands in a hand-over once (twins
 *  may have a task each); a bot's words go one by one. */
export function groupOutgoing(lines: readonly Outgoing[]): Draft[] {
  const groups = new Map<
    string,
    { draft: Omit<Draft, "tasks">; tasks: { id: number; customerId: number }[] }
  >();
  const turns = new Map<string, number>();
  for (const { task, ...draft } of lines) {
    const { id, customerId, touchpointId, versionId } = task;
    const same = [
      draft.guideId,
      touchpointId,
      versionId,
      draft.nextAt,
      draft.attachments ?? "",
      draft.words,
    ].join("\n");
    const turn = turns.get(`${customerId} ${same}`) ?? 0;
    turns.set(`${customerId} ${same}`, turn + 1);
    const key = `${draft.way === "mass" ? turn : `task ${id}`} ${same}`;
    const group = groups.get(key);
    if (group) group.tasks.push({ id, customerId });
    else groups.set(key, { draft, tasks: [{ id, customerId }] });
  }
  return [...groups.values()].flatMap(({ draft, tasks }) =>
    [...chunked(tasks, MOST_CUSTOMERS)].map((some) => ({ ...draft, tasks: some })),
  );
}

/** Writes hand-overs down and joins their tasks to them. `freshRef` gives a text nobody has used. */
export async function putHandOvers(
  sql: Sql,
  drafts: readonly Draft[],
  freshRef: () => string,
  state: "ready" | "creating" = "ready",
): Promise<void> {
  if (drafts.length === 0) return;
  const withRefs = drafts.map((draft) => ({ ...draft, ref: freshRef() }));
  await insertRows(
    sql,
    `INSERT INTO hand_over (ref, channel, way, guide_id, words, attachments, prepared_on, customers, state,
       called_at, next_at)`,
    withRefs.map((d): Param[] => [
      ...[
        d.ref,
        d.channel,
        d.way,
        d.guideId,
        d.words,
        d.attachments ?? null,
        d.preparedOn,
        d.tasks.length,
        state,
      ],
      ...[state === "ready" ? 0 : d.nextAt, d.nextAt],
    ]),
  );
  const ids = await selectIn<{ id: number; ref: string }>(
    sql,
    "SELECT id, ref FROM hand_over WHERE ref IN",
    withRefs.map(({ ref }) => ref),
  );
  const idOf = new Map(ids.map(({ id, ref }) => [ref, id]));
  const links = withRefs.flatMap(({ ref, tasks }) =>
    tasks.map((task): Param[] => [task.id, idOf.get(ref) ?? 0, task.customerId]),
  );
  await insertRows(sql, "INSERT INTO hand_over_task (task_id, hand_over_id, customer_id)", links);
  await joinTasks(
    sql,
    withRefs.flatMap(({ tasks }) => tasks.map(({ id }) => id)),
  );
}

/** Points tasks at their newest hand-over. */
async function joinTasks(sql: Sql, taskIds: readonly number[]): Promise<void> {
  for (const ids of chunked(taskIds, BATCH))
    await sql.run(
      `UPDATE task SET hand_over_id = (SELECT MAX(h.hand_over_id) FROM hand_over_task h WHERE h.task_id = task.id)
       WHERE id IN (${marks(ids.length)})`,
      ids,
    );
}

/** Takes tasks out of hand-overs that were not called yet; one left without customers is dropped. Gives the tasks
 *  it took out. */
export async function leaveReady(sql: Sql, taskIds: readonly number[]): Promise<Set<number>> {
  const links = (await linksOfTasks(sql, taskIds)).filter(({ state }) => state === "ready");
  if (links.length === 0) return new Set();
  const handOverIds = [...new Set(links.map(({ handOverId }) => handOverId))];
  for (const some of chunked(links, BATCH))
    await sql.run(
      `DELETE FROM hand_over_task WHERE task_id IN (${marks(some.length)})
         AND hand_over_id IN (${marks(handOverIds.length)})`,
      [...some.map(({ taskId }) => taskId), ...handOverIds],
    );
  await recount(sql, handOverIds);
  return new Set(links.map(({ taskId }) => taskId));
}

/** Sets how many customers hand-overs have; those without any are dropped, and with them words nobody will say. */
export async function recount(sql: Sql, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const here = `id IN (${marks(ids.length)})`;
  await sql.run(
    `UPDATE hand_over SET customers = (SELECT COUNT(*) FROM hand_over_task t WHERE t.hand_over_id = hand_over.id)
     WHERE ${here}`,
    ids,
  );
  await sql.run(`UPDATE hand_over SET state = 'dropped', words = '' WHERE customers = 0 AND ${here}`, ids);
}

async function linksOfTasks(
  sql: Sql,
  taskIds: readonly number[],
): Promise<(Link & { state: HandOverState })[]> {
  return selectIn<Link & { state: HandOverState }>(
    sql,
    `SELECT t.hand_over_id AS handOverId, t.task_id AS taskId, t.customer_id AS customerId, h.state
     FROM hand_over_task t JOIN hand_over h ON h.id = t.hand_over_id WHERE t.task_id IN`,
    taskIds,
  );
}

/** Hand-overs of a condition; `where` may go on after it. */
export function handOversWhere(sql: Sql, where: string, params: readonly Param[]): Promise<HandOverRow[]> {
  return sql.rows<HandOverRow>(`SELECT ${COLUMNS} FROM hand_over WHERE ${where}`, params);
}

/** All that wait for their guides, a few at a time. */
export async function* waitingHandOvers(
  sql: Sql,
  most: number,
  which = "1 = 1",
): AsyncGenerator<HandOverRow[]> {
  for (let after = 0; ; ) {
    const where = `state = 'waiting' AND ${which} AND id > ? ORDER BY id LIMIT ${most}`;
    const some = await handOversWhere(sql, where, [after]);
    const last = some.at(-1);
    if (!last) return;
    after = last.id;
    yield some;
  }
}

/** What is due in a state, longest due first. */
export function dueHandOvers(
  sql: Sql,
  state: HandOverState,
  now: number,
  most: number,
): Promise<HandOverRow[]> {
  return handOversWhere(sql, `state = ? AND next_at <= ? ORDER BY next_at, id LIMIT ${Math.trunc(most)}`, [
    ...[state, now],
  ]);
}

/** The tasks of hand-overs. */
export function linksOf(sql: Sql, handOverIds: readonly number[]): Promise<Link[]> {
  return selectIn<Link>(
    sql,
    `SELECT hand_over_id AS handOverId, task_id AS taskId, customer_id AS customerId
     FROM hand_over_task WHERE hand_over_id IN`,
    handOverIds,
  );
}
