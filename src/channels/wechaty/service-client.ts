// The client of a puppet that runs elsewhere behind a gRPC server: what its package does to its user is prevented here.
import type { Puppet } from "./bot-options.js";

/** The package of that client. */
export const SERVICE = "wechaty-puppet-service";

/** A day, s: its own watchdog resets healthy links, and dies where the server is away just then; ours asks more often. */
export const WATCHDOG_OFF = 86_400;

/** Whether options name the server and its token; without them it asks a public address, and dies of the answer. */
export function hasServer(options: object): boolean {
  const { endpoint, token } = options as { endpoint?: unknown; token?: unknown };
  return [endpoint, token].every((one) => typeof one === "string" && one !== "");
}

interface Client {
  stop?(request: unknown, answered: (error: null, answer: object) => void): void;
  close?(): void;
}

interface Inside {
  _payloadStore?: { start?: unknown };
  _grpcManager?: { _client?: Client };
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
 * Silences a client that could not be stopped in time: what it had still to say would stop the puppet behind the server
 * for its successor, who would hear nothing more and not be told.
 */
export function silence(puppet: Puppet): void {
  const client = (puppet as Inside)._grpcManager?._client;
  if (client?.stop) client.stop = (_request, answered) => answered(null, {});
  client?.close?.();
}
