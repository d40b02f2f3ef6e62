// What several of the console's forms ask for, with refusals as people read them.
import { z } from "zod";
import { isShopDay, yearOf } from "../kernel/calendar.js";

const YEARS = { first: 2000, last: 2100 };

/** A year that a calendar may be about. */
export const formYear = z.coerce
  .number("年份")
  .int("年份")
  .min(YEARS.first, "2000 年以后")
  .max(YEARS.last, "2100 年以前");

/** A day in a form, YYYY-MM-DD: one that a person may mean. */
export const formDay = z
  .string("2000 到 2100 年的日期，如 2026-10-01")
  .trim()
  .refine(
    (text) => isShopDay(text) && formYear.safeParse(yearOf(text)).success,
    "2000 到 2100 年的日期，如 2026-10-01",
  );
