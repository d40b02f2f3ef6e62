// Looking back: what a puppet that keeps its messages by itself can tell of a gap, and of a send without an answer.
import type { Found, HandOverOutcome, LostHandOver, OutstandingHandOver } from "../port.js";
import type { Bot } from "./bot.js";
import type { Puppet } from "./bot-options.js";
import { type Ear, type HeardMessage, readMessage } from "./hearing.js";
import type { Recovered } from "./supervisor.js";

/** Messages looked through at least: more than an account says and hears in days. */
const MOST = 2_000;
/** A puppet's clock and ours may differ so much, ms. */
const SKEW = 2_000;

/**
 * Whether a puppet keeps its messages by itself. The base class lists only what was told as an event before, and over
 * gRPC the question does not exist: both know nothing of a gap.
 */
export function canLookBack(puppet: Puppet): boolean {
  for (let made: object | null = puppet; made; made = Object.getPrototypeOf(made) as object | null)
    if (Object.hasOwn(made, "messageList")) return !Object.hasOwn(made, "messageQueryFilterFactory");
  return false;
}

/**
 * Writes down what customers and the guide said to each other while nobody listened, and gathers what the guide said to the
 * assistant; null when the puppet keeps none. A command is not done late: its numbers may mean another list by now, and
 * the guide may have done it by hand. The guide is told which were not heard.
 */
export async function recoverSince(
  bot: Bot,
  ear: Ear,
  since: number,
  canTell: boolean,
): Promise<Recovered | null> {
  if (!canTell) return null;
  const self = bot.selfId();
  const found: Recovered = { messages: 0, unheard: [] };
  for (const message of await keptBy(bot, since - SKEW)) {
    if (message.at < since - SKEW) continue;
    if (message.partner !== self) {
      const isNew = await ear.record(message);
      if (isNew && message.from === "customer") found.messages++;
    } else if (message.type === "text" && ear.isUnheard(message))
      found.unheard.push({ at: message.at, text: message.text });
  }
  return found;
}

/** Looks for words whose send had no answer: said to all of them, to none, or nobody can tell. */
export async function findSaid(
  bot: Bot,
  { externalUserids, text, calledAt, knownRefs }: LostHandOver,
): Promise<Found> {
  const known = new Set(knownRefs);
  const ids = new Map<string, string>();
  for (const { id, from, partner, at, text: said } of await keptBy(bot, calledAt - SKEW))
    if (from === "guide" && said === text && at >= calledAt - SKEW && !known.has(id)) ids.set(partner, id);
  const found = externalUserids.flatMap((customer) => ids.get(customer) ?? []);
  const [first] = found;
  if (first === undefined) return { state: "absent" };
  return found.length === externalUserids.length
    ? { state: "found", providerRef: first }
    : { state: "cannot_tell" };
}

/** What became of words as the puppet keeps them: each hand-over's words and all who got them at about that time. */
export async function outcomesKept(
  bot: Bot,
  handOvers: readonly OutstandingHandOver[],
): Promise<HandOverOutcome[]> {
  const kept = await keptBy(bot);
  return handOvers.map(({ ref, providerRef }) => {
    const first = kept.find(({ id, from }) => id === providerRef && from === "guide");
    if (!first) return { ref, state: "gone", customers: [] };
    const alike = kept.filter(
      ({ from, text, at }) => from === "guide" && text === first.text && at >= first.at,
    );
    const customers = new Map(alike.map(({ partner, at }) => [partner, at]));
    customers.set(first.partner, first.at);
    return {
      ...{ ref, state: "confirmed", confirmedAt: first.at },
      customers: [...customers].map(([externalUserid, at]) => ({ externalUserid, result: "sent", at })),
    };
  });
}

async function keptBy(bot: Bot, since?: number): Promise<HeardMessage[]> {
  const messages = await bot.kept(MOST, since);
  // the time of a kept message is its own: there is no now to correct it by
  return messages.flatMap((message) => readMessage(message, 0) ?? []);
}
