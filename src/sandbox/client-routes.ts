// The client over HTTP: /sandbox/chats/USERID/CUSTOMER with its /log, and the doors of a login as WeCom has them.
import type { Context, Middleware, Next } from "koa";
import { ClientCalls } from "./client-calls.js";
import { chatPageOf, doorPage, faultPage, logOf, type Member } from "./client-page.js";
import type { Stage } from "./stage.js";
import type { Verbs } from "./verbs.js";
import { WebView } from "./web-view.js";

const most = 60;

/** The browser in the guides' clients. `act` puts what a page sends into chat and archive before it is answered. */
export function clientView(
  stage: Stage,
  verbs: Verbs,
  { url, act }: { url: () => string; act: <T>(verb: () => T) => Promise<T> },
): WebView {
  const calls = new ClientCalls(stage, verbs);
  const { pushes, roster } = stage;
  return new WebView({
    appOrigin: () => pushes.callbackUrl && new URL(pushes.callbackUrl).origin,
    frames: () => [url(), url().replace("127.0.0.1", "localhost")],
    guide: (userid) => roster.guide(userid)?.userid,
    call: (userid, call) => act(() => calls.answer(userid, call)),
  });
}

/** Answers the client's pages; everything else goes on. */
export function clientRoutes(stage: Stage, view: WebView): Middleware {
  return async (ctx: Context, next: Next) => {
    if (ctx.method !== "GET") return next();
    if (ctx.path === "/connect/oauth2/authorize") return door(ctx, stage, view, "phone");
    if (ctx.path === "/wwlogin/sso/login") return door(ctx, stage, view, "qr");
    const [, root, kind, userid = "", externalUserid = "", part] = ctx.path.split("/").map(decoded);
    if (root !== "sandbox" || kind !== "chats") return next();
    const guide = stage.roster.guide(userid);
    const customer = stage.roster.customer(externalUserid);
    if (!guide || !customer) return next();
    if (part === "log") {
      const rows = stage.chats.ofPair(guide.userid, externalUserid, most);
      ctx.body = logOf(
        rows.map(({ from_guide, at, content }) => ({
          from: from_guide ? "guide" : "customer",
          at,
          text: content,
        })),
      );
      return;
    }
    const who: Member = { userid: customer.external_userid, name: customer.name };
    await view.listen();
    ctx.body = chatPageOf(guide, who, view.origin(guide.userid));
  };
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

/** Asks who it is where nobody says so, and sends the browser back with a code. */
function door(ctx: Context, stage: Stage, view: WebView, kind: "phone" | "qr"): void {
  const asked = new URLSearchParams(ctx.querystring);
  const fault = faultOf(asked, stage, view, kind);
  const [back, state] = [asked.get("redirect_uri") ?? "", asked.get("state") ?? ""];
  const member = asked.get("sandbox_member");
  if (fault) ctx.body = faultPage(...fault);
  else if (member !== null) ctx.redirect(withParams(back, { code: stage.logins.issue(member), state }));
  else {
    const members = stage.roster.guides().map(({ userid, name }) => ({ userid, name }));
    const { sandbox_find: find = "", sandbox_page: page = "1", ...kept } = Object.fromEntries(asked);
    const addressFor = (params: Record<string, string>) => withParams(ctx.href, params);
    const search = { find, page: Number.parseInt(page, 10) || 1, kept, addressFor };
    ctx.body = doorPage(kind, members, search, withParams(back, { state }));
  }
}

/** What WeCom refuses of a login's address. */
function faultOf(
  asked: URLSearchParams,
  stage: Stage,
  view: WebView,
  kind: "phone" | "qr",
): [errcode: number, why: string] | undefined {
  const value = (name: string) => asked.get(name) ?? "";
  const { corpid, agentid } = stage.ground.options;
  if (value("appid") !== corpid) return [40013, "appid 不对"];
  if (kind === "qr" && (value("login_type") !== "CorpApp" || value("agentid") !== String(agentid)))
    return [40056, "agentid 或 login_type 不对"];
  if (
    kind === "phone" &&
    !(value("response_type") === "code" && /^snsapi_(base|privateinfo)$/.test(value("scope")))
  )
    return [40058, "response_type 或 scope 不对"];
  if (!/^[a-zA-Z0-9]{0,128}$/.test(value("state"))) return [40058, "state 只能是字母和数字，最多 128 字节"];
  if (!isTrusted(value("redirect_uri"), stage, view)) return [50001, "redirect_uri 与配置的可信域名不一致"];
  return undefined;
}

/** The app's own address, on this machine by any of its names, or a guide's web view. */
function isTrusted(back: string, stage: Stage, view: WebView): boolean {
  if (!URL.canParse(back)) return false;
  const { hostname, port } = new URL(back);
  const app = stage.pushes.callbackUrl;
  const ports = [String(view.port), ...(app ? [new URL(app).port] : [])];
  return /(^|\.)localhost$|^127\.0\.0\.1$/.test(hostname) && ports.includes(port);
}

function withParams(address: string, params: Record<string, string>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return url.href;
}
