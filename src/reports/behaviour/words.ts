// WeCom's figures in words: their names, what they mean, and a table of text for terminals.
import { aligned } from "../text.js";
import type { BehaviourReport, BehaviourRow } from "./service.js";

/** Stands over every view of them. */
export const BEHAVIOUR_TITLE = "企业微信统计（导购的服务行为）";
export const BEHAVIOUR_NOTE =
  "由企业微信「联系客户统计」按日提供，衡量导购回复客户的情况，不是客户对触达的回复率；与触达报表的口径不同，不能相加或对比。";

/** Their columns. */
export const BEHAVIOUR_COLUMNS: readonly {
  name: string;
  meaning: string;
  value(row: BehaviourRow): string;
}[] = [
  { name: "新增客户", meaning: "新添加的客户数", value: (row) => String(row.contacts) },
  { name: "发出申请", meaning: "导购主动发出的好友申请数", value: (row) => String(row.applies) },
  { name: "主动聊天", meaning: "导购主动发起的单聊数", value: (row) => String(row.chats) },
  { name: "发出消息", meaning: "导购在单聊里发出的消息数", value: (row) => String(row.messages) },
  {
    name: "已回复聊天占比",
    meaning: "客户先开口的单聊里，导购当天回复了的占比；企业微信不给分母，按导购日平均",
    value: (row) => (row.answered === null ? "—" : `${(row.answered * 100).toFixed(1)}%`),
  },
  {
    name: "首次回复（分钟）",
    meaning: "导购第一次回复客户平均用时，按导购日平均",
    value: (row) => (row.answerMinutes === null ? "—" : row.answerMinutes.toFixed(0)),
  },
  { name: "被删除", meaning: "删除或拉黑导购的客户数", value: (row) => String(row.lost) },
];

/** How far it has been read. */
export function readThroughText({ readThrough, provisional }: BehaviourReport): string {
  if (readThrough === null) return "这段时间还没有读到数据：企业微信次日早上 6 点之后才给出前一天的统计。";
  return `数据到 ${readThrough}${provisional ? "（最近一天未定，之后还会再读一次）" : ""}。`;
}

/** The rows and the total. */
export function behaviourText(report: BehaviourReport): string {
  const title = `${BEHAVIOUR_TITLE}  ${report.from} – ${report.to}`;
  const head = [title, BEHAVIOUR_NOTE, readThroughText(report)];
  if (report.readThrough === null) return `${head.join("\n")}\n`;
  const lines = [
    [report.level, ...BEHAVIOUR_COLUMNS.map(({ name }) => name)],
    ...[...report.rows, report.total].map((row) => [
      row.name,
      ...BEHAVIOUR_COLUMNS.map(({ value }) => value(row)),
    ]),
  ];
  return `${[...head, ...aligned(lines)].join("\n")}\n`;
}
