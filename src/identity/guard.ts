// The doors of every route: who is signed in, whether they may, whether the form is ours, whose key this is.
import { bodyOf, type Step, type Web } from "../infra/web.js";
import { Refusal } from "../kernel/refusals.js";
import type { ApiSender } from "./api-keys.js";
import { type Action, isAllowed } from "./permissions.js";
import { isSame } from "./secrets.js";
import type { IdentityService } from "./service.js";
import type { Session } from "./sessions.js";
import type { Viewer } from "./viewer.js";

/** Where the browser keeps its session's token. */
export const SESSION_COOKIE = "guidepost_session";

/** Koa steps for the lines of the route tables. */
export interface Guard {
  /** Lets in who is signed in; raises `not_signed_in`. */
  signedIn: Step;
  /** Lets in who is signed in and whose role may do this; raises `forbidden` besides. */
  may(action: Action): Step;
  /** Lets a form or script through that was given the session's CSRF word, from our own pages; after signedIn or may. */
  csrf: Step;
  /** Lets through what our own pages sent: for forms of people who are not signed in yet. */
  ours: Step;
  /** Lets in a machine by `Authorization: Bearer KEY` or `X-Api-Key`; raises `not_signed_in`. */
  apiKey: Step;
}

/** The doors over one identity service. `publicUrl` is the address browsers reach us at, "" = as they say. */
export function guardOf(identity: IdentityService, publicUrl = ""): Guard {
  const publicHost = hostOf(publicUrl);
  const enter = async (ctx: Web) => {
    const token = ctx.cookies.get(SESSION_COOKIE);
    const session = token ? await identity.sessionOf(token) : undefined;
    if (!session) throw new Refusal("not_signed_in", "请先登录。");
    ctx.state.session = session;
  };
  return {
    signedIn: async (ctx, next) => {
      await enter(ctx);
      await next();
    },
    may: (action) => async (ctx, next) => {
      await enter(ctx);
      if (!isAllowed(viewerOf(ctx).role, action)) throw new Refusal("forbidden", "你的账号没有这个权限。");
      await next();
    },
    csrf: async (ctx, next) => {
      checkOrigin(ctx, publicHost);
      const body = bodyOf(ctx) as { _csrf?: unknown } | undefined;
      const sent = ctx.get("X-CSRF-Token") || (typeof body?._csrf === "string" ? body._csrf : "");
      if (!isSame(sent, sessionOf(ctx).csrf)) throw new Refusal("forbidden", "页面已过期，请刷新后再试。");
      await next();
    },
    ours: async (ctx, next) => {
      checkOrigin(ctx, publicHost);
      await next();
    },
    apiKey: async (ctx, next) => {
      const bearer = /^Bearer (\S+)$/.exec(ctx.get("Authorization"))?.[1];
      const sender = await identity.keys.find(bearer ?? ctx.get("X-Api-Key"));
      if (!sender)
        throw new Refusal("not_signed_in", "A valid API key is needed: Authorization: Bearer KEY.");
      ctx.state.sender = sender;
      await next();
    },
  };
}

/** Refuses what another site's page sent with our cookies; SameSite=Lax is the first wall, this the second. */
function checkOrigin(ctx: Web, publicHost: string): void {
  const origin = ctx.get("Origin");
  const isForeign = origin !== "" && origin !== "null" && ![ctx.host, publicHost].includes(hostOf(origin));
  if (isForeign || ctx.get("Sec-Fetch-Site") === "cross-site")
    throw new Refusal("forbidden", "请求来自其他网站，已拒绝。");
}

/** The session of a request that a guard let in. */
export function sessionOf(ctx: Web): Session {
  const session = ctx.state.session as Session | undefined;
  if (!session) throw new Error(`${ctx.path} has no guard that signs in`);
  return session;
}

/** Who asks, of a request that a guard let in. */
export function viewerOf(ctx: Web): Viewer {
  return sessionOf(ctx).viewer;
}

/** The machine that pushes, of a request that `apiKey` let in. */
export function senderOf(ctx: Web): ApiSender {
  const sender = ctx.state.sender as ApiSender | undefined;
  if (!sender) throw new Error(`${ctx.path} has no guard that asks for a key`);
  return sender;
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : "";
}
