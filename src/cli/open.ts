// What every command stands on: settings, the database and the services, closed when the command is done.
import { createInterface } from "node:readline/promises";
import type { Pending } from "../database.js";
import type { Doer } from "../identity/audit.js";
import type { Viewer } from "../identity/viewer.js";
import { type Config, loadConfig } from "../infra/config.js";
import { makeLog } from "../infra/log.js";
import type { Store } from "../infra/store.js";
import { isShopDay, type ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { realWorld, type World } from "../kernel/world.js";
import type { Services } from "../wire.js";

/** Runs a command over the services and closes them whatever happens. */
export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const log = makeLog(config.log_level === "info" ? "warn" : config.log_level);
  // Loaded here, so that --help and mistyped commands answer at once.
  const [{ openDatabase }, { wire }] = await Promise.all([import("../database.js"), import("../wire.js")]);
  const store = await openDatabase(config.database_url);
  const services = wire({ config, world: realWorld, log, store });
  try {
    return await work(services);
  } finally {
    await services.close();
    await store.close();
  }
}

/** Runs a command over the database alone. */
export async function withDatabase<T>(
  pending: Pending,
  work: (store: Store, config: Config) => Promise<T>,
): Promise<T> {
  const config = loadConfig();
  const { openDatabase } = await import("../database.js");
  const store = await openDatabase(config.database_url, pending);
  try {
    return await work(store, config);
  } finally {
    await store.close();
  }
}

/** Writes a result. */
export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Writes a word on the way to the result. */
export function tell(text: string): void {
  process.stderr.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Asks the person at the terminal; false where there is none, so that nothing is ever said yes to unseen. */
export async function askYes(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes|是|好|确认)$/i.test((await terminal.question(`${question} (y/N) `)).trim());
  } finally {
    terminal.close();
  }
}

/** Who sits at the machine sees all. */
export const COMMAND_LINE: Viewer = {
  ...{ accountId: 0, name: "command line", guideId: null, storeId: null, regionId: null },
  role: "hq",
};

/** Who sits at the machine, as the doer of a change. */
export function atTerminal(world: Pick<World, "now">): Doer {
  return { by: "system", at: world.now() };
}

/** Reads a day that stands at a place, such as an option. Raises `invalid`. */
export function dayAt(where: string): (text: string) => ShopDay {
  return (text) => {
    if (isShopDay(text)) return text;
    throw new Refusal("invalid", "日期不对。", [{ where, value: text, expected: "a date YYYY-MM-DD" }]);
  };
}

/** Reads a day. Raises `invalid`. */
export const day = dayAt("日期");
