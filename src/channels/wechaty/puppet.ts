// A puppet by the name of its package: which chat client stands behind wechaty is a setting.
import { Refusal } from "../../kernel/refusals.js";
import type { Puppet } from "./bot-options.js";
import { hasServer, SERVICE, tamed, WATCHDOG_OFF } from "./service-client.js";

/**
 * Loads an installed package (`wechaty-puppet-service` …); what it gives makes a fresh puppet at each call, with these
 * options (endpoint, token …). Raises a Refusal `invalid` when there is no such package, no puppet in it, or when one
 * cannot be made with these options.
 */
export async function loadPuppets(packageName: string, options: object = {}): Promise<() => Puppet> {
  const refuse = (
    why: string,
    where = "puppet",
    expected = "the name of an installed package wechaty-puppet-…",
  ) =>
    new Refusal("invalid", `The puppet ${packageName} cannot be used: ${why}.`, [
      { where, value: where === "puppet" ? packageName : undefined, expected },
    ]);
  if (!/^(@[\w.-]+\/)?wechaty-puppet-[\w.-]+$/.test(packageName)) throw refuse("that is no puppet's name");
  const loaded = (await import(packageName).catch((error: unknown) => {
    throw refuse(error instanceof Error ? error.message : String(error));
  })) as { default?: unknown };
  const made = loaded.default;
  if (typeof made !== "function") throw refuse("it exports no puppet");
  const isService = packageName === SERVICE;
  if (isService && !hasServer(options))
    // without an endpoint it asks a public address for one, and dies of the answer
    throw refuse("it has no server", "WECHATY_OPTIONS", '{"endpoint":"host:port","token":"name_secret"}');
  const Made = made as new (options: object) => Puppet;
  return isService
    ? () => tamed(new Made({ timeoutSeconds: WATCHDOG_OFF, ...options }))
    : () => new Made(options);
}
