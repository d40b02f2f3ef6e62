// A manager's page in words: how the team does beside last week and the brand, and who may need help.
import { daysBetween, type ShopDay } from "../../kernel/calendar.js";
import { SMALL } from "../../reports/measures.js";
import type { ReportNode, ReportRow } from "../../reports/report.js";
import type { OpenGuide } from "../../reports/standing.js";
import { sayUntil } from "../../tasks/behind.js";
import type { LastUrge, Urged } from "../../tasks/urging.js";
import { compareNames, count, percent, points, shortDay } from "../format.js";
import { rateCell } from "../reports/rows.js";
import type { TeamFigures } from "./figures.js";
import { placeText, type TeamView, teamUrl } from "./view.js";

interface At {
  now: number;
  today: ShopDay;
  zone: string;
}

const PAGE_SIZE = 20;
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Everything templates/pages/team/team.hbs names. */
export function teamPage(view: TeamView, figures: TeamFigures, at: At): object {
  const { report, brand, totalBefore, today, behind, putOff, urged, hasBelow } = figures;
  const rows = [...report.rows].filter(({ issued }) => issued > 0).sort(lowestFirst);
  const pages = Math.max(1, Math.ceil(rows.length / PAGE_SIZE));
  return {
    place: report.path.at(-1)?.name ?? "",
    at: view.within ? placeText(view.within) : "",
    crumbs: crumbsOf(view, figures),
    level: view.by === "unit" && hasBelow ? "门店" : report.level,
    tabs: hasBelow
      ? [
          { label: "门店", href: teamUrl(view, { by: "unit" }), active: view.by === "unit" },
          {
            label: report.level === "门店" ? "区域" : report.level,
            href: teamUrl(view, { by: "below" }),
            active: view.by === "below",
          },
        ]
      : [],
    kpis: kpisOf(report.total, totalBefore, brand, today),
    isEmpty: rows.length === 0,
    rows: rows
      .slice((view.page - 1) * PAGE_SIZE, view.page * PAGE_SIZE)
      .map((row) => rowOf(view, row, figures)),
    more: view.page < pages ? teamUrl(view, { page: view.page + 1 }) : "",
    less: view.page > 1 ? teamUrl(view, { page: view.page - 1 }) : "",
    behind: behind.guides.map((guide) => ({
      ...behindRow(guide, putOff.get(guide.guideId), at),
      ...urgeOf(urged.get(guide.guideId), at),
    })),
    behindCount: count(behind.all),
    behindOpen: count(behind.open),
    behindShown: behind.guides.map(({ guideId }) => guideId).join(","),
    behindMore: behind.all > behind.guides.length ? count(behind.all - behind.guides.length) : "",
    behindAll: view.all ? "" : `${teamUrl(view, { all: true })}#behind`,
  };
}

/** Those who may need help most stand first; too few to compare come after them. */
function lowestFirst(a: ReportRow, b: ReportRow): number {
  return (
    Number(a.small) - Number(b.small) ||
    (a.completionRate?.value ?? 0) - (b.completionRate?.value ?? 0) ||
    compareNames(a.name, b.name)
  );
}

function rowOf(view: TeamView, row: ReportRow, { brand, before, codes }: TeamFigures): object {
  const was = before.get(row.key);
  const cells = {
    completion: rateCell(row.completionRate, row.issued, brand.completionRate),
    reply: rateCell(row.replyRate, row.observed, brand.replyRate),
  };
  const code = row.kind === "store" ? codes.get(row.id ?? 0) : undefined;
  const changes = [changeOf("completionRate", row, was), changeOf("replyRate", row, was)] as const;
  const canOpen = row.children && row.id !== null && (row.kind === "region" || row.kind === "store");
  return {
    ...{
      name: code === undefined ? row.name : `${row.name} ${code}`,
      place: row.place ?? "",
      few: row.small,
      issued: count(row.issued),
    },
    href: canOpen ? teamUrl(view, { within: { kind: row.kind, id: row.id } as ReportNode, by: "unit" }) : "",
    // a small row is marked once, by its name
    completion: { ...cells.completion, few: cells.completion.few && !row.small },
    reply: { ...cells.reply, few: cells.reply.few && !row.small },
    completionWas: changes[0],
    replyWas: changes[1] === changes[0] && changes[1] === TOO_FEW ? "" : changes[1],
  };
}

interface Kpi {
  name: string;
  value: string;
  was: string;
  brand: string;
  few: boolean;
}

function kpisOf(total: ReportRow, was: ReportRow, brand: ReportRow, today: ReportRow): Kpi[] {
  const share = (name: string, key: "completionRate" | "replyRate", of: number): Kpi => ({
    ...{ name, value: percent(total[key]?.value ?? null), few: rateCell(total[key], of).few },
    was: changeOf(key, total, was),
    brand: `全国 ${percent(brand[key]?.value ?? null)}`,
  });
  return [
    {
      ...{ name: "今天", value: `${count(today.completed)} / ${count(today.issued)}`, few: false },
      ...{ was: "完成 / 下发", brand: `完成率 ${percent(today.completionRate?.value ?? null)}` },
    },
    share("完成率", "completionRate", total.issued),
    share("回复率", "replyRate", total.observed),
  ];
}

const TOO_FEW = "太少，不比";
const COUNTED_OVER = { completionRate: "issued", replyRate: "observed" } as const;

/** 比上周 +2.1, or why there is nothing to compare. */
function changeOf(key: keyof typeof COUNTED_OVER, now: ReportRow, was: ReportRow | undefined): string {
  const of = COUNTED_OVER[key];
  const [rate, before] = [now[key], was?.[key]];
  if (!rate) return key === "replyRate" && now.delivered > 0 ? "会话看不到" : "";
  if (now[of] < SMALL) return TOO_FEW;
  if (!was || !before) return "上周没有可比的";
  if (was[of] < SMALL) return "上周太少，不比";
  const text = points(rate.value - before.value);
  return text === "0.0" ? "与上周持平" : `比上周 ${text}`;
}

function behindRow(
  { guideId, name, store, open, oldestOn, listedAt }: OpenGuide,
  putOff: number | undefined,
  { now, today, zone }: At,
): object {
  const days = daysBetween(oldestOn, today);
  return {
    ...{ guideId, name, store, open: count(open) },
    since:
      days > 0
        ? `${shortDay(oldestOn)}起，已 ${days} 天`
        : sayHours(listedAt === null ? null : now - listedAt),
    isLong: days > 0 && putOff === undefined,
    putOff: putOff === undefined ? "" : sayUntil(putOff, { now, zone }),
  };
}

/** When a guide was reminded last, whether that reached them, and whether they may be again. */
export function urgeOf(last: LastUrge | undefined, { now, zone }: Pick<At, "now" | "zone">): object {
  if (!last) return { urgedAt: "", isSpared: false };
  return { urgedAt: sayUntil(last.at, { now, zone }), isReached: last.isReached, isSpared: last.isSpared };
}

function sayHours(ms: number | null): string {
  if (ms === null || ms < 0) return "今天的";
  return ms < HOUR
    ? `今天，${Math.max(1, Math.floor(ms / MINUTE))} 分钟`
    : `今天，${Math.floor(ms / HOUR)} 小时`;
}

function crumbsOf(view: TeamView, { report }: TeamFigures): object[] {
  if (report.path.length < 2) return [];
  return report.path.map(({ kind, id, name }, at) => {
    const { within: _here, ...rest } = view;
    const target =
      at === 0 ? { ...rest, by: "unit" as const } : { ...rest, within: { kind, id }, by: "unit" as const };
    return { name, href: teamUrl(target), current: at === report.path.length - 1 };
  });
}

/** What came of urging, for templates/pages/team/urged.hbs. */
export function urgedPage(
  { told, spared, unreachable, putOff, reminded }: Urged,
  at: Pick<At, "now" | "zone">,
): object {
  const names = (people: Urged["told"]) => people.map(({ name, open }) => ({ name, open: count(open) }));
  // those whose mass sends were reminded of as often as WeCom allows got our words alone
  const spent = told.filter(({ handed }) => handed > 0).length - reminded;
  return {
    isNobody: told.length + spared.length + unreachable.length + putOff.length === 0,
    ...{ told: names(told), spared: names(spared), unreachable: names(unreachable) },
    ...{ toldCount: count(told.length), sparedCount: count(spared.length) },
    ...{ unreachableCount: count(unreachable.length), reminded: reminded > 0 ? count(reminded) : "" },
    putOff: putOff.map(({ name, until }) => ({ name, until: sayUntil(until, at) })),
    putOffCount: count(putOff.length),
    spentCount: spent > 0 ? count(spent) : "",
  };
}
