// What a wechaty event means for us: a message of a guide and a customer, or a guide talking to their own assistant.
import { setTimeout as wait } from "node:timers/promises";
import type { Friendship, Message } from "wechaty";
import type { Logger } from "../../infra/log.js";
import type { World } from "../../kernel/world.js";
import type { ChannelEvents, ChatMessage } from "../port.js";
import { forgetOld, type Said } from "./said.js";

/** Wechaty's numbers for kinds of messages (wechaty-puppet, MessageType), by the archive's names. */
const TYPES: Readonly<Record<number, string>> = {
  1: "file",
  2: "voice",
  3: "card",
  4: "chatrecord",
  5: "emotion",
  6: "image",
  7: "text",
  8: "location",
  9: "weapp",
  11: "transfer",
  12: "redpacket",
  14: "link",
  15: "video",
};

/** One message as far as it matters here; `partner` is the other side of a chat of two. */
export interface HeardMessage {
  id: string;
  from: ChatMessage["from"];
  partner: string;
  /** epoch ms */
  at: number;
  type: string;
  text: string;
}

export interface EarOptions {
  guideUserid: string;
  events: Pick<ChannelEvents, "guideSaid" | "message" | "contactAdded">;
  said: Said;
  world: Pick<World, "now">;
  log: Pick<Logger, "warn">;
}

/** A friendship that came about (wechaty-puppet, FriendshipType). */
const CONFIRMED = 1;
/** ms before a hearer that failed is told again: a database that comes back within the minute loses nothing. */
const AGAIN = [500, 2_000, 10_000, 40_000];
const REMEMBERED = 2_000;

/** Hears one account. Puppets may tell the same twice, and after a gap tell what was told before. */
export class Ear {
  readonly #heard = new Set<string>();

  constructor(private readonly options: EarOptions) {}

  /** Tells a message to whom it concerns; `self`: the account's own contact. */
  async hear(message: Message, self: string): Promise<void> {
    const { events, guideUserid, world, said } = this.options;
    const heard = readMessage(message, world.now());
    if (!heard || this.#heard.has(heard.id)) return;
    if (heard.partner !== self) {
      await this.record(heard);
      return;
    }
    this.#remember(heard.id);
    const isOurs = said.isOwn(heard.partner, heard.id, heard.text);
    // said once or not at all: a command that is told twice would be done twice
    if (!isOurs && heard.type === "text")
      await events.guideSaid({ guideUserid, text: heard.text, at: heard.at });
  }

  /** Writes a message of guide and customer down; false when it was told before. */
  async record(heard: HeardMessage): Promise<boolean> {
    if (this.#heard.has(heard.id)) return false;
    this.#remember(heard.id);
    const { events, guideUserid } = this.options;
    await this.#untilDone(() =>
      events.message({
        ...{ msgid: `wechaty-${heard.id}`.slice(0, 120), guideUserid, source: "wechaty" },
        ...{ from: heard.from, at: heard.at, type: heard.type, text: heard.text },
        externalUserid: heard.partner,
      }),
    );
    return true;
  }

  /** Whether a word of the guide's to the assistant has not been heard; it counts as heard from here on. */
  isUnheard({ id, partner, text }: HeardMessage): boolean {
    if (this.#heard.has(id) || this.options.said.isOwn(partner, id, text)) return false;
    this.#remember(id);
    return true;
  }

  async befriended(friendship: Friendship): Promise<void> {
    if (friendship.type() !== CONFIRMED) return;
    const { events, guideUserid, world } = this.options;
    const externalUserid = friendship.contact().id;
    const at = world.now();
    await this.#untilDone(() => events.contactAdded({ guideUserid, externalUserid, state: "", at }));
  }

  #remember(id: string): void {
    this.#heard.add(id);
    forgetOld(this.#heard, REMEMBERED);
  }

  /** Nobody tells it again but us. Telling twice is no harm: the log keeps each message once. */
  async #untilDone(tell: () => Promise<void>): Promise<void> {
    for (const pause of AGAIN)
      try {
        return await tell();
      } catch (error) {
        this.options.log.warn(
          { error: String(error) },
          "wechaty: what was heard could not be written down yet",
        );
        await wait(pause, undefined, { ref: false });
      }
    await tell();
  }
}

/** Reads a message; undefined for rooms and for what is no message of a person (notes, recalls). `now` in epoch ms. */
export function readMessage(message: Message, now: number): HeardMessage | undefined {
  const type = TYPES[message.type()];
  if (message.room() || type === undefined) return undefined;
  const self = message.self();
  const partner = self ? message.listener()?.id : message.talker().id;
  if (!partner) return undefined;
  return {
    id: message.id,
    from: self ? "guide" : "customer",
    partner,
    at: timeOf(message, now),
    type,
    text: type === "text" ? message.text() : "",
  };
}

/** Puppets that count in seconds would put an answer before the question of the same second. */
function timeOf(message: Message, now: number): number {
  const at = message.date().getTime();
  return at % 1000 === 0 && now >= at && now - at < 1000 ? now : at;
}
