// The whole figures of single touchpoints, and one's by top region: of what has an end of its own, such as a one-off task.
import { marks } from "../infra/dialect.js";
import type { Sql, Store } from "../infra/store.js";
import type { World } from "../kernel/world.js";
import { NAMED_SUMS } from "./count-sql.js";
import { type Counts, NOTHING, toRow } from "./measures.js";
import type { ReportRow } from "./report.js";
import { sharedTree } from "./shared-tree.js";

/** Figures of touchpoints since they began. */
export interface TouchpointSums {
  /** of each touchpoint; one nothing was issued of has zeros */
  of(touchpointIds: readonly number[]): Promise<Map<number, ReportRow>>;
  /** of one touchpoint, the top regions that have any */
  byRegion(touchpointId: number): Promise<ReportRow[]>;
}

/** The figures of the brand. */
export function touchpointSums({
  store,
  world,
  replyWindowHours,
}: {
  store: Store;
  world: Pick<World, "now">;
  replyWindowHours: number;
}): TouchpointSums {
  const row = (head: Pick<ReportRow, "key" | "name" | "kind" | "id">, counts: Counts) =>
    toRow({ ...head, children: false }, counts, world.now(), replyWindowHours * 3_600_000);
  return {
    of: async (ids) => {
      const tops = (await sharedTree(store.read)).children(0).map(({ id }) => id);
      const cells = await sums(store.read, "touchpoint_id", ids, tops);
      const counts = new Map(cells.map((cell) => [cell.unit, cell]));
      return new Map(
        ids.map((id) => {
          const head = { key: `touchpoint:${id}`, name: "", kind: "touchpoint" as const, id };
          return [id, row(head, counts.get(id) ?? NOTHING)];
        }),
      );
    },
    byRegion: async (id) => {
      const tree = await sharedTree(store.read);
      const tops = tree.children(0);
      const cells = await sums(
        store.read,
        "region_id",
        [id],
        tops.map((top) => top.id),
      );
      return cells.map((cell) =>
        row(
          {
            ...{ key: `region:${cell.unit}`, name: tree.node(cell.unit)?.name ?? "" },
            ...{ kind: "region" as const, id: cell.unit },
          },
          cell,
        ),
      );
    },
  };
}

function sums(
  sql: Sql,
  unit: "touchpoint_id" | "region_id",
  touchpoints: readonly number[],
  tops: readonly number[],
): Promise<(Counts & { unit: number })[]> {
  return sql.rows(
    `SELECT ${unit} AS unit, ${NAMED_SUMS} FROM rollup_region
     WHERE touchpoint_id IN (${marks(touchpoints.length) || "-1"}) AND region_id IN (${marks(tops.length) || "0"})
     GROUP BY ${unit} ORDER BY ${unit}`,
    [...touchpoints, ...tops],
  );
}
