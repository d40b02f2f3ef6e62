// Every setting of config/default.yaml as HQ reads it: what it is for, in which group, and which must not be shown.

/** How a setting is shown. */
export interface SettingKey {
  /** in Chinese, what it decides */
  says: string;
  unit?: string;
  /** only whether it is set */
  secret?: true;
}

/** Groups in their order, each setting by its path. */
export const SETTING_GROUPS: readonly {
  name: string;
  note: string;
  keys: Readonly<Record<string, SettingKey>>;
}[] = [
  {
    name: "一天的时间",
    note: "门店日按品牌时区的日历日计算",
    keys: {
      zone: { says: "品牌所在的时区" },
      "day.plan": { says: "生成当天的任务" },
      "day.release": { says: "决定今天放行哪些任务" },
      "day.guide_hour": { says: "给导购下发当天的清单" },
      "day.guide_jitter_minutes": { says: "各导购的清单在此后错开", unit: "分钟" },
      "day.nudge_hour": { says: "下午提醒一次还没处理的任务" },
      "day.card_hour": { says: "导购当天的卡片更新成还剩几位" },
      "day.summary_hour": { says: "给经理发当天小结和图片" },
      "day.weekly_hour": { says: "周一给经理发上周小结" },
      "day.quiet_from": { says: "静默开始：不下发、不发送，没确认的收回" },
      "day.quiet_to": { says: "静默结束" },
    },
  },
  {
    name: "次数上限",
    note: "超出上限的任务顺延一天，过了宽限期记为「跳过：上限」",
    keys: {
      "caps.customer_per_day": { says: "一位客户每天最多收到的跟进", unit: "条" },
      "caps.customer_per_month": { says: "一位客户每月最多收到的跟进", unit: "条" },
      "caps.guide_per_day": { says: "一位导购每天最多分到的跟进", unit: "条" },
      "receive_limit.per_day": { says: "企业微信里一位客户每天能收到的群发", unit: "条" },
      "receive_limit.per_month": { says: "企业微信里一位客户每月能收到的群发", unit: "条" },
      "receive_limit.kept_for_best": { says: "每月最后留给服务和里程碑的群发", unit: "条" },
      reply_window_hours: { says: "发出后多久以内的客户回复算作对它的回复", unit: "小时" },
    },
  },
  {
    name: "旅程",
    note: "命令行和接口的发布不受影响",
    keys: {
      "journeys.approval": {
        says: "发布要由另一位总部同事批准：on 要，off 不要；总部只有一个账号时自己确认",
      },
    },
  },
  {
    name: "企业微信",
    note: "在企业微信管理后台「我的企业」「应用管理」「客户联系」里找到，五项要一起填",
    keys: {
      channel: { says: "用什么渠道：wecom 企业微信，wechaty 个人号，notebook 只记录" },
      "wecom.corpid": { says: "企业 ID" },
      "wecom.agentid": { says: "应用的 AgentId" },
      "wecom.secret": { says: "应用的 Secret", secret: true },
      "wecom.token": { says: "接收消息的 Token", secret: true },
      "wecom.aes_key": { says: "接收消息的 EncodingAESKey", secret: true },
      "wecom.base_url": { says: "接口地址" },
      "wecom.oauth_url": { says: "企业微信内登录的地址" },
      "wecom.login_url": { says: "扫码登录的地址" },
      "wecom_limits.per_minute": { says: "每个接口每分钟最多调用", unit: "次" },
      "wecom_limits.per_hour": { says: "每个接口每小时最多调用", unit: "次" },
      "wecom_limits.member_per_minute": { says: "每分钟最多给一位成员发应用消息", unit: "条" },
      "wecom_limits.member_per_hour": { says: "每小时最多给一位成员发应用消息", unit: "条" },
      "wecom_limits.app_messages_per_day": { says: "应用每天最多发消息；0 表示不计", unit: "条" },
    },
  },
  {
    name: "个人号（wechaty）",
    note: "只在渠道为 wechaty 时有用",
    keys: {
      "wechaty.puppet": { says: "所用 puppet 的软件包" },
      "wechaty.options": { says: "puppet 的参数", secret: true },
      "wechaty.guide": { says: "账号属于哪位导购" },
      "wechaty.attachments": { says: "除文字外还能发：picture、file、link" },
      "wechaty.login_seconds": { says: "等待登录", unit: "秒" },
      "wechaty.say_seconds": { says: "等待一次发送的回音", unit: "秒" },
      "wechaty.pause_ms": { says: "两条消息之间的间隔", unit: "毫秒" },
      "wechaty.ding_seconds": { says: "多久问一次是否在线；0 表示不问", unit: "秒" },
      "wechaty.ding_misses": { says: "问几次没有回音就重新连接", unit: "次" },
      "wechaty.retry_seconds": { says: "两次重连之间最长间隔", unit: "秒" },
    },
  },
  {
    name: "导入",
    note: "留底放在导入的行旁边，每行约 300 字节",
    keys: {
      "import.undo_rows": { says: "改动不超过多少行的导入可以撤销；0 表示都不留底", unit: "行" },
      "import.undo_days": { says: "导入后多少天内可以撤销，退回的行也保留这么久", unit: "天" },
      "import.upload_mb": { says: "在网页上一次导入的文件合计大小", unit: "MB" },
    },
  },
  {
    name: "服务与数据",
    note: "改动后要重启服务",
    keys: {
      public_url: { says: "导购和浏览器访问的地址；空为本机地址" },
      port: { says: "网页服务的端口" },
      database_url: { says: "数据库" },
      redis_url: { says: "多个进程分担工作时的 Redis；空为只有这一个进程" },
      data_dir: { says: "内嵌文件所在的文件夹" },
      secret_key: { says: "加密手机号的密钥；空为自动生成并保存在文件夹里", secret: true },
      log_level: { says: "日志的详细程度" },
      demo: { says: "演示品牌和沙盒：auto 没有填企业微信时启用，on 启用，off 不启用" },
    },
  },
];

/** A value without the password an address may hold; only whether it is there, for what is secret. */
export function shownValue(value: string, secret = false): string {
  if (value === "") return "";
  return secret ? "•••" : value.replace(/(\/\/[^:@/]*:)[^@/]*@/, "$1•••@");
}
