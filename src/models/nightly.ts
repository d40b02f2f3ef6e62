// The nightly pass: learns once a week or when orders have grown, then looks at everybody once with what was learned; on all
// other nights only at customers whose orders are others than the last time.
import { setImmediate as turn } from "node:timers/promises";
import { chunked } from "../infra/batches.js";
import type { Store } from "../infra/store.js";
import { dayNumber, daysBetween, type ShopDay } from "../kernel/calendar.js";
import { learnApart } from "./learning.js";
import { changedBetween, extentOf, type FigureRow, figuresBetween } from "./order-queries.js";
import { type KeptRun, keepRun, keepScoredTo, latestRuns } from "./runs.js";
import { readSample } from "./samples.js";
import { type Sayer, sayerOf, writeScores } from "./scoring.js";

export interface NightParts {
  store: Store;
  /** epoch ms, for the record */
  now: number;
  today: ShopDay;
  /** learns anew and looks at everybody, whatever was done before */
  full?: boolean;
  progress?: (progress: Progress) => void;
}

/** How far a night is: customers looked at, of all there are. */
export interface Progress {
  step: "learning" | "everybody" | "changed";
  done: number;
  of: number;
}

/** What a night did. */
export interface Night {
  /** whether it learned anew */
  learned: boolean;
  /** null: there are no orders to learn from */
  served: string | null;
  why: string | null;
  /** the models in use were chosen from; empty without a back-test */
  tried: { name: string; auc: number | null; degenerate: string | null }[];
  /** customers computed anew */
  customers: number;
  /** anchors written or taken away */
  anchors: number;
}

const LEARN_EVERY_DAYS = 7;
/** Orders a fifth more than the last time. */
const GROWN = 1.2;
/** Ids of one read, and customers of one transaction: some 20 ms of an embedded database. */
const RANGE = 5_000;
const PIECE = 250;

/** Runs a night. Broken off, the next one goes on where it stopped. */
export async function runNight(parts: NightParts): Promise<Night> {
  const { store, today } = parts;
  const night: Night = {
    ...{ learned: false, served: null, why: null, tried: [], customers: 0, anchors: 0 },
  };
  const extent = await extentOf(store.read, today);
  if (extent.lastDay === null) return night;
  night.learned = await learnIfDue(parts, { ...extent, lastDay: extent.lastDay });
  const [run] = await latestRuns(store.read, 1);
  if (!run) return night;
  night.served = run.learned.serving.served.name;
  night.why = run.learned.backtest?.why ?? null;
  const models = run.learned.backtest?.models ?? [];
  night.tried = models.map(({ name, auc, degenerate }) => ({
    ...{ name, degenerate, auc: Number.isFinite(auc) ? auc : null },
  }));
  const sayer = sayerOf(run.learned, today);
  const isOpen = run.scoredTo !== null;
  await walk(parts, {
    ...{ from: run.scoredTo ?? 0, to: extent.lastCustomer, run: isOpen ? run : null },
    ...{ sayer, night },
  });
  if (isOpen) await store.write((sql) => keepScoredTo(sql, run.id, null));
  return night;
}

async function learnIfDue(
  { store, today, now, full = false, progress }: NightParts,
  { lastCustomer, lastDay, lastOrder }: { lastCustomer: number; lastDay: ShopDay; lastOrder: number },
): Promise<boolean> {
  const [before] = await latestRuns(store.read, 1);
  const isDue =
    !before ||
    daysBetween(before.ranOn, today) >= LEARN_EVERY_DAYS ||
    // a clock that was set back
    before.ranOn > today ||
    lastOrder > before.orderId * GROWN;
  if (!isDue && !full) return false;
  progress?.({ step: "learning", done: 0, of: lastCustomer });
  const sample = await readSample(store.read, lastCustomer, lastDay);
  const learned = await learnApart({ ...sample, until: dayNumber(lastDay) });
  await store.write((sql) => keepRun(sql, learned, { now, today, orderId: lastOrder }));
  return true;
}

interface Walk {
  from: number;
  to: number;
  /** the run to look at everybody with; null: only at who changed */
  run: KeptRun | null;
  sayer: Sayer;
  night: Night;
}

async function walk({ store, progress }: NightParts, { from, to, run, sayer, night }: Walk): Promise<void> {
  const read = run ? figuresBetween : changedBetween;
  for (let after = from; after < to; after += RANGE) {
    const upTo = Math.min(to, after + RANGE);
    const figures = await read(store.read, after, upTo);
    await inPieces(figures, store.dialect.writers, async (piece) => {
      const anchors = await store.write((sql) => writeScores(sql, sayer, piece));
      night.anchors += anchors;
      night.customers += piece.filter(hasBought).length;
      await turn();
    });
    if (run) await store.write((sql) => keepScoredTo(sql, run.id, upTo));
    progress?.({ step: run ? "everybody" : "changed", done: upTo, of: to });
    await turn();
  }
}

/** Works through customers piece by piece, some pieces under way at once. */
async function inPieces(
  figures: readonly FigureRow[],
  atOnce: number,
  work: (piece: readonly FigureRow[]) => Promise<void>,
): Promise<void> {
  const pieces = chunked(figures, PIECE);
  const one = async () => {
    for (const piece of pieces) await work(piece);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

const hasBought = ({ purchases }: FigureRow) => purchases > 0;
