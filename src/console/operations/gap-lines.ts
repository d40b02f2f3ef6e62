// Gaps in listening to chat accounts, as HQ reads of them.
import type { Sql } from "../../infra/store.js";
import { shopDayOf } from "../../kernel/calendar.js";
import { count, moment } from "../format.js";

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

const DAY = 86_400_000;
/** What the archive gives no more is noticed so long after it was said. */
const ARCHIVE_LAG = 5 * DAY;

/** Gaps that began, went on or were noticed after an instant, newest first. */
export async function gapsAfter(sql: Sql, after: number, most = 50): Promise<Gap[]> {
  const rows = await sql.rows<Gap>(
    `SELECT channel, account, began_at AS beganAt, ended_at AS endedAt, reason, recovered FROM channel_gap
     WHERE began_at > ? OR ended_at > ? OR ended_at IS NULL OR (channel = 'archive' AND ended_at > ?)
     ORDER BY began_at DESC, id DESC LIMIT ${Math.trunc(most)}`,
    [after, after, after - ARCHIVE_LAG],
  );
  const known = (n: number | null) => (n === null ? null : Number(n));
  const gaps = rows.map((row) => ({
    ...row,
    ...{ beganAt: Number(row.beganAt), endedAt: known(row.endedAt), recovered: known(row.recovered) },
  }));
  for (const gap of gaps) if (gap.channel === "archive") gap.recovered = await pushedSince(sql, gap);
  return gaps;
}

/** Whoever pulls the archive may have kept what it gives no more; null: nobody has pushed any of it. */
async function pushedSince(sql: Sql, { beganAt, endedAt }: Gap): Promise<number | null> {
  const until = endedAt ?? beganAt;
  const found = await sql.row<{ n: number }>(
    `SELECT COUNT(*) AS n FROM message WHERE sent_on BETWEEN ? AND ? AND sent_at > ? AND sent_at < ?
       AND sender = 'customer'`,
    [shopDayOf(beganAt - DAY, "UTC"), shopDayOf(until + DAY, "UTC"), beganAt, until],
  );
  return Number(found?.n ?? 0) || null;
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
