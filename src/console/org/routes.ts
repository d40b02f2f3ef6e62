// The organisation's addresses: regions, stores, guides, search; leaves and leavers are entered on a guide's page.
import { Router } from "@koa/router";
import { z } from "zod";
import type { Sql } from "../../infra/store.js";
import { idOf, readValues, type Web } from "../../infra/web.js";
import { Refusal } from "../../kernel/refusals.js";
import { loadTree } from "../../org/queries.js";
import { showDesk } from "../pages.js";
import { addLeaves } from "./leave-routes.js";
import { addLeavers } from "./leaver-routes.js";
import { guideView, storeView } from "./people.js";
import { regionView, searchPlaces, storeLines } from "./places.js";
import { type OrgPageParts, offersOf, requestOf } from "./request.js";
import { foundPage, guidePage, regionPage, storePage } from "./view.js";

const pageQuery = z.object({ page: z.coerce.number().int().min(1).max(10_000).catch(1) });
const searchQuery = z.object({ q: z.string().max(60).catch("") });

/** GET /org, /org/regions/ID, /org/stores/ID, /org/guides/ID, /org/search and what stands on a guide's page. */
export function orgPages(parts: OrgPageParts): Router {
  const { guard, pages, store } = parts;
  const router = new Router({ prefix: "/org" });
  const see = guard.may("see_org");
  const showRegion = async (ctx: Web, id: number | undefined) => {
    const { viewer, today } = requestOf(ctx, parts);
    if (viewer.role === "store_manager") {
      await mustHold(store.read, id, viewer.storeId ?? 0);
      return ctx.redirect(`/org/stores/${viewer.storeId ?? 0}`);
    }
    const { page } = readValues(pageQuery, ctx.query, "query");
    const view = await regionView(store.read, viewer, { id, page }, today);
    showDesk(ctx, pages, "org/region", "组织", {
      ...offersOf(viewer),
      ...regionPage(view, ctx.path, parts.zone),
    });
  };
  router.get("/", see, (ctx) => showRegion(ctx, undefined));
  router.get("/regions/:id", see, (ctx) => showRegion(ctx, idOf(ctx.params.id)));
  router.get("/stores/:id", see, async (ctx) => {
    const { viewer, today } = requestOf(ctx, parts);
    const view = await storeView(store.read, viewer, idOf(ctx.params.id), today);
    showDesk(ctx, pages, "org/store", view.name, { ...offersOf(viewer), ...storePage(view, today) });
  });
  router.get("/guides/:id", see, async (ctx) => {
    const { viewer, today } = requestOf(ctx, parts);
    const view = await guideView(store.read, viewer, idOf(ctx.params.id), today);
    const leaves = await parts.leaves.list(viewer, { guide: view.userid });
    const values = guidePage(view, leaves, today, parts.contacts !== undefined);
    showDesk(ctx, pages, "org/guide", view.name, { ...offersOf(viewer), ...values });
  });
  router.get("/search", see, async (ctx) => {
    const { viewer, today } = requestOf(ctx, parts);
    const q = readValues(searchQuery, ctx.query, "query").q.trim();
    const found = q === "" ? { stores: [], guides: [] } : await searchPlaces(store.read, viewer, q);
    const stores = await storeLines(store.read, await loadTree(store.read), found.stores, today);
    showDesk(ctx, pages, "org/found", "查找门店和导购", {
      ...offersOf(viewer),
      ...foundPage(q, stores, found, today),
    });
  });
  addLeaves(router, parts);
  addLeavers(router, parts);
  return router;
}

/** Whether a store lies in a region (undefined: the brand). Raises `not_found`. */
async function mustHold(sql: Sql, region: number | undefined, storeId: number): Promise<void> {
  const row = await sql.row<{ trail: string }>(
    "SELECT r.trail FROM store s JOIN region r ON r.id = s.region_id WHERE s.id = ?",
    [storeId],
  );
  if (region !== undefined && !row?.trail.includes(`/${region}/`))
    throw new Refusal("not_found", "没有找到这个区域。");
}
