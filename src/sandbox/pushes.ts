// Callbacks to the app: encrypted, signed, tried again three times when unanswered, then gone, as with WeCom.
import { fingerprint } from "./chance.js";
import { openReply, type PushFields, sealCheck, sealPush, xmlOf } from "./envelopes.js";
import type { Faults } from "./faults.js";
import { Poster } from "./post.js";
import type { Ground } from "./settings.js";

const timeout = 5000;
const checkTimeout = 1000;
const tries = 4;
/** ms between two tries */
const pause = 5000;
const lanes = 8;
const late = 10 * 60_000;

/** `held`: 1 its fault has hit it, 2 it waits for the next one to overtake it */
type Push = { id: number; at: number; lane: string; xml: string; held: 0 | 1 | 2; tries: number };

/** Keeps callbacks until their time and delivers them; those of one person keep their order while none fails. */
export class Pushes {
  callbackUrl: string | undefined;
  /** hears what the app answered a person in the callback's own answer */
  onReply: ((userid: string, text: string) => void) | undefined;
  /** how many were given up after the last try */
  lost = 0;
  /** how many answers had a seal that could not be opened */
  unreadable = 0;
  readonly #poster = new Poster();
  readonly #put;
  readonly #due;
  readonly #drop;
  readonly #hold;
  readonly #again;
  readonly #overtaken;
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly ground: Ground,
    private readonly faults: Faults,
  ) {
    const { db } = ground;
    this.callbackUrl = ground.options.callbackUrl;
    this.#put = db.prepare("INSERT INTO push (at, lane, xml) VALUES (?, ?, ?)");
    this.#due = db.prepare<[number], Push>("SELECT * FROM push WHERE at <= ? ORDER BY at, id LIMIT 1000");
    this.#drop = db.prepare("DELETE FROM push WHERE id = ?");
    this.#hold = db.prepare("UPDATE push SET at = ?, held = ? WHERE id = ?");
    this.#again = db.prepare("UPDATE push SET at = ?, held = 1, tries = tries + 1 WHERE id = ?");
    this.#overtaken = db.prepare("UPDATE push SET at = ?, held = 1 WHERE held = 2");
  }

  /** Puts a callback on its way. `lane`: whose callbacks must not overtake each other. */
  put(at: number, lane: string, fields: PushFields): void {
    this.#put.run(at, lane, xmlOf({ ToUserName: this.ground.options.corpid, ...fields }));
  }

  /** Delivers what is due at or before a time; gives how many arrived. One delivery at a time. */
  deliver(until: number): Promise<number> {
    const mine = this.#running.then(() => this.#deliverAll(until));
    this.#running = mine.catch(() => undefined);
    return mine;
  }

  /** The check WeCom makes when the address is set: whether the app opens the seal and answers the bare text in 1 s. */
  async check(): Promise<boolean> {
    const { world, options } = this.ground;
    if (!this.callbackUrl) return false;
    const text = String(Math.floor(world.random() * 1e15));
    const url = sealCheck(options, world, this.callbackUrl, text);
    const answer = await this.#poster.get(url, checkTimeout);
    return answer.status === 200 && answer.text === text;
  }

  close(): void {
    this.#poster.close();
  }

  async #deliverAll(until: number): Promise<number> {
    let arrived = 0;
    for (let due = this.#due.all(until); due.length > 0; due = this.#due.all(until)) {
      const byLane = Array.from({ length: lanes }, () => [] as Push[]);
      for (const push of due) byLane[fingerprint(push.lane) % lanes]?.push(push);
      const counts = await Promise.all(byLane.map((pushes) => this.#deliverInOrder(pushes, until)));
      const now = counts.reduce((sum, count) => sum + count, 0);
      if (now > 0) this.#overtaken.run(until);
      arrived += now;
    }
    return arrived;
  }

  async #deliverInOrder(pushes: readonly Push[], until: number): Promise<number> {
    let arrived = 0;
    for (const push of pushes) {
      const fault = this.callbackUrl && !push.held ? this.faults.take("callback") : undefined;
      if (fault?.kind === "late" || fault?.kind === "reordered") {
        this.#hold.run(push.at + (fault.lateBy ?? late), fault.kind === "late" ? 1 : 2, push.id);
        continue;
      }
      const came = fault?.kind !== "lost" && (await this.#post(push));
      if (fault?.kind === "doubled") await this.#post(push);
      if (came) arrived++;
      if (came || fault?.kind === "lost" || !this.#tryAgain(push, until)) this.#drop.run(push.id);
    }
    return arrived;
  }

  /** Whether there is another try; without an address there is none, and nothing is lost. */
  #tryAgain(push: Push, until: number): boolean {
    if (!this.callbackUrl) return false;
    if (push.tries + 1 >= tries) {
      this.lost++;
      return false;
    }
    const wait = this.ground.options.callbackPause ?? pause;
    this.#again.run(Math.max(push.at, until) + wait, push.id);
    return true;
  }

  /** One try; true when the app answered 200 in time. */
  async #post(push: Push): Promise<boolean> {
    if (!this.callbackUrl) return false;
    const { world, options } = this.ground;
    const { url, body } = sealPush(options, world, this.callbackUrl, push.xml);
    const headers = { "content-type": "text/xml; charset=utf-8" };
    const answer = await this.#poster.post(url, headers, body, options.callbackTimeout ?? timeout);
    if (answer.status !== 200) return false;
    this.#hearReply(push, answer.text);
    return true;
  }

  #hearReply(push: Push, text: string): void {
    try {
      const reply = openReply(this.ground.options, text);
      if (reply !== undefined) this.onReply?.(push.lane, reply);
    } catch {
      this.unreadable++;
    }
  }
}
