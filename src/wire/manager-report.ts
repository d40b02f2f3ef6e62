// 报表 in chat: a day's figures of what a manager may see, in a few lines.
import type { Viewer } from "../identity/viewer.js";
import type { Store } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { refreshMarked } from "../reports/refresh.js";
import type { Rate, Report, ReportRow } from "../reports/report.js";
import type { ReportService } from "../reports/service.js";

const MOST_ROWS = 20;

/** The report's words for one day; `region` "" is all the viewer may see. Raises `not_found` for what they may not. */
export function managerReport({
  store,
  reports,
  zone,
}: {
  store: Store;
  reports: ReportService;
  zone: string;
}) {
  return async (viewer: Viewer, { region, day }: { region: string; day: ShopDay }): Promise<string> => {
    await refreshMarked({ store, zone });
    const report = await reportOf(reports, viewer, region, day);
    const place = report.path.at(-1)?.name ?? "全国";
    if (report.total.issued === 0) return `${place} ${day}：还没有下发任务。`;
    const rows = [...report.rows]
      .filter((row) => row.issued > 0)
      .sort(byCompletion)
      .slice(0, MOST_ROWS);
    return [`${place} ${day}`, lineOf(report.total), ...rows.map(lineOf)].join("\n");
  };
}

/** A place is found by its name with or without what it is: 华东, 华东大区. Raises `not_found`. */
async function reportOf(
  reports: ReportService,
  viewer: Viewer,
  region: string,
  day: ShopDay,
): Promise<Report> {
  const ask = { from: day, to: day, by: "below" } as const;
  if (ALL.includes(region)) return reports.report(viewer, ask);
  const short = region.replace(/(大区|区域|地区|门店)$/, "");
  try {
    return await reports.report(viewer, { ...ask, within: region });
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== "not_found" || short === region || short === "")
      throw error;
    return reports.report(viewer, { ...ask, within: short });
  }
}

/** All that a manager may see. */
const ALL = ["", "全国", "全部", "所有", "我的"];

function byCompletion(a: ReportRow, b: ReportRow): number {
  return (a.completionRate?.value ?? 0) - (b.completionRate?.value ?? 0);
}

function lineOf(row: ReportRow): string {
  const marks = [row.small ? "样本少" : "", row.provisional ? "未定" : ""].filter(Boolean).join("，");
  const figures = `下发 ${row.issued}，完成 ${percent(row.completionRate)}，回复 ${percent(row.replyRate)}`;
  return `${row.name}：${figures}${marks ? `（${marks}）` : ""}`;
}

function percent(rate: Rate | null): string {
  return rate === null ? "—" : `${(rate.value * 100).toFixed(0)}%`;
}
