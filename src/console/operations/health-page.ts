// How the chat system does, in words: which call goes badly, what is left of its limits, what waits on either side.
import type { ApiHealth, ChannelHealth, Inflow, Outflow } from "../../tasks/channel-health.js";
import { count, moment, percent } from "../format.js";

interface Moment {
  now: number;
  zone: string;
}

/** What the channels are called. */
const CHANNEL_NAMES: Readonly<Record<string, string>> = {
  wecom: "企业微信",
  wechaty: "wechaty 机器人",
  notebook: "没有接入聊天系统",
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** What waits longer is worth a look. */
const LONG = 5 * MINUTE;
/** A share of failed calls above this is. */
const MANY = 0.05;
const FEW_CALLS = 20;

/** Everything templates/pages/operations/channel.hbs names of the channel's health. */
export function healthPage({ channel, isThere, apis, inflow, outflow }: ChannelHealth, at: Moment): object {
  const doneAt = Math.max(0, ...apis.map((api) => api.doneAt));
  return {
    channel: CHANNEL_NAMES[channel] ?? channel,
    isAway: isThere === false,
    hasCalls: apis.length > 0,
    lastCall: doneAt > 0 ? `${moment(doneAt, at.zone)}（${sayAgo(at.now - doneAt)}）` : "",
    apis: apis.map((api) => apiRow(api, at)),
    inflow: inflowRows(inflow, at),
    outflow: outflowRows(outflow, at),
  };
}

/** Whether an API goes so badly that somebody should look. */
export function isApiBad({ calls, failed }: Pick<ApiHealth, "calls" | "failed">): boolean {
  return calls >= FEW_CALLS ? failed / calls > MANY : failed > calls / 2;
}

/** 95000 → 1 分钟前 */
function sayAgo(ms: number): string {
  if (ms < MINUTE) return "刚刚";
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} 分钟前`;
  if (ms < 24 * HOUR) return `${Math.floor(ms / HOUR)} 小时前`;
  return `${Math.floor(ms / (24 * HOUR))} 天前`;
}

function apiRow(api: ApiHealth, { now, zone }: Moment): object {
  const tight = [...api.limits].sort((a, b) => a.left / a.count - b.left / b.count)[0];
  return {
    ...{ name: api.api, calls: count(api.calls), failed: count(api.failed) },
    rate: percent(api.calls > 0 ? api.failed / api.calls : null),
    tone: isApiBad(api) ? "bad" : "good",
    doneAt: api.doneAt > 0 ? sayAgo(now - api.doneAt) : "—",
    error: api.failedAt > 0 ? `${moment(api.failedAt, zone)} ${api.error}` : "",
    left: tight ? `${count(tight.left)} / ${count(tight.count)}，每 ${sayWindow(tight.ms)}` : "不限",
    rests: api.restsUntil > now ? moment(api.restsUntil, zone) : "",
  };
}

function sayWindow(ms: number): string {
  if (ms % (24 * HOUR) === 0) return ms === 24 * HOUR ? "天" : `${ms / (24 * HOUR)} 天`;
  if (ms % HOUR === 0) return ms === HOUR ? "小时" : `${ms / HOUR} 小时`;
  return ms === MINUTE ? "分钟" : `${Math.round(ms / MINUTE)} 分钟`;
}

interface Row {
  name: string;
  value: string;
  note: string;
  isBad: boolean;
}

function inflowRows({ stored, oldestAt, failed, latestAt, messageAt }: Inflow, { now, zone }: Moment): Row[] {
  const lag = oldestAt === null ? 0 : now - oldestAt;
  return [
    {
      name: "回调待处理",
      value: count(stored),
      note: stored > 0 ? `最早的 ${sayAgo(lag)}收到` : "都处理完了",
      isBad: lag > LONG,
    },
    {
      name: "回调处理失败",
      value: count(failed),
      note: failed > 0 ? "试了几次都没有成功" : "没有",
      isBad: failed > 0,
    },
    {
      name: "最近一次回调",
      value: latestAt === null ? "—" : sayAgo(now - latestAt),
      note: latestAt === null ? "还没有收到过" : moment(latestAt, zone),
      isBad: false,
    },
    {
      name: "最近一条会话存档",
      value: messageAt === null ? "—" : sayAgo(now - messageAt),
      note: messageAt === null ? "还没有收到过：没有存档就看不到回复" : moment(messageAt, zone),
      isBad: messageAt !== null && now - messageAt > 24 * HOUR,
    },
  ];
}

function outflowRows(out: Outflow, { now }: Moment): Row[] {
  const lag = out.dueSince === null ? 0 : now - out.dueSince;
  const owed = out.marks.anchors + out.marks.credits + out.marks.figures;
  const plain = (name: string, n: number, note: string, isBad = false) => ({
    name,
    value: count(n),
    note,
    isBad,
  });
  return [
    plain(
      "排队等发送",
      out.due,
      out.due > 0 ? `最早的等了 ${sayAgo(lag).replace("前", "")}` : "没有积压",
      lag > LONG,
    ),
    plain("稍后再发", out.later, "到点或重试时间没到"),
    plain("等导购点一下", out.waiting, "已经交给渠道"),
    plain("没有回音", out.unknown + out.asking, "先核实，不重发", out.unknown + out.asking > 0),
    plain("正在收回", out.stopping, "过期、暂停或紧急停止"),
    plain("待重算", owed, "日期、回复、报表", owed > 50_000),
  ];
}
