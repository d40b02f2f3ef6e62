// Signing in by WeCom: silently inside it, by QR code at a desk. What comes back is trusted only with the state we gave.
import { Router } from "@koa/router";
import type { PageRenderer } from "../infra/templates-pages.js";
import { languageOf, type Web } from "../infra/web.js";
import { keepSession, ownPath } from "./routes.js";
import { freshState, isSame } from "./secrets.js";
import type { IdentityService } from "./service.js";

/** The chat system's login, joined in wire. */
export interface MemberLogin {
  /** where the browser goes to log in, and from where it comes back to `back` with a code and the same state */
  address(asked: { inside: boolean; back: string; state: string }): string;
  /** whom a code stands for; undefined: somebody who is no member. Raises a Refusal for a code that is no good. */
  memberOf(code: string): Promise<string | undefined>;
}

export interface WecomRouteParts {
  identity: IdentityService;
  pages: PageRenderer;
  login: MemberLogin;
  /** the address browsers reach us at, "" = as they say */
  publicUrl: string;
}

/** Where the browser keeps, for ten minutes, the state we gave and where it was going. */
const STATE_COOKIE = "guidepost_login";
const TEN_MINUTES = 600_000;
const DOOR = "/sign-in/wecom";

/** Whether a page is looked at inside WeCom. */
export function isInWecom(ctx: Web): boolean {
  return /\bwxwork\//i.test(ctx.get("User-Agent"));
}

/** GET /sign-in/wecom and /sign-in/wecom/back. */
export function wecomRoutes(parts: WecomRouteParts): Router {
  const { identity, login } = parts;
  const router = new Router();

  router.get(DOOR, async (ctx) => {
    const state = freshState();
    ctx.cookies.set(STATE_COOKIE, `${state}.${encodeURIComponent(ownPath(ctx.query.next))}`, {
      ...{ httpOnly: true, sameSite: "lax", secure: ctx.secure, overwrite: true },
      ...{ path: DOOR, maxAge: TEN_MINUTES },
    });
    const back = `${parts.publicUrl.replace(/\/$/, "") || `${ctx.protocol}://${ctx.host}`}${DOOR}/back`;
    ctx.redirect(login.address({ inside: isInWecom(ctx), back, state }));
  });

  router.get(`${DOOR}/back`, async (ctx) => {
    const { given, next } = stateOf(ctx);
    ctx.cookies.set(STATE_COOKIE, null, { path: DOOR });
    const { state, code } = ctx.query;
    if (typeof state !== "string" || given === "" || !isSame(state, given))
      return showFault(ctx, parts, { fault: "stale", next });
    // who refuses comes back with the state alone
    if (typeof code !== "string" || code === "") return showFault(ctx, parts, { fault: "refused", next });
    const userid = await login.memberOf(code);
    if (userid === undefined) return showFault(ctx, parts, { fault: "stranger", next });
    const session = await identity.openMember(userid, isInWecom(ctx) ? "phone" : "desk");
    if (!session) return showFault(ctx, parts, { fault: "unknown", next, userid });
    keepSession(ctx, session);
    ctx.redirect(next);
  });
  return router;
}

function stateOf(ctx: Web): { given: string; next: string } {
  const [, given = "", next = ""] = /^([A-Za-z0-9]+)\.(.*)$/.exec(ctx.cookies.get(STATE_COOKIE) ?? "") ?? [];
  return { given, next: ownPath(decoded(next)) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

const FAULTS = {
  stale: {
    title: "登录没有完成",
    message: "这次登录隔得太久，或不是从这个浏览器开始的。请再试一次；若一直这样，请允许浏览器保存 Cookie。",
  },
  refused: { title: "没有登录", message: "你没有同意登录，什么都没有改变。" },
  stranger: {
    title: "只有企业成员能进来",
    message: "当前微信不是本企业的成员。请用你的企业微信账号打开。",
  },
  unknown: {
    title: "你还不在导购名单里",
    message: "企业微信认识你，但这里还没有你的账号。请把下面的账号发给总部运营，开通后再打开。",
  },
} as const;

function showFault(
  ctx: Web,
  { pages }: WecomRouteParts,
  { fault, next, userid = "" }: { fault: keyof typeof FAULTS; next: string; userid?: string },
): void {
  ctx.status = 403;
  ctx.type = "html";
  const again = fault === "stale" || fault === "refused" ? `${DOOR}?next=${encodeURIComponent(next)}` : "";
  ctx.body = pages.page(
    "sign-in-fault",
    { ...FAULTS[fault], language: languageOf(ctx), again, userid },
    "plain",
  );
}
