// The page on which customers are found, as values for its template. Pure.
import type { DeskAsk, DeskPage } from "../../customers/desk.js";
import type { Hit, HitChild } from "../../customers/hits.js";
import type { SearchBy } from "../../customers/search-text.js";
import { babyAge } from "../../journeys/words.js";
import { addDays, type ShopDay } from "../../kernel/calendar.js";
import { longDay } from "../format.js";

/** What a text was taken for, in words. */
const TAKEN_FOR: Record<SearchBy | "place", string> = {
  name: "按姓名查找",
  phone: "按手机号查找",
  tail: "按手机号后四位查找",
  id: "按企业微信客户 ID 查找",
  place: "全部客户，按姓名排列",
};

/** Everything templates/pages/customers/results.hbs names. */
export function resultsOf(ask: DeskAsk, page: DeskPage, today: ShopDay): object {
  const { by, hits, next, isCut, nowhere } = page;
  const wasAsked = by !== null || ask.text.trim() !== "";
  const turned = ask.after !== undefined;
  return {
    hits: hits.map((hit) => hitOf(hit, today)),
    takenFor: by === null ? "" : TAKEN_FOR[by],
    isEmpty: wasAsked && hits.length === 0 && nowhere === null && !isCut,
    asked: ask.text.trim(),
    ofGuide: ask.guide === "" && /^\p{L}+$/u.test(ask.text.trim()) ? guideLink(ask) : "",
    isOpen: !wasAsked && nowhere === null,
    isWide: !wasAsked && nowhere === null && (ask.store !== "" || ask.guide !== ""),
    noStore: nowhere === "store",
    noGuide: nowhere === "guide",
    isCut,
    isTail: by === "tail",
    more: next === null || by === null ? "" : linkOf(ask, { by, after: next }),
    first: turned ? linkOf(ask, {}) : "",
    isShort: !turned && next === null && hits.length > 0,
    size: hits.length,
  };
}

/** What was typed taken for a guide's name. */
function guideLink({ text, store }: DeskAsk): string {
  return linkOf({ text: "", store, guide: text.trim() }, {});
}

/** The search's address, one of its pages. */
function linkOf({ text, store, guide }: DeskAsk, { by, after }: { by?: string; after?: number }): string {
  const query = new URLSearchParams();
  if (text.trim() !== "") query.set("q", text.trim());
  if (store !== "") query.set("store", store);
  if (guide !== "") query.set("guide", guide);
  if (by !== undefined && by !== "place") query.set("by", by);
  if (after !== undefined) query.set("after", String(after));
  return `/customers?${query}`;
}

function hitOf(hit: Hit, today: ShopDay): object {
  const { id, name, phone, guide, store, joinedOn, lastOrderOn, optedOut, stopped, children } = hit;
  return {
    ...{ id, name, phone: phone ?? "", guide: guide ?? "", store: store ?? "", optedOut, stopped },
    children: children.map((child) => sayChild(child, today)).join("、"),
    joined: joinedOn === null ? "" : longDay(joinedOn),
    lastOrder: lastOrderOn === null ? "" : longDay(lastOrderOn),
  };
}

/** 豆豆 6个月 · 预产期 2026年5月1日 */
export function sayChild({ name, bornOn, dueOn }: HitChild, today: ShopDay): string {
  const age = bornOn === null ? undefined : babyAge(bornOn, today);
  if (age !== undefined) return `${name ?? "宝宝"} ${age}`;
  if (dueOn !== null && bornOn === null)
    return `${name ? `${name} ` : ""}${dueOn < addDays(today, -14) ? "预产期已过" : "预产期"} ${longDay(dueOn)}`;
  return name ?? "宝宝";
}
