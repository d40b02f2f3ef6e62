// The figures of a manager's page: their own reach this week and the last, the brand beside it, and who waits for help.
import type { Viewer } from "../../identity/viewer.js";
import { marks } from "../../infra/dialect.js";
import type { Sql, Store } from "../../infra/store.js";
import { addDays, type ShopDay } from "../../kernel/calendar.js";
import type { Report, ReportNode, ReportRow } from "../../reports/report.js";
import { placeOf } from "../../reports/scope.js";
import { below, type ReportService } from "../../reports/service.js";
import { sharedTree } from "../../reports/shared-tree.js";
import { namedGuides, type OpenGuide } from "../../reports/standing.js";
import { openOf, type UrgeWhich } from "../../tasks/behind.js";
import { type LastUrge, lastUrges } from "../../tasks/urging.js";
import type { TeamView } from "./view.js";

/** Seven days up to today are compared with the seven before. */
export const WEEK = 7;
/** A task stays open for its grace, and no longer. */
export const OPEN_DAYS = 7;
/** Rows of those who may need help: at first, and for whoever wants all. */
const MOST_BEHIND = { first: 30, all: 500 };

export interface TeamFigures {
  report: Report;
  /** of the seven days before, by key of the row */
  before: ReadonlyMap<string, ReportRow>;
  totalBefore: ReportRow;
  today: ReportRow;
  /** the whole brand's, these seven days */
  brand: ReportRow;
  behind: { guides: OpenGuide[]; all: number; open: number };
  /** until when guides put off all they have open (epoch ms), by their ids: nobody reminds them */
  putOff: ReadonlyMap<number, number>;
  /** who was reminded today or a moment ago, by their ids */
  urged: ReadonlyMap<number, LastUrge>;
  /** the codes of the report's stores whose name another of them has too, by their ids */
  codes: ReadonlyMap<number, string>;
  /** whether there are places between the manager and the stores */
  hasBelow: boolean;
}

/** Reads them for one view. Raises `not_found` for a place outside the viewer's reach. */
export async function teamFigures(
  { store, reports }: { store: Store; reports: ReportService },
  viewer: Viewer,
  view: TeamView,
  { now, today, zone }: { now: number; today: ShopDay; zone: string },
): Promise<TeamFigures> {
  const week = { from: addDays(today, 1 - WEEK), to: today };
  const last = { from: addDays(week.from, -WEEK), to: addDays(today, -WEEK) };
  const within = view.within && { within: view.within };
  const tree = await sharedTree(store.read);
  const hasBelow = below(tree, await placeOf(store.read, tree, viewer, view.within)) === "children";
  const by = hasBelow && view.by === "unit" ? "store" : "below";
  const [waiting, report, before, ofToday, brand] = await Promise.all([
    waitingOf({ store, reports }, viewer, view, { now, today, zone }),
    reports.report(viewer, { ...week, by, ...within }),
    reports.report(viewer, { ...last, by, ...within }),
    reports.report(viewer, { from: today, to: today, by: "day", ...within }),
    reports.report(brandOf(viewer), { ...week, by: "day" }),
  ]);
  return {
    ...{ report, hasBelow, today: ofToday.total, brand: brand.total, totalBefore: before.total },
    before: new Map(before.rows.map((row) => [row.key, row])),
    ...waiting,
    codes: await codesOf(store.read, report.rows),
  };
}

/** Who may need help, and what is known of each of them. */
async function waitingOf(
  { store, reports }: { store: Store; reports: ReportService },
  viewer: Viewer,
  view: TeamView,
  { now, today, zone }: { now: number; today: ShopDay; zone: string },
): Promise<Pick<TeamFigures, "behind" | "putOff" | "urged">> {
  const behind = await reports.openGuides(viewer, {
    ...{ from: addDays(today, 1 - OPEN_DAYS), to: today },
    ...(view.within && { within: view.within }),
    most: view.all ? MOST_BEHIND.all : MOST_BEHIND.first,
  });
  const guideIds = behind.guides.map(({ guideId }) => guideId);
  const [{ putOff }, guides, urged] = await Promise.all([
    openOf(store, viewer, today, now, { guideIds, days: OPEN_DAYS }),
    namedGuides(store.read, behind.guides),
    lastUrges(store.read, guideIds, { now, zone }),
  ]);
  return {
    behind: { ...behind, guides },
    putOff: new Map(putOff.map(({ guideId, until }) => [guideId, until])),
    urged,
  };
}

async function codesOf(sql: Sql, rows: readonly ReportRow[]): Promise<Map<number, string>> {
  const times = new Map<string, number>();
  for (const { name } of rows) times.set(name, (times.get(name) ?? 0) + 1);
  const ids = rows
    .filter(({ kind, name }) => kind === "store" && (times.get(name) ?? 0) > 1)
    .flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return new Map();
  const stores = await sql.rows<{ id: number; code: string }>(
    `SELECT id, code FROM store WHERE id IN (${marks(ids.length)})`,
    ids,
  );
  return new Map(stores.map(({ id, code }) => [id, code]));
}

/** Whom the page of a place reminds: one guide, or everybody it counts as open. Raises `not_found` for a place outside the
 *  viewer's reach. */
export async function urgedAt(
  { store }: { store: Store },
  viewer: Viewer,
  { guide, within }: { guide?: number; within?: ReportNode },
): Promise<UrgeWhich> {
  const which = { days: OPEN_DAYS, ...(guide !== undefined && { guideIds: [guide] }) };
  if (!within) return which;
  const tree = await sharedTree(store.read);
  const place = await placeOf(store.read, tree, viewer, within);
  if (place.kind === "region") return { ...which, areas: tree.subtree(place.id) };
  if (place.kind === "store") return { ...which, storeId: place.id };
  return place.kind === "guide" ? { ...which, guideIds: [place.id] } : which;
}

/** Of the brand a manager is told the total alone, to compare with. */
function brandOf(viewer: Viewer): Viewer {
  return { ...viewer, role: "hq", regionId: null, storeId: null, guideId: null };
}
