// Judging experiments on the days fixed for it, and giving everybody the winner.
import type { Sql, Store } from "../../infra/store.js";
import { definitionOf } from "../../journeys/experiment-changes.js";
import { type ExperimentState, variantNumbers } from "../../journeys/experiment-queries.js";
import type { TouchpointSpec } from "../../journeys/spec.js";
import { type ShopDay, shopDayOf } from "../../kernel/calendar.js";
import type { World } from "../../kernel/world.js";
import { giveVariant } from "../../tasks/winner.js";
import { looksOf, type PlannedLook } from "./looks.js";
import {
  countVariants,
  experimentsWhere,
  looksTaken,
  newestSpecs,
  type StoredExperiment,
} from "./queries.js";
import { bounds, type Look } from "./sequential.js";
import { alphaEach, judge, type Verdict } from "./verdicts.js";

export interface JudgingParts {
  store: Store;
  world: Pick<World, "now">;
  zone: string;
  replyWindowHours: number;
}

/** A look as it is stored: null where nothing had come since the look before, so that nothing was tested. */
export interface LookFigures {
  look: Look | null;
  verdict: Verdict;
}

/** Judges every running experiment whose next look has come; gives how many looks were taken. Doing it again, or in two
 *  processes at once, takes none twice. */
export async function judgeDue(parts: JudgingParts): Promise<number> {
  const { store } = parts;
  const running = await experimentsWhere(store.read, "e.state = 'running' AND e.kind = 'variants'");
  const specs = await newestSpecs(
    store.read,
    running.map(({ touchpointId }) => touchpointId),
  );
  let taken = 0;
  for (const experiment of running) {
    const spec = specs.get(experiment.touchpointId);
    if (spec) taken += await judgeOne(parts, experiment, spec);
  }
  return taken;
}

async function judgeOne(parts: JudgingParts, experiment: StoredExperiment, spec: TouchpointSpec) {
  const { store, world, zone, replyWindowHours } = parts;
  const today = shopDayOf(world.now(), zone);
  const { beganOn } = experiment;
  const planned = looksOf(definitionOf(spec), { beganOn, graceDays: spec.graceDays, replyWindowHours });
  const before = await looksTaken(store.read, [experiment.id]);
  const figures = before.map(({ figures: json }) => JSON.parse(json) as LookFigures);
  let taken = 0;
  for (const look of planned.slice(figures.length)) {
    if (look.readyOn > today) break;
    const found = await takeLook(store.read, { experiment, spec, look, before: figures });
    const isLast = look.number === planned.length;
    const ended = await keep(parts, experiment, { look, found, isLast, today });
    figures.push(found);
    taken++;
    if (ended) break;
  }
  return taken;
}

interface Asked {
  experiment: StoredExperiment;
  spec: TouchpointSpec;
  look: PlannedLook;
  before: readonly LookFigures[];
}

async function takeLook(sql: Sql, { experiment, spec, look, before }: Asked): Promise<LookFigures> {
  const { touchpointId, beganOn } = experiment;
  const { variants, detect } = definitionOf(spec);
  const arms = await countVariants(sql, touchpointId, variants, { from: beganOn, until: look.until });
  const information = arms.reduce((sum, { sent }) => sum + sent, 0);
  const tested = before.flatMap((one) => one.look ?? []);
  // without news there is nothing to test; what this look might have spent is left to the next
  const isNew = information > (tested.at(-1)?.information ?? 0);
  const now = isNew ? { time: look.time, information } : null;
  const bound = now ? bounds([...tested, now], alphaEach(arms.length)).at(-1) : undefined;
  return {
    look: now,
    verdict: judge(
      arms.map(({ key: name, sent, replied }) => ({ name, sent, replied })),
      {
        shares: variants.map(({ share }) => share),
        assigned: arms.map(({ assigned }) => assigned),
        bound: bound ?? Number.MAX_VALUE,
        ...(detect ? { detect: detect / 100 } : {}),
      },
    ),
  };
}

interface Found {
  look: PlannedLook;
  found: LookFigures;
  isLast: boolean;
  today: ShopDay;
}

/** Writes a look down and, when it ends the experiment, what everybody gets from now on; whether it ended. */
function keep(
  { store, world }: JudgingParts,
  { id, touchpointId }: StoredExperiment,
  { look, found, isLast, today }: Found,
): Promise<boolean> {
  const { verdict } = found;
  return store.write(async (sql) => {
    const { affected } = await sql.run(
      `${sql.dialect.insertIgnore} INTO experiment_look (experiment_id, number, looked_on, figures) VALUES (?, ?, ?, ?)`,
      [id, look.number, today, JSON.stringify(found)],
    );
    const state = stateAfter(verdict, isLast);
    if (affected === 0 || state === "running") return state !== "running";
    const numbers = await variantNumbers(sql, touchpointId);
    const winner = numbers.get(verdict.winner ?? verdict.arms[0]?.name ?? "") ?? 0;
    const decided = await sql.run(
      `UPDATE experiment SET state = ?, winner = ?, decided_at = ?
       WHERE id = ? AND state = 'running' AND ended_on IS NULL`,
      [state, winner, world.now(), id],
    );
    if (decided.affected > 0) await giveVariant(sql, touchpointId, winner);
    return true;
  });
}

function stateAfter({ outcome }: Verdict, isLast: boolean): ExperimentState {
  if (outcome === "better") return "decided";
  if (outcome === "mismatch") return "mismatch";
  return isLast ? "undecided" : "running";
}
