// What an error of a puppet means: whether the link to it is gone, and whether words may have been said all the same.
import { ChannelError } from "../port.js";

/** gRPC's numbers, as puppets behind a server give them. */
const CANCELLED = 1;
const UNIMPLEMENTED = 12;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

/** The puppet's server is not there, or has dropped us: this puppet will not work again by itself. */
export function isLinkGone(error: unknown): boolean {
  const code = codeOf(error);
  return code === UNAVAILABLE || code === CANCELLED;
}

/** The error of a send: only what the link itself refused was surely not said. */
export function faultOfSend(error: unknown): ChannelError {
  const said = `wechaty: ${wordsOf(error)}`;
  const code = codeOf(error);
  if (code === UNAUTHENTICATED) return new ChannelError("operations", said, code);
  if (code === UNIMPLEMENTED) return new ChannelError("fix", said, code);
  // the puppet failed somewhere between asking and being answered
  return new ChannelError("unknown", said, code);
}

/** The error of a question: nothing was said yet, so it may be asked again. */
export function faultOfQuestion(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  const kind = codeOf(error) === UNAUTHENTICATED ? "operations" : "retry";
  return new ChannelError(kind, `wechaty: ${wordsOf(error)}`, codeOf(error));
}

/** An error in one line. */
export function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return (words.split("\n")[0] ?? "").slice(0, 200);
}

function codeOf(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "number" ? code : undefined;
}
