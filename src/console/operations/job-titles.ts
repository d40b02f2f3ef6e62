// What the timed jobs are called, and what each is for; one not named here goes by its own name.

/** A job's name and its purpose in a few words. */
export interface JobTitle {
  title: string;
  purpose: string;
}

export const JOB_TITLES: Readonly<Record<string, JobTitle>> = {
  calendar: { title: "备好下一年的日历", purpose: "节日和节气提前算好" },
  models: { title: "推算流失与断粮", purpose: "每晚一次，写入流失和断粮日期" },
  phones: { title: "让旧的手机号可以搜索", purpose: "补上手机号的索引" },
  plan: { title: "生成任务", purpose: "把今天到期的触点变成任务" },
  "plan-rest": { title: "补做生成任务", purpose: "补上中途断掉的生成" },
  "plan-changes": { title: "跟上日期变化", purpose: "生日、订单改了，任务跟着改" },
  tags: { title: "更新标签", purpose: "按规则加减标签" },
  release: { title: "放行当天任务", purpose: "按优先级和每日上限放行" },
  "release-rest": { title: "放行新到任务", purpose: "白天新到期的任务" },
  offer: { title: "下发到导购", purpose: "到点把清单发给导购" },
  nudge: { title: "下午提醒导购", purpose: "还有客户没跟进的导购" },
  summary: { title: "晚间小结发给经理", purpose: "当天数字和图" },
  dispatch: { title: "发送跟进", purpose: "把确认过的话术交给渠道" },
  poll: { title: "查询发送结果", purpose: "导购点了没有，客户收到没有" },
  cards: { title: "更新任务卡片", purpose: "聊天里的卡片跟着变" },
  sync: { title: "与企业微信核对客户", purpose: "成员和好友关系" },
  transfers: { title: "查询客户交接结果", purpose: "离职交接的客户" },
  reconcile: { title: "核实没有回音的发送", purpose: "找到就记，找不到才重排" },
  recheck: { title: "核对待办", purpose: "请假、退订、紧急停止" },
  quiet: { title: "静默时段收回", purpose: "到夜里收回没确认的" },
  callbacks: { title: "处理企业微信回调", purpose: "加好友、点卡片、说话" },
  credit: { title: "归因客户回复", purpose: "回复算给哪一次跟进" },
  urgent: { title: "紧急回复", purpose: "投诉、不适当场交给导购" },
  figures: { title: "更新报表", purpose: "各级汇总" },
  newcomers: { title: "记下新客户", purpose: "黄金14天的加入日期和门店" },
  "newcomers-all": { title: "核对新客户", purpose: "补记漏掉的，更正改过的" },
  uplift: { title: "推算触点增量", purpose: "和对照组比复购，每晚一次" },
  weekly: { title: "周一小结发给经理", purpose: "上周数字和图，每人每周一次" },
  expire: { title: "到期收尾", purpose: "过了宽限期的任务" },
  judge: { title: "评定实验", purpose: "到评定日才下结论" },
  receipts: { title: "读取导购自己的群发", purpose: "和我们的共用接收上限" },
  statistics: { title: "读取企业微信统计", purpose: "企业微信自己的数字" },
  expectations: { title: "推算预期回复", purpose: "各触点的预期回复" },
  counts: { title: "统计各导购的客户数", purpose: "组织页上的数字" },
  "tidy-imports": { title: "清理旧的导入留底", purpose: "过了撤销期限的导入" },
  tidy: { title: "清理旧记录", purpose: "过期的推送、会话、运行记录" },
};

/** What a job is called. */
export function jobTitle(name: string): string {
  return JOB_TITLES[name]?.title ?? name;
}
