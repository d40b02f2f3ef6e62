// The row of key figures above a report, each beside the span before.
import type { Rate, ReportRow } from "../../reports/report.js";
import { count, percent, points } from "../format.js";
import { type OpenMeasure, rateCell } from "./rows.js";

/** One key figure. */
export interface Kpi {
  name: string;
  value: string;
  note: string;
  /** opens what it counts; "" for nothing to open */
  href: string;
  /** too few to trust */
  few: boolean;
  /** against the span before; coloured only when it is surely no chance */
  change: { text: string; up: boolean; down: boolean } | null;
}

/** The six figures HQ asks for first. `month` is what the messages' month is called. */
export function kpisOf(
  total: ReportRow,
  before: ReportRow,
  month: { name: string; messages: number; href: string },
  open: OpenMeasure,
): Kpi[] {
  const observed = `可观察占比 ${percent(total.observedShare?.value ?? null)}`;
  const kpis: Omit<Kpi, "href">[] = [
    sum("下发", total.issued, before.issued, "给到导购的跟进任务"),
    share(
      "完成率",
      total.completionRate,
      total.issued,
      before.completionRate,
      `完成 ${count(total.completed)}`,
    ),
    share("准时率", total.onTimeRate, total.issued, before.onTimeRate, `当天完成 ${count(total.onTime)}`),
    sum("送达", total.delivered, before.delivered, "客户已收到"),
    share("回复率", total.replyRate, total.observed, before.replyRate, observed),
    {
      name: `${month.name}客户消息`,
      value: count(month.messages),
      note: `本期 ${count(total.messages)}`,
      few: false,
      change: null,
    },
  ];
  const hrefs = [
    total.issued > 0 ? open("issued") : "",
    total.completed > 0 ? open("completed") : "",
    total.onTime > 0 ? open("onTime") : "",
    total.delivered > 0 ? open("delivered") : "",
    total.replied > 0 ? open("replied") : "",
    month.messages > 0 ? month.href : "",
  ];
  return kpis.map((kpi, at) => ({ ...kpi, href: hrefs[at] ?? "" }));
}

function share(
  name: string,
  rate: Rate | null,
  of: number,
  was: Rate | null,
  note: string,
): Omit<Kpi, "href"> {
  const value = percent(rate?.value ?? null);
  const { few } = rateCell(rate, of);
  if (!rate || !was) return { name, value, note, few, change: null };
  const text = `${points(rate.value - was.value)} 个百分点`;
  return { name, value, note, few, change: { text, up: rate.low > was.high, down: rate.high < was.low } };
}

function sum(name: string, now: number, was: number, note: string): Omit<Kpi, "href"> {
  const change = was > 0 ? { text: `${points((now - was) / was)}%`, up: false, down: false } : null;
  return { name, value: count(now), note, few: false, change };
}
