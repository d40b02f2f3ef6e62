// Keeps one account's bot: a bot whose link is gone is dropped with its puppet, and a new one is opened until it holds.
import type { Logger } from "../../infra/log.js";
import type { World } from "../../kernel/world.js";
import type { GapEnd, Unheard } from "../gaps.js";
import type { Bot } from "./bot.js";
import { wordsOf } from "./faults.js";

/** Hears when the account is out of reach, and what became of what was said meanwhile. What it fails to do is logged. */
export interface Presence {
  /** since when nobody has listened to the account, as far as is known from before this process; null: nothing is known */
  missingSince(): Promise<number | null>;
  /** the account is out of reach since `at` */
  away(event: { at: number; reason: string }): Promise<void>;
  /** It is back. */
  back(event: GapEnd): Promise<void>;
}

/** What was found of a gap: customers' messages written down, and what the guide said to the assistant. */
export interface Recovered {
  messages: number;
  unheard: Unheard[];
}

export interface SupervisorOptions {
  /** Opens a bot with a fresh puppet: a used one keeps listeners and a dead link. */
  open(onGone: (reason: string) => void): Promise<Bot>;
  /** reads again what came while nobody listened; null: the puppet keeps nothing */
  recover(bot: Bot, since: number): Promise<Recovered | null>;
  presence: Presence;
  world: Pick<World, "now" | "random">;
  log: Pick<Logger, "warn" | "error">;
  /** ms between two tries to open a bot: doubling from the first to the most */
  retry: { first: number; most: number };
}

/** One bot at a time; none while it is out of reach. */
export class Supervisor {
  #bot: Bot | undefined;
  /** epoch ms since when nobody listens; null: somebody does, or nobody ever did */
  #since: number | null = null;
  #failures = 0;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(private readonly options: SupervisorOptions) {}

  /** The bot in use; undefined while there is none. */
  get bot(): Bot | undefined {
    return this.#bot?.selfId() === undefined ? undefined : this.#bot;
  }

  /** The first try to open a bot. When it fails the others follow by themselves. */
  async start(): Promise<void> {
    this.#since = await this.options.presence.missingSince();
    await this.#try();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const bot = this.#bot;
    this.#bot = undefined;
    if (bot) {
      await this.#tell("away", (presence) =>
        presence.away({ at: this.options.world.now(), reason: "服务停止" }),
      );
      await bot.stop();
    }
    await this.#work;
  }

  #try(): Promise<void> {
    this.#work = this.#open();
    return this.#work;
  }

  async #open(): Promise<void> {
    if (this.#closed) return;
    const { world, log, retry } = this.options;
    try {
      let opened: Bot | undefined;
      const bot = await this.options.open((reason) => this.#gone(opened, reason));
      opened = bot;
      if (this.#closed) return bot.stop();
      this.#bot = bot;
      this.#failures = 0;
      await this.#welcome(bot);
    } catch (error) {
      this.#failures++;
      const wait =
        Math.min(retry.first * 2 ** (this.#failures - 1), retry.most) * (0.75 + world.random() / 2);
      log.error(
        { error: wordsOf(error), tries: this.#failures, wait },
        "wechaty: the account is out of reach",
      );
      await this.#missed(world.now(), wordsOf(error));
      this.#timer = setTimeout(() => void this.#try(), wait);
    }
  }

  /** Somebody listens again: what was said meanwhile is looked for. */
  async #welcome(bot: Bot): Promise<void> {
    const since = this.#since;
    this.#since = null;
    if (since === null) return;
    const { recover, world, log } = this.options;
    const recovered = await recover(bot, since).catch((error: unknown) => {
      log.error({ error: wordsOf(error) }, "wechaty: what was said meanwhile could not be read");
      return null;
    });
    const found = { recovered: recovered?.messages ?? null, unheard: recovered?.unheard ?? null };
    await this.#tell("back", (presence) => presence.back({ since, at: world.now(), ...found }));
  }

  #gone(bot: Bot | undefined, reason: string): void {
    if (!bot || bot !== this.#bot || this.#closed) return;
    this.#bot = undefined;
    this.options.log.error({ reason }, "wechaty: the bot is gone, another is made");
    this.#work = this.#work
      .then(() => this.#missed(bot.lastSign(), reason))
      .then(() => bot.stop())
      .then(() => this.#open());
  }

  /** From when on nobody listened; the first time counts. */
  async #missed(at: number, reason: string): Promise<void> {
    if (this.#since !== null) return;
    this.#since = at;
    await this.#tell("away", (presence) => presence.away({ at, reason }));
  }

  async #tell(what: string, tell: (presence: Presence) => Promise<void>): Promise<void> {
    await tell(this.options.presence).catch((error: unknown) =>
      this.options.log.error({ error: wordsOf(error), what }, "wechaty: a gap could not be written down"),
    );
  }
}
