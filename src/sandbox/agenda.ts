// What somebody is going to do, and when: the sandbox's future, kept with its state.
import type { Ground } from "./settings.js";

/** One thing to come. Times are epoch ms. */
export interface Due {
  at: number;
  /** confirm: a guide sends a mass task; reply, greet: a customer writes; answer: a guide writes back;
   *  type: a guide writes to the app; leave: a customer ends the contact */
  kind: "confirm" | "reply" | "greet" | "answer" | "type" | "leave";
  /** who acts */
  who: string;
  /** towards whom, or the mass task's msgid */
  whom: string;
  /** the words */
  what: string;
}

/** Puts things off and takes them out in the order of their time. */
export class Agenda {
  readonly #put;
  readonly #next;
  readonly #drop;

  constructor(ground: Ground) {
    const { db } = ground;
    this.#put = db.prepare("INSERT INTO due (at, kind, who, whom, what) VALUES (?, ?, ?, ?, ?)");
    this.#next = db.prepare<[number], Due & { id: number }>(
      "SELECT * FROM due WHERE at <= ? ORDER BY at, id LIMIT 1",
    );
    this.#drop = db.prepare("DELETE FROM due WHERE id = ?");
  }

  put(due: Due): void {
    this.#put.run(Math.round(due.at), due.kind, due.who, due.whom, due.what);
  }

  /** Takes the earliest thing due at or before a time; undefined when there is none. */
  take(until: number): Due | undefined {
    const due = this.#next.get(until);
    if (due) this.#drop.run(due.id);
    return due;
  }
}
