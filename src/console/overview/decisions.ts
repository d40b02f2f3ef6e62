// What needs somebody's decision today, each with a number and the place where it is mended; none when all is well.
import { faultCounts } from "../../customers/faults.js";
import type { DraftService } from "../../journeys/drafts.js";
import { waitingRequests } from "../../journeys/publish-requests.js";
import { draftNames } from "../../journeys/touchpoint-names.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { missingIn } from "../../org/calendar-queries.js";
import { yearsThatMatter } from "../../org/calendar-rules.js";
import type { ExperimentService } from "../../reports/experiments/service.js";
import { isUnsettled } from "../../reports/experiments/settling.js";
import { troubleCounts } from "../../tasks/trouble-queries.js";
import { count } from "../format.js";
import { gapsAfter } from "../operations/gap-lines.js";
import { isApiBad } from "../operations/health-page.js";
import { jobStates } from "../operations/job-lines.js";
import { BAD_STATES } from "../operations/job-page.js";
import { jobTitle } from "../operations/job-titles.js";
import type { OperationsPageParts } from "../operations/parts.js";
import { openUrgent, overloadedOn } from "./day-queries.js";

export interface DecisionParts extends Pick<OperationsPageParts, "store" | "timed" | "health"> {
  experiments: Pick<ExperimentService, "list">;
  drafts: Pick<DraftService, "read">;
  /** tasks a guide may be given in a day */
  guidePerDay: number;
}

/** One thing to decide. */
export interface Decision {
  title: string;
  /** how many */
  count: number;
  /** what it is about, in a few words */
  detail: string;
  href: string;
  /** what one does there */
  act: string;
  /** something does not run, or a customer waits */
  isUrgent: boolean;
}

/** The moment of a look. */
interface Look {
  now: number;
  today: ShopDay;
}

const DAY = 86_400_000;
const LONG = 300_000;

/** All of it, the urgent first. */
export async function decisionsOf(parts: DecisionParts, look: Look): Promise<Decision[]> {
  const found = await Promise.all([
    urgentReplies(parts, look),
    failingJobs(parts, look),
    channel(parts, look),
    troubles(parts, look),
    overloaded(parts, look),
    requests(parts, look),
    experiments(parts),
    calendar(parts, look),
    dataFaults(parts, look),
  ]);
  const all = found.flat().filter((one) => one.count > 0);
  return [...all.filter((one) => one.isUrgent), ...all.filter((one) => !one.isUrgent)];
}

type Asked = Promise<Decision[]>;

async function urgentReplies({ store }: DecisionParts, _look: Look): Asked {
  const n = await openUrgent(store.read);
  return [
    {
      ...{ title: "紧急回复还没处理", count: n, detail: "客户投诉、不适或不想被打扰" },
      ...{ href: "/operations/channel", act: "看看是谁", isUrgent: true },
    },
  ];
}

async function failingJobs({ store, timed }: DecisionParts, { now }: Look): Asked {
  const lines = await jobStates(store.read, timed.board, now);
  const bad = lines.filter(({ state }) => BAD_STATES.includes(state));
  return [
    {
      ...{ title: "定时工作出错", count: bad.length, detail: namesOf(bad.map(({ name }) => jobTitle(name))) },
      ...{ href: "/operations", act: "看原因，立即运行", isUrgent: true },
    },
  ];
}

async function channel(parts: DecisionParts, { now }: Look): Asked {
  const [{ apis, inflow, outflow, isThere }, gaps] = await Promise.all([
    parts.health(),
    gapsAfter(parts.store.read, now - DAY),
  ]);
  const bad = apis.filter(isApiBad);
  const late = outflow.dueSince !== null && now - outflow.dueSince > LONG ? outflow.due : 0;
  const stuck =
    (inflow.oldestAt !== null && now - inflow.oldestAt > LONG ? inflow.stored : 0) + inflow.failed;
  const there = { href: "/operations/channel", act: "看渠道", isUrgent: true };
  return [
    { ...there, title: "聊天账号没有连上", count: isThere === false ? 1 : 0, detail: "连上之前不发送" },
    { ...there, title: "接口调用失败多", count: bad.length, detail: namesOf(bad.map(({ api }) => api)) },
    { ...there, title: "发送在排队", count: late, detail: "等了超过 5 分钟" },
    { ...there, title: "回调没有处理", count: stuck, detail: "加好友、点卡片可能没有生效" },
    {
      ...{ ...there, isUrgent: false, title: "聊天账号中断过", count: gaps.length },
      detail: "近一天，期间的客户消息可能没有记录",
    },
  ];
}

async function troubles({ store }: DecisionParts, { today }: Look): Asked {
  const counts = await troubleCounts(store.read, today);
  const of = (...kinds: Parameters<typeof counts.get>[0][]) =>
    kinds.reduce((sum, kind) => sum + (counts.get(kind) ?? 0), 0);
  const there = { href: "/operations/tasks", isUrgent: false };
  return [
    {
      ...{ ...there, title: "任务发送失败", count: of("refused", "fault", "retrying") },
      ...{ detail: "渠道拒绝、没有送达或在重试", act: "重新安排或关闭" },
    },
    {
      ...there,
      title: "发送没有回音",
      count: of("unknown"),
      detail: "正在核实，可能要问导购",
      act: "看看进展",
    },
    {
      ...{ ...there, title: "没有导购的任务", count: of("held"), href: "/operations/tasks#trouble-held" },
      ...{ detail: "客户没有负责导购，或导购离职还没有交接", act: "看原因，去交接" },
    },
  ];
}

async function overloaded({ store, guidePerDay }: DecisionParts, { today }: Look): Asked {
  const guides = await overloadedOn(store.read, today, guidePerDay);
  const most = guides.slice(0, 3).map(({ name, waiting }) => `${name} 多 ${count(waiting)}`);
  return [
    {
      ...{ title: "导购今天排满了", count: guides.length },
      detail: `每天最多 ${count(guidePerDay)} 个，放不下的推到明天：${most.join("、")}`,
      ...{ href: `/report?by=guide&from=${today}&to=${today}&sort=-issued`, act: "看是谁，调整分工" },
      isUrgent: false,
    },
  ];
}

async function experiments(parts: DecisionParts): Asked {
  const waiting = (await parts.experiments.list()).filter(isUnsettled);
  const [first, ...others] = waiting;
  return [
    {
      ...{ title: "实验等你定", count: waiting.length, detail: namesOf(waiting.map(({ name }) => name)) },
      href: first && others.length === 0 ? `/experiments/${first.key}` : "/experiments",
      ...{ act: "看结论，选定版本", isUrgent: false },
    },
  ];
}

async function requests({ store, drafts }: DecisionParts, _look: Look): Asked {
  const waiting = await waitingRequests(store.read, drafts);
  const [first] = waiting;
  const names = await draftNames(
    store.read,
    waiting.map((one) => one.journeyKey),
  );
  return [
    {
      ...{
        title: "发布等审批",
        count: waiting.length,
        detail: namesOf(waiting.map((one) => names.get(one.journeyKey) ?? one.journeyKey)),
      },
      href: first ? `/journeys/${encodeURIComponent(first.journeyKey)}/publish` : "/journeys",
      ...{ act: "看改了什么，批准或退回", isUrgent: false },
    },
  ];
}

async function calendar({ store }: DecisionParts, { today }: Look): Asked {
  const asked = yearsThatMatter(today).map(async (year) => ({
    year,
    said: await missingIn(store.read, [year]),
  }));
  const missing = (await Promise.all(asked)).filter(({ said }) => said.length > 0);
  const [first] = missing;
  return [
    {
      ...{ title: "日历缺法定节假日", count: missing.length },
      detail: missing.flatMap(({ said }) => said).join(" "),
      href: first ? `/settings/calendar?year=${first.year}` : "/settings/calendar",
      ...{ act: "去补日历", isUrgent: false },
    },
  ];
}

async function dataFaults({ store }: DecisionParts, { today }: Look): Asked {
  const faults = await faultCounts(store.read, today);
  return [
    {
      ...{ title: "资料有问题", count: faults.reduce((sum, row) => sum + row.count, 0) },
      ...{ detail: namesOf(faults.map(({ reason }) => reason)), href: "/operations/data" },
      ...{ act: "下载清单", isUrgent: false },
    },
  ];
}

const MOST_NAMES = 3;

function namesOf(names: readonly string[]): string {
  const first = [...new Set(names)].slice(0, MOST_NAMES).join("、");
  return names.length > MOST_NAMES ? `${first}等` : first;
}
