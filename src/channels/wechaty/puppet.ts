// A puppet by the name of its package: which chat client stands behind wechaty is a setting.
import { Refusal } from "../../kernel/refusals.js";
import type { Puppet } from "./bot.js";

/**
 * Makes the puppet of an installed package (`wechaty-puppet-service` …) with its own options (endpoint, token …).
 * Raises a Refusal `invalid` when there is no such package, or no puppet in it.
 */
export async function loadPuppet(packageName: string, options: object = {}): Promise<Puppet> {
  const refuse = (why: string) =>
    new Refusal("invalid", `The puppet ${packageName} cannot be used: ${why}.`, [
      { where: "puppet", value: packageName, expected: "the name of an installed package wechaty-puppet-…" },
    ]);
  if (!/^(@[\w.-]+\/)?wechaty-puppet-[\w.-]+$/.test(packageName)) throw refuse("that is no puppet's name");
  const loaded = (await import(packageName).catch((error: unknown) => {
    throw refuse(error instanceof Error ? error.message : String(error));
  })) as { default?: unknown };
  const made = loaded.default;
  if (typeof made !== "function") throw refuse("it exports no puppet");
  return new (made as new (options: object) => Puppet)(options);
}
