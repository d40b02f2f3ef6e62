// Experiments as they are listed and shown: arms, looks, and one sentence on where each stands.
import type { Sql } from "../../infra/store.js";
import type { Definition } from "../../journeys/experiment-changes.js";
import {
  type ExperimentKind,
  type ExperimentState,
  variantNumbers,
} from "../../journeys/experiment-queries.js";
import { addDays, type ShopDay } from "../../kernel/calendar.js";
import { rate } from "../measures.js";
import type { Rate } from "../report.js";
import type { LookFigures } from "./judging.js";
import { looksOf } from "./looks.js";
import {
  countVariants,
  looksTaken,
  newestSpecs,
  type StoredExperiment,
  type StoredLook,
  type VariantCount,
} from "./queries.js";
import { verdictJson } from "./verdict-json.js";
import { type Sentence, sayVerdict } from "./verdict-words.js";

/** An arm's figures so far; no test is made of them outside the looks. */
interface ArmOverview extends VariantCount {
  rate: Rate | null;
}

/** One experiment. */
export interface ExperimentOverview {
  /** "journey/touchpoint"; "journey" for the hold-out of a whole journey */
  key: string;
  name: string;
  kind: ExperimentKind;
  /** 1 for the first of its kind there */
  number: number;
  state: ExperimentState;
  began_on: ShopDay;
  /** null: in force */
  ended_on: ShopDay | null;
  /** percent held out; null for variants */
  hold_out: number | null;
  /** null for a hold-out */
  plan: Omit<Definition, "variants"> | null;
  variants: { key: string; share: number }[];
  /** the variant that everybody gets now */
  winner: string | null;
  /** the last due day that counts, and the day of the last look; null for a hold-out, which has no end */
  last_due_on: ShopDay | null;
  last_look_on: ShopDay | null;
  /** the first day of the next look */
  next_look_on: ShopDay | null;
  looks: ({ number: number; looked_on: ShopDay } & ReturnType<typeof verdictJson>)[];
  sentence: string;
  sentence_zh: string;
}

/** One experiment with its arms' figures. */
export interface ExperimentFigures extends ExperimentOverview {
  arms: ArmOverview[];
  /** where and when they fell due, both days included; null: no days yet, or no arms */
  counted: { touchpoint_id: number; from: ShopDay; to: ShopDay } | null;
}

/** Experiments with their looks, without counting anything. */
export async function overviewsOf(
  sql: Sql,
  experiments: readonly StoredExperiment[],
  replyWindowHours: number,
): Promise<ExperimentOverview[]> {
  const ids = experiments.map(({ touchpointId }) => touchpointId);
  const specs = await newestSpecs(sql, ids);
  const looks = await looksTaken(
    sql,
    experiments.map(({ id }) => id),
  );
  return Promise.all(
    experiments.map(async (one) => {
      const spec = specs.get(one.touchpointId);
      const facts = { beganOn: one.beganOn, graceDays: spec?.graceDays ?? 0, replyWindowHours };
      const taken = looks.filter(({ experimentId }) => experimentId === one.id);
      const numbers = one.winner === null ? new Map() : await variantNumbers(sql, one.touchpointId);
      const winner = [...numbers].find(([, number]) => number === one.winner)?.[0] ?? null;
      return overviewOf(one, { name: spec?.name ?? one.journeyName, facts, taken, winner });
    }),
  );
}

interface Around {
  name: string;
  facts: Parameters<typeof looksOf>[1];
  taken: readonly StoredLook[];
  winner: string | null;
}

function overviewOf(one: StoredExperiment, { name, facts, taken, winner }: Around): ExperimentOverview {
  const { journeyKey, touchpointKey, kind, number, state, definition } = one;
  const base = {
    ...{
      key: touchpointKey === null ? journeyKey : `${journeyKey}/${touchpointKey}`,
      name,
      kind,
      number,
      state,
    },
    ...{ began_on: one.beganOn, ended_on: one.endedOn, winner },
  };
  if (kind === "hold_out") {
    const { share } = JSON.parse(definition) as { share: number };
    const said = sayHoldOut(share, one.endedOn);
    return {
      ...{ ...base, hold_out: share, plan: null, variants: [], looks: [] },
      ...{ last_due_on: null, last_look_on: null, next_look_on: null },
      ...{ sentence: said.en, sentence_zh: said.zh },
    };
  }
  const { variants, ...plan } = JSON.parse(definition) as Definition;
  const figures = taken.map((look) => ({ ...look, ...(JSON.parse(look.figures) as LookFigures) }));
  const planned = looksOf(plan, facts);
  const next = state === "running" ? planned[taken.length] : undefined;
  const last = figures.at(-1);
  const judged = last ? sayVerdict(last.verdict) : STOPPED;
  const said = next ? sayRunning(next.readyOn) : state === "settled" ? saySettled(judged, winner) : judged;
  const lastLook = state === "running" ? planned.at(-1)?.readyOn : last?.lookedOn;
  const isJudged = state !== "running" && state !== "stopped";
  // judged early, all that fell due later went to people who had the winner's words
  const counts = isJudged ? planned[taken.length - 1] : planned.at(-1);
  return {
    ...{ ...base, hold_out: null, plan, variants },
    ...{ last_due_on: counts ? addDays(counts.until, -1) : null, last_look_on: lastLook ?? null },
    next_look_on: next?.readyOn ?? null,
    looks: figures.map(({ number: at, lookedOn, verdict }) => ({
      ...{ number: at, looked_on: lookedOn, ...verdictJson(verdict) },
    })),
    ...{ sentence: said.en, sentence_zh: said.zh },
  };
}

/** An experiment with what its arms have come to: in its decision window, or so far. */
export async function figuresOf(
  sql: Sql,
  experiment: StoredExperiment,
  overview: ExperimentOverview,
): Promise<ExperimentFigures> {
  if (overview.last_due_on === null) return { ...overview, arms: [], counted: null };
  const windowEnd = addDays(overview.last_due_on, 1);
  const { endedOn } = experiment;
  const until = endedOn !== null && endedOn < windowEnd ? endedOn : windowEnd;
  const span = { from: experiment.beganOn, until };
  const arms = await countVariants(sql, experiment.touchpointId, overview.variants, span);
  const to = addDays(until, -1);
  return {
    ...{ ...overview, arms: arms.map((arm) => ({ ...arm, rate: rate(arm.replied, arm.sent) })) },
    counted: to < span.from ? null : { touchpoint_id: experiment.touchpointId, from: span.from, to },
  };
}

const STOPPED: Sentence = { en: "stopped before it was judged", zh: "评定之前已停止" };

function sayRunning(on: ShopDay): Sentence {
  return { en: `running: judged on ${on}, and not looked at before`, zh: `进行中：${on} 评定，之前不下结论` };
}

function saySettled({ en, zh }: Sentence, winner: string | null): Sentence {
  return { en: `${en}; headquarters chose ${winner}`, zh: `${zh}；总部选定 ${winner}` };
}

function sayHoldOut(share: number, endedOn: ShopDay | null): Sentence {
  return endedOn === null
    ? { en: `${share} % of customers are held out`, zh: `${share}% 的客户留作对照` }
    : {
        en: `${share} % of customers were held out until ${endedOn}`,
        zh: `到 ${endedOn} 为止，${share}% 的客户留作对照`,
      };
}
