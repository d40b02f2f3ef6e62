// A due day cut into pieces that one short transaction each can plan: whole dates together, large dates by customer.
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { TriggerAnchor } from "../journeys/spec.js";
import type { ShopDay } from "../kernel/calendar.js";
import { customerRuns } from "./day-customers.js";
import { anchorDates, type DuePlan, type Slice } from "./plan-sql.js";

/** Part of a due day's work. */
export interface PlanPiece {
  plan: DuePlan;
  slice: Slice;
  /** anchors it reads */
  anchors: number;
}

/** The pieces of a due day, in the order of the index they are read by; none holds more than about `most` anchors. */
export async function piecesOf(sql: Sql, plan: DuePlan, most: number): Promise<PlanPiece[]> {
  const dates = anchorDates(plan);
  const { anchor } = plan.touchpoint.spec.trigger;
  if (plan.occasion)
    return (await customerRuns(sql, plan.occasion, most)).map(({ anchors, ...run }) => ({
      ...{ plan, slice: { dates, ...run }, anchors },
    }));
  const pieces: PlanPiece[] = [];
  let together: PlanPiece | undefined;
  for (const { onDate, n } of await countsOf(sql, anchor, dates)) {
    if (n > most) {
      for (const slice of await cut(sql, anchor, onDate, most)) pieces.push({ plan, slice, anchors: most });
      continue;
    }
    if (!together || together.anchors + n > most) {
      together = { plan, slice: { dates: [] }, anchors: 0 };
      pieces.push(together);
    }
    together.slice = { dates: [...together.slice.dates, onDate] };
    together.anchors += n;
  }
  return pieces;
}

/** Pieces in their order, those that follow one another together up to about `most` anchors. */
export function packed(pieces: readonly PlanPiece[], most: number): PlanPiece[][] {
  const packs: PlanPiece[][] = [];
  let size = 0;
  for (const piece of pieces) {
    const last = packs.at(-1);
    if (last && size + piece.anchors <= most) {
      last.push(piece);
      size += piece.anchors;
    } else {
      packs.push([piece]);
      size = piece.anchors;
    }
  }
  return packs;
}

/** How many anchors stand on each of these dates; dates without any are left out. */
function countsOf(sql: Sql, kind: TriggerAnchor, dates: readonly ShopDay[]) {
  if (dates.length === 0) return Promise.resolve([]);
  return sql.rows<{ onDate: ShopDay; n: number }>(
    `SELECT on_date AS onDate, COUNT(*) AS n FROM anchor WHERE kind = ? AND on_date IN (${marks(dates.length)})
     GROUP BY on_date ORDER BY on_date`,
    [kind, ...dates],
  );
}

/** One date's customers in runs of `most` anchors. */
async function cut(sql: Sql, kind: TriggerAnchor, onDate: ShopDay, most: number): Promise<Slice[]> {
  const slices: Slice[] = [];
  for (let after = 0; ; ) {
    const end = await sql.row<{ id: number }>(
      `SELECT customer_id AS id FROM anchor WHERE kind = ? AND on_date = ? AND customer_id > ?
       ORDER BY customer_id LIMIT 1 OFFSET ${most - 1}`,
      [kind, onDate, after],
    );
    slices.push({ dates: [onDate], after, ...(end ? { upTo: end.id } : {}) });
    if (!end) return slices;
    after = end.id;
  }
}
