// How today's work stands, in counts: from the figures where they have it, else from the states few tasks are in.
import type { Viewer } from "../../identity/viewer.js";
import type { Store } from "../../infra/store.js";
import type { JourneyState } from "../../journeys/queries.js";
import type { ShopDay } from "../../kernel/calendar.js";
import type { ReportService } from "../../reports/service.js";
import { STATE_NAMES, type State } from "../../tasks/life.js";

/** One count of today's work. */
export interface DayCount {
  name: string;
  count: number;
}

/** States that few tasks are in, or only until release. */
const WAITING: readonly State[] = ["planned", "held", "needs_data", "unknown", "failed"];

/** Today's tasks by how far they are. */
export async function dayCounts(
  { store, reports }: { store: Store; reports: ReportService },
  viewer: Viewer,
  today: ShopDay,
): Promise<DayCount[]> {
  const { total } = await reports.report(viewer, { from: today, to: today, by: "day" });
  const rows = await store.read.rows<{ state: State; n: number }>(
    `SELECT state, COUNT(*) AS n FROM task WHERE state IN (${WAITING.map(() => "?").join(", ")}) AND release_on = ?
     GROUP BY state`,
    [...WAITING, today],
  );
  const counts = new Map(rows.map(({ state, n }) => [state, Number(n)]));
  const inState = (state: State) => ({ name: STATE_NAMES[state], count: counts.get(state) ?? 0 });
  return [
    ...[
      { name: "下发", count: total.issued },
      { name: "完成", count: total.completed },
    ],
    ...[
      { name: "送达", count: total.delivered },
      { name: "回复", count: total.replied },
    ],
    ...WAITING.map(inState).filter(({ count }) => count > 0),
  ];
}

/** A journey that may be paused here. */
export interface JourneySwitch {
  key: string;
  name: string;
  state: JourneyState;
}

/** Every journey that is not a one-off task, in the order they were made. */
export function journeySwitches({ read }: Store): Promise<JourneySwitch[]> {
  return read.rows<JourneySwitch>(
    "SELECT journey_key AS `key`, name, state FROM journey WHERE journey_key NOT LIKE 'oneoff:%' ORDER BY id",
  );
}
