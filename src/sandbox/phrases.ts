// What customers and guides say, in their own words: for people who are played.

type Words = readonly [string, ...string[]];

/** Customers answering a message about …, by what the message speaks of. */
export const replies: readonly { about: RegExp; words: Words }[] = [
  {
    about: /生日|周岁|快乐/,
    words: [
      "谢谢你还记得呀，宝宝今天可开心了",
      "太暖心了，谢谢！蛋糕刚切完😄",
      "谢谢祝福～一转眼都这么大了",
      "哈哈谢谢，全家都在给他过生日呢",
      "谢谢亲爱的，你有心了",
    ],
  },
  {
    about: /疫苗|体检|发烧|过敏|湿疹|便便|腹泻/,
    words: [
      "上周刚打完疫苗，有点低烧，现在好了",
      "最近便便有点干，是不是水喝少了？",
      "脸上起了点小红疹，医生说观察两天",
      "体检过了，身高体重都达标，谢谢关心",
      "正想问你呢，换季老是流鼻涕",
    ],
  },
  {
    about: /奶粉|喝奶|奶量|转段|段|囤|快喝完|还有吗|够喝/,
    words: [
      "还有大半罐，喝完再找你拿",
      "正好快没了，帮我留两罐吧",
      "最近奶量下来了，一天就三顿",
      "有活动吗？有的话我多拿点",
      "要换下一段了吧，怎么换比较好？",
      "刚在网上买了，下次找你",
      "三段现在什么价呀？",
    ],
  },
  {
    about: /辅食|米粉|翻身|坐|爬|走|说话|睡|夜醒|牙/,
    words: [
      "会翻身了！昨天翻了一上午",
      "辅食吃得可香了，就是不爱吃蔬菜",
      "晚上还是醒两三次，好累",
      "长了两颗小牙，老是流口水",
      "开始扶着走了，一刻都停不下来",
      "会叫妈妈了，激动了一整天",
    ],
  },
];

/** Customers answering anything else. */
export const plainReplies: Words = [
  "好的，谢谢",
  "收到，谢谢你",
  "嗯嗯，挺好的",
  "谢谢关心呀",
  "宝宝挺好的，放心吧",
  "好的呢",
  "有需要我找你",
  "谢谢，最近有点忙，回头聊",
  "在吗？想问个事",
  "这个周末你在店里吗？",
  "可以帮我送到家吗？",
  "好哒👌",
  "现在有什么活动吗",
  "挺好的，一切都顺利",
  "多谢提醒！",
];

/** What some add a little later. */
export const afterthoughts: Words = [
  "对了，宝宝最近吃得也多了",
  "方便的话发我个链接",
  "我周六过去拿",
  "[图片]",
  "给你看看我家宝宝",
  "还有个问题，明天再问你吧",
  "😊",
];

/** New customers speaking first. */
export const greetings: Words = [
  "你好，我是刚加的，怎么称呼？",
  "请问你们店几点关门？",
  "新客有优惠吗？",
  "宝宝刚满月，一段应该怎么冲？",
  "你好，想问下这款和有机的有什么区别",
  "我上次买的那罐可以积分吗",
  "能帮我看看哪款适合吗？宝宝有点敏感",
];

/** Guides writing back. */
export const answers: Words = [
  "好的呀，我给您记着",
  "不客气，有事随时找我～",
  "没问题，我这就帮您看一下",
  "宝宝真棒！照片太可爱了",
  "您放心，我明天给您回复",
  "好的，周末我都在店里",
  "这个正常的，多观察两天，不放心还是问问医生",
];

/** Why a guide skips a task, as they type it. */
export const skipReasons: Words = ["太忙", "不合适", "已经聊过", "不是本人", "客户最近不方便"];
