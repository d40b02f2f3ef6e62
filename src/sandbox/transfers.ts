// Customers on their way from one member to another: taken over after a day unless they refuse.
import { chance } from "./chance.js";
import type { DirectoryState } from "./directory-state.js";
import type { Pushes } from "./pushes.js";
import type { ContactRow, Roster } from "./roster.js";
import type { Ground } from "./settings.js";

export type TransferKind = "onjob" | "resigned";

export interface TransferRow {
  id: number;
  kind: TransferKind;
  handover: string;
  takeover: string;
  external_userid: string;
  /** 1 done, 2 waiting, 3 refused, 4 the taker is full */
  status: number;
  at: number;
  taken_at: number | null;
}

const day = 86_400_000;
const assignedByAdmin = 202;

/** Begins and ends transfers; every end leaves its callbacks behind. */
export class Transfers {
  constructor(
    private readonly ground: Ground,
    private readonly roster: Roster,
    private readonly state: DirectoryState,
    private readonly pushes: Pushes,
  ) {}

  begin(kind: TransferKind, handover: string, takeover: string, externalUserid: string, at: number): void {
    this.state.db
      .prepare(
        "INSERT INTO transfer (kind, handover, takeover, external_userid, status, at) VALUES (?, ?, ?, ?, 2, ?)",
      )
      .run(kind, handover, takeover, externalUserid, at);
  }

  /** The transfers of a customer, latest first. */
  of(externalUserid: string): TransferRow[] {
    return this.state.db
      .prepare<[string], TransferRow>("SELECT * FROM transfer WHERE external_userid = ? ORDER BY id DESC")
      .all(externalUserid);
  }

  /** The latest transfer of each customer between two members. */
  between(
    kind: TransferKind,
    handover: string,
    takeover: string,
    after: number,
    limit: number,
  ): TransferRow[] {
    return this.state.db
      .prepare<[string, string, string, number, number], TransferRow>(
        `SELECT * FROM transfer t WHERE kind = ? AND handover = ? AND takeover = ? AND id > ?
         AND id = (SELECT MAX(id) FROM transfer l WHERE l.external_userid = t.external_userid
           AND l.handover = t.handover AND l.takeover = t.takeover) ORDER BY id LIMIT ?`,
      )
      .all(kind, handover, takeover, after, limit);
  }

  /** The customer says no; false when nothing waits for them. */
  refuse(externalUserid: string, at: number): boolean {
    const waiting = this.of(externalUserid).find(({ status }) => status === 2);
    if (!waiting) return false;
    this.#fail(waiting, 3, "customer_refused", at);
    return true;
  }

  /** Takes over what has waited a day at `now`. */
  settle(now: number): void {
    const due = this.state.db
      .prepare<[number], TransferRow>("SELECT * FROM transfer WHERE status = 2 AND at <= ? ORDER BY id")
      .all(now - day);
    for (const transfer of due) {
      const { seed, temperament } = this.ground.options;
      const no = chance(seed, "refuses", transfer.external_userid, transfer.takeover) < temperament.refuses;
      if (this.state.isFull(transfer.takeover))
        this.#fail(transfer, 4, "customer_limit_exceed", transfer.at + day);
      else if (no) this.#fail(transfer, 3, "customer_refused", transfer.at + day);
      else this.#take(transfer, transfer.at + day);
    }
  }

  #take({ id, kind, handover, takeover, external_userid }: TransferRow, at: number): void {
    this.state.db.prepare("UPDATE transfer SET status = 1, taken_at = ? WHERE id = ?").run(at, id);
    const had = this.roster.contact(handover, external_userid);
    if (this.roster.end(handover, external_userid, "guide", at) && kind === "onjob")
      this.pushes.put(at, handover, {
        ...eventOf("del_external_contact", handover, external_userid, at),
        Source: "DELETE_BY_TRANSFER",
      });
    this.roster.enrol({
      contacts: [
        { guideUserid: takeover, externalUserid: external_userid, createdAt: at, addWay: assignedByAdmin },
      ],
    });
    if (had) this.#inherit(had, takeover);
    this.pushes.put(at, takeover, eventOf("add_external_contact", takeover, external_userid, at));
  }

  /** The new guide sees the old one's remark. */
  #inherit(had: ContactRow, takeover: string): void {
    const { remark, tags } = this.state.pair(had);
    this.state.setPair(takeover, had.external_userid, { remark, tags });
  }

  #fail(transfer: TransferRow, status: 3 | 4, reason: string, at: number): void {
    this.state.db.prepare("UPDATE transfer SET status = ? WHERE id = ?").run(status, transfer.id);
    this.pushes.put(at, transfer.takeover, {
      ...eventOf("transfer_fail", transfer.takeover, transfer.external_userid, at),
      FailReason: reason,
    });
  }
}

/** A callback on a contact, by its kind. */
export function eventOf(change: string, userid: string, externalUserid: string, at: number) {
  return {
    FromUserName: "sys",
    CreateTime: Math.floor(at / 1000),
    MsgType: "event",
    Event: "change_external_contact",
    ChangeType: change,
    UserID: userid,
    ExternalUserID: externalUserid,
  };
}
