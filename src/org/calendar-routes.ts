// The calendar over HTTP, for HQ: a year as it stands, days set and taken out, a year filled in.
import { Router } from "@koa/router";
import { z } from "zod";
import type { Doer } from "../identity/audit.js";
import { bodyOf, readValues, type Step, type Web } from "../infra/web.js";
import { isShopDay } from "../kernel/calendar.js";
import type { CalendarService, EntryKey } from "./calendar-service.js";
import { readCalendarRows } from "./calendar-table.js";

const year = z.coerce
  .number({ error: "a year" })
  .int()
  .min(2000, "a year from 2000")
  .max(2100, "a year to 2100");
const yearPath = z.object({ year });

/** Which entry is taken out. */
const entryQuery = z.union(
  [
    z.object({ kind: z.enum(["off", "work", "quiet"]), on: z.string().refine(isShopDay) }),
    z.object({ kind: z.literal("named"), name: z.string().min(1), year }),
  ],
  { error: "kind off, work or quiet with on (YYYY-MM-DD), or kind named with name and year" },
);

export interface CalendarRouteParts {
  calendar: CalendarService;
  /** lets in who may edit the calendar */
  guard: Step;
  /** of a person's own page */
  csrf: Step;
  doerOf(ctx: Web): Doer;
}

/** GET /api/calendar/:year, POST /api/calendar/:year/seed, PUT and DELETE /api/calendar/days. */
export function calendarRoutes({ calendar, guard, csrf, doerOf }: CalendarRouteParts): Router {
  const router = new Router();
  router.put("/api/calendar/days", guard, csrf, async (ctx) => {
    ctx.body = { changed: await calendar.set(readCalendarRows(bodyOf(ctx)), doerOf(ctx)) };
  });
  router.delete("/api/calendar/days", guard, csrf, async (ctx) => {
    await calendar.remove(readValues(entryQuery, ctx.query, "query") as EntryKey, doerOf(ctx));
    ctx.body = { removed: true };
  });
  router.get("/api/calendar/:year", guard, async (ctx) => {
    ctx.body = await calendar.year(readValues(yearPath, ctx.params, "path").year);
  });
  router.post("/api/calendar/:year/seed", guard, csrf, async (ctx) => {
    ctx.body = { added: await calendar.seed(readValues(yearPath, ctx.params, "path").year, doerOf(ctx)) };
  });
  return router;
}
