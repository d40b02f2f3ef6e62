// Leaves of guides, as HQ and their own managers keep them; and guides who leave for good.
import { type Doer, recordChange } from "../identity/audit.js";
import type { Viewer } from "../identity/viewer.js";
import type { Sql, Store } from "../infra/store.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { writeLeaves } from "./leave-writes.js";
import { guideIds } from "./queries.js";
import { IN_SIGHT, sightOf } from "./sight.js";
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
  /** Enters a leave, or changes the one that begins on that day. Raises `not_found` for a guide out of sight, `invalid`,
   *  also for a deputy out of sight. */
  put(viewer: Viewer, leave: LeaveRow): Promise<"new" | "changed" | "unchanged">;
  /** Takes a leave back. Raises `not_found`. */
  cancel(viewer: Viewer, guide: string, from: ShopDay): Promise<void>;
  /** A guide leaves on a day; who takes their customers then, if anybody yet. Raises `not_found`, `invalid`. */
  setLeft(guide: string, on: ShopDay, successor?: string, by?: string): Promise<void>;
  /** The same by somebody who may. Raises `not_found` besides for guides out of sight. */
  letGo(viewer: Viewer, leaver: Leaver): Promise<void>;
  /** A guide stays after all. Raises `not_found`. */
  keepOn(viewer: Viewer, guide: string): Promise<void>;
}

/** Who leaves, when, and who takes their customers. */
export interface Leaver {
  guide: string;
  on: ShopDay;
  successor?: string | undefined;
}

/** The service over one database. */
export function leaveService(parts: { store: Store; world: Pick<World, "now">; zone: string }): LeaveService {
  const { store, world, zone } = parts;
  const today = () => shopDayOf(world.now(), zone);
  const write = async (viewer: Viewer, row: LeaveRow) => {
    await mustSee(store, viewer, row.userid);
    await mustSeeDeputy(store, viewer, row.deputyUserid);
    const by = actorOf(viewer);
    const placed = [{ row, where: "leave", line: 1 }];
    return store.write(async (sql) => {
      const before = await leaveOf(sql, row);
      const [outcome] = await writeLeaves(sql, placed, { by, today: today() });
      const { status = "unchanged", faults = [] } = outcome ?? {};
      if (status === "refused") throw new Refusal("invalid", "休假没有记录。", [...faults]);
      const action = row.cancelled === 1 ? "leave.cancel" : "leave.put";
      const change = { action, subject: `guide:${row.userid}`, before, after: await leaveOf(sql, row) };
      await recordChange(sql, { at: world.now(), by, ...change });
      return status;
    });
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
    ...leavers({ store, world }),
  };
}

const actorOf = ({ accountId }: Viewer) => (accountId > 0 ? `account:${accountId}` : "system");

/** Guides who leave for good. */
function leavers({
  store,
  world,
}: {
  store: Store;
  world: Pick<World, "now">;
}): Pick<LeaveService, "setLeft" | "letGo" | "keepOn"> {
  return {
    setLeft: (guide, on, successor, by = "system") =>
      setLeft(store, { guide, on, successor }, { by, at: world.now() }),
    letGo: async (viewer, leaver) => {
      for (const userid of [leaver.guide, leaver.successor])
        if (userid !== undefined) await mustSee(store, viewer, userid);
      await setLeft(store, leaver, { by: actorOf(viewer), at: world.now() });
    },
    keepOn: async (viewer, guide) => {
      await mustSee(store, viewer, guide);
      const change = { action: "guide.stay", subject: `guide:${guide}` };
      await store.write(async (sql) => {
        await sql.run("UPDATE guide SET left_on = NULL, successor_id = NULL WHERE userid = ?", [guide]);
        await recordChange(sql, { ...change, at: world.now(), by: actorOf(viewer) });
      });
    },
  };
}

/** A leave as its change is written down. */
async function leaveOf(sql: Sql, { userid, fromOn }: LeaveRow): Promise<object | undefined> {
  const row = await sql.row<{ from: ShopDay; to: ShopDay; deputy: string | null; cancelled: number }>(
    `SELECT l.from_on AS "from", l.to_on AS "to", d.userid AS deputy, l.cancelled FROM guide_leave l
       JOIN guide g ON g.id = l.guide_id LEFT JOIN guide d ON d.id = l.deputy_id
     WHERE g.userid = ? AND l.from_on = ?`,
    [userid, fromOn],
  );
  return row && { ...row, cancelled: row.cancelled === 1 };
}

async function mustSee(store: Store, viewer: Viewer, guide: string): Promise<void> {
  if (!(await isSeen(store, viewer, guide))) throw new Refusal("not_found", `没有找到导购「${guide}」。`);
}

/** Nobody gives customers to guides they do not look after. Whom nobody knows HQ is told of row by row. */
async function mustSeeDeputy(store: Store, viewer: Viewer, guide: string | null | undefined): Promise<void> {
  if (!guide || viewer.role === "hq" || (await isSeen(store, viewer, guide))) return;
  throw new Refusal("invalid", "代班的导购要在你负责的范围里；要请别处的导购代班，请总部登记。", [
    { where: "leave", field: "deputy_userid", value: guide, expected: "你负责范围里一位导购的账号" },
  ]);
}

async function isSeen({ read }: Store, viewer: Viewer, guide: string): Promise<boolean> {
  const sight = sightOf(viewer);
  const seen = await read.row(`SELECT g.id ${IN_SIGHT} WHERE g.userid = ? AND ${sight.sql}`, [
    ...[guide, ...sight.params],
  ]);
  return seen !== undefined;
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

async function setLeft(store: Store, { guide, on, successor }: Leaver, doer: Doer): Promise<void> {
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
  await store.write(async (sql) => {
    const before = await sql.row<{ leftOn: ShopDay | null }>(
      "SELECT left_on AS leftOn FROM guide WHERE userid = ?",
      [guide],
    );
    await sql.run("UPDATE guide SET left_on = ?, successor_id = COALESCE(?, successor_id) WHERE userid = ?", [
      ...[on, successorId, guide],
    ]);
    const after = { leftOn: on, successor };
    await recordChange(sql, { ...doer, action: "guide.left", subject: `guide:${guide}`, before, after });
  });
}
