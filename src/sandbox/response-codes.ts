// The codes by which the app may change a card it sent: each good for one change, for a day.
import { ApiError } from "./answers.js";
import type { Ground } from "./settings.js";

const life = 24 * 3_600_000;

/** Makes codes and takes each once. */
export class ResponseCodes {
  readonly #put;
  readonly #find;
  readonly #use;
  readonly #count;

  constructor({ db }: Ground) {
    this.#put = db.prepare("INSERT INTO response_code (code, msgid, made_at) VALUES (?, ?, ?)");
    this.#find = db.prepare<[string, number], { msgid: string }>(
      "SELECT msgid FROM response_code WHERE code = ? AND used_at IS NULL AND made_at > ?",
    );
    this.#use = db.prepare("UPDATE response_code SET used_at = ? WHERE code = ?");
    this.#count = db.prepare<[string], { n: number }>(
      "SELECT COUNT(*) AS n FROM response_code WHERE msgid = ?",
    );
  }

  /** A code for one change of a message. */
  make(msgid: string, at: number): string {
    const code = `rc-${msgid}-${this.#count.get(msgid)?.n ?? 0}`;
    this.#put.run(code, msgid, Math.round(at));
    return code;
  }

  /** The message a code is for. 60140 when it is none, is too old or was used. */
  messageOf(code: string, at: number): string {
    const row = this.#find.get(code, at - life);
    if (!row) throw new ApiError(60140, "invalid response_code");
    return row.msgid;
  }

  use(code: string, at: number): void {
    this.#use.run(Math.round(at), code);
  }
}
