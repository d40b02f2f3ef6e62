// Addresses that open a figure: what of it is asked for, as the page of tasks reads it.
import type { ShopDay } from "../../kernel/calendar.js";
import type { Measure } from "../../reports/drill/drill.js";
import type { ArmPart } from "../../reports/experiments/arm-sql.js";
import type { ReportNode } from "../../reports/report.js";

/** Where and when a figure stands. */
export interface FigurePlace {
  from: ShopDay;
  to: ShopDay;
  within?: ReportNode | undefined;
}

/** What narrows it further. */
export interface FigurePart {
  touchpoint?: number | null;
  variant?: number;
  way?: string;
}

/** The tasks behind a measure. */
export function measureUrl(place: FigurePlace, measure: Measure, part: FigurePart = {}): string {
  return urlOf("/report/tasks", place, {
    of: measure,
    ...(part.touchpoint ? { touchpoint: String(part.touchpoint) } : {}),
    ...(part.variant === undefined ? {} : { variant: String(part.variant) }),
    ...(part.way ? { way: part.way } : {}),
  });
}

/** The tasks that reached a step of the funnel, or stopped right there for a reason. */
export function stageUrl(place: FigurePlace, stage: number, why?: string): string {
  return urlOf("/report/tasks", place, { stage: String(stage), ...(why === undefined ? {} : { why }) });
}

/** The occurrences of an experiment's arm, or those held out, due on these days. */
export function armUrl(
  days: Pick<FigurePlace, "from" | "to">,
  arm: ArmPart,
  part: { touchpoint: number; variant?: number | null },
): string {
  return urlOf("/report/tasks", days, {
    ...{ arm, touchpoint: String(part.touchpoint) },
    ...(part.variant == null ? {} : { variant: String(part.variant) }),
  });
}

/** The customers who joined, or those of them who wrote. */
export function newcomersUrl(place: FigurePlace, of: "newcomers" | "spoke"): string {
  return urlOf("/report/newcomers", place, { of });
}

function urlOf(path: string, { from, to, within }: FigurePlace, rest: Record<string, string>): string {
  const query = new URLSearchParams({
    from,
    to,
    ...(within && { in: `${within.kind}:${within.id}` }),
    ...rest,
  });
  return `${path}?${query}`;
}

/** The place a row stands for, inside the place it was asked for. */
export function placeOfRow(view: FigurePlace, row: { kind: string; id: number | null }): FigurePlace {
  const isPlace = row.kind === "region" || row.kind === "store" || row.kind === "guide";
  if (!isPlace || row.id === null) return view;
  return { ...view, within: { kind: row.kind as ReportNode["kind"], id: row.id } };
}
