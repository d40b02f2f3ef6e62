// The console's pages: one renderer for all, and the frame that every page of the desk stands in.
import { join } from "node:path";
import { sessionOf } from "../identity/guard.js";
import { type Action, isAllowed } from "../identity/permissions.js";
import type { Role } from "../identity/viewer.js";
import { isInWecom } from "../identity/wecom-routes.js";
import { projectRoot } from "../infra/config.js";
import { type PageHelper, type PageRenderer, pageRenderer, safeHtml } from "../infra/templates-pages.js";
import type { Web } from "../infra/web.js";

/** Every page in templates/pages. `assetUrl` names files below /assets; `reload` while pages are being written. */
export function consolePages(assetUrl: (name: string) => string, reload = false): PageRenderer {
  const helpers: Record<string, PageHelper> = {
    asset: ([name]) => safeHtml(assetUrl(String(name))),
    eq: ([a, b]) => a === b,
  };
  return pageRenderer(join(projectRoot, "templates/pages"), { helpers, reload });
}

/** What the roles are called. */
const ROLE_NAMES: Readonly<Record<Role, string>> = {
  hq: "总部运营",
  manager: "区域经理",
  store_manager: "店长",
  guide: "导购",
};

const NAV: readonly { href: string; label: string; needs: Action }[] = [
  { href: "/report", label: "随访报表", needs: "see_report" },
  { href: "/journeys", label: "旅程触点", needs: "see_journeys" },
  { href: "/experiments", label: "实验", needs: "see_experiments" },
  { href: "/operations", label: "运行情况", needs: "see_operations" },
];

/** Where somebody begins. */
export function homeOf(role: Role): string {
  return isAllowed(role, "see_report") ? "/report" : "/g/today";
}

/** Answers with a page of the desk, for who is signed in. `title` stands in the browser's tab. */
export function showDesk(ctx: Web, pages: PageRenderer, name: string, title: string, values: object): void {
  const { viewer, csrf } = sessionOf(ctx);
  const nav = NAV.filter(({ needs }) => isAllowed(viewer.role, needs)).map((item) => ({
    ...item,
    active: ctx.path.startsWith(item.href),
  }));
  const roleName = viewer.name === ROLE_NAMES[viewer.role] ? "" : ROLE_NAMES[viewer.role];
  const frame = { title, csrf, nav, viewerName: viewer.name, roleName };
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
  ctx.body = pages.page(name, { title, csrf: sessionOf(ctx).csrf, app, ...values }, "phone");
}
