// Whether it is quiet now: by the settings' hours and the calendar's quiet days.
import type { Config } from "../infra/config.js";
import type { Sql } from "../infra/store.js";
import { addDays, shopDayOf } from "../kernel/calendar.js";
import { quietDays } from "../org/calendar-queries.js";
import { MOST_QUIET_DAYS, quietUntil } from "./quiet.js";

/** When quiet ends that holds at an instant (epoch ms); null: it is not quiet. Lists, hand-overs and bots' sends ask before
 *  each piece of work. */
export async function quietAt(
  { config }: { config: Pick<Config, "zone" | "day"> },
  sql: Sql,
  at: number,
): Promise<number | null> {
  const { zone, day } = config;
  const today = shopDayOf(at, zone);
  const days = await quietDays(sql, today, addDays(today, MOST_QUIET_DAYS));
  return quietUntil(at, { from: day.quiet_from, to: day.quiet_to }, new Set(days), zone);
}

/** Those of these instants (epoch ms) at which it was quiet. */
export async function quietAmong(
  { config }: { config: Pick<Config, "zone" | "day"> },
  sql: Sql,
  instants: readonly number[],
): Promise<Set<number>> {
  const { zone, day } = config;
  const days = instants.map((at) => shopDayOf(at, zone)).sort();
  const quiet = new Set(await quietDays(sql, days[0] ?? "", days.at(-1) ?? ""));
  const hours = { from: day.quiet_from, to: day.quiet_to };
  return new Set(instants.filter((at) => quietUntil(at, hours, quiet, zone) !== null));
}
