// The journeys' page.
import { Router } from "@koa/router";
import type { Guard } from "../identity/guard.js";
import type { Store } from "../infra/store.js";
import type { PageRenderer } from "../infra/templates-pages.js";
import { journeyOverviews } from "../journeys/overviews.js";
import { journeysPage } from "./journeys-page.js";
import { showDesk } from "./pages.js";

export interface JourneyPageParts {
  store: Store;
  guard: Guard;
  pages: PageRenderer;
  zone: string;
}

/** GET /journeys. */
export function journeyPages({ store, guard, pages, zone }: JourneyPageParts): Router {
  const router = new Router();
  router.get("/journeys", guard.may("see_journeys"), async (ctx) => {
    const journeys = await journeyOverviews(store.read);
    const accounts = await store.read.rows<{ id: number; name: string }>(
      "SELECT id, name FROM account WHERE role = 'hq'",
    );
    const names = new Map(accounts.map(({ id, name }) => [id, name]));
    showDesk(ctx, pages, "journeys", "旅程触点", journeysPage(journeys, names, zone));
  });
  return router;
}
