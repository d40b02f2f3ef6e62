// Who there is in the sandbox's corp: guides, customers, and who is whose contact.
import type { Ground } from "./settings.js";

export interface EnrolledGuide {
  userid: string;
  name: string;
  /** 0…1: how often and how soon they act; default by the seed around 0.6 */
  skill?: number;
  /** of their region, around 1; default 1 */
  factor?: number;
  /** whether their chats are archived, default true */
  seat?: boolean;
  /** whether they may have external contacts, default true */
  external?: boolean;
  /** whether the app can see them, default true */
  visible?: boolean;
}

export interface EnrolledCustomer {
  externalUserid: string;
  name: string;
  /** 0 unknown, 1 man, 2 woman (default) */
  gender?: number;
  /** whether they agreed to the archive, default true */
  consent?: boolean;
}

export interface EnrolledContact {
  guideUserid: string;
  externalUserid: string;
  /** epoch ms */
  createdAt: number;
  state?: string;
  /** how it came about, WeCom's number; default 1, a QR code */
  addWay?: number;
}

export interface Enrolment {
  guides?: readonly EnrolledGuide[];
  customers?: readonly EnrolledCustomer[];
  contacts?: readonly EnrolledContact[];
}

export interface GuideRow {
  userid: string;
  name: string;
  skill: number;
  factor: number;
  seat: number;
  external: number;
  visible: number;
}

export interface CustomerRow {
  external_userid: string;
  name: string;
  gender: number;
  consent: number;
}

export interface ContactRow {
  id: number;
  userid: string;
  external_userid: string;
  created_at: number;
  state: string;
  add_way: number;
  ended_at: number | null;
  ended_by: "guide" | "customer" | null;
}

const putGuide = `INSERT INTO guide (userid, name, skill, factor, seat, external, visible) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (userid) DO UPDATE SET name = excluded.name, skill = excluded.skill, factor = excluded.factor,
  seat = excluded.seat, external = excluded.external, visible = excluded.visible`;
const putCustomer = `INSERT INTO customer (external_userid, name, gender, consent) VALUES (?, ?, ?, ?)
ON CONFLICT (external_userid) DO UPDATE SET name = excluded.name, gender = excluded.gender, consent = excluded.consent`;
const putContact = `INSERT INTO contact (userid, external_userid, created_at, state, add_way) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (userid, external_userid) DO UPDATE SET created_at = excluded.created_at, state = excluded.state,
  add_way = excluded.add_way, ended_at = NULL, ended_by = NULL`;

/** Keeps and finds guides, customers and contacts. */
export class Roster {
  readonly #putGuide;
  readonly #putCustomer;
  readonly #putContact;
  readonly #endContact;
  readonly #guide;
  readonly #guides;
  readonly #customer;
  readonly #customersLike;
  readonly #contact;
  readonly #contactsOf;
  readonly #followersOf;
  readonly #contactFrom;

  constructor(private readonly ground: Ground) {
    const { db } = ground;
    this.#putGuide = db.prepare(putGuide);
    this.#putCustomer = db.prepare(putCustomer);
    this.#putContact = db.prepare(putContact);
    this.#endContact = db.prepare(
      "UPDATE contact SET ended_at = ?, ended_by = ? WHERE userid = ? AND external_userid = ? AND ended_at IS NULL",
    );
    this.#guide = db.prepare<[string], GuideRow>("SELECT * FROM guide WHERE userid = ?");
    this.#guides = db.prepare<[], GuideRow>("SELECT * FROM guide ORDER BY userid");
    this.#customer = db.prepare<[string], CustomerRow>("SELECT * FROM customer WHERE external_userid = ?");
    this.#customersLike = db.prepare<[string, string, number], CustomerRow>(
      "SELECT * FROM customer WHERE instr(name, ?) > 0 OR instr(external_userid, ?) > 0 ORDER BY rowid DESC LIMIT ?",
    );
    this.#contact = db.prepare<[string, string], ContactRow>(
      "SELECT * FROM contact WHERE userid = ? AND external_userid = ?",
    );
    // whom the customer left still stands in the guide's list; whom the guide removed does not
    this.#contactsOf = db.prepare<[string, number, number], ContactRow>(
      `SELECT * FROM contact WHERE userid = ? AND id > ? AND (ended_by IS NULL OR ended_by = 'customer')
       ORDER BY id LIMIT ?`,
    );
    this.#followersOf = db.prepare<[string], ContactRow>(
      `SELECT * FROM contact WHERE external_userid = ? AND (ended_by IS NULL OR ended_by = 'customer') ORDER BY id`,
    );
    this.#contactFrom = db.prepare<[number], ContactRow>(
      "SELECT * FROM contact WHERE id >= ? AND ended_at IS NULL ORDER BY id LIMIT 1",
    );
  }

  /** Adds or replaces people and contacts, all or nothing; a contact that had ended begins anew. */
  enrol({ guides = [], customers = [], contacts = [] }: Enrolment): void {
    this.ground.db.transaction(() => {
      for (const one of guides) {
        const yes = (value: boolean | undefined): number => (value === false ? 0 : 1);
        const rights = [yes(one.seat), yes(one.external), yes(one.visible)];
        this.#putGuide.run(one.userid, one.name, one.skill ?? -1, one.factor ?? 1, ...rights);
      }
      for (const one of customers) {
        this.#putCustomer.run(one.externalUserid, one.name, one.gender ?? 2, one.consent === false ? 0 : 1);
      }
      for (const one of contacts) {
        this.#putContact.run(
          one.guideUserid,
          one.externalUserid,
          one.createdAt,
          one.state ?? "",
          one.addWay ?? 1,
        );
      }
    })();
  }

  /** Ends a contact; false when there was none. */
  end(userid: string, externalUserid: string, by: "guide" | "customer", at: number): boolean {
    return this.#endContact.run(at, by, userid, externalUserid).changes > 0;
  }

  guide(userid: string): GuideRow | undefined {
    return this.#guide.get(userid);
  }

  guides(): GuideRow[] {
    return this.#guides.all();
  }

  customer(externalUserid: string): CustomerRow | undefined {
    return this.#customer.get(externalUserid);
  }

  /** Customers whose name or id holds a text, the latest first. */
  customersLike(text: string, limit: number): CustomerRow[] {
    return this.#customersLike.all(text, text, limit);
  }

  contact(userid: string, externalUserid: string): ContactRow | undefined {
    return this.#contact.get(userid, externalUserid);
  }

  /** A guide's list of customers after a contact's id, at most `limit`. */
  contactsOf(userid: string, after = 0, limit = 1_000_000): ContactRow[] {
    return this.#contactsOf.all(userid, after, limit);
  }

  followersOf(externalUserid: string): ContactRow[] {
    return this.#followersOf.all(externalUserid);
  }

  /** A living contact by a share in [0, 1) of all; undefined when there is none. */
  anyContact(share: number): ContactRow | undefined {
    const last =
      this.ground.db.prepare<[], { id: number }>("SELECT MAX(id) AS id FROM contact").get()?.id ?? 0;
    return this.#contactFrom.get(1 + Math.floor(share * last)) ?? this.#contactFrom.get(0);
  }
}
