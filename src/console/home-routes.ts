// The front door: everybody to where their work is.
import { Router } from "@koa/router";
import { type Guard, viewerOf } from "../identity/guard.js";
import { homeOf } from "./pages.js";

/** GET /. */
export function homePages({ guard }: { guard: Guard }): Router {
  const router = new Router();
  router.get("/", guard.signedIn, (ctx) => ctx.redirect(homeOf(viewerOf(ctx).role)));
  return router;
}
