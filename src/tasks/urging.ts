// 催办: a manager reminds the guides in their reach who still have customers of today to follow up.
import PQueue from "p-queue";
import { type Channel, ChannelError } from "../channels/port.js";
import { recordChange } from "../identity/audit.js";
import type { Viewer } from "../identity/viewer.js";
import { marks } from "../infra/dialect.js";
import type { Logger } from "../infra/log.js";
import type { Sql, Store } from "../infra/store.js";
import { shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { type Behind, openOf, type PutOff, sayUntil, type UrgeWhich } from "./behind.js";
import { remindToConfirm } from "./confirm-reminding.js";

export interface UrgingDeps {
  store: Store;
  world: Pick<World, "now">;
  zone: string;
  channel: Pick<Channel, "name" | "promises" | "tellGuide" | "remind">;
  log: Pick<Logger, "warn">;
}

/** What came of urging. */
export interface Urged {
  told: Behind[];
  /** reminded less than two hours ago: left alone */
  spared: Behind[];
  unreachable: Behind[];
  /** who put off every customer they have open: left alone until then */
  putOff: PutOff[];
  /** of those told, how many were also reminded inside the chat system of what waits for their tap */
  reminded: number;
}

/** When somebody was reminded last. */
export interface LastUrge {
  /** epoch ms */
  at: number;
  /** so lately that they are left alone */
  isSpared: boolean;
  /** false: it did not get through to them */
  isReached: boolean;
}

const SPARE = 2 * 3_600_000;
const WIDTH = 8;

/** Reminding over one channel. Whom any manager reminded, by whichever process, is left alone for two hours. */
export function urging(deps: UrgingDeps) {
  async function urge(viewer: Viewer, which: UrgeWhich = {}): Promise<Urged> {
    const now = deps.world.now();
    const { behind: all, putOff } = await openOf(deps.store, viewer, shopDayOf(now, deps.zone), now, which);
    const taken = await takeUrges(deps.store, viewer, all, now);
    const result: Urged = {
      ...{ told: [], unreachable: [], reminded: 0, putOff },
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
    await noteUnreached(deps.store, result.unreachable, now);
    const waiting = result.told.filter(({ handed }) => handed > 0);
    result.reminded = await remindToConfirm(
      deps,
      waiting.map(({ guideId }) => guideId),
    );
    return result;
  }

  return {
    urge,
    /** The same, with what came of it in words for the manager. */
    urgeInWords: async (viewer: Viewer): Promise<string> =>
      wordsOf(await urge(viewer), { now: deps.world.now(), zone: deps.zone }),
  };
}

/** Who of these guides was reminded today, or so lately that they are left alone, by their ids. */
export async function lastUrges(
  sql: Sql,
  guideIds: readonly number[],
  { now, zone }: { now: number; zone: string },
): Promise<Map<number, LastUrge>> {
  const rows = await sql.rows<{ guideId: number; at: number; reached: number }>(
    `SELECT guide_id AS guideId, at, reached FROM guide_urge WHERE guide_id IN (${marks(guideIds.length) || "0"})`,
    [...guideIds],
  );
  const last = rows.map(({ guideId, at, reached }) => ({
    guideId,
    at: Number(at),
    isReached: reached === 1,
    isSpared: Number(at) > now - SPARE,
  }));
  return new Map(
    last
      .filter(({ at, isSpared }) => isSpared || shopDayOf(at, zone) === shopDayOf(now, zone))
      .map(({ guideId, ...urge }) => [guideId, urge]),
  );
}

/** Writes down that these guides are urged now; gives those nobody urged in the last two hours. */
function takeUrges(store: Store, viewer: Viewer, all: readonly Behind[], now: number): Promise<Set<number>> {
  const ids = all.map(({ guideId }) => guideId).sort((a, b) => a - b);
  return store.write(async (sql) => {
    const taken = new Set<number>();
    for (const id of ids) if (await takeUrge(sql, id, now)) taken.add(id);
    const by = `account:${viewer.accountId}`;
    if (taken.size > 0)
      await recordChange(sql, {
        ...{
          at: now,
          by,
          action: "urge.start",
          subject: taken.size === 1 ? `guide:${[...taken][0]}` : "guides",
        },
        after: { guides: [...taken] },
      });
    return taken;
  });
}

// a row is only made where none could be changed: an ignored insert keeps a shared lock, and two who then want the row
// wait for each other
async function takeUrge(sql: Sql, guideId: number, now: number): Promise<boolean> {
  const again = "UPDATE guide_urge SET at = ?, reached = 1 WHERE guide_id = ? AND at <= ?";
  if ((await sql.run(again, [now, guideId, now - SPARE])).affected > 0) return true;
  const fresh = `${sql.dialect.insertIgnore} INTO guide_urge (guide_id, at) VALUES (?, ?)`;
  return (await sql.run(fresh, [guideId, now])).affected > 0;
}

async function noteUnreached(store: Store, guides: readonly Behind[], at: number): Promise<void> {
  if (guides.length === 0) return;
  await store.write((sql) =>
    sql.run(`UPDATE guide_urge SET reached = 0 WHERE at = ? AND guide_id IN (${marks(guides.length)})`, [
      ...[at, ...guides.map(({ guideId }) => guideId)],
    ]),
  );
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

function wordsOf({ told, spared, unreachable, putOff }: Urged, at: { now: number; zone: string }): string {
  if (told.length + spared.length + unreachable.length + putOff.length === 0)
    return "今天没有落下的，大家都跟进完了。";
  const lines: string[] = [];
  if (told.length > 0) {
    const most = [...told].sort((a, b) => b.open - a.open).slice(0, 5);
    const open = told.reduce((sum, one) => sum + one.open, 0);
    lines.push(`已提醒 ${told.length} 位导购，共 ${open} 位客户待跟进。`);
    lines.push(`最多的：${most.map(({ name, open: count }) => `${name} ${count} 位`).join("、")}。`);
  }
  if (spared.length > 0) lines.push(`${spared.length} 位两小时内提醒过，这次没有再打扰。`);
  if (putOff.length > 0) {
    const some = putOff.slice(0, 5).map(({ name, until }) => `${name} 推迟到 ${sayUntil(until, at)}`);
    lines.push(`${putOff.length} 位把客户都推迟了，到时候会提醒，这次没有打扰：${some.join("、")}。`);
  }
  if (unreachable.length > 0)
    lines.push(
      `${unreachable.length} 位没有联系上：${unreachable
        .slice(0, 5)
        .map(({ name }) => name)
        .join("、")}。`,
    );
  return lines.join("\n");
}
