// The spans people ask for most, by names that an address can keep: whoever opens it later sees the days of then.
import { addDays, addMonths, firstOfMonth, isShopDay, type ShopDay, yearOf } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import type { Span } from "../../reports/weeks.js";
import { span } from "../format.js";

/** A span that moves with the calendar. */
export interface Preset extends Span {
  /** as an address names it */
  key: string;
  label: string;
}

/** Where days are looked at. */
export function presets(today: ShopDay): Preset[] {
  const yesterday = addDays(today, -1);
  const month = firstOfMonth(today);
  return [
    { key: "yesterday", label: "昨天", from: yesterday, to: yesterday },
    { key: "7d", label: "近7天", from: addDays(today, -6), to: today },
    { key: "30d", label: "近30天", from: addDays(today, -29), to: today },
    { key: "month", label: "本月", from: month, to: today },
    { key: "last-month", label: "上月", from: addMonths(month, -1), to: addDays(month, -1) },
  ];
}

/** Where weeks and months are compared. */
export function longPresets(today: ShopDay): Preset[] {
  const month = firstOfMonth(today);
  return [
    { key: "12w", label: "近12周", from: addDays(today, -83), to: today },
    { key: "6m", label: "近6个月", from: addMonths(month, -5), to: today },
    { key: "12m", label: "近12个月", from: addMonths(month, -11), to: today },
    { key: "year", label: "今年", from: `${yearOf(today)}-01-01`, to: today },
  ];
}

function presetOf(key: unknown, today: ShopDay): Preset | undefined {
  return [...presets(today), ...longPresets(today)].find((one) => one.key === key);
}

/** An address's query with the days of the span it names. Raises `invalid` for a name of none; days that are written out
 *  go before it. */
export function withDays(query: Readonly<Record<string, unknown>>, today: ShopDay): object {
  const { span: named, ...rest } = query;
  if (named === undefined || rest.from !== undefined || rest.to !== undefined) return rest;
  const preset = presetOf(named, today);
  if (preset) return { ...rest, from: preset.from, to: preset.to };
  const known = [...presets(today), ...longPresets(today)].map(({ key }) => key).join("、");
  throw new Refusal("invalid", "没有这个时间范围。", [
    { where: "时间范围", value: String(named), expected: known },
  ]);
}

/** An address of these days as it is kept: by the span's name, so that its days move on. */
export function keptAddress(address: string, preset: Preset): string {
  const [path = "", query] = address.split("?");
  const rest = new URLSearchParams(query);
  rest.delete("from");
  rest.delete("to");
  return `${path}?${new URLSearchParams([["span", preset.key], ...rest])}`;
}

/** Which days a kept address shows: 近7天, or the very days; "" for its page's usual ones. */
export function daysOfAddress(address: string, today: ShopDay): string {
  const query = new URLSearchParams(address.split("?")[1]);
  const [from, to] = [query.get("from"), query.get("to")];
  if (from !== null && to !== null && isShopDay(from) && isShopDay(to)) return span(from, to);
  return presetOf(query.get("span"), today)?.label ?? "";
}
