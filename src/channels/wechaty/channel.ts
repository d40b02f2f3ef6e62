// The channel over one wechaty account that is logged in as one guide: it says the words itself and hears the answers.
import PQueue from "p-queue";
import type { Message } from "wechaty";
import type { Logger } from "../../infra/log.js";
import type { World } from "../../kernel/world.js";
import {
  type Channel,
  ChannelError,
  type ChannelEvents,
  type ChannelPromises,
  type FollowUp,
  type Found,
  type GuideNote,
  type HandedOver,
  type HandOverOutcome,
  type OutstandingHandOver,
} from "../port.js";
import { type Bot, openBot, type Puppet, type SaidByBot } from "./bot.js";
import { readMessage } from "./hearing.js";

export interface WechatyOptions {
  puppet: Puppet;
  /** the guide the account belongs to */
  guideUserid: string;
  events: Pick<ChannelEvents, "guideSaid" | "message" | "contactAdded">;
  world: Pick<World, "now" | "id">;
  log: Pick<Logger, "info" | "warn" | "error">;
  /** ms; defaults: two minutes, thirty seconds, two seconds between two texts */
  loginTimeout?: number;
  sayTimeout?: number;
  pause?: number;
}

const mostBytes = 4000;

/**
 * Delivered means that the account's puppet took the words; nothing here proves that they arrived, nothing can be
 * taken back, and what had no answer cannot be looked up: the guide is asked.
 */
export class WechatyChannel implements Channel {
  readonly name = "wechaty";
  readonly promises: ChannelPromises = {
    confirmsThere: false,
    provesDelivery: false,
    reconciles: false,
    stops: false,
    hearsCustomers: true,
    attachments: [],
    pictures: false,
  };
  readonly #queue: PQueue;
  #bot: Bot | undefined;

  constructor(private readonly options: WechatyOptions) {
    // one account, one thing at a time: order is kept and nobody sees a machine gun
    this.#queue = new PQueue({ concurrency: 1, intervalCap: 1, interval: options.pause ?? 2_000 });
  }

  /** Starts the bot and waits for the login. Raises ChannelError `operations`. */
  async start(): Promise<void> {
    const { puppet, log, loginTimeout = 120_000, sayTimeout = 30_000 } = this.options;
    this.#bot = await openBot({
      ...{ puppet, log, loginTimeout, sayTimeout },
      onMessage: (message) => this.#hear(message),
      onFriendship: async (friendship) => {
        const confirmed = 1;
        if (friendship.type() === confirmed) await this.#added(friendship.contact().id);
      },
    });
  }

  async close(): Promise<void> {
    this.#queue.clear();
    await this.#bot?.stop();
    this.#bot = undefined;
  }

  async tellGuide(guideUserid: string, note: GuideNote): Promise<boolean> {
    const bot = this.#bot;
    // the guide talks to us in the account's chat with itself
    const to = bot?.selfId();
    if (!bot || !to || guideUserid !== this.options.guideUserid) return false;
    return (await this.#queue.add(() => bot.say(to, textOf(note)))) !== "stranger";
  }

  /**
   * Says the words to each customer. While nothing was said to anybody, what goes wrong is raised as it is; afterwards
   * raising it would make somebody say it all again, so the customers it failed for are refused.
   */
  async handOver(followUp: FollowUp): Promise<HandedOver> {
    const bot = this.#ready(followUp);
    const refused: HandedOver["refused"] = [];
    let said: SaidByBot | undefined;
    for (const externalUserid of followUp.externalUserids) {
      const result = await this.#say(bot, externalUserid, followUp.text);
      if (result instanceof ChannelError) {
        if (!said) throw result;
        refused.push({ externalUserid, reason: "refused" });
      } else if (result === "stranger") refused.push({ externalUserid, reason: "not_a_friend" });
      else said ??= result;
    }
    return { providerRef: said?.id ?? `wechaty-${this.options.world.id()}`, refused, delivered: true };
  }

  /** Nothing is open here: words are with the customer, or were never taken. */
  async outcomes(handOvers: readonly OutstandingHandOver[]): Promise<HandOverOutcome[]> {
    return handOvers.map(({ ref }) => ({ ref, state: "gone", customers: [] }));
  }

  async remind(): Promise<void> {}

  async stop(): Promise<void> {}

  async find(): Promise<Found> {
    return { state: "cannot_tell" };
  }

  async guideCode(): Promise<null> {
    return null;
  }

  #ready(followUp: FollowUp): Bot {
    const refuse = (why: string): never => {
      throw new ChannelError("fix", `hand-over ${followUp.ref}: ${why}`);
    };
    if (followUp.guideUserid !== this.options.guideUserid) refuse("this account is another guide's");
    if (followUp.externalUserids.length === 0) refuse("no customers");
    if (followUp.text.trim() === "") refuse("no words");
    if (Buffer.byteLength(followUp.text) > mostBytes) refuse(`more than ${mostBytes} bytes of words`);
    if (!this.#bot?.selfId()) throw new ChannelError("operations", "wechaty: the account is not logged in");
    return this.#bot;
  }

  async #say(bot: Bot, externalUserid: string, text: string): Promise<SaidByBot | "stranger" | ChannelError> {
    try {
      return await this.#queue.add(() => bot.say(externalUserid, text));
    } catch (error) {
      if (error instanceof ChannelError) return error;
      throw error;
    }
  }

  async #hear(message: Message): Promise<void> {
    const { events, guideUserid, world } = this.options;
    const heard = readMessage(message, world.now());
    const self = this.#bot?.selfId();
    if (!heard || !self) return;
    if (heard.partner === self) {
      const isOurs = this.#bot?.isOwn(heard.partner, heard.id, heard.text) ?? true;
      if (!isOurs && heard.type === "text")
        await events.guideSaid({ guideUserid, text: heard.text, at: heard.at });
      return;
    }
    await events.message({
      ...{ msgid: `wechaty-${heard.id}`.slice(0, 120), guideUserid, source: "wechaty" },
      ...{ from: heard.from, at: heard.at, type: heard.type, text: heard.text },
      externalUserid: heard.partner,
    });
  }

  async #added(contactId: string): Promise<void> {
    const { events, guideUserid, world } = this.options;
    await events.contactAdded({ guideUserid, externalUserid: contactId, state: "", at: world.now() });
  }
}

/** A card as lines of text, and the words for a picture: there are none here. */
function textOf(note: GuideNote): string {
  if (note.kind !== "card") return note.text;
  const lines = note.lines.map(({ label, value }) => `${label} ${value}`);
  return [note.title, note.description, ...lines, note.url].filter(Boolean).join("\n");
}
