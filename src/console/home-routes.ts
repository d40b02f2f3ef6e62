// The front door: everybody to where their work is, in the language they read.
import { Router } from "@koa/router";
import { z } from "zod";
import { type Guard, viewerOf } from "../identity/guard.js";
import { bodyOf, cameFrom, LANGUAGE_COOKIE, readValues } from "../infra/web.js";
import { homeOf } from "./pages.js";
import { goTo } from "./routes-answers.js";

const choice = z.object({ language: z.enum(["zh", "en"], "zh, en") });
const YEAR = 365 * 24 * 3_600_000;

/** GET /, POST /language: of this browser, whether or not somebody is signed in. */
export function homePages({ guard }: { guard: Guard }): Router {
  const router = new Router();
  router.get("/", guard.signedIn, (ctx) => ctx.redirect(homeOf(viewerOf(ctx).role)));
  router.post("/language", guard.ours, (ctx) => {
    const { language } = readValues(choice, bodyOf(ctx), "language", { language: "语言" });
    ctx.cookies.set(LANGUAGE_COOKIE, language, {
      ...{ httpOnly: true, sameSite: "lax", secure: ctx.secure, maxAge: YEAR, overwrite: true },
    });
    goTo(ctx, cameFrom(ctx) || "/");
  });
  return router;
}
