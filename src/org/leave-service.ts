// Leaves of guides, as HQ and their own managers keep them; and guides who leave for good.
import type { Viewer } from "../identity/viewer.js";
import type { Store } from "../infra/store.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { writeLeaves } from "./leave-writes.js";
import { guideIds } from "./queries.js";
import type { LeaveRow } from "./tables.js";

/** One leave. */
export interface LeaveLine {
  guide: string;
  name: string;
  from: ShopDay;
  to: ShopDay;
  deputy: string | null;
  cancelled: boolean;
  /** who said so last, and on which day */
  by: string;
  said: ShopDay;
}

/** Which leaves are asked for: of one guide, or of those away on a day; by default all that are not over. */
export interface LeaveAsk {
  guide?: string;
  on?: ShopDay;
}

export interface LeaveService {
  /** Leaves within the viewer's sight, by first day. */
  list(viewer: Viewer, ask: LeaveAsk): Promise<LeaveLine[]>;
  /** Enters a leave, or changes the one that begins on that day. Raises `not_found` for a guide out of sight, `invalid`. */
  put(viewer: Viewer, leave: LeaveRow): Promise<"new" | "changed" | "unchanged">;
  /** Takes a leave back. Raises `not_found`. */
  cancel(viewer: Viewer, guide: string, from: ShopDay): Promise<void>;
  /** A guide leaves on a day; who takes their customers then, if anybody yet. Raises `not_found`, `invalid`. */
  setLeft(guide: string, on: ShopDay, successor?: string): Promise<void>;
}

/** Guides (`g`, of store `s` and region `r`) a viewer may keep leaves of. */
function sightOf({ role, storeId, regionId }: Viewer): { sql: string; params: (string | number)[] } {
  if (role === "hq") return { sql: "1 = 1", params: [] };
  if (role === "store_manager") return { sql: "g.store_id = ?", params: [storeId ?? 0] };
  if (role === "manager") return { sql: "r.trail LIKE ?", params: [`%/${regionId ?? 0}/%`] };
  return { sql: "1 = 0", params: [] };
}

const IN_SIGHT = "FROM guide g JOIN store s ON s.id = g.store_id JOIN region r ON r.id = s.region_id";

/** The service over one database. */
export function leaveService(parts: { store: Store; world: Pick<World, "now">; zone: string }): LeaveService {
  const { store, world, zone } = parts;
  const today = () => shopDayOf(world.now(), zone);
  const write = async (viewer: Viewer, row: LeaveRow) => {
    await mustSee(store, viewer, row.userid);
    const by = viewer.accountId > 0 ? `account:${viewer.accountId}` : "system";
    const placed = [{ row, where: "leave", line: 1 }];
    const [outcome] = await store.write((sql) => writeLeaves(sql, placed, { by, today: today() }));
    const { status = "unchanged", faults = [] } = outcome ?? {};
    if (status === "refused") throw new Refusal("invalid", "休假没有记录。", [...faults]);
    return status;
  };
  return {
    list: (viewer, ask) => listed(store, viewer, ask, today()),
    put: (viewer, leave) => write(viewer, { ...leave, cancelled: 0 }),
    cancel: async (viewer, guide, from) => {
      const lines = await listed(store, viewer, { guide }, today());
      const leave = lines.find((line) => line.from === from && !line.cancelled);
      if (!leave) throw new Refusal("not_found", `没有找到 ${guide} 从 ${from} 开始的休假。`);
      await write(viewer, { userid: guide, fromOn: from, toOn: leave.to, cancelled: 1 });
    },
    setLeft: (guide, on, successor) => setLeft(store, guide, on, successor),
  };
}

async function mustSee({ read }: Store, viewer: Viewer, guide: string): Promise<void> {
  const sight = sightOf(viewer);
  const seen = await read.row(`SELECT g.id ${IN_SIGHT} WHERE g.userid = ? AND ${sight.sql}`, [
    ...[guide, ...sight.params],
  ]);
  if (!seen) throw new Refusal("not_found", `没有找到导购「${guide}」。`);
}

async function listed(
  { read }: Store,
  viewer: Viewer,
  { guide, on }: LeaveAsk,
  today: ShopDay,
): Promise<LeaveLine[]> {
  const sight = sightOf(viewer);
  const which =
    guide !== undefined
      ? { sql: "g.userid = ?", params: [guide] }
      : on !== undefined
        ? { sql: "l.cancelled = 0 AND l.to_on >= ? AND l.from_on <= ?", params: [on, on] }
        : { sql: "l.cancelled = 0 AND l.to_on >= ?", params: [today] };
  const rows = await read.rows<Omit<LeaveLine, "cancelled"> & { cancelled: number }>(
    `SELECT g.userid AS guide, g.name, l.from_on AS "from", l.to_on AS "to", d.userid AS deputy, l.cancelled,
       l.said_by AS "by", l.said_on AS said
     ${IN_SIGHT} JOIN guide_leave l ON l.guide_id = g.id LEFT JOIN guide d ON d.id = l.deputy_id
     WHERE ${which.sql} AND ${sight.sql} ORDER BY l.from_on, g.id`,
    [...which.params, ...sight.params],
  );
  return rows.map((row) => ({ ...row, cancelled: row.cancelled === 1 }));
}

async function setLeft(
  store: Store,
  guide: string,
  on: ShopDay,
  successor: string | undefined,
): Promise<void> {
  const userids = [guide, ...(successor === undefined ? [] : [successor])];
  const ids = await guideIds(store.read, userids);
  const missing = userids.find((userid) => !ids.has(userid));
  if (missing !== undefined) throw new Refusal("not_found", `没有找到导购「${missing}」。`);
  if (guide === successor) throw new Refusal("invalid", "客户不能交接给离职的本人。");
  const gone = await store.read.row<{ on: ShopDay }>(
    'SELECT left_on AS "on" FROM guide WHERE userid = ? AND left_on <= ?',
    [successor ?? null, on],
  );
  if (gone) throw new Refusal("invalid", `客户不能交接给「${successor}」：${gone.on} 起已离职。`);
  const successorId = successor === undefined ? null : (ids.get(successor) ?? null);
  await store.write((sql) =>
    sql.run("UPDATE guide SET left_on = ?, successor_id = COALESCE(?, successor_id) WHERE userid = ?", [
      ...[on, successorId, guide],
    ]),
  );
}
