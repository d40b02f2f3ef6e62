// One wechaty bot, held by what wechaty leaves to its user: faults heard, login waited for, ids kept, calls ended in time.
import type { Message, Wechaty } from "wechaty";
import { ChannelError } from "../port.js";
import type { BotOptions } from "./bot-options.js";
import { inTime } from "./deadline.js";
import { wordsOf } from "./faults.js";
import type { Enclosed } from "./sending.js";
import { silence } from "./service-client.js";

import { say } from "./speaking.js";
import { selfOf, watch as watchBot } from "./watching.js";

export interface Bot {
  /** the contact who is logged in; undefined when nobody is */
  selfId(): string | undefined;
  /** when the puppet last gave a sign of life, epoch ms */
  lastSign(): number;
  /** Says a text, with what goes with it before it; gives the text's id where the puppet gives one. `stranger`: no such
   *  contact. Raises ChannelError `unknown` when something may have been said. */
  say(contactId: string, text: string, enclosed?: readonly Enclosed[]): Promise<{ id?: string } | "stranger">;
  /** Messages the puppet keeps by itself, oldest first: the newest `most`, and however many more there are from `since`
   *  (epoch ms) on. Rejects when one cannot be read: what was read in part would look like all there is. */
  kept(most: number, since?: number): Promise<Message[]>;
  stop(): Promise<void>;
}

/** ms a bot is given to stop; one that was just starting takes 5 s. */
const STOP_WITHIN = 8_000;

/** Builds and starts a bot, and waits until somebody is logged in. Raises ChannelError `operations` when nobody is. */
export async function openBot(options: BotOptions): Promise<Bot> {
  const { puppet, log, limits } = options;
  if (!puppet) throw new ChannelError("operations", "wechaty: no puppet was given");
  // most of a second and ninety megabytes: only who uses it pays
  const { WechatyBuilder } = await import("wechaty");
  const bot = WechatyBuilder.build({ puppet });
  const watch = watchBot(bot, options);
  // a start may hang or end without a login; it never says why
  const starting = bot.start().catch((error: unknown) => watch.gone(wordsOf(error)));
  const stop = async () => {
    watch.stop();
    const late = new Error("wechaty: the bot did not stop in time");
    // stopped while it starts, it would be half started for ever
    const stopped = starting.then(() => bot.stop());
    await inTime(stopped, STOP_WITHIN, late).catch((error) => {
      log.warn({ error: wordsOf(error) }, "wechaty");
      silence(puppet);
    });
  };
  try {
    const late = new ChannelError("operations", `wechaty: nobody logged in within ${limits.login} ms`);
    await inTime(Promise.race([loggedIn(bot), watch.ended]), limits.login, late);
  } catch (error) {
    await stop();
    throw error;
  }
  watch.opened();
  log.info({ account: selfOf(bot) }, "wechaty is logged in");
  return {
    selfId: () => selfOf(bot),
    lastSign: watch.lastSign,
    say: (contactId, text, enclosed = []) => say(bot, options, watch.gone, { contactId, text, enclosed }),
    kept: (most, since) => keptOf(bot, most, since),
    stop,
  };
}

async function loggedIn(bot: Wechaty): Promise<void> {
  if (!bot.isLoggedIn) await new Promise<void>((done) => bot.once("login", () => done()));
}

async function keptOf(bot: Wechaty, most: number, since = Number.POSITIVE_INFINITY): Promise<Message[]> {
  const messages: Message[] = [];
  for (const id of [...bot.puppet.messageList()].reverse()) {
    const last = messages.at(-1);
    if (last && messages.length >= most && last.date().getTime() < since) break;
    await bot.puppet.messagePayload(id);
    const message = await bot.Message.find({ id });
    if (!message) throw new Error(`message ${id} cannot be read`);
    messages.push(message);
  }
  return messages.reverse();
}
