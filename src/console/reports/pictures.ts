// A chart as an answer of its own: how large the page asks for it, and what the picture may do.
import type { PageRenderer } from "../../infra/templates-pages.js";
import { languageOf, type Web } from "../../infra/web.js";
import type { ChartLook } from "../../reports/report.js";

const NARROW = 360;

/** The picture's size as the page asks for it, in its reader's words. `narrow` is the height on a phone. */
export function lookOf(
  ctx: Web,
  pages: PageRenderer,
  { width = 1148, height, narrow = height }: { width?: number; height: number; narrow?: number },
): ChartLook {
  const say = (text: string) => pages.say(text, languageOf(ctx));
  return ctx.query.narrow === "1" ? { width: NARROW, height: narrow, say } : { width, height, say };
}

/** Answers with a chart. */
export function sendPicture(ctx: Web, svg: string): void {
  ctx.set("Content-Type", "image/svg+xml; charset=utf-8");
  // A picture may style itself; it can neither load nor run anything.
  ctx.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  ctx.set("Cache-Control", "private, max-age=60");
  ctx.vary("Cookie");
  ctx.body = svg;
}
