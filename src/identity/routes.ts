// Signing in and out, and the links in chat cards that open a guide's list.
import { Router } from "@koa/router";
import { z } from "zod";
import type { PageRenderer } from "../infra/templates-pages.js";
import { bodyOf, languageOf, readValues, type Web } from "../infra/web.js";
import { Refusal } from "../kernel/refusals.js";
import { type Guard, SESSION_COOKIE } from "./guard.js";
import type { IdentityService } from "./service.js";
import type { OpenedSession } from "./sessions.js";

/** A login that the demo shows as a button. */
export interface DemoLogin {
  login: string;
  password: string;
  /** 总部运营 */
  label: string;
  /** what they will see */
  hint: string;
}

/** What the demo shows at the door. */
export interface DemoDoor {
  /** shown as buttons */
  logins: readonly DemoLogin[];
  /** days of the brand's past that are played, and of how many; undefined once all are */
  past(): { done: number; of: number } | undefined;
}

export interface IdentityRouteParts {
  identity: IdentityService;
  guard: Guard;
  pages: PageRenderer;
  demo?: DemoDoor | undefined;
  /** whether the chat system lets people in too (see wecom-routes) */
  chatLogin?: boolean;
}

const form = z.object({
  login: z.string().trim().min(1, "账号").max(64, "账号"),
  password: z.string().min(1, "密码").max(200, "密码"),
  next: z.string().max(500).optional(),
});

const HOME = "/";

/** GET and POST /sign-in, POST /sign-out, and /g/open: a guide's signed link. */
export function identityRoutes(parts: IdentityRouteParts): Router {
  const { identity, guard } = parts;
  const router = new Router();

  router.get("/sign-in", async (ctx) => {
    // inside WeCom nobody types a password; who just signed out is going nowhere and stays out
    if (parts.chatLogin && /\bwxwork\//i.test(ctx.get("User-Agent")) && typeof ctx.query.next === "string")
      return ctx.redirect(`/sign-in/wecom?next=${encodeURIComponent(ownPath(ctx.query.next))}`);
    showSignIn(ctx, parts, { next: ownPath(ctx.query.next), login: "", fault: "" });
  });

  router.post("/sign-in", guard.ours, async (ctx) => {
    const asked = readValues(form, bodyOf(ctx), "sign-in");
    try {
      keepSession(ctx, await identity.signIn({ ...asked, ip: ctx.ip }));
      ctx.redirect(ownPath(asked.next));
      ctx.status = 303;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      ctx.status = error.kind === "too_many" ? 429 : 401;
      showSignIn(ctx, parts, { next: ownPath(asked.next), login: asked.login, fault: error.message });
    }
  });

  router.post("/sign-out", guard.signedIn, guard.csrf, async (ctx) => {
    await identity.signOut(ctx.cookies.get(SESSION_COOKIE) ?? "");
    ctx.cookies.set(SESSION_COOKIE, null);
    ctx.redirect("/sign-in");
    ctx.status = 303;
  });

  // Opening takes a POST: what only looks at links (previews, scanners) must not spend them.
  router.get("/g/open", async (ctx) => showOpening(ctx, parts));
  router.post("/g/open", guard.ours, async (ctx) => {
    const { t } = readValues(z.object({ t: z.string().max(200) }), bodyOf(ctx), "link");
    keepSession(ctx, await identity.openLink(t));
    ctx.redirect("/g/today");
    ctx.status = 303;
  });
  return router;
}

/** The path of a guide's link, for a card. `token` comes from `linkFor`. */
export function linkPath(token: string): string {
  return `/g/open?t=${token}`;
}

/** Who is in already goes on; a good link offers to open; a bad one says where a good one is found. */
async function showOpening(ctx: Web, { identity, pages }: IdentityRouteParts): Promise<void> {
  const token = typeof ctx.query.t === "string" ? ctx.query.t : "";
  const guideId = identity.guideOfLink(token);
  const current = await identity.sessionOf(ctx.cookies.get(SESSION_COOKIE) ?? "");
  if (current?.viewer.guideId && (guideId ?? current.viewer.guideId) === current.viewer.guideId) {
    ctx.redirect("/g/today");
    return;
  }
  ctx.type = "html";
  const frame = { title: "今日任务", language: languageOf(ctx) };
  ctx.body = pages.page("opening", { ...frame, token, isGood: guideId !== undefined }, "plain");
}

function showSignIn(
  ctx: Web,
  { pages, demo, chatLogin = false }: IdentityRouteParts,
  said: { next: string; login: string; fault: string },
): void {
  ctx.type = "html";
  const chatDoor = chatLogin ? `/sign-in/wecom?next=${encodeURIComponent(said.next)}` : "";
  const frame = { title: "登录", language: languageOf(ctx) };
  const shown = { demoLogins: demo?.logins, past: demo?.past(), chatDoor };
  ctx.body = pages.page("sign-in", { ...frame, ...shown, ...said }, "plain");
}

/** Gives the browser its session. */
export function keepSession(ctx: Web, session: OpenedSession): void {
  ctx.cookies.set(SESSION_COOKIE, session.token, {
    httpOnly: true,
    sameSite: "lax",
    secure: ctx.secure,
    maxAge: session.lifetime,
    overwrite: true,
  });
}

/** A path of ours, else home: `//other.site` and `/\other.site` are other sites. */
export function ownPath(next: unknown): string {
  return typeof next === "string" && /^\/(?![/\\])[^\r\n\\]*$/.test(next) ? next : HOME;
}
