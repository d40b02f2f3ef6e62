// The funnel of a place: how many tasks reached each step, and where and why the others stopped.
import type { Viewer } from "../../identity/viewer.js";
import { marks } from "../../infra/dialect.js";
import type { Sql, Store } from "../../infra/store.js";
import { pathTo, type Question, questionOf } from "../asking.js";
import { bothOf, guideOn, onDays, wholeRegions } from "../queries.js";
import type { Report, ReportAsk } from "../report.js";
import { NOBODY } from "./funnel-counting.js";
import { isMeant, isWaiting, STAGES, whyName } from "./stages.js";

/** Tasks that stopped at a step for one reason. */
export interface Leak {
  why: string;
  name: string;
  tasks: number;
  /** they may still go on */
  waiting: boolean;
  /** on purpose, or done another way */
  meant: boolean;
}

/** One step. */
export interface FunnelStep {
  stage: number;
  key: string;
  name: string;
  meaning: string;
  /** tasks that reached it */
  tasks: number;
  /** those of them that came no further, the most common reason first */
  leaks: Leak[];
}

export interface Funnel {
  steps: FunnelStep[];
  path: Report["path"];
  /** something in it may still go on */
  provisional: boolean;
}

/** Tasks by the last step they reached and why. */
export interface FunnelClass {
  stage: number;
  why: string;
  tasks: number;
}

/** The funnel of a place. Raises as `report` does. */
export async function funnel(
  store: Store,
  viewer: Viewer,
  ask: Pick<ReportAsk, "from" | "to" | "within">,
): Promise<Funnel> {
  const question = await questionOf(store.read, viewer, ask);
  const { sql, tree, place } = question;
  return { ...stepsOf(await classesOf(question)), path: await pathTo(sql, tree, viewer, place) };
}

/** Steps from classes: whoever reached a step reached all before it. */
function stepsOf(classes: readonly FunnelClass[]): Pick<Funnel, "steps" | "provisional"> {
  const steps = STAGES.map((step) => ({
    ...step,
    tasks: classes.filter(({ stage }) => stage >= step.stage).reduce((sum, { tasks }) => sum + tasks, 0),
    leaks: classes
      .filter(({ stage, why }) => stage === step.stage && why !== "")
      .map(({ why, tasks }) => ({
        ...{ why, tasks, name: whyName(why), waiting: isWaiting(why), meant: isMeant(why) },
      }))
      .sort((a, b) => b.tasks - a.tasks || (a.why < b.why ? -1 : 1)),
  }));
  return { steps, provisional: steps.some(({ leaks }) => leaks.some(({ waiting }) => waiting)) };
}

async function classesOf(question: Question): Promise<FunnelClass[]> {
  const { table, text, params } = await funnelCells(question);
  const rows = await question.sql.rows<FunnelClass>(
    `SELECT stage, why, SUM(tasks) AS tasks FROM ${table} WHERE ${text} GROUP BY stage, why`,
    params,
  );
  return rows.map(({ stage, why, tasks }) => ({ stage, why, tasks: Number(tasks) }));
}

/** Where a place's funnel stands. */
export async function funnelCells({ sql, tree, place, span }: Question) {
  if (place.kind === "guide") return { table: "rollup_funnel_guide", ...guideOn(place, span) };
  if (place.kind === "store") {
    const regions = await regionsOf(sql, place.id, place.regionId);
    const day = onDays(span, regions.length);
    const cells = {
      text: `${day.text} AND region_id IN (${marks(regions.length)}) AND store_id = ?`,
      params: [...day.params, ...regions, place.id],
    };
    return { table: "rollup_funnel_guide", ...bothOf(cells, place.seen) };
  }
  // what was nobody's belongs to the brand alone
  const regions = [...wholeRegions(tree, place), ...(place.kind === "brand" ? [NOBODY] : [])];
  return {
    table: "rollup_funnel_region",
    text: `region_id IN (${marks(regions.length)}) AND on_day BETWEEN ? AND ?`,
    params: [...regions, span.from, span.to],
  };
}

/** Every region a store ever stood in, as far as its figures tell. */
async function regionsOf(sql: Sql, storeId: number, now: number): Promise<number[]> {
  const rows = await sql.rows<{ id: number }>(
    "SELECT DISTINCT region_id AS id FROM rollup_store_week WHERE store_id = ?",
    [storeId],
  );
  return [...new Set([now, ...rows.map(({ id }) => id)])];
}
