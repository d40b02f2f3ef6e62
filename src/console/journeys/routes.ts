// The journeys: all of them as a list, and one as it is live, on its timeline and word for word.
import { Router } from "@koa/router";
import { type Guard, viewerOf } from "../../identity/guard.js";
import { isAllowed } from "../../identity/permissions.js";
import type { Store } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import type { Web } from "../../infra/web.js";
import { ONEOFF } from "../../journeys/oneoff-file.js";
import { type JourneyOverview, journeyOverviews } from "../../journeys/overviews.js";
import { dayOfYearIn } from "../../journeys/timeline.js";
import { shopDayOf, yearOf } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import type { World } from "../../kernel/world.js";
import { loadNamedDays } from "../../org/calendar-queries.js";
import { showDesk } from "../pages.js";
import { partOf } from "./address.js";
import { type DraftLine, listPage, livePage } from "./page.js";
import { namesOfHq } from "./people.js";
import { cardOf, timelineView } from "./timeline-view.js";

export interface JourneyPageParts {
  store: Store;
  guard: Guard;
  pages: PageRenderer;
  world: Pick<World, "now">;
  zone: string;
}

/** GET /journeys and /journeys/:key. */
export function journeyPages(parts: JourneyPageParts): Router {
  const { store, guard, pages } = parts;
  const router = new Router();
  const may = guard.may("see_journeys");
  router.get("/journeys", may, async (ctx) => {
    const telling = await tellingOf(ctx, parts);
    const drafts = telling.mayEdit ? await draftLines(store) : [];
    showDesk(
      ctx,
      pages,
      "journeys/list",
      "旅程",
      listPage(await journeyOverviews(store.read), drafts, telling),
    );
  });
  router.get("/journeys/:key", may, async (ctx) => {
    const key = partOf(ctx, "key");
    const journey = (await journeyOverviews(store.read)).find((one) => one.key === key);
    // one that was never published is nothing yet but its draft
    const isBegun =
      !journey && isAllowed(viewerOf(ctx).role, "edit_journeys") && (await hasDraft(store, key));
    if (isBegun) return ctx.redirect(`/journeys/${key}/draft`);
    if (!journey) throw new Refusal("not_found", "没有这个旅程。");
    const values = livePage(journey, await tellingOf(ctx, parts));
    showDesk(ctx, pages, "journeys/live", journey.name, {
      ...values,
      lanes: await lanesOf(parts, journey),
      isEditable: false,
    });
  });
  return router;
}

async function hasDraft({ read }: Store, key: string): Promise<boolean> {
  return (await read.row("SELECT based_on FROM journey_draft WHERE journey_key = ?", [key])) !== undefined;
}

async function tellingOf(ctx: Web, { store, zone }: JourneyPageParts) {
  const mayEdit = isAllowed(viewerOf(ctx).role, "edit_journeys");
  return { names: await namesOfHq(store), zone, mayEdit };
}

async function lanesOf({ store, world, zone }: JourneyPageParts, { key, touchpoints }: JourneyOverview) {
  const cards = touchpoints.map(({ key: own, name, way, spec }) =>
    cardOf({
      ...{ key: own, name, trigger: spec.trigger, way, stamp: "" },
      marks: [
        ...(spec.variants ? ["实验"] : []),
        ...(spec.holdOut ? ["对照"] : []),
        ...(spec.ask ? ["补资料"] : []),
      ],
      href: `/journeys/${key}#t-${own}`,
    }),
  );
  const year = yearOf(shopDayOf(world.now(), zone));
  return timelineView(cards, dayOfYearIn(year, await loadNamedDays(store.read)), null);
}

/** The drafts there are, latest first; one-off tasks have a place of their own. */
async function draftLines(store: Store): Promise<DraftLine[]> {
  const rows = await store.read.rows<{ key: string; data: string; changedAt: number; changedBy: string }>(
    `SELECT journey_key AS \`key\`, data, changed_at AS changedAt, changed_by AS changedBy FROM journey_draft
     WHERE journey_key NOT LIKE '${ONEOFF}%' ORDER BY changed_at DESC`,
  );
  return rows.map(({ data, ...row }) => {
    const { name } = JSON.parse(data) as { name?: unknown };
    return { ...row, changedAt: Number(row.changedAt), name: String(name) };
  });
}
