// Why this customer today, in the guide's language: a line for every trigger.

import type { AnchorKind, Repeat, Unit } from "../../src/journeys/spec.js";
import { why } from "../../src/tasks/why.js";

it.each<[string, AnchorKind, Unit, number, Repeat, due: string, anchor: string, today: string]>([
  ["加好友第7天", "joined", "days", 7, "once", "2026-03-08", "2026-03-01", "2026-03-08"],
  ["加好友第7天（3月8日）", "guide_assigned", "days", 7, "once", "2026-03-08", "2026-03-01", "2026-03-10"],
  ["今天加好友", "joined", "days", 0, "once", "2026-03-01", "2026-03-01", "2026-03-01"],
  ["首次购买后第30天", "first_order", "days", 30, "once", "2026-03-31", "2026-03-01", "2026-03-31"],
  ["上次购买已过45天", "last_order", "days", 45, "each", "2026-04-15", "2026-03-01", "2026-04-15"],
  ["上次购买已过46天", "last_order", "days", 45, "each", "2026-04-15", "2026-03-01", "2026-04-16"],
  ["宝宝今天满6个月", "child_born", "months", 6, "once", "2026-03-01", "2025-09-01", "2026-03-01"],
  ["宝宝昨天满100天", "child_born", "days", 100, "once", "2026-03-01", "2025-11-21", "2026-03-02"],
  ["宝宝2月27日满6个月", "child_born", "months", 6, "once", "2026-02-27", "2025-08-27", "2026-03-01"],
  ["宝宝今天1岁生日", "child_born", "days", 0, "yearly", "2026-03-01", "2025-03-01", "2026-03-01"],
  ["距预产期还有4周", "child_due", "weeks", -4, "once", "2026-03-01", "2026-03-29", "2026-03-01"],
  ["距预产期还有27天", "child_due", "weeks", -4, "once", "2026-03-01", "2026-03-29", "2026-03-02"],
  ["今天是预产期", "child_due", "days", 0, "once", "2026-03-01", "2026-03-01", "2026-03-01"],
  ["预产期已过14天", "child_due", "days", 14, "once", "2026-03-15", "2026-03-01", "2026-03-15"],
  ["客户今天生日", "customer_birthday", "days", 0, "yearly", "2026-03-01", "1990-03-01", "2026-03-01"],
  ["客户生日（3月8日）", "customer_birthday", "days", -7, "yearly", "2026-03-01", "1990-03-08", "2026-03-01"],
  ["奶粉预计5天后用完", "supply_ends", "days", -5, "each", "2026-03-01", "2026-03-06", "2026-03-01"],
  ["奶粉预计已经用完", "supply_ends", "days", 0, "each", "2026-03-06", "2026-03-06", "2026-03-06"],
  ["可能流失，需要关怀", "at_risk", "days", 0, "each", "2026-03-06", "2026-03-06", "2026-03-06"],
])("%s", (line, anchor, unit, n, repeat, due, anchorOn, today) => {
  expect(why({ anchor, offset: { unit, n }, repeat }, due, anchorOn, today)).toBe(line);
});
