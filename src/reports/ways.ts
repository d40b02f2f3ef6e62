// The ways to the customer in figures: touchpoints put together by how their words go, each counted as the measures say.
import type { Sql } from "../infra/store.js";
import type { TouchpointSpec, Way } from "../journeys/spec.js";
import type { Measure } from "./drill/drill.js";
import { add, type Counts } from "./measures.js";
import type { ReportRow } from "./report.js";

/** The ways as offices call them. */
export const WAY_NAMES: Readonly<Record<Way, string>> = {
  mass: "群发助手",
  page: "页面／侧边栏",
  bot: "机器人",
  hand: "人工跟进",
};

/** What each way's counts mean; the order is that of a follow-up's life. */
export const WAY_MEASURES: readonly { key: Measure; name: string; meaning: string }[] = [
  { key: "issued", name: "下发", meaning: "给到导购、系统没有在导购动手前收回的任务" },
  {
    key: "tapped",
    name: "已点按",
    meaning: "导购点了发送（群发助手里确认、页面或侧边栏发送、机器人放行），或报告了人工完成",
  },
  {
    key: "confirmed",
    name: "已确认",
    meaning: "企业微信、页面或机器人回报导购已经发出；不含人工跟进",
  },
  { key: "delivered", name: "送达", meaning: "渠道接受了这位客户的消息，没有说不能送达" },
  {
    key: "proven",
    name: "已证实",
    meaning: "有凭据的送达：企业微信逐个客户的发送结果，或会话存档里的发出记录；其余只是客户端自报",
  },
  {
    key: "unproven",
    name: "未核实",
    meaning: "送达里只有页面或机器人自己说发出了的：会话存档里还没有看到，或这个对话没有存档",
  },
  {
    key: "capped",
    name: "接收已满",
    meaning:
      "因客户接收群发的次数已满没有发出（企业微信返回状态 3，或我们事先算出），记在被挡住的那天；之后可能改天发出",
  },
  { key: "notFriend", name: "非好友", meaning: "下发后因导购与客户已不是好友而结束" },
  { key: "late", name: "迟到", meaning: "任务结束（过期或取消）之后才核实到其实已经送达；也计入送达" },
];

/** Puts touchpoints' counts together by way; the way is that of the touchpoint's newest version. */
export async function waysOf(
  sql: Sql,
  touchpoints: readonly (Counts & { unit: number })[],
): Promise<{ head: Pick<ReportRow, "key" | "name" | "kind" | "id" | "children">; counts: Counts }[]> {
  const wayOf = await touchpointWays(sql);
  return (Object.entries(WAY_NAMES) as [Way, string][]).flatMap(([way, name]) => {
    const cells = touchpoints.filter(({ unit }) => wayOf.get(unit) === way);
    if (cells.length === 0) return [];
    const head = { key: `way:${way}`, name, kind: "way" as const, id: null, children: false };
    return [{ head, counts: add(cells) }];
  });
}

/** The touchpoints whose words go this way now. */
export async function touchpointsOfWay(sql: Sql, way: Way): Promise<number[]> {
  return [...(await touchpointWays(sql))].flatMap(([id, own]) => (own === way ? [id] : []));
}

async function touchpointWays(sql: Sql): Promise<Map<number, Way | undefined>> {
  const rows = await sql.rows<{ id: number; spec: string }>(
    `SELECT v.touchpoint_id AS id, v.spec FROM touchpoint_version v
     JOIN (SELECT touchpoint_id, MAX(version_id) AS newest FROM touchpoint_version GROUP BY touchpoint_id) n
       ON n.touchpoint_id = v.touchpoint_id AND n.newest = v.version_id`,
  );
  return new Map(rows.map(({ id, spec }) => [id, (JSON.parse(spec) as Partial<TouchpointSpec>).send]));
}
