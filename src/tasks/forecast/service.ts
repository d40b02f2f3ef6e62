// The forecast: what the days ahead will bring, by day, touchpoint and region; of a draft, beside what is published now.
import PQueue from "p-queue";
import type { Sql } from "../../infra/store.js";
import { journeyService } from "../../journeys/service.js";
import type { JourneySpec } from "../../journeys/spec.js";
import { addDays, daysFromTo, isShopDay, type ShopDay } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import { followVersion } from "../follow-version.js";
import { dayOf, type TaskSetup } from "../setup.js";
import { countAhead } from "./counts.js";
import { ASSUMPTIONS, type ForecastParts, foresee, type PublishDraft, type Span } from "./days.js";
import { Gathering } from "./gathering.js";
import { type DraftForecast, differenceOf, type Forecast } from "./shape.js";

/** The most days a forecast tells, and the furthest ahead of today it goes on from today. */
export const MOST_DAYS = 60;

/** A journey not published yet, and the text it was read from. */
export interface Draft {
  spec: JourneySpec;
  source: string;
}

export interface ForecastAsk {
  /** 1 to MOST_DAYS */
  days: number;
  /** the first day told; left out: today. A day gone by, or more than MOST_DAYS ahead, is forecast as though it were
   *  today, without import switch and publish dates */
  from?: ShopDay | undefined;
  /** only what falls due, without caps and release: many times faster */
  withoutCaps?: boolean | undefined;
  draft?: Draft | undefined;
}

/** Hears after each day gone through: so many of so many. */
export type Progress = (done: number, of: number) => void;

export interface ForecastService {
  /** Raises `invalid` for days and dates that cannot be. One at a time: others wait. Writes nothing. */
  forecast(ask: ForecastAsk, progress?: Progress): Promise<Forecast | DraftForecast>;
}

/** The service over the real passes' setup. */
export function forecastService(parts: ForecastParts): ForecastService {
  const queue = new PQueue({ concurrency: 1 });
  return {
    forecast: (ask, progress = () => {}) =>
      queue.add(() => forecast(parts, checked(ask), progress)) as Promise<Forecast | DraftForecast>,
  };
}

function checked(ask: ForecastAsk): ForecastAsk {
  const { days, from } = ask;
  const faults = [
    ...(Number.isInteger(days) && days >= 1 && days <= MOST_DAYS
      ? []
      : [{ where: "days", value: String(days), expected: `1 to ${MOST_DAYS}` }]),
    ...(from === undefined || isShopDay(from)
      ? []
      : [{ where: "from", value: String(from), expected: "a date YYYY-MM-DD" }]),
  ];
  if (faults.length > 0) throw new Refusal("invalid", "不能这样预测。", faults);
  return ask;
}

async function forecast(
  parts: ForecastParts,
  ask: ForecastAsk,
  progress: Progress,
): Promise<Forecast | DraftForecast> {
  const span = spanOf(parts.setup, ask);
  const { draft } = ask;
  const each = daysFromTo(ask.withoutCaps ? span.from : span.start, span.to).length;
  const of = draft ? 2 * each : each;
  let done = 0;
  const told = () => progress(++done, of);
  const live = await oneForecast(parts, ask, span, told);
  if (!draft) return live;
  const ofDraft = await oneForecast(parts, ask, span, told, publishing(draft));
  return { ...ofDraft, live, difference: differenceOf(live, ofDraft) };
}

type SpanFrom = Span & { from: ShopDay };

/** Days ahead are gone through from today on; to others one goes straight. */
function spanOf(setup: TaskSetup, { days, from: asked }: ForecastAsk): SpanFrom {
  const today = dayOf(setup, setup.world.now());
  const from = asked ?? today;
  const asIf = from < today || from > addDays(today, MOST_DAYS);
  return { start: asIf ? from : today, from, to: addDays(from, days - 1), asIf };
}

async function oneForecast(
  parts: ForecastParts,
  ask: ForecastAsk,
  span: SpanFrom,
  told: () => void,
  publishDraft?: PublishDraft,
): Promise<Forecast> {
  const gathering = new Gathering(parts.setup.config.caps.guide_per_day);
  if (ask.withoutCaps)
    await countAhead(
      parts,
      span,
      async (on, counts, sql) => {
        await gathering.counted(on, counts, sql);
        told();
      },
      publishDraft,
    );
  else
    await foresee(
      parts,
      span,
      async (day) => {
        if (day.on >= span.from) await gathering.foreseen(day);
        told();
      },
      publishDraft,
    );
  const { from, to, asIf } = span;
  const assumptions = [
    ...assumptionsOf(asIf, ask.withoutCaps === true),
    ...(await pausedIn(parts.setup.store.read)),
  ];
  return { from, to, ...gathering.told(), assumptions };
}

async function pausedIn(sql: Sql): Promise<string[]> {
  const paused = await sql.rows<{ name: string }>(
    "SELECT name FROM journey WHERE state = 'paused' ORDER BY id",
  );
  return paused.map(({ name }) => `旅程「${name}」已暂停：到期的照数，一个也不下发。`);
}

function assumptionsOf(asIf: boolean, withoutCaps: boolean): string[] {
  const [unchanged = "", ...others] = ASSUMPTIONS;
  const isAsIf = asIf ? ["按现有资料推算这些日子，不看导入开关和发布日期。"] : [];
  const counted = ["只数到期的任务，不看次数上限、静默日、请假和缺的资料。"];
  return [unchanged, ...isAsIf, ...(withoutCaps ? counted : others)];
}

/** Publishes a draft where nobody else sees it. */
function publishing({ spec, source }: Draft): PublishDraft {
  return async ({ store, world, config }, { follow }) => {
    const none = { rerendered: 0, moved: 0, cancelled: 0, newToday: 0, newInsideGrace: 0 };
    const onPublish = follow ? followVersion : () => Promise.resolve(none);
    const journeys = journeyService({ store, world, zone: config.zone, onPublish });
    await journeys.apply(spec, source, { yes: true, by: "system" });
  };
}
