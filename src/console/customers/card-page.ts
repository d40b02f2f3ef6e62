// The customer's page as values for its template. Pure.
import type { CardAnchor, CardChild, CustomerCard } from "../../customers/card.js";
import type { OptOutSource } from "../../customers/consent.js";
import { FAULT_FIELDS, type FaultField } from "../../customers/faults.js";
import type { CarriedTag, PastTag } from "../../customers/tag-service.js";
import { babyAge } from "../../journeys/words.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { STOP_NAMES } from "../../tasks/customer-acts.js";
import { count, longDay, moment } from "../format.js";

/** What somebody may do on the page. */
export interface CardRights {
  mayCorrect: boolean;
  mayKeep: boolean;
}

/** A customer with all the page shows. */
export interface ShownCard {
  card: CustomerCard;
  tags: { tags: readonly CarriedTag[]; past: readonly PastTag[] };
  rights: CardRights;
  /** names of `account:3` and the like */
  nameOf(actor: string | null): string;
  today: ShopDay;
  zone: string;
}

const day = (on: ShopDay | null) => (on === null ? "" : longDay(on));

/** Everything templates/pages/customers/customer.hbs names, besides the frame's and what was just done. */
export function cardPage(shown: ShownCard): object {
  const { card, rights, today, zone } = shown;
  return {
    ...{ id: card.id, name: card.name, phone: card.phone ?? "", externalUserid: card.externalUserid },
    ...{ otherIds: card.otherIds.join("、"), ...rights },
    own: ownOf(card),
    consent: consentOf(card, zone),
    isStopped: card.stopped === 1,
    isOptedOut: card.optedOut === 1,
    birthday: card.birthday ?? "",
    stops: Object.entries(STOP_NAMES).map(([value, label]) => ({ value, label })),
    children: card.children.map((child) => childOf(child, card.children.length, today)),
    contacts: card.contacts.map(({ guide, store, beganOn, endedOn, remark, guideId }) => ({
      ...{ guide, store, began: day(beganOn), ended: day(endedOn), remark: remark ?? "" },
      isOwner: guideId === card.guideId,
    })),
    sum: sumOf(card),
    orders: card.orders.map(({ orderedOn, quantity, amount, status, category, channel, orderNo }) => ({
      ...{ on: longDay(orderedOn), quantity: count(quantity), orderNo },
      amount: amount === null ? "" : yuan(Number(amount)),
      what: [category, channel].filter(Boolean).join(" · "),
      isRefunded: status === "refunded",
    })),
    anchors: card.anchors.map((anchor) => anchorOf(anchor, card.children)),
    faults: card.faults.map(({ field, value, reason, childNo }) => ({
      ...{ field: FAULT_FIELDS[field as FaultField] ?? field, value: value ?? "", reason },
      child: childNo > 0 ? nameOfChild(card.children, childNo) : "",
    })),
    ...tagsOf(shown),
  };
}

/** Everything templates/pages/customers/tags.hbs names. */
export function tagsOf({ card, tags, rights, nameOf, zone }: Omit<ShownCard, "today">): object {
  return {
    ...{ id: card.id, ...rights },
    tags: tags.tags.map(({ name, source, by, at }) => ({
      name,
      from: SOURCES[source],
      given: [
        source === "manual" || source === "wecom" ? nameOf(by) : "",
        at === null ? "" : moment(at, zone),
      ]
        .filter(Boolean)
        .join(" "),
      isOurs: source === "manual",
    })),
    past: tags.past.slice(0, 10).map(({ name, takenAt, takenBy }) => ({
      ...{ name, taken: `${nameOf(takenBy)} ${moment(takenAt, zone)}` },
    })),
  };
}

const SOURCES: Record<CarriedTag["source"], string> = {
  manual: "人工",
  rule: "规则",
  model: "模型",
  wecom: "企业微信",
};

function ownOf(card: CustomerCard): object[] {
  const { guide, guideLeftOn, store, storeCode, joinedOn, source, level, brandPreference, bucket } = card;
  const owner = guide === null ? "" : `${guide}${guideLeftOn ? `（${longDay(guideLeftOn)} 离职）` : ""}`;
  const line = (label: string, value: string, href = "") => ({ label, value, href });
  return [
    line(
      "负责导购",
      owner || "没有",
      guide ? `/customers?guide=${encodeURIComponent(card.guideUserid ?? "")}` : "",
    ),
    line("门店", store ?? "没有", storeCode ? `/customers?store=${encodeURIComponent(storeCode)}` : ""),
    line("加入日期", day(joinedOn) || "不知道"),
    line("来源", source ?? "不知道"),
    line("等级", level ?? "没有"),
    line("品牌偏好", brandPreference ?? "不知道"),
    line("实验分组号", String(bucket)),
  ];
}

const SAID_BY: Record<OptOutSource, string> = {
  chat: "客户在聊天里说的",
  person: "人工登记",
  import: "导入或其他系统告知",
};

function consentOf({ optedOut, optedOutBy, optedOutAt }: CustomerCard, zone: string): string {
  if (optedOut === 0) return "接收消息";
  const who = optedOutBy === null ? "" : SAID_BY[optedOutBy];
  const when = optedOutAt === null ? "" : moment(optedOutAt, zone);
  const details = [who, when].filter(Boolean).join("，");
  return `已退订${details ? `（${details}）` : ""}`;
}

function childOf(child: CardChild, all: number, today: ShopDay): object {
  const { childNo, name, bornOn, dueOn, sex } = child;
  const age = bornOn === null ? "" : (babyAge(bornOn, today) ?? "");
  return {
    ...{ childNo, name: name ?? "", bornOn: bornOn ?? "", dueOn: dueOn ?? "" },
    title: name ?? (all > 1 ? `第${childNo}个宝宝` : "宝宝"),
    facts: [
      ...(bornOn === null ? [] : [`${longDay(bornOn)} 出生`]),
      ...(age === "" ? [] : [age]),
      ...(bornOn === null && dueOn !== null ? [`预产期 ${longDay(dueOn)}`] : []),
      ...(bornOn === null && dueOn === null ? ["还没有出生日期或预产期"] : []),
      ...(sex === null ? [] : [sex === "boy" ? "男孩" : "女孩"]),
    ].join(" · "),
  };
}

/** 豆豆, or 第2个宝宝. */
export function nameOfChild(
  children: readonly Pick<CardChild, "childNo" | "name">[],
  childNo: number,
): string {
  const name = children.find((child) => child.childNo === childNo)?.name;
  return name ?? (children.length > 1 ? `第${childNo}个宝宝` : "宝宝");
}

function sumOf({ sum }: CustomerCard): string {
  if (sum === null || sum.orders === 0) return "";
  const all = `${count(sum.orders)} 单，${count(sum.quantity)} 件，${yuan(sum.amountCents / 100)}`;
  return sum.lastOn === null ? all : `${all}，最近 ${longDay(sum.lastOn)}`;
}

function yuan(amount: number): string {
  const [whole = "", cents] = amount.toFixed(2).split(".");
  return `¥${count(Number(whole))}.${cents}`;
}

/** What each kind of date is called, and where it comes from. */
const ANCHORS: Readonly<Record<string, [name: string, from: string]>> = {
  joined: ["加入", "第一次成为好友的日子"],
  guide_assigned: ["现任导购加好友", "和负责导购的好友关系"],
  first_order: ["首次购买", "第一张有效订单"],
  last_order: ["最近购买", "最后一张有效订单"],
  child_due: ["预产期", "宝宝资料"],
  child_born: ["出生", "宝宝资料"],
  customer_birthday: ["客户生日", "客户资料"],
  supply_ends: ["预计用完", "模型按最近的购买估算"],
  at_risk: ["有流失迹象", "模型按购买间隔估算"],
  next_touch: ["约好再联系", "导购登记"],
};

/** Of these the number stored beside the date is the first date there ever was. */
const LASTING = ["joined", "guide_assigned", "child_due", "child_born", "customer_birthday"];

function anchorOf({ kind, childNo, onDate, cycleOn }: CardAnchor, children: readonly CardChild[]): object {
  const [name = kind, from = ""] = ANCHORS[kind] ?? [];
  const first = `${cycleOn}`.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");
  const wasOther = LASTING.includes(kind) && cycleOn > 0 && first !== onDate;
  const whose = childNo > 0 ? `（${nameOfChild(children, childNo)}）` : "";
  return {
    ...{ name: `${name}${whose}`, on: longDay(onDate) },
    from: wasOther ? `${from}；最初记的是 ${longDay(first)}` : from,
  };
}
