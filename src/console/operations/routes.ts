// How the house runs, for HQ: every page of operations, joined.
import type { Router } from "@koa/router";
import { channelPages } from "./channel-routes.js";
import { jobPages } from "./job-routes.js";
import type { OperationsPageParts } from "./parts.js";
import { troublePages } from "./trouble-routes.js";

/** /operations and everything below it. */
export function operationsPages(parts: OperationsPageParts): Router[] {
  return [jobPages(parts), troublePages(parts), channelPages(parts)];
}
