// Experiments answered for: listed, shown with their figures, judged when their day has come, and what touchpoints change.
import type { Sql } from "../../infra/store.js";
import { shopDayOf } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import { type JudgingParts, judgeDue } from "./judging.js";
import { type ExperimentFigures, type ExperimentOverview, figuresOf, overviewsOf } from "./overviews.js";
import { experimentsWhere, newestSpecs } from "./queries.js";
import { settle } from "./settling.js";
import {
  type LeagueLine,
  league,
  spanOf,
  type Uplift,
  type UpliftPlace,
  type UpliftSpan,
  upliftOf,
} from "./uplift.js";

export interface ExperimentService {
  /** Every experiment in force, newest first. */
  list(): Promise<ExperimentOverview[]>;
  /** All experiments there ever were at "journey/touchpoint" (or "journey"), newest first, with their figures. Raises
   *  `not_found` where there was none. */
  show(key: string): Promise<ExperimentFigures[]>;
  /** Judges what is due; gives how many looks were taken. */
  judgeDue(): Promise<number>;
  /** Ends one that was judged without a winner: everybody gets this variant from now on. Raises as `settle`. */
  settle(key: string, variant: string, by: string): Promise<void>;
  /** What a touchpoint ("journey/touchpoint") changes. Raises `not_found` for one that never had a hold-out, `invalid`
   *  for a span that cannot be. */
  uplift(key: string, span?: UpliftSpan): Promise<Uplift>;
  /** The same of every touchpoint that has or had a hold-out, adjusted for being many. */
  league(span?: UpliftSpan): Promise<LeagueLine[]>;
}

/** The service over one database. */
export function experimentService(parts: JudgingParts): ExperimentService {
  const { store, world, zone, replyWindowHours } = parts;
  const sql = store.read;
  const today = () => shopDayOf(world.now(), zone);
  return {
    list: async () => overviewsOf(sql, await experimentsWhere(sql, "e.ended_on IS NULL"), replyWindowHours),
    show: async (key) => {
      const found = await experimentsAt(sql, key);
      const overviews = await overviewsOf(sql, found, replyWindowHours);
      const figures: ExperimentFigures[] = [];
      for (const [at, one] of found.entries()) {
        const overview = overviews[at];
        if (overview) figures.push(await figuresOf(sql, one, overview));
      }
      return figures;
    },
    judgeDue: () => judgeDue(parts),
    settle: (key, variant, by) => settle(store, key, variant, { at: world.now(), by }),
    uplift: async (key, span = {}) => {
      const place = (await heldPlaces(sql)).find((one) => one.key === key);
      if (!place)
        throw new Refusal("not_found", `触点「${key}」没有对照组。写法：旅程/触点，例如 care/day-7。`);
      return upliftOf(sql, place, spanOf(span, today()), today());
    },
    league: async (span = {}) => {
      const days = spanOf(span, today());
      const lines: Uplift[] = [];
      for (const place of await heldPlaces(sql)) lines.push(await upliftOf(sql, place, days, today()));
      return league(lines);
    },
  };
}

async function experimentsAt(sql: Sql, key: string) {
  const [journey = "", touchpoint] = key.split("/");
  const found =
    touchpoint === undefined
      ? await experimentsWhere(sql, "j.journey_key = ? AND e.touchpoint_id = 0", [journey])
      : await experimentsWhere(sql, "j.journey_key = ? AND t.touchpoint_key = ?", [journey, touchpoint]);
  if (found.length > 0) return found;
  throw new Refusal(
    "not_found",
    `「${key}」没有实验。写法：旅程/触点，例如 care/day-7；整个旅程的对照写旅程本身。`,
  );
}

/** The touchpoints that have or had a hold-out, their own or their journey's. */
async function heldPlaces(sql: Sql): Promise<UpliftPlace[]> {
  const rows = await sql.rows<{ touchpointId: number; journeyKey: string; touchpointKey: string }>(
    `SELECT t.id AS touchpointId, j.journey_key AS journeyKey, t.touchpoint_key AS touchpointKey
     FROM touchpoint t JOIN journey j ON j.id = t.journey_id
     WHERE EXISTS (SELECT 1 FROM experiment e WHERE e.journey_id = j.id AND e.touchpoint_id IN (0, t.id)
       AND e.kind = 'hold_out') ORDER BY j.id, t.id`,
  );
  const specs = await newestSpecs(
    sql,
    rows.map(({ touchpointId }) => touchpointId),
  );
  return rows.map(({ touchpointId, journeyKey, touchpointKey }) => ({
    ...{ touchpointId, key: `${journeyKey}/${touchpointKey}` },
    name: specs.get(touchpointId)?.name ?? touchpointKey,
  }));
}
