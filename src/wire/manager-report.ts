// 报表 in chat: a day's figures of what a manager may see, in a few lines.
import type { Viewer } from "../identity/viewer.js";
import type { Store } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { refreshMarked } from "../reports/refresh.js";
import type { Rate, ReportRow } from "../reports/report.js";
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
    const report = await reports.report(viewer, {
      from: day,
      to: day,
      by: "below",
      ...(region ? { within: region } : {}),
    });
    const place = report.path.at(-1)?.name ?? "全国";
    if (report.total.issued === 0) return `${place} ${day}：还没有下发任务。`;
    const rows = [...report.rows]
      .filter((row) => row.issued > 0)
      .sort(byCompletion)
      .slice(0, MOST_ROWS);
    return [`${place} ${day}`, lineOf(report.total), ...rows.map(lineOf)].join("\n");
  };
}

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
