// Touchpoints beside one another: this span against the one before, and what each changes where customers are held out.
import type { Viewer } from "../identity/viewer.js";
import type { Store } from "../infra/store.js";
import type { LeagueLine } from "./experiments/uplift.js";
import type { Report, ReportAsk, ReportRow } from "./report.js";
import type { ReportService } from "./service.js";
import { type Span, spanBefore } from "./weeks.js";

/** A touchpoint's figures. */
export interface LeagueRow {
  row: ReportRow;
  /** the same of the span before; null: it had nothing then */
  before: ReportRow | null;
  /** what it changes, over the whole brand; null: nobody is held out, or it was not reckoned yet */
  uplift: LeagueLine | null;
}

export interface League {
  rows: LeagueRow[];
  total: ReportRow;
  totalBefore: ReportRow;
  before: Span;
  path: Report["path"];
  /** epoch ms of the night the uplift is from; null: never */
  reckonedAt: number | null;
}

/** The league of a place. Raises as `report` does. */
export async function league(
  { reports, store }: { reports: ReportService; store: Store },
  viewer: Viewer,
  ask: Pick<ReportAsk, "from" | "to" | "within">,
): Promise<League> {
  const before = spanBefore(ask);
  const [now, then, uplifts] = await Promise.all([
    reports.report(viewer, { ...ask, by: "touchpoint" }),
    reports.report(viewer, { ...ask, ...before, by: "touchpoint" }),
    upliftsKept(store),
  ]);
  const was = new Map(then.rows.map((row) => [row.id, row]));
  return {
    rows: now.rows.map((row) => ({
      row,
      before: was.get(row.id) ?? null,
      uplift: uplifts.find(({ touchpointId }) => touchpointId === row.id)?.figures ?? null,
    })),
    total: now.total,
    totalBefore: then.total,
    before,
    path: now.path,
    reckonedAt: uplifts[0]?.reckonedAt ?? null,
  };
}

/** What a touchpoint changed when it was last reckoned. */
export interface KeptUplift {
  touchpointId: number;
  reckonedAt: number;
  figures: LeagueLine;
}

/** What was reckoned last, of every touchpoint with a hold-out, the largest uplift first. */
export async function upliftsKept(store: Store): Promise<KeptUplift[]> {
  const rows = await store.read.rows<{ touchpointId: number; reckonedAt: number; figures: string }>(
    `SELECT touchpoint_id AS touchpointId, reckoned_at AS reckonedAt, figures FROM touchpoint_uplift
     ORDER BY touchpoint_id`,
  );
  const kept = rows.map((row) => ({
    ...{ touchpointId: row.touchpointId, reckonedAt: Number(row.reckonedAt) },
    figures: JSON.parse(row.figures) as LeagueLine,
  }));
  const value = ({ figures }: KeptUplift) => figures.uplift.difference?.value ?? Number.NEGATIVE_INFINITY;
  return kept.sort((one, other) => value(other) - value(one));
}
