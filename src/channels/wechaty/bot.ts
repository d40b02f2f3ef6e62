// One wechaty bot, held by what wechaty leaves to its user: faults heard, login waited for, ids kept, calls ended in time.
import type { Friendship, Message, Wechaty } from "wechaty";
import type * as PUPPET from "wechaty-puppet";
import type { Logger } from "../../infra/log.js";
import { ChannelError } from "../port.js";

/** Any puppet, made elsewhere and always passed: without one wechaty would take a client of its own choice. */
export type Puppet = PUPPET.impls.PuppetInterface;

export interface BotOptions {
  puppet: Puppet;
  log: Pick<Logger, "info" | "warn" | "error">;
  /** ms to wait for somebody to log in */
  loginTimeout: number;
  /** ms until a send without an answer is given up as unknown */
  sayTimeout: number;
  onMessage: (message: Message) => Promise<void>;
  onFriendship: (friendship: Friendship) => Promise<void>;
}

/** What was said: the id the puppet gave, when it gave one. */
export interface SaidByBot {
  id: string | undefined;
}

export interface Bot {
  /** the contact who is logged in; undefined when nobody is */
  selfId(): string | undefined;
  /** Says a text. `stranger`: no such contact. Raises ChannelError `unknown` when it may have been said. */
  say(contactId: string, text: string): Promise<SaidByBot | "stranger">;
  /** Whether a message is one this bot said itself. */
  isOwn(conversationId: string, messageId: string, text: string): boolean;
  stop(): Promise<void>;
}

const REMEMBERED = 500;

/** Builds and starts a bot, and waits until somebody is logged in. Raises ChannelError `operations` when nobody is. */
export async function openBot(options: BotOptions): Promise<Bot> {
  const { puppet, log } = options;
  if (!puppet) throw new ChannelError("operations", "wechaty: no puppet was given");
  const said = rememberSaid(puppet);
  // most of a second and ninety megabytes: only who uses it pays
  const { WechatyBuilder } = await import("wechaty");
  const bot = WechatyBuilder.build({ puppet });
  listen(bot, options);
  await bot.start();
  try {
    await loggedIn(bot, options.loginTimeout);
  } catch (error) {
    await bot.stop();
    throw error;
  }
  log.info({ account: selfOf(bot) }, "wechaty is logged in");
  return {
    selfId: () => selfOf(bot),
    isOwn: said.has,
    say: (contactId, text) => say(bot, contactId, text, options.sayTimeout, said),
    stop: () => bot.stop(),
  };
}

/** Every listener is caught: an async one that rejects would end the process, a missing `error` listener as well. */
function listen(bot: Wechaty, { log, onMessage, onFriendship }: BotOptions): void {
  const guarded =
    <Event>(name: string, hear: (event: Event) => Promise<void>) =>
    (event: Event): void => {
      hear(event).catch((error: unknown) => log.error({ error, event: name }, "wechaty: an event was lost"));
    };
  bot.on("error", (error) => log.warn({ error: String(error) }, "wechaty"));
  bot.on("scan", (code) => log.info({ code }, "wechaty waits for somebody to scan this code"));
  bot.on("logout", () => log.error("wechaty: the account was logged out"));
  bot.on("message", guarded("message", onMessage));
  bot.on("friendship", guarded("friendship", onFriendship));
}

function loggedIn(bot: Wechaty, timeout: number): Promise<void> {
  if (bot.isLoggedIn) return Promise.resolve();
  const login = new Promise<void>((done) => bot.once("login", () => done()));
  const late = new ChannelError("operations", `wechaty: nobody logged in within ${timeout} ms`);
  return inTime(login, timeout, late);
}

function selfOf(bot: Wechaty): string | undefined {
  return bot.isLoggedIn ? bot.currentUser.id : undefined;
}

type Said = ReturnType<typeof rememberSaid>;

/**
 * Remembers ids where they come from: `say` may resolve to nothing although the message was sent. The echo of a
 * message can be faster than its id, so words under way count as said as well.
 */
function rememberSaid(puppet: Puppet) {
  const ids = new Map<string, string>();
  const underWay = new Map<string, number>();
  const sender = puppet as { messageSendText: Puppet["messageSendText"] };
  const send = sender.messageSendText.bind(puppet);
  sender.messageSendText = async (conversationId, text, ...rest) => {
    const key = `${conversationId}\n${text}`;
    underWay.set(key, (underWay.get(key) ?? 0) + 1);
    const id = await send(conversationId, text, ...rest);
    if (id) ids.set(id, key);
    forgetOld(ids);
    forgetOld(underWay);
    return id;
  };
  return {
    /** the newest id of these words in this conversation */
    idOf: (conversationId: string, text: string): string | undefined =>
      [...ids].findLast(([, key]) => key === `${conversationId}\n${text}`)?.[0],
    has: (conversationId: string, messageId: string, text: string): boolean => {
      const key = `${conversationId}\n${text}`;
      const count = underWay.get(key) ?? 0;
      if (count <= 1) underWay.delete(key);
      else underWay.set(key, count - 1);
      return ids.has(messageId) || count > 0;
    },
  };
}

function forgetOld(remembered: Map<string, unknown>): void {
  for (const old of remembered.keys()) {
    if (remembered.size <= REMEMBERED) return;
    remembered.delete(old);
  }
}

async function say(
  bot: Wechaty,
  contactId: string,
  text: string,
  timeout: number,
  said: Said,
): Promise<SaidByBot | "stranger"> {
  if (!bot.isLoggedIn) throw new ChannelError("operations", "wechaty: the account is not logged in");
  const late = new ChannelError("unknown", `wechaty: no answer within ${timeout} ms`);
  const contact = await inTime(bot.Contact.find({ id: contactId }), timeout, late).catch(() => {
    throw new ChannelError("retry", "wechaty: the contact could not be read");
  });
  if (!contact || contact.friend() === false) return "stranger";
  try {
    await inTime(contact.say(text), timeout, late);
  } catch (error) {
    if (error === late) throw error;
    // the puppet failed somewhere between asking and being answered
    throw new ChannelError("unknown", `wechaty: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { id: said.idOf(contactId, text) };
}

/** A promise that is given up after some ms; what it does afterwards is nobody's concern. */
async function inTime<T>(work: Promise<T>, ms: number, late: ChannelError): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_done, fail) => {
    timer = setTimeout(() => fail(late), ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
