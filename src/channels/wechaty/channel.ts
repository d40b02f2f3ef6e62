// The channel over one wechaty account that is logged in as one guide: it says the words itself and hears the answers.
import PQueue from "p-queue";
import type { Logger } from "../../infra/log.js";
import type { World } from "../../kernel/world.js";
import {
  type Channel,
  ChannelError,
  type ChannelEvents,
  type ChannelPromises,
  type FollowUp,
  type FollowUpAttachment,
  type Found,
  type GuideNote,
  type HandedOver,
  type HandOverOutcome,
  type LostHandOver,
  type OutstandingHandOver,
} from "../port.js";
import { type Bot, openBot } from "./bot.js";
import type { Puppet } from "./bot-options.js";
import { faultOfQuestion } from "./faults.js";
import { Ear } from "./hearing.js";
import { canLookBack, findSaid, outcomesKept, recoverSince } from "./history.js";
import { type Limits, limitsFrom } from "./limits.js";
import { Said } from "./said.js";
import { type Enclosed, readEnclosed } from "./sending.js";
import { type Presence, Supervisor } from "./supervisor.js";

export interface WechatyOptions {
  /** a fresh puppet at each call: one whose link is gone is never used again */
  puppets: () => Puppet;
  /** the guide the account belongs to */
  guideUserid: string;
  events: Pick<ChannelEvents, "guideSaid" | "message" | "contactAdded">;
  presence: Presence;
  world: Pick<World, "now" | "id" | "random">;
  log: Pick<Logger, "info" | "warn" | "error">;
  /** what this puppet takes besides words; default nothing, for puppets do not tell */
  attachments?: readonly FollowUpAttachment["kind"][];
  limits?: Partial<Limits>;
}

const mostBytes = 4000;

/**
 * Delivered means that the account's puppet took the words; nothing proves that they arrived, nothing can be taken back.
 * What had no answer is looked up where the puppet keeps its messages by itself; else the guide is asked.
 */
export class WechatyChannel implements Channel {
  readonly name = "wechaty";
  readonly promises: ChannelPromises;
  /** one account, one thing at a time */
  readonly atOnce = 1;
  readonly #limits: Limits;
  readonly #queue: PQueue;
  readonly #supervisor: Supervisor;
  readonly #said = new Said();
  readonly #ear: Ear;
  #fresh: Puppet | undefined;

  constructor(private readonly options: WechatyOptions) {
    this.#limits = limitsFrom(options.limits);
    // order is kept and nobody sees a machine gun
    this.#queue = new PQueue({ concurrency: 1, intervalCap: 1, interval: this.#limits.pause });
    this.#fresh = options.puppets();
    this.promises = {
      ...{ confirmsThere: false, provesDelivery: false, stops: false, hearsCustomers: true, pictures: false },
      reconciles: canLookBack(this.#fresh),
      attachments: options.attachments ?? [],
    };
    this.#ear = new Ear({ ...options, said: this.#said });
    this.#supervisor = new Supervisor({
      ...{ presence: options.presence, world: options.world, log: options.log, retry: this.#limits.retry },
      open: (onGone) => this.#open(onGone),
      recover: (bot, since) => recoverSince(bot, this.#ear, since, this.promises.reconciles),
    });
  }

  /** Opens the bot; when nobody logs in now, it goes on trying by itself. */
  start(): Promise<void> {
    return this.#supervisor.start();
  }

  async close(): Promise<void> {
    this.#queue.clear();
    await this.#supervisor.close();
  }

  /** Whether somebody is logged in and the puppet answers: nothing should be handed over while not. */
  isThere(): boolean {
    return this.#supervisor.bot !== undefined;
  }

  async tellGuide(guideUserid: string, note: GuideNote): Promise<boolean> {
    if (guideUserid !== this.options.guideUserid) return false;
    // the guide talks to us in the account's chat with itself; a waiting guide comes before customers
    await this.#inTurn((bot) => bot.say(bot.selfId() ?? "", textOf(note)), 1);
    return true;
  }

  /**
   * Says the words to each customer. While nothing was said to anybody, what goes wrong is raised as it is; afterwards
   * raising it would make somebody say it all again, so the customers it failed for are refused.
   */
  async handOver(followUp: FollowUp): Promise<HandedOver> {
    this.#refuseBad(followUp);
    const enclosed = await readEnclosed(followUp.attachments ?? []);
    const refused: HandedOver["refused"] = [];
    let said: { id?: string } | undefined;
    for (const externalUserid of followUp.externalUserids) {
      const result = await this.#say(externalUserid, followUp.text, enclosed);
      if (result instanceof ChannelError) {
        if (!said) throw result;
        refused.push({ externalUserid, reason: "refused" });
      } else if (result === "stranger") refused.push({ externalUserid, reason: "not_a_friend" });
      else said ??= result;
    }
    return { providerRef: said?.id ?? `wechaty-${this.options.world.id()}`, refused, delivered: true };
  }

  /** Nothing is open here: words are with the customer, or were never taken. What the puppet still keeps can be shown. */
  async outcomes(handOvers: readonly OutstandingHandOver[]): Promise<HandOverOutcome[]> {
    const bot = this.promises.reconciles ? this.#supervisor.bot : undefined;
    if (bot && handOvers.length > 0)
      return outcomesKept(bot, handOvers).catch((error: unknown) => {
        throw faultOfQuestion(error);
      });
    return handOvers.map(({ ref }) => ({ ref, state: "gone", customers: [] }));
  }

  async remind(): Promise<void> {}

  async stop(): Promise<void> {}

  async find(lost: LostHandOver): Promise<Found> {
    const bot = this.promises.reconciles ? this.#supervisor.bot : undefined;
    if (!bot) return { state: "cannot_tell" };
    return findSaid(bot, lost).catch(() => ({ state: "cannot_tell" }));
  }

  async guideCode(): Promise<null> {
    return null;
  }

  #open(onGone: (reason: string) => void): Promise<Bot> {
    const puppet = this.#fresh ?? this.options.puppets();
    this.#fresh = undefined;
    const { log, world } = this.options;
    return openBot({
      ...{ puppet, log, limits: this.#limits, said: this.#said, now: () => world.now(), onGone },
      onMessage: (message, self) => this.#ear.hear(message, self),
      onFriendship: (friendship) => this.#ear.befriended(friendship),
    });
  }

  #refuseBad(followUp: FollowUp): void {
    const refuse = (why: string): never => {
      throw new ChannelError("fix", `hand-over ${followUp.ref}: ${why}`);
    };
    if (followUp.guideUserid !== this.options.guideUserid) refuse("this account is another guide's");
    if (followUp.externalUserids.length === 0) refuse("no customers");
    if (followUp.text.trim() === "") refuse("no words");
    if (Buffer.byteLength(followUp.text) > mostBytes) refuse(`more than ${mostBytes} bytes of words`);
    for (const { kind } of followUp.attachments ?? [])
      if (!this.promises.attachments.includes(kind))
        refuse(`this puppet takes no attachment of kind ${kind}`);
  }

  async #say(externalUserid: string, text: string, enclosed: readonly Enclosed[]) {
    try {
      return await this.#inTurn((bot) => bot.say(externalUserid, text, enclosed), 0);
    } catch (error) {
      if (error instanceof ChannelError) return error;
      throw error;
    }
  }

  /** Waits for its turn, and not for ever: whoever asked would count a call that begins late as lost already. */
  async #inTurn<Answer>(work: (bot: Bot) => Promise<Answer>, priority: number): Promise<Answer> {
    let isLate = false;
    const patience = setTimeout(() => {
      isLate = true;
    }, this.#limits.turn);
    try {
      return await this.#queue.add(
        () => {
          if (isLate) throw new ChannelError("retry", "wechaty: too much is waiting to be said");
          const bot = this.#supervisor.bot;
          if (!bot) throw new ChannelError("retry", "wechaty: the account is out of reach");
          return work(bot);
        },
        { priority },
      );
    } finally {
      clearTimeout(patience);
    }
  }
}

/** A card as lines of text, and the words for a picture: there are none here. */
function textOf(note: GuideNote): string {
  if (note.kind !== "card") return note.text;
  const lines = note.lines.map(({ label, value }) => `${label} ${value}`);
  return [note.title, note.description, ...lines, note.url].filter(Boolean).join("\n");
}
