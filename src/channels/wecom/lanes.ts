// How many calls of one API are open at once: fewer as soon as WeCom finds them too many (45033), more again slowly.
import PQueue from "p-queue";
import { channelError, hasCode } from "./errors.js";

const tooMany = 45033;
/** Calls that went well before one more may be open. */
const calm = 20;

interface Lane {
  queue: PQueue;
  well: number;
}

/** The lanes of one process, one for each API. WeCom does not tell its number, so each process finds it. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();

  constructor(private readonly most: number) {}

  /** How many calls of an API may be open now. */
  width(path: string): number {
    return this.#lane(path).queue.concurrency;
  }

  /** Runs a call when its turn comes; one that may not queue and finds all lanes taken is a ChannelError `retry`. */
  async run<T>(path: string, call: () => Promise<T>, mayQueue = true): Promise<T> {
    const lane = this.#lane(path);
    if (!mayQueue && lane.queue.pending >= lane.queue.concurrency)
      throw channelError(path, tooMany, "not called: as many are open as WeCom bears");
    return lane.queue.add(async () => {
      try {
        const answer = await call();
        this.#went(lane);
        return answer;
      } catch (error) {
        if (hasCode(error, tooMany)) this.#narrow(lane);
        throw error;
      }
    }) as Promise<T>;
  }

  #went(lane: Lane): void {
    if (++lane.well < calm || lane.queue.concurrency >= this.most) return;
    lane.well = 0;
    lane.queue.concurrency++;
  }

  #narrow(lane: Lane): void {
    lane.well = 0;
    lane.queue.concurrency = Math.max(1, Math.floor(lane.queue.concurrency / 2));
  }

  #lane(path: string): Lane {
    const lane = this.#lanes.get(path) ?? { queue: new PQueue({ concurrency: this.most }), well: 0 };
    this.#lanes.set(path, lane);
    return lane;
  }
}
