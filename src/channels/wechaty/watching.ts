// Watching a bot: its signs of life, its faults, and when it is no use any more.
import type { Message, Wechaty } from "wechaty";
import { ChannelError } from "../port.js";
import type { BotOptions } from "./bot-options.js";
import { isLinkGone, wordsOf } from "./faults.js";
import { takePulse } from "./pulse.js";

/** ms in which a puppet should say that somebody is logged in, or that it waits for a scan. */
const UNSAID = 15_000;

/** The contact who is logged in; undefined when nobody is. */
export function selfOf(bot: Wechaty): string | undefined {
  return bot.isLoggedIn ? bot.currentUser.id : undefined;
}

/** Hears a bot until it is gone; `ended` rejects when that happens before it was `opened`. */
export function watch(bot: Wechaty, options: BotOptions) {
  const { limits, now, onGone } = options;
  let state: "opening" | "open" | "gone" = "opening";
  let last = now();
  let endOpening: (error: ChannelError) => void = () => undefined;
  const ended = new Promise<never>((_done, fail) => {
    endOpening = fail;
  });
  ended.catch(() => undefined);
  const gone = (reason: string) => {
    const before = state;
    stop();
    if (before === "opening") endOpening(new ChannelError("operations", `wechaty: ${reason}`));
    if (before === "open") onGone(reason);
  };
  const onSilent = () => gone("the puppet does not answer");
  const pulse = takePulse({
    ...{ ding: () => bot.ding("?"), every: limits.ding, misses: limits.dingMisses, onSilent },
  });
  const sign = (kind: "answer" | "other") => {
    last = now();
    pulse.sign(kind);
  };
  // a server that has somebody logged in already may fail to say so; one that waits for a scan says that
  const unsaid = setTimeout(() => {
    if (state === "opening") gone("nobody logs in, and there is no code to scan");
  }, UNSAID);
  bot.on("scan", () => clearTimeout(unsaid));
  const stop = () => {
    clearTimeout(unsaid);
    state = "gone";
    pulse.stop();
  };
  const loggedOut = () => state === "open" && gone("the account was logged out");
  listen(bot, options, sign, { gone, loggedOut });
  return {
    ...{ gone, ended, lastSign: () => last, stop },
    opened: () => {
      clearTimeout(unsaid);
      if (state === "opening") state = "open";
    },
  };
}

/** Every listener is caught: an async one that rejects would end the process, a missing `error` listener as well. */
function listen(
  bot: Wechaty,
  { log, onMessage, onFriendship }: BotOptions,
  sign: (kind: "answer" | "other") => void,
  { gone, loggedOut }: { gone(reason: string): void; loggedOut(): void },
): void {
  const guarded =
    <Event>(name: string, hear: (event: Event) => Promise<void>) =>
    (event: Event): void => {
      sign("other");
      hear(event).catch((error: unknown) => log.error({ error, event: name }, "wechaty: an event was lost"));
    };
  const heard = async (message: Message) => {
    const self = selfOf(bot);
    if (self) await onMessage(message, self);
  };
  bot.on("error", (error) => {
    log.warn({ error: wordsOf(error) }, "wechaty");
    if (isLinkGone(error)) gone(wordsOf(error));
  });
  bot.on("dong", () => sign("answer"));
  bot.on("heartbeat", () => sign("other"));
  bot.on("scan", (code) => log.info({ code }, "wechaty waits for somebody to scan this code"));
  bot.on("logout", loggedOut);
  bot.on("message", guarded("message", heard));
  bot.on("friendship", guarded("friendship", onFriendship));
}
