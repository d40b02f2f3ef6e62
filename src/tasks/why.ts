// Why this customer today: one line for the guide, from the touchpoint's trigger and the task's dates.
import { sayDay } from "../journeys/say-trigger.js";
import type { Trigger } from "../journeys/spec.js";
import { daysBetween, type ShopDay } from "../kernel/calendar.js";
import { monthAndDay } from "./said-days.js";

/** Says why, e.g. 加好友第7天, 宝宝今天满6个月, 上次购买已过45天. `today` is the day it is read. */
export function why(trigger: Trigger, dueOn: ShopDay, anchorOn: ShopDay, today: ShopDay): string {
  const when = dayWord(dueOn, today);
  const { unit, n } = trigger.offset;
  const count = `${Math.abs(n)}${unit === "days" ? "天" : unit === "weeks" ? "周" : "个月"}`;
  switch (trigger.anchor) {
    case "joined":
    case "guide_assigned":
      return n === 0 ? `${when}加好友` : `加好友第${count}${when === "今天" ? "" : `（${when}）`}`;
    case "first_order":
      return n === 0 ? `${when}首次购买` : `首次购买后第${count}${when === "今天" ? "" : `（${when}）`}`;
    case "last_order":
      return `上次购买已过${daysBetween(anchorOn, today)}天`;
    case "child_born":
      if (trigger.repeat === "yearly") return `宝宝${when}${yearsOf(anchorOn, dueOn)}岁生日`;
      return n === 0 ? `宝宝${when}出生` : `宝宝${when}满${count}`;
    case "child_due":
      if (n > 0) return `预产期已过${daysBetween(anchorOn, today)}天`;
      return n === 0 ? `${when}是预产期` : `距预产期还有${distance(today, anchorOn)}`;
    case "customer_birthday":
      return n === 0 ? `客户${when}生日` : `客户生日（${monthAndDay(anchorOn)}）`;
    case "supply_ends":
      return today < anchorOn ? `奶粉预计${daysBetween(today, anchorOn)}天后用完` : "奶粉预计已经用完";
    case "at_risk":
      return "可能流失，需要关怀";
    case "day":
      return whyDay(sayDay(trigger.day), anchorOn, today);
    case "urgent_reply":
      return "客户的回复需要马上处理";
    case "next_touch":
      return `约好${monthAndDay(anchorOn)}再联系`;
  }
}

/** 距双11还有3天, 今天是双11, 双11刚过2天. */
function whyDay(name: string, on: ShopDay, today: ShopDay): string {
  const ahead = daysBetween(today, on);
  if (ahead > 0) return `距${name}还有${ahead}天`;
  return ahead === 0 ? `今天是${name}` : `${name}刚过${-ahead}天`;
}

/** 今天, 昨天, else the date. */
function dayWord(day: ShopDay, today: ShopDay): string {
  const ago = daysBetween(day, today);
  return ago === 0 ? "今天" : ago === 1 ? "昨天" : monthAndDay(day);
}

function yearsOf(anchorOn: ShopDay, dueOn: ShopDay): number {
  return Math.round(daysBetween(anchorOn, dueOn) / 365.2425);
}

function distance(today: ShopDay, day: ShopDay): string {
  const days = daysBetween(today, day);
  return days > 0 && days % 7 === 0 ? `${days / 7}周` : `${Math.max(days, 0)}天`;
}
