// The pages on WeCom as values.
import type { ContactService } from "../../contacts/service.js";
import type { PushedLine } from "../../contacts/tags-up.js";
import type { TransferLine } from "../../contacts/transfers.js";
import type { WayLine } from "../../contacts/ways.js";
import { grouped } from "../../infra/batches.js";
import { count, moment } from "../format.js";
import { TRANSFER_NAMES } from "./view.js";

type Standing = Awaited<ReturnType<ContactService["standing"]>>;

/** The pages beside each other. */
const TABS = [
  { href: "/org/wecom", label: "同步与标签" },
  { href: "/org/wecom/ways", label: "活码" },
  { href: "/org/wecom/welcome", label: "欢迎语" },
  { href: "/org/wecom/transfers", label: "客户交接" },
];

/** The tabs, one of them open. */
export function tabsOf(open: string) {
  return TABS.map((tab) => ({ ...tab, active: tab.href === open }));
}

/** How far the sync is, what the last one came to, tags shown to guides. */
export function syncPage(
  { last, running, tags }: Standing & { tags: readonly PushedLine[] },
  zone: string,
): object {
  const failed = last?.failed ?? [];
  return {
    tabs: tabsOf("/org/wecom"),
    running: running
      ? { guides: count(running.guides), of: count(running.of), contacts: count(running.contacts) }
      : null,
    last: last && {
      at: moment(last.at, zone),
      ...{ members: count(last.members), newGuides: count(last.newGuides), contacts: count(last.contacts) },
      ...{ newCustomers: count(last.newCustomers), changed: count(last.changed), ended: count(last.ended) },
      doubted: last.doubted > 0 ? count(last.doubted) : "",
    },
    // members WeCom gives nothing of: they lack the licence for customer contact, or the app may not see them
    failed: failed.map(({ guides, why }) => ({ guides: guides.join("、"), why })),
    tags: tags.map(({ name, tagId, error }) => ({ name, isMade: tagId !== null, error: error ?? "" })),
  };
}

/** Codes by campaign. */
export function waysPage(lines: readonly WayLine[]): object {
  const campaigns = [...grouped(lines, ({ campaign }) => campaign)].map(([campaign, ways]) => ({
    campaign,
    customers: count(ways.reduce((sum, way) => sum + way.customers, 0)),
    made: count(ways.filter(({ picture }) => picture !== null).length),
    stores: count(ways.length),
    ways: ways.map(({ id, store, storeName, state, picture, guides, customers, error }) => ({
      ...{ id, store, storeName, state, guides: count(guides.length), customers: count(customers) },
      ...{ hasPicture: picture !== null, error: error ?? "" },
    })),
  }));
  return { tabs: tabsOf("/org/wecom/ways"), campaigns };
}

/** Transfers, and how many are how far. */
export function transfersPage(
  lines: readonly TransferLine[],
  { from, all }: { from: string; all: boolean },
  zone: string,
): object {
  return {
    tabs: tabsOf("/org/wecom/transfers"),
    ...{ from, all },
    sums: [...grouped(lines, ({ state }) => state)].map(([state, some]) => ({
      ...{ name: TRANSFER_NAMES[state] ?? state, value: count(some.length) },
    })),
    lines: lines.slice(0, 200).map(({ customer, name, from: one, to, kind, state, askedAt, error }) => ({
      ...{ customer, name, from: one, to, kind: kind === "onjob" ? "在职转接" : "离职继承" },
      ...{ state: TRANSFER_NAMES[state] ?? state, isOdd: ["refused", "full", "failed"].includes(state) },
      ...{ at: moment(Number(askedAt), zone), error: error ?? "" },
    })),
    more: lines.length > 200 ? count(lines.length - 200) : "",
  };
}
