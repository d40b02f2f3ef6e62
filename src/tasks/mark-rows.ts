// The rows that working off marks moves between its parts.
import type { Sql } from "../infra/store.js";
import type { AudienceBasis } from "../journeys/audience-sql.js";
import type { LiveTouchpoint } from "../journeys/queries.js";
import type { TriggerAnchor } from "../journeys/spec.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { PlanState } from "./watermark.js";

/** Says that an anchor was written. */
export interface Mark {
  id: number;
  customerId: number;
  kind: TriggerAnchor;
  childNo: number;
  /** its cycle before; 0 when there was none */
  wasCycle: number;
}

/** An anchor as it stands now. */
export interface Anchor {
  customerId: number;
  kind: TriggerAnchor;
  childNo: number;
  /** null: none any more */
  onDate: ShopDay | null;
  cycleOn: number;
  guideId: number | null;
  quietThrough: ShopDay | null;
}

/** Some marks with what stands around them, in the transaction that works them off. */
export interface MarkedRun {
  sql: Sql;
  today: ShopDay;
  /** epoch ms */
  at: number;
  basis: AudienceBasis;
  marks: readonly Mark[];
  /** of the marked customers, by `anchorOf` */
  anchors: ReadonlyMap<string, Anchor>;
  touchpoints: readonly LiveTouchpoint[];
  states: ReadonlyMap<number, PlanState>;
}

/** Which anchor: "customer kind child". */
export function anchorOf({
  customerId,
  kind,
  childNo,
}: Pick<Anchor, "customerId" | "kind" | "childNo">): string {
  return `${customerId} ${kind} ${childNo}`;
}
