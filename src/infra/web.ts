// The web as the slices see it: Koa's words under ours, and how a request's own values are read.
import type Koa from "koa";
import { z } from "zod";
import { isShopDay } from "../kernel/calendar.js";
import { type Fault, Refusal } from "../kernel/refusals.js";
import type { Language } from "./messages.js";

/** One request and its answer. */
export type Web = Koa.Context;

/** A step on a request's way: may refuse it, add to it, or answer. */
export type Step = Koa.Middleware;

/** Values somebody sent (a body, a query), checked by a shape. Raises `invalid` with every fault; `names` are what
 *  people call the values, where a person reads the answer. */
export function readValues<T>(
  shape: z.ZodType<T>,
  values: unknown,
  where: string,
  names: Readonly<Record<string, string>> = {},
): T {
  const parsed = shape.safeParse(values);
  if (parsed.success) return parsed.data;
  const faults: Fault[] = parsed.error.issues.map((issue) => ({
    where: names[String(issue.path[0])] ?? [where, ...issue.path].join("."),
    expected: issue.message,
  }));
  throw new Refusal("invalid", "提交的内容不符合要求。", faults);
}

/** A day as the API takes it. */
export const shopDay = z.string().refine(isShopDay, "a date YYYY-MM-DD");

/** What was sent along, as the body parser read it: an object of a form or JSON, text, or nothing. */
export function bodyOf(ctx: Web): unknown {
  return (ctx.request as { body?: unknown }).body;
}

/** A row's id from a path. Raises `not_found` for what cannot be one. */
export function idOf(text: string | undefined): number {
  const id = /^\d{1,15}$/.test(text ?? "") ? Number(text) : 0;
  if (id < 1) throw new Refusal("not_found", "没有找到这一项。");
  return id;
}

/** Whether a page's own script asks for a piece of it (htmx), not the browser for a whole page. */
export function wantsFragment(ctx: Web): boolean {
  return ctx.get("HX-Request") === "true" && ctx.get("HX-Boosted") !== "true";
}

/** Whether the answer is for a person's eyes. Paths below /api always speak JSON. */
export function wantsPage(ctx: Web): boolean {
  return !ctx.path.startsWith("/api/") && ctx.accepts("json", "html") === "html";
}

/** What is said over a page that stands, rather than on one of its own. */
export interface Notice {
  text: string;
  kind: "good" | "bad";
}

/** Says something in passing over the page that stands. */
export function sayInPassing(ctx: Web, text: string, kind: Notice["kind"] = "good"): void {
  ctx.state.notice = { text, kind } satisfies Notice;
}

/** Sends what was said in passing along with the answer, put into the reader's words; the pages' script shows it. */
export function sendNotice(ctx: Web, say: (text: string) => string): void {
  const notice = ctx.state.notice as Notice | undefined;
  if (!notice) return;
  const event = JSON.stringify({ notice: { ...notice, text: say(notice.text) } });
  // headers take ASCII only
  const ascii = event.replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  ctx.set("HX-Trigger", ascii);
}

/** Where a browser keeps the language its reader chose. */
export const LANGUAGE_COOKIE = "guidepost_language";

/** The language somebody reads in. */
export function languageOf(ctx: Web): Language {
  return ctx.cookies.get(LANGUAGE_COOKIE) === "en" ? "en" : "zh";
}

/** The page of ours they came from; "" when there is none but this one. A form that was sent to its own address is a page
 *  to go back to. */
export function cameFrom(ctx: Web): string {
  const referer = ctx.get("Referer");
  if (!URL.canParse(referer)) return "";
  const { host, pathname, search } = new URL(referer);
  const path = pathname + search;
  const isOurs = host === ctx.host && !path.startsWith("//");
  const isForm = ctx.method !== "GET";
  return isOurs && (isForm || path !== ctx.url) ? path : "";
}
