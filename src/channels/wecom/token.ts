// The access token: shared by all processes, renewed early and by one at a time, never hammered when the secret is wrong.
import type { World } from "../../kernel/world.js";
import { ChannelError } from "../port.js";

/** A token and when it ends, in epoch ms. */
export interface StoredToken {
  token: string;
  expiresAt: number;
}

/** Where the token is shared between processes. */
export interface TokenStore {
  read(key: string): Promise<StoredToken | undefined>;
  write(key: string, token: StoredToken): Promise<void>;
  /** Runs `work` while no other holder of this key's lock runs theirs; waits for its turn. */
  lock<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** A token store for one process and for tests. */
export function memoryTokenStore(): TokenStore {
  const tokens = new Map<string, StoredToken>();
  const turns = new Map<string, Promise<unknown>>();
  return {
    read: async (key) => tokens.get(key),
    write: async (key, token) => {
      tokens.set(key, token);
    },
    lock: <T>(key: string, work: () => Promise<T>): Promise<T> => {
      const turn = (turns.get(key) ?? Promise.resolve()).then(work, work);
      turns.set(
        key,
        turn.catch(() => undefined),
      );
      return turn;
    },
  };
}

/** What gettoken answered; `expiresIn` in ms. */
export interface FetchedToken {
  token: string;
  expiresIn: number;
}

const earliest = 5 * 60_000;
const coolDown = 10 * 60_000;

/**
 * Keeps one app's token. `fetch` is the gettoken call. After an answer of kind `operations` (a wrong secret gets the
 * whole address banned for an hour) nothing is fetched until a cool-down is over: ten minutes, or what the error says.
 */
export class TokenKeeper {
  #held: (StoredToken & { renewAt: number }) | undefined;
  #renewing: Promise<string> | undefined;
  #fault: { error: ChannelError; until: number } | undefined;

  constructor(
    private readonly key: string,
    private readonly store: TokenStore,
    private readonly fetch: () => Promise<FetchedToken>,
    private readonly world: Pick<World, "now">,
  ) {}

  /** A token that is good for a while yet. */
  async token(): Promise<string> {
    this.#throwKnownFault();
    if (this.#held && this.world.now() < this.#held.renewAt) return this.#held.token;
    return this.#renew(undefined);
  }

  /** Another token than `stale`, which the platform refused. */
  async replace(stale: string): Promise<string> {
    this.#throwKnownFault();
    if (this.#held && this.#held.token !== stale) return this.#held.token;
    return this.#renew(stale);
  }

  /** Remembers that the set-up is wrong, so that nobody calls again before the cool-down is over. */
  remember(error: ChannelError): void {
    this.#held = undefined;
    this.#fault = { error, until: this.world.now() + (error.retryAfter ?? coolDown) };
  }

  #throwKnownFault(): void {
    if (!this.#fault) return;
    if (this.world.now() < this.#fault.until) throw this.#fault.error;
    this.#fault = undefined;
  }

  #renew(stale: string | undefined): Promise<string> {
    this.#renewing ??= this.store
      .lock(this.key, () => this.#renewAlone(stale))
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }

  async #renewAlone(stale: string | undefined): Promise<string> {
    const shared = await this.store.read(this.key);
    if (shared && this.#isFresh(shared, stale)) return this.#hold(shared);
    const fetched = await this.#fetchOrRemember();
    const token = { token: fetched.token, expiresAt: this.world.now() + fetched.expiresIn };
    await this.store.write(this.key, token);
    return this.#hold(token);
  }

  /** Whether the shared token is worth taking: somebody else renewed it while we waited for the lock. */
  #isFresh(shared: StoredToken, stale: string | undefined): boolean {
    if (shared.expiresAt <= this.world.now()) return false;
    if (stale !== undefined) return shared.token !== stale;
    return !this.#held || shared.expiresAt > this.#held.expiresAt;
  }

  async #fetchOrRemember(): Promise<FetchedToken> {
    try {
      return await this.fetch();
    } catch (error) {
      if (error instanceof ChannelError && error.kind === "operations") this.remember(error);
      throw error;
    }
  }

  /**
   * Asking early is answered with the same token and its remaining life, so the margin shrinks with what is left:
   * a fixed five minutes would ask at every call once the token is in its last five.
   */
  #hold(token: StoredToken): string {
    const left = token.expiresAt - this.world.now();
    const margin = left < 20_000 ? 0 : Math.min(earliest, left / 2);
    this.#held = { ...token, renewAt: token.expiresAt - margin };
    return token.token;
  }
}
