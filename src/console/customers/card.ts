// A customer's page, read from the services that know of them.
import type { CustomerCard } from "../../customers/card.js";
import type { CustomerDesk } from "../../customers/desk.js";
import { subjectOf } from "../../customers/subjects.js";
import type { TagService } from "../../customers/tag-service.js";
import { changesOf } from "../../identity/audit.js";
import { type Guard, viewerOf } from "../../identity/guard.js";
import { isAllowed } from "../../identity/permissions.js";
import type { Viewer } from "../../identity/viewer.js";
import type { Store } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { idOf, type Web } from "../../infra/web.js";
import { shopDayOf } from "../../kernel/calendar.js";
import type { World } from "../../kernel/world.js";
import type { CustomerDeskWork } from "../../tasks/customer-desk.js";
import type { CustomerHistory } from "../../tasks/customer-history.js";
import type { ExplainService } from "../../tasks/explain/service.js";
import { showDesk } from "../pages.js";
import { actorNames } from "./actors.js";
import { cardPage, type ShownCard, tagsOf } from "./card-page.js";
import { changesPage, sayCounts } from "./story-page.js";

/** What the customers' pages need. */
export interface CustomerRouteParts {
  guard: Guard;
  pages: PageRenderer;
  store: Store;
  world: Pick<World, "now">;
  zone: string;
  customerDesk: CustomerDesk;
  customerWork: CustomerDeskWork;
  customerHistory: CustomerHistory;
  tags: Pick<TagService, "show" | "add" | "remove">;
  explain: Pick<ExplainService, "explain">;
}

/** Changes of a customer shown on their page. */
const CHANGES = 10;

/** Answers with the page; whoever was merged into another leads there. */
export async function showCard(
  ctx: Web,
  parts: CustomerRouteParts,
  { shownPhone = "" }: { shownPhone?: string } = {},
): Promise<void> {
  const { pages, store, zone } = parts;
  const viewer = viewerOf(ctx);
  const card = await parts.customerDesk.card(viewer, idOf(ctx.params.id));
  if ("mergedInto" in card) return ctx.redirect(`/customers/${card.mergedInto}`);
  const { lines } = await changesOf(store.read, { subject: subjectOf(card.id), limit: CHANGES });
  const by = lines.map((line) => line.by);
  const shown = await shownCard(parts, viewer, card, by);
  showDesk(ctx, pages, "customers/customer", card.name || "客户", {
    ...cardPage(shown),
    ...changesPage(lines, shown.nameOf, zone),
    ...{ shownPhone, done: doneOf(ctx) },
  });
}

/** The tags' card alone, after one of them has changed. */
export async function tagsCard(ctx: Web, parts: CustomerRouteParts, card: CustomerCard): Promise<object> {
  return tagsOf(await shownCard(parts, viewerOf(ctx), card, []));
}

async function shownCard(
  { tags, store, world, zone }: CustomerRouteParts,
  { role }: Viewer,
  card: CustomerCard,
  actors: readonly string[],
): Promise<ShownCard> {
  const carried = await tags.show(card.externalUserid);
  const by = [...carried.tags.map((tag) => tag.by), ...carried.past.map(({ takenBy }) => takenBy)];
  return {
    ...{ card, tags: carried, zone, today: shopDayOf(world.now(), zone) },
    nameOf: await actorNames(store.read, [...by, ...actors]),
    rights: {
      mayCorrect: isAllowed(role, "correct_customers"),
      mayKeep: isAllowed(role, "keep_customers"),
    },
  };
}

const DONE: Readonly<Record<string, string>> = {
  ...{
    correct: "已更正",
    add_child: "已添加宝宝",
    stop: "已停止宝宝相关的跟进",
    resume: "已恢复宝宝相关的跟进",
  },
  ...{ opt_out: "已登记退订", opt_in: "已恢复接收消息" },
};

/** What was just done, as the address says after it; "" for none. */
function doneOf(ctx: Web): string {
  const { done, ...counts } = ctx.query;
  const said = typeof done === "string" ? DONE[done] : undefined;
  if (said === undefined) return "";
  const changes = sayCounts(counts);
  return `${said}：${changes === "" ? "没有跟进因此改变" : changes}。`;
}
