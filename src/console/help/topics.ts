// The guide inside the product: for each role what it does here, in the order it meets it. One text a sentence or two.
import type { Role } from "../../identity/viewer.js";

/** One thing explained. */
export interface Topic {
  /** stands in the address: /help/hq#first-day */
  id: string;
  title: string;
  says: readonly string[];
  /** a picture taken of the product, by its name below assets/help */
  picture?: string;
  /** where it is done */
  href?: string;
}

/** How large a picture is: its place is kept until it is there. */
export function pictureSize(picture: string): { width: number; height: number } {
  return picture.startsWith("guide-") ? { width: 390, height: 740 } : { width: 1100, height: 700 };
}

/** Who it is written for. Managers of a region and of a store do the same, over more or fewer shops. */
export type Audience = "hq" | "manager" | "guide";

/** Whose help somebody begins with. */
export function audienceOf(role: Role): Audience {
  if (role === "hq" || role === "guide") return role;
  return "manager";
}

/** What each part is called. */
export const AUDIENCE_NAMES: Readonly<Record<Audience, string>> = {
  hq: "总部运营",
  manager: "区域经理和店长",
  guide: "导购",
};

const HQ: readonly Topic[] = [
  {
    ...{ id: "first-day", title: "第一天要做的事", href: "/org" },
    says: [
      "先在「组织」里导入门店、导购、客户、宝宝和订单。表头中英文都可以；有问题的行会逐行列出原因，改好以后单独再导入一次就行。",
      "再在「设置」里确认企业微信的五项已经填好，并在「日历」里补齐今年和明年的节假日与静默日。",
      "最后在「旅程」里发布第一个旅程。从第二天早上开始，到期的客户会变成任务，交到各自的导购手里。",
    ],
  },
  {
    ...{ id: "overview", title: "每天先看总览", href: "/overview", picture: "hq-overview.webp" },
    says: [
      "总览告诉你今天下发了多少、完成了多少、客户回复了多少、往日的还有多少没完成、哪些失败了。",
      "下面列着需要你决定的事：资料有问题的客户、任务太多的导购、评定后没有分出高低的实验、缺节假日的年份、失败的定时工作。点进去就能处理。",
    ],
  },
  {
    ...{ id: "journeys", title: "写旅程，改旅程", href: "/journeys", picture: "hq-journeys.webp" },
    says: [
      "一个旅程由许多触点组成：孕期、宝宝每个月、加好友后第几天、多久没有下单。每个触点说清楚什么时候、对哪些客户、说什么。",
      "改的都是草稿，不影响正在进行的任务。预览里可以换一位真实客户，也可以看「最难的情况」：没有宝宝名字、双胞胎。",
      "发布前先看清楚会改变什么：重写多少条、改期多少条、取消多少条、新增多少条；由另一位同事批准后生效。已经发出的不会变。",
    ],
  },
  {
    ...{ id: "words", title: "话术库与不能说的话", href: "/words" },
    says: [
      "常用的话术放在话术库里，能看到被哪些触点用着、回复率怎样。",
      "极限词、医疗功效、代替母乳这类说法会被拦下，并标出是哪一句；导购自己改的话也按同样的标准检查。",
    ],
  },
  {
    ...{ id: "customers", title: "找到一位客户", href: "/customers", picture: "hq-customers.webp" },
    says: [
      "按姓名开头、完整手机号或后四位、企业微信客户 ID、门店来找。手机号默认打码，点开会记入修改记录。",
      "客户卡片上有宝宝、订单、标签，以及过去和将来的每一次跟进；没有跟进的，会说明为什么没有。",
      "客户投诉时停止宝宝跟进，不想再被打扰时登记退订；要求删除个人信息时点「删除个人资料」，统计数字保留。",
    ],
  },
  {
    ...{ id: "report", title: "看报表", href: "/report", picture: "hq-report.webp" },
    says: [
      "从全国一路点到大区、区域、门店、导购。每个比例旁边的横线是它的可信范围，样本不到 30 的会标出来，不要拿来比较。",
      "灰色的「未定」表示还有客户可能回复，过几天再看会变。所见的内容都可以下载成 CSV 或 Excel。",
    ],
  },
  {
    ...{ id: "stop", title: "一次性任务与紧急停止", href: "/oneoffs" },
    says: [
      "临时要联系一批客户时，建一个一次性任务：选人群、写话术、定截止日期，它有自己的完成和回复数字。",
      "遇到哀悼日或发错内容，用紧急停止：马上停止一切没有确认的下发，并告诉你停了什么。恢复以后按每日上限慢慢补，不会一下子涌出去。",
    ],
  },
  {
    ...{ id: "operations", title: "运行情况", href: "/operations", picture: "hq-operations.webp" },
    says: [
      "每个定时工作上次什么时候做、做得怎样、下次什么时候，都在这里；失败的可以立即再做一次。",
      "卡住和失败的任务按原因列出，可以重试或关闭。",
    ],
  },
  {
    ...{ id: "people", title: "账号、权限与修改记录", href: "/settings/people", picture: "hq-people.webp" },
    says: [
      "总部看全国，区域经理看自己的区域，店长看自己的门店，导购只看自己的客户。导购从企业微信进来时账号自动建立。",
      "第一个密码只显示一次。有人离开时停用账号，马上失效。最后一个总部账号不能停用。",
      "谁在什么时候改了什么，改之前和改之后，都在修改记录里，可以下载。",
    ],
  },
];

const MANAGER: readonly Topic[] = [
  {
    ...{ id: "report", title: "看自己的区域或门店", href: "/report", picture: "manager-report.webp" },
    says: [
      "打开就是你负责的范围：完成率、准时率、回复率，旁边是和上周、和全国的比较。",
      "往下点到门店和导购。样本不到 30 的会标出来：只说明做得少，不说明做得差。",
    ],
  },
  {
    ...{ id: "behind", title: "谁落后了，怎么帮", href: "/team", picture: "manager-team.webp" },
    says: [
      "名单上写着谁、落后多久、还有几位客户没有联系。先问一问是忙、休假，还是话术不合适。",
      "点「提醒」由系统在企业微信里轻轻提醒一下导购；两小时内提醒过的不再打扰。",
      "右上角可以把今天的图发到自己的企业微信聊天，再转给大家。",
    ],
  },
  {
    ...{ id: "leave", title: "休假与离职" },
    says: [
      "导购休假时登记起止日期和代班的人：这几天的跟进由代班的人做，或者顺延到回来以后。",
      "离职登记以后，客户交接给接替的导购；没有人接替的，任务会暂缓，不会丢。",
    ],
  },
  {
    ...{ id: "figures", title: "这些数字是怎么算的" },
    says: [
      "下发：交到导购手里的任务。完成：导购确认发出，或打电话、当面做完。完成率是完成除以下发。",
      "回复率只算看得到聊天的客户；旁边写着看得到的占多少。",
      "换了导购或门店，历史数字不会跟着变：做的时候是谁的，就一直是谁的。",
    ],
  },
];

const GUIDE: readonly Topic[] = [
  {
    ...{ id: "today", title: "每天从这里开始", href: "/g/today", picture: "guide-today.webp" },
    says: [
      "早上企业微信里会来一张「今日任务」的卡片，点开就是今天要联系的客户，最要紧的在最上面。",
      "每位客户名字下面有一行：为什么是今天联系。",
    ],
  },
  {
    ...{ id: "send", title: "一点就发", picture: "guide-card.webp" },
    says: [
      "话已经写好。点「发给」，话会放进和这位客户的聊天里，你看一眼再发出。发出以后回来点「已发送」。",
      "点错了三十秒内可以撤回。网络不好时放心点，不会丢，也不会发两次。",
    ],
  },
  {
    ...{ id: "change", title: "想改一改、今天不合适" },
    says: [
      "点「改一改」用自己的话说。不能说的话会当场提示。",
      "今天不合适就「跳过」并选一个原因；晚一点再说就「稍后」，两小时以后再提醒。",
      "缺宝宝名字、生日时，会请你补上；补好以后话会自动变完整。",
    ],
  },
  {
    ...{ id: "commands", title: "在聊天里也可以说" },
    says: [
      "对应用说「任务」看清单，说「发 3」发第三位，「发 1-5」发前五位，「跳过 3 忙」「稍后 3」也可以。",
      "说「数据」看自己的完成和回复，说「帮助」看所有能说的话。",
    ],
  },
  {
    ...{ id: "trouble", title: "打不开、看不到" },
    says: [
      "提示「链接已失效」时，回到企业微信，从最新的一张卡片进来。",
      "客户说不想再收到消息时，系统会停止联系这位客户，并马上告诉你。",
    ],
  },
];

/** Everything, by whom it is for. */
export const TOPICS: Readonly<Record<Audience, readonly Topic[]>> = {
  hq: HQ,
  manager: MANAGER,
  guide: GUIDE,
};
