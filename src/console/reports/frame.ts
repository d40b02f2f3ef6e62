// What every tab of the report has in common: its place, its days, the other tabs, downloads and saved views.
import { type Action, isAllowed } from "../../identity/permissions.js";
import type { Viewer } from "../../identity/viewer.js";
import type { ShopDay } from "../../kernel/calendar.js";
import type { Report, ReportNode } from "../../reports/report.js";
import type { SavedView } from "../../reports/saved/saved-views.js";
import { span } from "../format.js";
import { daysOfAddress, keptAddress, longPresets, type Preset, presets } from "./spans.js";

/** A tab by the end of its address. */
export type TabKey = "" | "heat" | "league" | "golden" | "months" | "funnel" | "uplift" | "models";

interface Tab {
  key: TabKey | "experiments";
  label: string;
  needs: Action;
  /** which days are usual there */
  days: "days" | "months" | "none";
}

/** The tabs in their order. */
const TABS: readonly Tab[] = [
  { key: "", label: "完成与回复", needs: "see_report", days: "days" },
  { key: "heat", label: "热力图", needs: "see_report", days: "days" },
  { key: "league", label: "触点榜", needs: "see_report", days: "days" },
  { key: "golden", label: "黄金14天", needs: "see_report", days: "months" },
  { key: "months", label: "月度回复", needs: "see_report", days: "months" },
  { key: "funnel", label: "漏斗", needs: "see_report", days: "days" },
  { key: "experiments", label: "实验", needs: "see_experiments", days: "none" },
  { key: "uplift", label: "增量", needs: "see_experiments", days: "none" },
  { key: "models", label: "模型", needs: "see_experiments", days: "none" },
];

/** What a tab looks at. */
export interface TabView {
  from: ShopDay;
  to: ShopDay;
  within?: ReportNode | undefined;
  /** the tab's own choices as they stand in its address */
  own: Readonly<Record<string, string>>;
}

/** A tab's path. */
export function tabPath(key: TabKey): string {
  return key === "" ? "/report" : `/report/${key}`;
}

/** The address of a view, with something changed; an own choice of "" is left out. */
export function tabUrl(
  path: string,
  view: TabView,
  change: Partial<Omit<TabView, "own">> & { own?: Record<string, string> } = {},
): string {
  const next = { ...view, ...change, own: { ...view.own, ...change.own } };
  const query = new URLSearchParams({ from: next.from, to: next.to });
  if (next.within) query.set("in", `${next.within.kind}:${next.within.id}`);
  for (const [key, value] of Object.entries(next.own)) if (value !== "") query.set(key, value);
  return `${path}?${query}`;
}

/** What the frame is made of. */
export interface FrameParts {
  tab: TabKey;
  view: TabView;
  path: Report["path"];
  viewer: Viewer;
  today: ShopDay;
  saved: readonly SavedView[];
  /** without dates: it shows what is now */
  timeless?: boolean;
  /** no file */
  noFile?: boolean;
}

/** The values of templates/pages/partials/report-frame.hbs. */
export function frameOf({ tab, view, path, viewer, today, saved, timeless, noFile }: FrameParts): object {
  const own = tabPath(tab);
  const address = timeless ? own : tabUrl(own, view);
  const spans = timeless ? [] : presetsOf(tab, today).filter((one) => isOf(one, view));
  const kept = spans.map((one) => ({ address: keptAddress(address, one), span: one.label }));
  return {
    tabs: tabsOf(tab, view, viewer),
    place: path.at(-1)?.name ?? (viewer.role === "hq" ? "全国" : ""),
    crumbs: crumbsOf(tab, view, path, viewer),
    dates: timeless ? null : datesOf(tab, own, view, today),
    spanText: timeless ? "" : span(view.from, view.to),
    files: noFile ? null : filesOf(own, address),
    address,
    kept,
    isFrozen: !timeless && kept.length === 0,
    savedViews: saved.map((one) => ({
      ...{ ...one, days: daysOfAddress(one.address, today) },
      isCurrent: one.address === address || kept.some(({ address: usual }) => one.address === usual),
    })),
    mayShare: viewer.role === "hq",
  };
}

function filesOf(own: string, address: string): object {
  return { csv: address.replace(own, `${own}.csv`), xlsx: address.replace(own, `${own}.xlsx`) };
}

function tabsOf(current: TabKey, view: TabView, viewer: Viewer): object[] {
  const here = TABS.find(({ key }) => key === current);
  return TABS.filter(({ needs }) => isAllowed(viewer.role, needs)).map(({ key, label, days }) => ({
    label,
    active: key === current,
    href: hrefOf(key, view, days === here?.days && days !== "none"),
  }));
}

/** Another tab of the same place; of the same days where both count by such days. */
function hrefOf(key: Tab["key"], { from, to, within }: TabView, keepsDays: boolean): string {
  if (key === "experiments") return "/experiments";
  const query = new URLSearchParams(keepsDays ? { from, to } : {});
  if (within && key !== "uplift" && key !== "models") query.set("in", `${within.kind}:${within.id}`);
  return query.size > 0 ? `${tabPath(key)}?${query}` : tabPath(key);
}

function crumbsOf(tab: TabKey, view: TabView, path: Report["path"], viewer: Viewer): object[] {
  const root = viewer.role === "hq" ? [{ name: "全国", within: undefined }] : [];
  const steps = path.map(({ kind, id, name }) => ({ name, within: { kind, id } as ReportNode }));
  const all = [...root, ...steps];
  if (all.length < 2) return [];
  return all.map(({ name, within }, at) => ({
    name,
    // the way up begins with the next level down, on its first page
    href: tabUrl(tabPath(tab), view, { within, own: tab === "" ? { by: "", page: "" } : {} }),
    current: at === all.length - 1,
  }));
}

function datesOf(tab: TabKey, own: string, view: TabView, today: ShopDay): object {
  const hidden = Object.entries({
    ...(view.within && { in: `${view.within.kind}:${view.within.id}` }),
    ...view.own,
  }).filter(([, value]) => value !== "");
  return {
    ...{ action: own, from: view.from, to: view.to, today },
    hidden: hidden.map(([name, value]) => ({ name, value })),
    presets: presetsOf(tab, today).map((one) => ({
      label: one.label,
      href: tabUrl(own, view, { from: one.from, to: one.to }),
      active: isOf(one, view),
    })),
  };
}

function presetsOf(tab: TabKey, today: ShopDay): Preset[] {
  const byMonths = TABS.find(({ key }) => key === tab)?.days === "months";
  return byMonths ? longPresets(today) : presets(today);
}

function isOf({ from, to }: Preset, view: TabView): boolean {
  return from === view.from && to === view.to;
}
