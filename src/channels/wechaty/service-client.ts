// The client of a puppet that runs elsewhere behind a gRPC server: what its package does to its user is prevented here.
import type { Puppet } from "./bot.js";

/** The package of that client. */
export const SERVICE = "wechaty-puppet-service";

/** A day, s: its own watchdog resets healthy links, and dies where the server is away just then; ours asks more often. */
export const WATCHDOG_OFF = 86_400;

/** Whether options name the server and its token; without them it asks a public address, and dies of the answer. */
export function hasServer(options: object): boolean {
  const { endpoint, token } = options as { endpoint?: unknown; token?: unknown };
  return [endpoint, token].every((one) => typeof one === "string" && one !== "");
}

interface Inside {
  _payloadStore?: { start?: unknown };
  _grpcManager?: {
    _client?: { stop?(request: unknown, answered: (error: null, answer: object) => void): void };
  };
}

/**
 * Keeps the client from writing customers' names and numbers to disk in clear text, and two of one account from
 * locking each other out there: what it would keep there it asks its server for.
 */
export function tamed(puppet: Puppet): Puppet {
  const store = (puppet as Inside)._payloadStore;
  if (typeof store?.start === "function") store.start = async () => undefined;
  return puppet;
}

/**
 * Lets a client leave without a word: one that stops stops the puppet behind the server as well, which logs the account
 * out and makes a successor deaf, and it waits for ever on a server that does not answer. So the account stays logged in
 * for who comes next.
 */
export function leaveQuietly(puppet: Puppet): void {
  const client = (puppet as Inside)._grpcManager?._client;
  if (client?.stop) client.stop = (_request, answered) => answered(null, {});
}
