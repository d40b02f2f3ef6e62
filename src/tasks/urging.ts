// 催办: a manager reminds the guides in their reach who still have customers of today to follow up.
import PQueue from "p-queue";
import { type Channel, ChannelError } from "../channels/port.js";
import type { Viewer } from "../identity/viewer.js";
import { marks } from "../infra/dialect.js";
import type { Logger } from "../infra/log.js";
import type { Param, Store } from "../infra/store.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { remindToConfirm } from "./confirm-reminding.js";

export interface UrgingDeps {
  store: Store;
  world: Pick<World, "now">;
  zone: string;
  channel: Pick<Channel, "name" | "promises" | "tellGuide" | "remind">;
  log: Pick<Logger, "warn">;
}

/** A guide who is behind. */
export interface Behind {
  guideId: number;
  userid: string;
  name: string;
  /** customers of today still to follow up */
  open: number;
  /** of these, waiting for the guide's tap in the chat system */
  handed: number;
}

/** What came of urging. */
export interface Urged {
  told: Behind[];
  /** reminded less than two hours ago: left alone */
  spared: Behind[];
  unreachable: Behind[];
}

const OPEN = ["offered", "handed_over", "needs_data"];
const SPARE = 2 * 3_600_000;
const MOST = 500;
const WIDTH = 8;

/** Reminding over one channel. Whom any manager reminded, by whichever process, is left alone for two hours. */
export function urging(deps: UrgingDeps) {
  async function urge(viewer: Viewer): Promise<Urged> {
    const now = deps.world.now();
    const all = await behindOf(deps.store, viewer, shopDayOf(now, deps.zone), now);
    const taken = await takeUrges(deps.store, all, now);
    const result: Urged = {
      ...{ told: [], unreachable: [] },
      spared: all.filter(({ guideId }) => !taken.has(guideId)),
    };
    const lanes = new PQueue({ concurrency: WIDTH });
    await lanes.addAll(
      all
        .filter(({ guideId }) => taken.has(guideId))
        .map((one) => async () => {
          const isTold = await tell(deps, one, viewer.name);
          result[isTold ? "told" : "unreachable"].push(one);
        }),
    );
    const waiting = result.told.filter(({ handed }) => handed > 0);
    await remindToConfirm(
      deps,
      waiting.map(({ guideId }) => guideId),
    );
    return result;
  }

  return {
    urge,
    /** The same, with what came of it in words for the manager. */
    urgeInWords: async (viewer: Viewer): Promise<string> => wordsOf(await urge(viewer)),
  };
}

/** Writes down that these guides are urged now; gives those nobody urged in the last two hours. */
function takeUrges(store: Store, all: readonly Behind[], now: number): Promise<Set<number>> {
  const ids = all.map(({ guideId }) => guideId).sort((a, b) => a - b);
  return store.write(async (sql) => {
    const taken = new Set<number>();
    for (const id of ids) {
      const fresh = await sql.run(
        `${sql.dialect.insertIgnore} INTO guide_urge (guide_id, at) VALUES (?, ?)`,
        [id, now],
      );
      const again = await sql.run("UPDATE guide_urge SET at = ? WHERE guide_id = ? AND at <= ?", [
        ...[now, id, now - SPARE],
      ]);
      if (fresh.affected + again.affected > 0) taken.add(id);
    }
    return taken;
  });
}

/** The guides in reach with open tasks of the day, those with most first. */
export async function behindOf(store: Store, viewer: Viewer, day: ShopDay, now: number): Promise<Behind[]> {
  const reach = reachOf(viewer);
  const rows = await store.read.rows<Behind & { open: number | string; handed: number | string }>(
    `SELECT g.id AS guideId, g.userid, g.name, COUNT(*) AS open,
       SUM(CASE WHEN t.state = 'handed_over' THEN 1 ELSE 0 END) AS handed
     FROM task t JOIN guide g ON g.id = t.guide_id JOIN store s ON s.id = g.store_id
       JOIN region r ON r.id = s.region_id
     WHERE t.release_on = ? AND t.offered_at IS NOT NULL AND t.state IN (${marks(OPEN.length)})
       AND (t.snoozed_until IS NULL OR t.snoozed_until <= ?) AND ${reach.sql}
     GROUP BY g.id, g.userid, g.name ORDER BY open DESC, g.id LIMIT ${MOST}`,
    [day, ...OPEN, now, ...reach.params],
  );
  return rows.map((row) => ({ ...row, open: Number(row.open), handed: Number(row.handed) }));
}

/** The guides a viewer may look after, as a condition. */
function reachOf({ role, regionId, storeId }: Viewer): { sql: string; params: Param[] } {
  if (role === "hq") return { sql: "1 = 1", params: [] };
  if (role === "manager") return { sql: "r.trail LIKE ?", params: [`%/${regionId ?? 0}/%`] };
  return role === "store_manager" ? { sql: "s.id = ?", params: [storeId] } : { sql: "1 = 0", params: [] };
}

async function tell({ channel, log }: UrgingDeps, one: Behind, by: string): Promise<boolean> {
  const handed = one.handed > 0 ? `，其中 ${one.handed} 位在群发助手里点一下确认就行` : "";
  const text = `${by}提醒：今天还有 ${one.open} 位客户待跟进${handed}。回复「任务」看列表。`;
  try {
    return await channel.tellGuide(one.userid, { kind: "text", text });
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    log.warn({ guideId: one.guideId, err: error.message }, "a guide could not be reminded");
    return false;
  }
}

function wordsOf({ told, spared, unreachable }: Urged): string {
  if (told.length + spared.length + unreachable.length === 0) return "今天没有落下的，大家都跟进完了。";
  const lines: string[] = [];
  if (told.length > 0) {
    const most = [...told].sort((a, b) => b.open - a.open).slice(0, 5);
    const open = told.reduce((sum, one) => sum + one.open, 0);
    lines.push(`已提醒 ${told.length} 位导购，共 ${open} 位客户待跟进。`);
    lines.push(`最多的：${most.map(({ name, open: count }) => `${name} ${count} 位`).join("、")}。`);
  }
  if (spared.length > 0) lines.push(`${spared.length} 位两小时内提醒过，这次没有再打扰。`);
  if (unreachable.length > 0)
    lines.push(
      `${unreachable.length} 位没有联系上：${unreachable
        .slice(0, 5)
        .map(({ name }) => name)
        .join("、")}。`,
    );
  return lines.join("\n");
}
