// Mass-send tasks: made by the app, confirmed by the guide, each customer's result by friendship and receive limit.
import type { ShownAttachment } from "./attachments.js";
import { dayNumber } from "./beijing.js";
import { fingerprint } from "./chance.js";
import type { Chats } from "./chats.js";
import type { Roster } from "./roster.js";
import type { Ground } from "./settings.js";

export interface MassRow {
  id: number;
  msgid: string;
  sender: string;
  text: string;
  /** what chance hangs on: guide, customers and words, never the msgid, which counts calls */
  occurrence: string;
  created_at: number;
  confirmed_at: number | null;
  stopped_at: number | null;
}

/** status: 0 not sent, 1 sent, 2 no friend any more, 3 limit reached */
export interface MassCustomerRow {
  ord: number;
  external_userid: string;
  status: 0 | 1 | 2 | 3;
  sent_at: number | null;
}

/** Hears what happens to mass tasks. */
export interface MassHearer {
  created(mass: MassRow): void;
  delivered(mass: MassRow, externalUserid: string, at: number): void;
  reminded(mass: MassRow, at: number): void;
}

/** Keeps mass tasks and what became of them. */
export class Masses {
  hearer: MassHearer | undefined;
  readonly #put;
  readonly #name;
  readonly #putCustomer;
  readonly #byMsgid;
  readonly #customers;
  readonly #confirm;
  readonly #result;
  readonly #stop;
  readonly #ofGuide;
  readonly #received;
  readonly #reminders;
  readonly #remind;
  readonly #putAttachment;
  readonly #attachments;

  constructor(
    private readonly ground: Ground,
    private readonly roster: Roster,
    private readonly chats: Chats,
  ) {
    const { db } = ground;
    this.#put = db.prepare(
      "INSERT INTO mass (msgid, sender, text, occurrence, created_at) VALUES (?, ?, ?, ?, ?)",
    );
    this.#name = db.prepare("UPDATE mass SET msgid = ? WHERE id = ?");
    this.#putCustomer = db.prepare(
      "INSERT INTO mass_customer (mass_id, ord, external_userid, status) VALUES (?, ?, ?, 0)",
    );
    this.#byMsgid = db.prepare<[string], MassRow>("SELECT * FROM mass WHERE msgid = ?");
    this.#customers = db.prepare<[number, number, number], MassCustomerRow>(
      "SELECT * FROM mass_customer WHERE mass_id = ? AND ord > ? ORDER BY ord LIMIT ?",
    );
    this.#confirm = db.prepare("UPDATE mass SET confirmed_at = ? WHERE id = ?");
    this.#result = db.prepare(
      "UPDATE mass_customer SET status = ?, sent_at = ? WHERE mass_id = ? AND ord = ?",
    );
    this.#stop = db.prepare("UPDATE mass SET stopped_at = ? WHERE id = ?");
    this.#ofGuide = db.prepare<[string, number], MassRow>(
      "SELECT * FROM mass WHERE sender = ? ORDER BY id DESC LIMIT ?",
    );
    this.#received = db.prepare<[string, number], { n: number }>(
      `INSERT INTO received (external_userid, day, n) VALUES (?, ?, 1)
       ON CONFLICT (external_userid, day) DO UPDATE SET n = n + 1 RETURNING n`,
    );
    this.#reminders = db.prepare<[number, number], { n: number }>(
      "SELECT COUNT(*) AS n FROM mass_reminder WHERE mass_id = ? AND at > ?",
    );
    this.#remind = db.prepare("INSERT INTO mass_reminder (mass_id, at) VALUES (?, ?)");
    this.#putAttachment = db.prepare("INSERT INTO mass_attachment (mass_id, ord, shown) VALUES (?, ?, ?)");
    this.#attachments = db.prepare<[number], { shown: string }>(
      "SELECT shown FROM mass_attachment WHERE mass_id = ? ORDER BY ord",
    );
  }

  create(
    sender: string,
    externalUserids: readonly string[],
    { text, attachments }: { text: string; attachments: readonly ShownAttachment[] },
    at: number,
  ): MassRow {
    const occurrence = fingerprint([sender, text, ...[...externalUserids].sort()].join("\n")).toString(36);
    return this.ground.db.transaction(() => {
      const count = Number(
        this.#put.run(`draft-${at}-${occurrence}`, sender, text, occurrence, at).lastInsertRowid,
      );
      const msgid = `msgGC${occurrence}-${count.toString(36)}`;
      this.#name.run(msgid, count);
      externalUserids.forEach((externalUserid, ord) => {
        this.#putCustomer.run(count, ord + 1, externalUserid);
      });
      attachments.forEach((one, ord) => {
        this.#putAttachment.run(count, ord, JSON.stringify(one));
      });
      const mass = this.#byMsgid.get(msgid) as MassRow;
      this.hearer?.created(mass);
      return mass;
    })();
  }

  byMsgid(msgid: string): MassRow | undefined {
    return this.#byMsgid.get(msgid);
  }

  /** How many tasks wait for a tap, by guide (userids in lower case). */
  waiting(): Map<string, number> {
    const sql =
      "SELECT sender, COUNT(*) AS n FROM mass WHERE confirmed_at IS NULL AND stopped_at IS NULL GROUP BY sender";
    const rows = this.ground.db.prepare<[], { sender: string; n: number }>(sql).all();
    return new Map(rows.map((row) => [row.sender.toLowerCase(), row.n]));
  }

  ofGuide(userid: string, limit: number): MassRow[] {
    return this.#ofGuide.all(userid, limit);
  }

  /** What goes with the words. */
  attachments(mass: MassRow): ShownAttachment[] {
    return this.#attachments.all(mass.id).map(({ shown }) => JSON.parse(shown) as ShownAttachment);
  }

  customers(mass: MassRow, after = 0, limit = 1_000_000): MassCustomerRow[] {
    return this.#customers.all(mass.id, after, limit);
  }

  /** The guide taps send: every customer gets the words or a reason why not. False when there is nothing to tap. */
  confirm(mass: MassRow, at: number): boolean {
    if (mass.confirmed_at !== null || mass.stopped_at !== null) return false;
    this.ground.db.transaction(() => {
      this.#confirm.run(at, mass.id);
      for (const customer of this.customers(mass)) this.#deliver(mass, customer, at);
    })();
    return true;
  }

  /** Stops what is not sent; a confirmed task is sent already and stays as it is. */
  stop(mass: MassRow, at: number): void {
    if (mass.confirmed_at === null) this.#stop.run(at, mass.id);
  }

  remind(mass: MassRow, at: number): void {
    this.#remind.run(mass.id, at);
    if (mass.confirmed_at === null) this.hearer?.reminded(mass, at);
  }

  remindersSince(mass: MassRow, since: number): number {
    return this.#reminders.get(mass.id, since)?.n ?? 0;
  }

  #deliver(mass: MassRow, customer: MassCustomerRow, at: number): void {
    const { external_userid: externalUserid, ord } = customer;
    const friends = this.roster.contact(mass.sender, externalUserid)?.ended_at === null;
    const status = friends ? this.#countReceived(externalUserid, at) : 2;
    this.#result.run(status, status === 1 ? at : null, mass.id, ord);
    if (status !== 1) return;
    const said = { guideUserid: mass.sender, externalUserid, from: "guide" as const, at };
    if (mass.text !== "") this.chats.add({ ...said, text: mass.text });
    for (const one of this.attachments(mass)) this.chats.add({ ...said, text: inChat(one) });
    this.hearer?.delivered(mass, externalUserid, at);
  }

  #countReceived(externalUserid: string, at: number): 1 | 3 {
    const n = this.#received.get(externalUserid, dayNumber(at))?.n ?? 1;
    return n <= this.ground.options.receiveLimitPerDay ? 1 : 3;
  }
}

/** How an attachment stands in a chat. */
export function inChat({ msgtype, title }: ShownAttachment): string {
  if (msgtype === "image") return "[图片]";
  return msgtype === "link" ? `[链接] ${title}` : `[${msgtype === "file" ? "文件" : "小程序"}] ${title}`;
}
