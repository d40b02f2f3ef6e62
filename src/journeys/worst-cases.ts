// People who do not exist and whom words must yet survive: no baby's name, twins, no guide. Pure.
import { addDays, addMonths, type ShopDay } from "../kernel/calendar.js";
import type { Trigger } from "./spec.js";
import { daysFrom } from "./trigger-data.js";
import type { ChildWords, WordsContext } from "./words.js";

/** A case with the reason it happens. */
export interface WorstCase {
  name: string;
  why: string;
  context: WordsContext;
}

/** Every case, as a touchpoint that falls due on this day would meet it. */
export function worstCases(trigger: Trigger, today: ShopDay): WorstCase[] {
  const usual = usualContext(trigger, today);
  const child = usual.child as ChildWords;
  const without = (name: string, why: string, context: Partial<WordsContext>): WorstCase => ({
    ...{ name, why, context: { ...usual, ...context } },
  });
  const unnamed = { ...child, name: null };
  const [first, second] = [
    { ...child, name: "小宝" },
    { ...child, name: "大宝" },
  ];
  return [
    without("没有宝宝小名", "多数客户刚来时没有留小名", { child: unnamed, children: [unnamed] }),
    without("双胞胎", "两个宝宝同一天到期，说到所有宝宝的话只发一条", {
      child: first,
      children: [first, second],
    }),
    without("没有宝宝资料", "还不知道宝宝的生日和预产期", { child: null, children: [] }),
    without("没有客户称呼", "微信昵称取不到", { customer: { ...usual.customer, name: null } }),
    without("没有导购和门店", "导购离职、还没有人接手", { guide: { name: null }, store: { name: null } }),
    without("没有买过", "没有任何订单", { firstOrderOn: null, lastOrder: null }),
    without("什么都不知道", "只有一个微信号", {
      customer: { name: null, phone: null, birthday: null, level: null, brandPreference: null },
      ...{
        child: null,
        children: [],
        guide: { name: null },
        store: { name: null },
        firstOrderOn: null,
        lastOrder: null,
      },
    }),
    without("名字特别长", "昵称里有表情和广告", {
      customer: { ...usual.customer, name: "🌸糖糖妈妈·专注育儿分享·代购勿扰·有事请留言谢谢🌸" },
    }),
  ];
}

/** Somebody of whom everything is known, on the day the touchpoint meets them. */
function usualContext(trigger: Trigger, today: ShopDay): WordsContext {
  const months = trigger.offset.unit === "months" ? trigger.offset.n : 0;
  const days = Math.round(daysFrom(trigger.offset));
  const anchorOn = months > 0 ? addMonths(today, -months) : addDays(today, -days);
  const isYearly = trigger.repeat === "yearly" && trigger.anchor !== "day";
  const bornOn =
    trigger.anchor === "child_born" ? (isYearly ? addMonths(today, -12) : anchorOn) : addMonths(today, -6);
  const awaited = trigger.anchor === "child_due" && days < 0;
  const child = { name: "糖糖", bornOn: awaited ? null : bornOn, dueOn: awaited ? anchorOn : null };
  return {
    ...{ today, dueOn: today, anchorOn: isYearly ? addMonths(today, -12) : anchorOn },
    customer: {
      name: "糖糖妈",
      phone: "13800138000",
      birthday: "1995-05-20",
      level: "金卡",
      brandPreference: "自有品牌",
    },
    ...{ child, children: [child], guide: { name: "李敏" }, store: { name: "示范门店" } },
    ...{ firstOrderOn: addMonths(today, -3), lastOrder: { on: addMonths(today, -1), category: "奶粉" } },
  };
}
