// What HQ does about failed and stuck tasks: made anew where nothing was sent, tried at once, or closed. Never sent twice.
import { recordChange } from "../identity/audit.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { endReason, isSurelyUnsent, TROUBLE_RULES } from "./failures.js";
import { type HandOverState, leaveReady } from "./hand-overs.js";
import type { State } from "./life.js";
import { moveTasks } from "./moves.js";
import { backToPlanned } from "./putting-off.js";
import { type TaskRow, tasksOf } from "./rows.js";
import { dayOf, type TaskSetup } from "./setup.js";
import {
  type TroubleExample,
  type TroubleGroup,
  type TroubleWhich,
  troubledIds,
  troubleExamples,
  troubleGroups,
} from "./trouble-queries.js";

/** What came of it, in tasks: done, and left as they were (`why` says why not). */
export interface Acted {
  done: number;
  left: number;
  why: string;
}

export type TroubleService = ReturnType<typeof troubleService>;

/** Tasks looked at in one transaction. */
const BATCH = 500;

/** The service over the work's setup. */
export function troubleService(setup: Pick<TaskSetup, "store" | "world" | "config">) {
  const today = () => dayOf(setup, setup.world.now());
  const each = async (which: TroubleWhich, by: string, word: "again" | "close", act: ActOnce) => {
    if (TROUBLE_RULES[which.trouble][word] === null)
      throw new Refusal("conflict", "这一类任务不能这样处理。");
    const sum = { done: 0, left: 0 };
    for (let before: number | undefined; ; ) {
      const ids = await troubledIds(setup.store.read, which, today(), { most: BATCH, before });
      const last = ids.at(-1);
      if (last === undefined) break;
      before = last;
      const done = await setup.store.write((sql) => actAndTell(sql, { which, by, word, ids }, act));
      sum.done += done;
      sum.left += ids.length - done;
    }
    return sum;
  };
  const actAndTell = async (sql: Sql, told: Told, act: ActOnce): Promise<number> => {
    const at = setup.world.now();
    const done = await act(sql, told.ids, { by: told.by, at, today: dayOf(setup, at) }, told.which);
    if (done.length > 0) await record(sql, told, done, at);
    return done.length;
  };
  return {
    groups: (): Promise<TroubleGroup[]> => troubleGroups(setup.store.read, today()),
    examples: (which: TroubleWhich, most: number): Promise<TroubleExample[]> =>
      troubleExamples(setup.store.read, which, today(), most),
    /** Makes tasks anew, or tries at once what waits. Raises `conflict` for a trouble of which nothing can be tried. */
    again: async (which: TroubleWhich, by: string): Promise<Acted> => {
      const act = which.trouble === "refused" ? makeAnew : hurry;
      return { ...(await each(which, by, "again", act)), why: WHY_NOT[which.trouble] ?? "" };
    },
    /** Closes tasks: what failed leaves the list, what is stuck ends. Raises `conflict` for what ends by itself. */
    close: async (which: TroubleWhich, by: string): Promise<Acted> => {
      const isEnded = TROUBLE_RULES[which.trouble].state === "failed";
      return { ...(await each(which, by, "close", isEnded ? note : end)), why: "情况已变" };
    },
  };
}

const WHY_NOT: Partial<Record<TroubleWhich["trouble"], string>> = {
  refused: "过了宽限期，或不能确定没有发出",
  retrying: "正在调用",
  unknown: "已经有了结果",
};

interface Stamp {
  by: string;
  at: number;
  today: ShopDay;
}

interface Told {
  which: TroubleWhich;
  by: string;
  word: "again" | "close";
  ids: readonly number[];
}

/** Acts on some tasks, as part of a transaction; gives those it was done to. */
type ActOnce = (sql: Sql, ids: readonly number[], stamp: Stamp, which: TroubleWhich) => Promise<number[]>;

function record(sql: Sql, { which, by, word }: Told, done: readonly number[], at: number): Promise<void> {
  const { trouble, reason, error } = which;
  const [only] = done;
  return recordChange(sql, {
    ...{ at, by, action: `task.${word === "again" ? "retry" : "close"}` },
    subject: done.length === 1 ? `task:${only}` : `task:${trouble}`,
    before: { trouble, reason, ...(error && { error }) },
    after: { tasks: done.length, first: Math.min(...done), last: Math.max(...done) },
  });
}

/** Plans failed tasks again, where it is sure that nothing went out and their grace still lasts. */
const makeAnew: ActOnce = async (sql, ids, { by, at, today }) => {
  const tasks = (await tasksOf(sql, ids, "lock")).filter(
    ({ state, expiresOn, sentAt }) => state === "failed" && expiresOn >= today && sentAt === null,
  );
  const unsent = await surelyUnsent(sql, tasks);
  return moveTasks(sql, unsent, {
    ...{ from: ["failed"], to: "planned", actor: by, at, note: "retry" },
    set: { ...backToPlanned, release_on: today },
  });
};

async function surelyUnsent(sql: Sql, tasks: readonly TaskRow[]): Promise<number[]> {
  if (tasks.length === 0) return [];
  const ids = tasks.map(({ id }) => id);
  const here = `(${marks(ids.length)})`;
  const facts = await sql.rows<{ id: number; handOver: HandOverState | null; failedFrom: State }>(
    `SELECT t.id, h.state AS handOver, e.from_state AS failedFrom FROM task t
       JOIN task_event e ON e.id = (SELECT MAX(l.id) FROM task_event l WHERE l.task_id = t.id AND l.to_state = 'failed')
       LEFT JOIN hand_over h ON h.id = t.hand_over_id
     WHERE t.id IN ${here}`,
    ids,
  );
  // words on another way of theirs, or with the customer already
  const doubtful = await sql.rows<{ id: number }>(
    `SELECT d.task_id AS id FROM delivery d WHERE d.task_id IN ${here} UNION
     SELECT l.task_id AS id FROM hand_over_task l JOIN hand_over h ON h.id = l.hand_over_id
       JOIN task t ON t.id = l.task_id
     WHERE l.task_id IN ${here} AND h.id <> COALESCE(t.hand_over_id, 0)
       AND h.state IN ('ready', 'creating', 'waiting', 'stopping', 'unknown', 'asking', 'confirmed')`,
    [...ids, ...ids],
  );
  const doubts = new Set(doubtful.map(({ id }) => Number(id)));
  return facts
    .filter(({ id, handOver, failedFrom }) => !doubts.has(Number(id)) && isSurelyUnsent(handOver, failedFrom))
    .map(({ id }) => Number(id));
}

/** Lets what waits to be called, or looked for, go at the next pass. */
const hurry: ActOnce = async (sql, ids, { at }, { trouble }) => {
  const state = trouble === "retrying" ? "ready" : "unknown";
  const rows = await sql.rows<{ id: number; handOverId: number }>(
    `SELECT t.id, t.hand_over_id AS handOverId FROM task t JOIN hand_over h ON h.id = t.hand_over_id
     WHERE t.id IN (${marks(ids.length)}) AND h.state = ?`,
    [...ids, state],
  );
  const handOvers = [...new Set(rows.map(({ handOverId }) => Number(handOverId)))];
  if (handOvers.length > 0)
    await sql.run(
      `UPDATE hand_over SET next_at = ? WHERE state = ? AND next_at > ? AND id IN (${marks(handOvers.length)})`,
      [at, state, at, ...handOvers],
    );
  return rows.map(({ id }) => Number(id));
};

/** Somebody knows of these failures. */
const note: ActOnce = async (sql, ids, { by, at }) => {
  for (const id of ids)
    await sql.run(
      `${sql.dialect.insertIgnore} INTO task_closing (task_id, closed_at, closed_by) VALUES (?, ?, ?)`,
      [...[id, at, by]],
    );
  return [...ids];
};

/** Ends what is stuck. What waits to be called is taken out first; what is being called is left alone. */
const end: ActOnce = async (sql, ids, { by, at }, { trouble, reason }) => {
  const { state } = TROUBLE_RULES[trouble];
  await tasksOf(sql, ids, "lock");
  const free = trouble === "retrying" ? [...(await leaveReady(sql, ids))] : ids;
  const move = { from: [state], actor: by, at, note: "closed" } as const;
  return moveTasks(sql, free, { ...move, to: "skipped", reason: endReason(trouble, reason) });
};
