// Gaps in listening to chat accounts, as HQ reads of them.
import type { Sql } from "../infra/store.js";
import { count, moment } from "./format.js";

/** A time without anybody listening. */
export interface Gap {
  channel: string;
  /** the guide whose account it is */
  account: string;
  /** epoch ms */
  beganAt: number;
  /** null: it goes on */
  endedAt: number | null;
  reason: string;
  /** messages of that time found and written down afterwards; null: none could be looked for */
  recovered: number | null;
}

/** Gaps that began or went on after an instant, newest first. */
export async function gapsAfter(sql: Sql, after: number, most = 50): Promise<Gap[]> {
  const rows = await sql.rows<Gap>(
    `SELECT channel, account, began_at AS beganAt, ended_at AS endedAt, reason, recovered FROM channel_gap
     WHERE began_at > ? OR ended_at > ? OR ended_at IS NULL ORDER BY began_at DESC, id DESC LIMIT ${Math.trunc(most)}`,
    [after, after],
  );
  const known = (n: number | null) => (n === null ? null : Number(n));
  return rows.map((row) => ({
    ...row,
    ...{ beganAt: Number(row.beganAt), endedAt: known(row.endedAt), recovered: known(row.recovered) },
  }));
}

/** A gap and what it cost, in words. */
export function sayGap({ account, beganAt, endedAt, reason, recovered }: Gap, zone: string) {
  const lost = "其间的客户消息没有记录，回复率可能偏低";
  const ended = recovered === null ? lost : `其间的客户消息已补记 ${count(recovered)} 条`;
  return {
    ...{ account, reason, from: moment(beganAt, zone), to: endedAt === null ? null : moment(endedAt, zone) },
    cost: endedAt === null ? "还没有连上；连上之前不发送，任务不会丢失" : ended,
  };
}
