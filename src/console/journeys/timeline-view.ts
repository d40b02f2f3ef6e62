// A journey's touchpoints laid out as its timeline template shows them: lanes, rows, cells, cards.
import { isDayTrigger } from "../../journeys/days.js";
import { stampOf } from "../../journeys/draft-opening.js";
import { sayTrigger, WAY_NAMES } from "../../journeys/say-trigger.js";
import type { DayTrigger, Trigger, Way } from "../../journeys/spec.js";
import { timelineOf } from "../../journeys/timeline.js";
import { daysFrom, MONTH_DAYS, type TouchpointData, triggerOf } from "../../journeys/trigger-data.js";
import { addDays } from "../../kernel/calendar.js";

/** A touchpoint on its way onto the timeline. */
export interface TimelineCard {
  key: string;
  name: string;
  trigger: Trigger;
  when: string;
  way: string;
  /** short marks: 实验, 对照 */
  marks: string[];
  href: string;
  stamp: string;
  /** its own offset, for the field one types it into; "" where a date moves itself */
  n: string;
  unit: string;
  /** in days, for dragging */
  days: number;
}

const UNIT_NAMES = { days: "天", weeks: "周", months: "个月" } as const;

/** A touchpoint's card by its data. */
export function cardOfData(data: TouchpointData, href: string): TimelineCard {
  const trigger = triggerOf(data);
  const send = data.send as Way | undefined;
  const marks = [
    ...(data.variants ? ["实验"] : []),
    ...(data.hold_out ? ["对照"] : []),
    ...(data.ask ? ["补资料"] : []),
  ];
  return cardOf({
    key: String(data.key),
    name: String(data.name),
    trigger,
    href,
    stamp: stampOf(data),
    marks,
    way: send ? WAY_NAMES[send] : "",
  });
}

/** A card of what is known of a touchpoint. */
export function cardOf(known: Omit<TimelineCard, "when" | "n" | "unit" | "days">): TimelineCard {
  const { offset } = known.trigger;
  const movesItself = isDayTrigger(known.trigger) && !("name" in known.trigger.day);
  return {
    ...known,
    when: sayTrigger(known.trigger),
    ...{
      n: movesItself ? "" : String(offset.n),
      unit: UNIT_NAMES[offset.unit],
      days: Math.round(daysFrom(offset)),
    },
  };
}

/** The lanes. `begin` makes the address where a new touchpoint of a place begins; null: nothing is begun here. */
export function timelineView(
  cards: readonly TimelineCard[],
  dayOfYear: (trigger: DayTrigger) => number | undefined,
  begin: ((query: string) => string) | null,
): object[] {
  return timelineOf(cards, dayOfYear).map((lane) => ({
    ...lane,
    rows: lane.rows.map((row) => ({
      ...{ name: row.name, anchor: row.anchor, columns: row.cells.length },
      cells: row.cells.map((cell) => ({
        label: cell.label,
        from: Math.ceil(cell.from),
        span: Number.isFinite(cell.to) ? Math.ceil(cell.to) - Math.ceil(cell.from) : 1,
        cards: cell.cards.map((card) => ({ ...card, isMovable: begin !== null })),
        begin: begin ? begin(placeQuery(row.anchor, row.yearly, row.unit, cell.from)) : "",
      })),
    })),
  }));
}

/** Where a new touchpoint of a cell stands, as its form is told. */
function placeQuery(
  anchor: string,
  yearly: boolean,
  unit: "days" | "weeks" | "months",
  from: number,
): string {
  if (anchor === "day") {
    const on = addDays("2025-01-01", Math.round(from)).slice(5);
    return new URLSearchParams({ anchor, day: on, direction: "on" }).toString();
  }
  const days = Math.round(from);
  const n =
    unit === "months" ? Math.round(from / MONTH_DAYS) : unit === "weeks" ? Math.round(days / 7) : days;
  const direction = n === 0 ? "on" : n < 0 ? "before" : "after";
  const counted = anchor === "child_born" && yearly ? "child_birthday" : anchor;
  return new URLSearchParams({ anchor: counted, direction, n: String(Math.abs(n)), unit }).toString();
}
