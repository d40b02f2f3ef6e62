// The console's pages: one renderer for all, and the frame that every page of the desk stands in.
import { join } from "node:path";
import { sessionOf } from "../identity/guard.js";
import { type Action, isAllowed } from "../identity/permissions.js";
import type { Role } from "../identity/viewer.js";
import { isInWecom } from "../identity/wecom-routes.js";
import { projectRoot } from "../infra/config.js";
import { loadMessages } from "../infra/messages.js";
import { type PageHelper, type PageRenderer, pageRenderer, safeHtml } from "../infra/templates-pages.js";
import { languageOf, type Web } from "../infra/web.js";
import { noticesOf } from "./notices.js";

/** Every page in templates/pages. `assetUrl` names files below /assets; `reload` while pages are being written.
 *  `{{t "第 {n} 版" n=version}}` says a text in the reader's language, `{{t note}}` one that the code put together. */
export function consolePages(assetUrl: (name: string) => string, reload = false): PageRenderer {
  const messages = loadMessages(join(projectRoot, "templates/messages"));
  const helpers: Record<string, PageHelper> = {
    asset: ([name]) => safeHtml(assetUrl(String(name))),
    eq: ([a, b]) => a === b,
    concat: (parts) => parts.join(""),
    t: ([text], values, page) =>
      messages.say(page.language === "en" ? "en" : "zh", String(text ?? ""), values),
  };
  return pageRenderer(join(projectRoot, "templates/pages"), { helpers, reload });
}

/** What the roles are called. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  hq: "总部运营",
  manager: "区域经理",
  store_manager: "店长",
  guide: "导购",
};

/** The places of the desk in their order. */
const NAV: readonly { href: string; label: string; needs?: Action }[] = [
  { href: "/overview", label: "总览", needs: "see_overview" },
  { href: "/team", label: "我的团队", needs: "see_team" },
  { href: "/report", label: "报表", needs: "see_report" },
  { href: "/journeys", label: "旅程", needs: "see_journeys" },
  { href: "/words", label: "话术库", needs: "keep_words" },
  { href: "/customers", label: "客户", needs: "see_customers" },
  { href: "/org", label: "组织", needs: "see_org" },
  { href: "/oneoffs", label: "任务", needs: "edit_journeys" },
  { href: "/experiments", label: "实验", needs: "see_experiments" },
  { href: "/operations", label: "运行", needs: "see_operations" },
  { href: "/settings", label: "设置", needs: "keep_settings" },
  { href: "/help", label: "帮助" },
];

/** Whether a page stands at an address or below it. */
function isBelow(path: string, href: string): boolean {
  return path === href || path.startsWith(`${href}/`);
}

/** Where somebody begins. */
export function homeOf(role: Role): string {
  if (isAllowed(role, "see_overview")) return "/overview";
  return isAllowed(role, "see_team") ? "/team" : "/g/today";
}

/** Answers with a page of the desk, for who is signed in. `title` stands in the browser's tab. */
export function showDesk(ctx: Web, pages: PageRenderer, name: string, title: string, values: object): void {
  const { viewer, csrf } = sessionOf(ctx);
  const nav = NAV.filter(({ needs }) => !needs || isAllowed(viewer.role, needs)).map((item) => ({
    ...item,
    active: isBelow(ctx.path, item.href),
  }));
  const roleName = viewer.name === ROLE_NAMES[viewer.role] ? "" : ROLE_NAMES[viewer.role];
  const told = { ...noticesOf(ctx), maySwitch: isAllowed(viewer.role, "stop_everything") };
  const frame = { title, language: languageOf(ctx), csrf, nav, viewerName: viewer.name, roleName, ...told };
  ctx.type = "html";
  ctx.body = pages.page(name, { ...frame, ...values }, "desk");
}

/** Answers with a page of the phone; inside WeCom with WeCom's own script, which opens chats to it. */
export function showPhone(
  ctx: Web,
  { pages, client }: { pages: PageRenderer; client?: { corpid: string; agentid: number } | undefined },
  name: string,
  title: string,
  values: object,
): void {
  const inWecom = client !== undefined && isInWecom(ctx);
  const app = inWecom ? `${client.corpid} ${client.agentid}` : "";
  ctx.type = "html";
  const told = { ...noticesOf(ctx), maySwitch: false };
  const { csrf, viewer } = sessionOf(ctx);
  const frame = { title, language: languageOf(ctx), csrf, me: viewer.accountId, app, ...told };
  ctx.body = pages.page(name, { ...frame, ...values }, "phone");
}
