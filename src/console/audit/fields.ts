// What the parts of a change are called, and what their values mean, in Chinese. What has no name goes by its key.
import { ATTACHMENT_NAMES } from "../../journeys/attachments.js";
import { JOURNEY_STATE_NAMES } from "../../journeys/overviews.js";
import { STAGE_NAMES } from "../../journeys/say-audience.js";
import { ANCHOR_NAMES, PRIORITY_NAMES, WAY_NAMES } from "../../journeys/say-trigger.js";
import { ASKABLE } from "../../journeys/words.js";
import { DAY_KIND_NAMES } from "../../org/calendar-rules.js";
import { TROUBLE_RULES } from "../../tasks/failures.js";
import { REASON_NAMES } from "../../tasks/life.js";

const FIELDS: Readonly<Record<string, string>> = {
  added: "新增",
  birthday: "客户生日",
  bornOn: "出生日期",
  changes: "改动",
  childNo: "宝宝",
  answer: "退回意见",
  askedBy: "提交人",
  cancelled: "取消的任务",
  category: "说法的类别",
  counts: "数目",
  customer: "客户",
  customers: "客户",
  days: "天数或日期",
  deputy: "代班",
  disabled: "停用",
  dropped: "取消的跟进",
  digest: "内容标识",
  dueOn: "预产期",
  ended: "结束的任务",
  files: "文件",
  entries: "话术段数",
  folder: "文件夹",
  from: "从",
  given: "新加的客户数",
  guide: "导购",
  grace_days: "宽限天数",
  insideGrace: "包括宽限期内",
  kind: "种类",
  leftAlone: "保持不变",
  leftOn: "离职日期",
  login: "登录名",
  moved: "改期或转移的任务",
  name: "名称",
  new: "马上生成的任务",
  note: "说明",
  on: "日期",
  phrase: "词",
  place: "范围",
  priority: "优先级",
  removed: "移除",
  restored: "恢复",
  request: "发布申请",
  rerendered: "换新话术的任务",
  role: "角色",
  sessionsEnded: "退出的登录",
  shifted: "移动的跟进",
  state: "状态",
  stopped: "停止",
  store: "门店",
  stores: "门店",
  successor: "接替",
  tables: "表",
  tasks: "任务",
  title: "标题",
  to: "到",
  touchpoints: "触点",
  trigger: "触发任务",
  version: "版本",
  why: "原因",
  words: "话术",
  year: "年份",
  newDays: "新客天数",
  activeDays: "活跃天数",
  churnedDays: "流失天数",
  trialQuantity: "试用件数",
  hoardQuantity: "囤货件数",
  hoardDays: "囤货天数",
  key: "编号",
  hold_out: "对照比例",
  after: "从哪天以后算",
  before: "在哪天以前",
  weeks: "周数",
  months: "月数",
  repeat: "重复",
  spread_days: "分几天发",
  at: "时间",
  send: "怎么发",
  automatic: "到点自动发",
  audience: "人群",
  attachments: "一起发的",
  form: "回访表单",
  ask: "要问的资料",
  variants: "话术版本",
  variant: "选定的版本",
  share: "份额",
  experiment: "实验",
  pilot: "参加实验的比例",
  looks: "评定次数",
  detect: "想看出的差别",
  outcomes: "结果",
  tags: "标签",
  next_touch: "下次联系",
  all: "同时满足",
  any: "满足任一",
  not: "不是",
  at_least: "至少",
  at_most: "至多",
  file: "文件",
  code: "活码位置",
  left: "左边距",
  top: "上边距",
  size: "大小",
  url: "网址",
  desc: "说明",
  picurl: "图片地址",
  picture: "图片",
  appid: "小程序编号",
  page: "小程序页面",
  cover: "封面",
  blocked_months: "不发的月龄",
  blockedMonths: "不发的月龄",
  source: "来源",
  level: "等级",
  brand_preference: "品牌偏好",
  tag: "标签",
  region: "区域",
  child_stage: "宝宝阶段",
  buying_stage: "购买阶段",
  habit: "购买习惯",
  lacks: "缺少资料",
  orders: "订单数",
  amount: "消费金额",
  last_order_days: "距上次购买的天数",
  joined_days: "加入的天数",
  draft: "草稿",
  changedAt: "修改时间",
  changedBy: "谁改的",
  which: "哪一份",
  until: "截止日期",
  reason: "原因",
  by: "谁",
  guides: "导购",
  trouble: "哪一类",
  error: "渠道的说明",
  first: "第一个任务",
  last: "最后一个任务",
  address: "页面",
  sharedWith: "共享给",
  scope: "用在哪里",
  endAll: "对方没有的都算结束",
  made: "新增",
  changed: "修改",
  refused: "退回",
  table: "表",
  heldOut: "进入对照的任务",
  newToday: "今天马上生成的任务",
  newInsideGrace: "宽限期内补做的任务",
};

type Names = Readonly<Record<string, string>>;

const ASKED: Names = Object.fromEntries(Object.entries(ASKABLE).map(([key, { label }]) => [key, label]));
const ROLES: Names = { hq: "总部运营", manager: "区域经理", store_manager: "店长", guide: "导购" };

/** What the values of a field mean, where they mean nothing to people as they stand. */
const VALUES: Readonly<Record<string, Names>> = {
  ...{ after: ANCHOR_NAMES, before: ANCHOR_NAMES, on: ANCHOR_NAMES },
  repeat: { once: "一次", yearly: "每年", each: "每次" },
  ...{ priority: PRIORITY_NAMES, send: WAY_NAMES, ask: ASKED, lacks: ASKED },
  ...{ child_stage: STAGE_NAMES, buying_stage: STAGE_NAMES, habit: STAGE_NAMES },
  role: {
    ...ROLES,
    ...{ any: "话里有它", whole: "整句就是它", before: "前面紧挨着它就不算", unless: "话里有它就不算" },
  },
  sharedWith: ROLES,
  which: { live: "发布的版本", draft: "草稿" },
  kind: {
    ...{ ...ATTACHMENT_NAMES, ...DAY_KIND_NAMES, onjob: "在职", resigned: "离职" },
    ...{ term: "不能用", except: "例外", illness: "身体不适", complaint: "投诉不满", opt_out: "退订" },
    ...{ leave_alone: "不想被打扰", every: "所有类别", automatic: "系统自动消息" },
  },
  category: {
    ...{ absolute: "绝对化用语", medical: "医疗与功效用语", breast_milk: "替代母乳用语" },
    own: "本品牌不用的说法",
  },
  state: {
    ...{ ...JOURNEY_STATE_NAMES, asked: "待审批", returned: "已退回", withdrawn: "已撤回" },
    ...{ published: "已发布", void: "已作废", done: "完成", stopped: "已停止", failed: "失败" },
    ...{ interrupted: "中断", undecided: "没有分出高低", mismatch: "结果不可信", settled: "已选定" },
  },
  table: {
    ...{ stores: "门店", guides: "导购", leaves: "休假", calendar: "日历", customers: "客户" },
    ...{ children: "宝宝", orders: "订单", transfers: "客户交接" },
  },
};

/** The same, where the names have their home elsewhere. */
const BORROWED: Readonly<Record<string, Names>> = {
  reason: REASON_NAMES,
  trouble: Object.fromEntries(Object.entries(TROUBLE_RULES).map(([key, { name }]) => [key, name])),
};

const PLAIN: Names = { true: "是", false: "否" };

/** Every name of a field and of a value, each to be said in the reader's language. */
export const FIELD_AND_VALUE_NAMES: readonly string[] = [
  ...Object.values(FIELDS),
  ...[...Object.values(VALUES), PLAIN].flatMap((names) => Object.values(names)),
];

/** touchpoints.day3.words → 触点, day3, 话术 */
export function fieldName(path: string): string[] {
  return path.split(".").map((part) => (Object.hasOwn(FIELDS, part) ? (FIELDS[part] ?? part) : part));
}

/** A value as people say it, one of a list each: at touchpoints.day3.after, joined is 加好友. `personOf`: who `account:3`
 *  is. What people wrote themselves stays as it is. */
export function valueName(
  path: string,
  value: string,
  personOf: (who: string) => string | undefined,
): string {
  const field = path.split(".").at(-1) ?? "";
  const names: Names = { ...PLAIN, ...VALUES[field], ...BORROWED[field] };
  const nameOf = (text: string) => (Object.hasOwn(names, text) ? names[text] : undefined) ?? personOf(text);
  return value
    .split("、")
    .map((text) => nameOf(text) ?? text)
    .join("、");
}
