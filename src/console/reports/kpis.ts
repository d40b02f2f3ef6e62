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

/** What is compared: whole days alone, and as many before them. */
export interface Compared {
  now: ReportRow;
  before: ReportRow;
}

/** The six figures HQ asks for first. `compared`: null when no day of the span is over; `month` is what the messages'
 *  month is called. */
export function kpisOf(
  total: ReportRow,
  compared: Compared | null,
  month: { name: string; messages: number; href: string },
  open: OpenMeasure,
): Kpi[] {
  const observed = `可观察的送达 ${count(total.observed)} 条，占 ${percent(total.observedShare?.value ?? null)}`;
  const { share, sum } = tellersOf(total, compared);
  const kpis: Omit<Kpi, "href">[] = [
    sum("下发", "issued", "给到导购的跟进任务"),
    share("完成率", "completionRate", total.issued, `完成 ${count(total.completed)}`),
    share("准时率", "onTimeRate", total.issued, `当天完成 ${count(total.onTime)}`),
    sum("送达", "delivered", "客户已收到"),
    share("回复率", "replyRate", total.observed, observed),
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

/** How rates and sums are told. */
function tellersOf(total: ReportRow, compared: Compared | null) {
  return {
    share: (name: string, key: "completionRate" | "onTimeRate" | "replyRate", of: number, note: string) => ({
      ...{ name, note, value: percent(total[key]?.value ?? null), few: rateCell(total[key], of).few },
      change: shareChange(compared?.now[key], compared?.before[key]),
    }),
    sum: (name: string, key: "issued" | "delivered", note: string) => ({
      ...{ name, note, value: count(total[key]), few: false },
      change: compared && sumChange(compared.now[key], compared.before[key]),
    }),
  };
}

function shareChange(now: Rate | null | undefined, was: Rate | null | undefined): Kpi["change"] {
  if (!now || !was) return null;
  const text = `${points(now.value - was.value)} 个百分点`;
  return { text, up: now.low > was.high, down: now.high < was.low };
}

function sumChange(now: number, was: number): Kpi["change"] {
  return was > 0 ? { text: `${points((now - was) / was)}%`, up: false, down: false } : null;
}
