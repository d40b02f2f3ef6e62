// How the console's routes answer a form: with a piece of a page, or by sending the browser on; and who did it.
import { sessionOf, viewerOf } from "../identity/guard.js";
import type { PageRenderer } from "../infra/templates-pages.js";
import { languageOf, type Web } from "../infra/web.js";

/** Who does what is done, as it is written down. */
export function actorOf(ctx: Web): string {
  return `account:${viewerOf(ctx).accountId}`;
}

/** Answers with a piece of a page. */
export function showPiece(ctx: Web, pages: PageRenderer, name: string, values: object): void {
  ctx.type = "html";
  ctx.body = pages.page(name, { ...values, language: languageOf(ctx), csrf: sessionOf(ctx).csrf });
}

/** After a form the browser reads a page anew. */
export function goTo(ctx: Web, path: string): void {
  ctx.redirect(path);
  ctx.status = 303;
}
