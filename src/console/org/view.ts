// The organisation's pages as values: what stands where, in words and numbers.
import type { ShopDay } from "../../kernel/calendar.js";
import type { LeaveLine } from "../../org/leave-service.js";
import type { RegionNode } from "../../org/tree.js";
import { STATE_NAMES } from "../../tasks/life.js";
import { count, moment, span } from "../format.js";
import type { CodeLine, GuideLine, GuideView, StoreView } from "./people.js";
import type { Found, PlaceCounts, RegionView, StoreLine } from "./places.js";

/** A way back up the tree. */
export interface Crumb {
  href: string;
  name: string;
}

const ROOT: Crumb = { href: "/org", name: "组织" };

function crumbsOf(path: readonly RegionNode[]): Crumb[] {
  return [ROOT, ...path.map(({ id, name }) => ({ href: `/org/regions/${id}`, name }))];
}

/** Customers are counted now and then: before the first time nobody knows. */
function countsOf({ stores, guides, onLeave, customers }: PlaceCounts, isCounted: boolean) {
  return {
    ...{ stores: count(stores), guides: count(guides), customers: isCounted ? count(customers) : "—" },
    onLeave: onLeave === 0 ? "" : count(onLeave),
  };
}

/** A region and what lies in it. */
export function regionPage(view: RegionView, path: string, zone: string): object {
  const { path: way, here, regions, stores, page, pages, countedAt } = view;
  const node = way.at(-1);
  const isCounted = countedAt !== undefined;
  return {
    crumbs: crumbsOf(way.slice(0, -1)).slice(node ? 0 : 1),
    name: node?.name ?? "全国",
    here: countsOf(here, isCounted),
    isEmpty: here.stores === 0,
    regions: regions.map((line) => ({
      ...{ id: line.id, name: line.name, level: line.level },
      ...countsOf(line, isCounted),
    })),
    stores: stores.map((line) => ({ ...storeRow(line), ...(isCounted ? {} : { customers: "—" }) })),
    pager: pagerOf(path, page, pages),
    counted: countedAt === undefined ? "" : moment(countedAt, zone),
  };
}

function storeRow({ id, code, name, region, guides, customers, onLeave }: StoreLine) {
  return {
    ...{ id, code, name, region, guides: count(guides), customers: count(customers) },
    onLeave: onLeave === 0 ? "" : count(onLeave),
  };
}

function pagerOf(path: string, page: number, pages: number) {
  const to = (n: number) => `${path}?page=${n}`;
  return {
    ...{ page, pages, isNeeded: pages > 1 },
    before: page > 1 ? to(page - 1) : "",
    after: page < pages ? to(page + 1) : "",
  };
}

/** A store and its guides. */
export function storePage({ id, code, name, path, guides, codes }: StoreView, today: ShopDay): object {
  const lines = guides.map((guide) => guideRow(guide, today));
  return {
    ...{ crumbs: crumbsOf(path), id, code, name },
    here: {
      guides: count(lines.filter(({ isGone }) => !isGone).length),
      onLeave: count(guides.filter((guide) => guide.isAway).length),
      customers: count(guides.reduce((sum, guide) => sum + guide.customers, 0)),
    },
    guides: lines,
    codes: codes.map(codeRow),
  };
}

function guideRow(guide: GuideLine, today: ShopDay) {
  const { id, userid, name, joinedOn, customers } = guide;
  return {
    id,
    userid,
    name,
    joinedOn: joinedOn ?? "",
    customers: count(customers),
    ...stateOf(guide, today),
  };
}

/** What a guide is now: 在职, 休假, 将离职, 已离职. */
export function stateOf({ leftOn, isAway }: Pick<GuideLine, "leftOn" | "isAway">, today: ShopDay) {
  const isGone = leftOn !== null && leftOn <= today;
  const state = isGone ? "已离职" : leftOn !== null ? "将离职" : isAway ? "休假中" : "在职";
  return { isGone, state, isOdd: state !== "在职", leftOn: leftOn ?? "" };
}

function codeRow({ id, campaign, state, hasPicture, error }: CodeLine) {
  return { id, campaign, state, hasPicture, error: error ?? "" };
}

/** What transfers in the chat system are called by how far they are. */
export const TRANSFER_NAMES: Readonly<Record<string, string>> = {
  ...{ asked: "待发起", calling: "发起中", waiting: "等待生效（24 小时）", done: "已完成" },
  ...{ refused: "客户拒绝", full: "接替导购的客户已满", failed: "失败" },
};

/** A guide. */
export function guidePage(
  view: GuideView,
  leaves: readonly LeaveLine[],
  today: ShopDay,
  handsOverInChat: boolean,
): object {
  const { id, userid, name, joinedOn, storeId, storeCode, storeName, successor, customers } = view;
  const open = view.open.map(({ state, n }) => ({ name: STATE_NAMES[state], value: count(n) }));
  return {
    crumbs: [...crumbsOf(view.path), { href: `/org/stores/${storeId}`, name: storeName }],
    ...{ id, userid, name, joinedOn: joinedOn ?? "", storeId, storeCode, storeName, today },
    ...stateOf(view, today),
    isLeaving: view.leftOn !== null,
    customers: count(customers),
    open,
    openSum: count(view.open.reduce((sum, { n }) => sum + n, 0)),
    successor: successor ? { id: successor.id, name: successor.name } : null,
    transfers: view.transfers.map(({ state, n }) => ({
      name: TRANSFER_NAMES[state] ?? state,
      value: count(n),
    })),
    transfersOpen: view.transfers.some(({ state }) => ["asked", "calling", "waiting"].includes(state)),
    handsOverInChat,
    codes: view.codes.map(codeRow),
    colleagues: view.colleagues,
    leaves: leaves.map((leave) => leaveRow(leave, today)),
  };
}

/** One leave as a line. */
export function leaveRow({ guide, name, from, to, deputy, cancelled }: LeaveLine, today: ShopDay) {
  const state = cancelled ? "已取消" : to < today ? "已结束" : from <= today ? "休假中" : "未开始";
  return {
    ...{ guide, name, from, span: span(from, to), deputy: deputy ?? "", state },
    isOpen: !cancelled && to >= today,
    isNow: state === "休假中",
  };
}

/** What a search found. */
export function foundPage(
  q: string,
  stores: readonly StoreLine[],
  { guides }: Found,
  today: ShopDay,
): object {
  return {
    ...{ q, isAsked: q !== "", isNothing: q !== "" && stores.length + guides.length === 0 },
    stores: stores.map(storeRow),
    guides: guides.map(({ id, userid, name, storeName, leftOn }) => ({
      ...{ id, userid, name, storeName, ...stateOf({ leftOn, isAway: false }, today) },
    })),
  };
}
