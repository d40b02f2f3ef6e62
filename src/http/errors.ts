// What a refused or failed request is answered: JSON, a page, or a notice over the page that stands.
import type { Logger } from "../infra/log.js";
import type { PageRenderer } from "../infra/templates-pages.js";
import {
  cameFrom,
  languageOf,
  type Step,
  sayInPassing,
  sendNotice,
  type Web,
  wantsFragment,
  wantsPage,
} from "../infra/web.js";
import { type Fault, Refusal, type RefusalKind } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";

const STATUS: Readonly<Record<RefusalKind, number>> = {
  invalid: 422,
  not_signed_in: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_many: 429,
  unsupported: 422,
};

const TITLES: Readonly<Record<number, string>> = {
  403: "没有权限",
  404: "没有找到",
  405: "不支持",
  409: "情况已变",
  422: "内容有误",
  429: "请稍后再试",
};

/** What the one who asked is told. */
interface Told {
  status: number;
  kind: RefusalKind | "fault";
  message: string;
  faults: readonly Fault[];
  /** finds an unknown error's lines in the log */
  id?: string;
}

/** What answering needs. */
export interface ErrorParts {
  log: Logger;
  world: World;
  pages: PageRenderer;
}

const notAllowed: Told = { status: 405, kind: "unsupported", message: "这里不支持这样的请求。", faults: [] };

/** Turns refusals into answers, and unknown errors into a log line with an id and an answer that says only the id. */
export function answerErrors(parts: ErrorParts): Step {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body == null) throw new Refusal("not_found", "没有这个页面。");
      if (ctx.status === 405 && ctx.body == null) answer(ctx, parts.pages, notAllowed);
    } catch (error) {
      answer(ctx, parts.pages, toldOf(error, ctx, parts));
    }
    sendNotice(ctx, (text) => parts.pages.say(text, languageOf(ctx)));
  };
}

/** An error for the log: its words and place, without the rows and settings that libraries hang on theirs. */
export function saidOf(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const cause = error.cause === undefined ? {} : { cause: saidOf(error.cause) };
  return { type: error.name, message: error.message, stack: error.stack, ...cause };
}

function toldOf(error: unknown, ctx: Web, { log, world }: ErrorParts): Told {
  if (error instanceof Refusal) {
    const { kind, message, faults } = error;
    return { status: STATUS[kind], kind, message, faults };
  }
  // what Koa and its body parser refuse carries a status of its own
  const { status, expose, message } = error as { status?: number; expose?: boolean; message?: string };
  if (status && status < 500 && expose !== false)
    return { status, kind: "invalid", message: `请求无法读取：${message ?? ""}`, faults: [] };
  const id = world.id().slice(-12);
  log.error({ id, method: ctx.method, path: ctx.path, error: saidOf(error) }, "a request failed");
  return { status: 500, kind: "fault", message: "系统出错了，请稍后再试。", faults: [], id };
}

function answer(ctx: Web, pages: PageRenderer, told: Told): void {
  const { status, ...error } = told;
  if (status === 429) ctx.set("Retry-After", "60");
  ctx.status = status;
  if (status === 401 && !ctx.path.startsWith("/api/")) toSignIn(ctx);
  else if (wantsFragment(ctx)) giveNotice(ctx, told);
  else if (wantsPage(ctx)) {
    const title = TITLES[status] ?? "出错了";
    ctx.type = "html";
    const frame = { title, language: languageOf(ctx), id: told.id ?? "", back: backOf(ctx) };
    ctx.body = pages.page("error", { ...told, ...frame }, "plain");
  } else ctx.body = { error };
}

/** The page of ours they came from; "" when there is none but this one, or the door. */
function backOf(ctx: Web): string {
  const path = cameFrom(ctx);
  return /^\/sign-in(\?|$)/.test(path) ? "" : path;
}

/** Back to where they were going, once signed in; a posted form is not repeated. */
function toSignIn(ctx: Web): void {
  const isPage = ctx.method === "GET" && ctx.path !== "/" && !wantsFragment(ctx);
  const target = isPage ? `/sign-in?next=${encodeURIComponent(ctx.url)}` : "/sign-in";
  if (!wantsFragment(ctx)) ctx.redirect(target);
  else {
    ctx.set("HX-Redirect", target);
    ctx.body = "";
  }
}

/** Said over the page that stands, which stays as it is. */
function giveNotice(ctx: Web, { message, faults }: Told): void {
  ctx.set("HX-Reswap", "none");
  sayInPassing(ctx, [message, ...faults.map(({ expected }) => expected)].join(" "), "bad");
  ctx.body = "";
}
