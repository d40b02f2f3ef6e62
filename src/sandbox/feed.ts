// The side process of a real deployment, played: pushes the archive's records to the app's intake, batch by batch.
import type { Chats } from "./chats.js";
import { Poster } from "./post.js";
import type { Ground } from "./settings.js";
import { Meta } from "./state.js";

const batch = 500;
const tries = 3;
const timeout = 30_000;

/** Pushes records in order and remembers how far it came; what was not taken is pushed again next time. */
export class Feed {
  readonly #poster = new Poster();
  readonly #meta: Meta;
  #running: Promise<number> | undefined;

  constructor(
    private readonly ground: Ground,
    private readonly chats: Chats,
  ) {
    this.#meta = new Meta(ground.db);
  }

  /** Pushes everything not pushed yet; gives how many records were taken. Without an intake nothing happens. */
  push(): Promise<number> {
    // two at once would push the same records and move the mark past what failed
    this.#running = (this.#running ?? Promise.resolve(0)).then(() => this.#pushAll());
    return this.#running;
  }

  close(): void {
    this.#poster.close();
  }

  async #pushAll(): Promise<number> {
    let taken = 0;
    for (;;) {
      const after = Number(this.#meta.get("fed") ?? 0);
      const { records, next } = this.chats.records(after, batch);
      if (records.length === 0 || !(await this.#tryToPush(records))) return taken;
      this.#meta.set("fed", String(next));
      taken += records.length;
    }
  }

  async #tryToPush(records: readonly unknown[]): Promise<boolean> {
    const intake = this.ground.options.intake;
    if (!intake) return false;
    const headers = { "content-type": "application/json", authorization: `Bearer ${intake.key}` };
    const body = JSON.stringify({ messages: records });
    for (let count = 0; count < tries; count++) {
      const { status } = await this.#poster.post(intake.url, headers, body, timeout);
      if (status >= 200 && status < 300) return true;
    }
    return false;
  }
}
