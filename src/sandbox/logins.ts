// Logging in by WeCom: codes that are good once and for five minutes, and whom they stand for.
import { ApiError, type Endpoints, type Fields } from "./answers.js";
import type { Roster } from "./roster.js";
import type { Ground } from "./settings.js";

const lifetime = 5 * 60_000;

/** Who looks at a page and is no member. */
export const STRANGER = "_stranger";

interface CodeRow {
  code: string;
  /** "": no member */
  userid: string;
  at: number;
  used: number;
}

/** Keeps login codes; they outlive a restart as everything here does. */
export class Logins {
  readonly #put;
  readonly #find;
  readonly #use;

  constructor(
    private readonly ground: Ground,
    private readonly roster: Roster,
  ) {
    const { db } = ground;
    db.exec(
      "CREATE TABLE IF NOT EXISTS login_code (code TEXT PRIMARY KEY, userid TEXT NOT NULL, at INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0)",
    );
    this.#put = db.prepare("INSERT INTO login_code (code, userid, at) VALUES (?, ?, ?)");
    this.#find = db.prepare<[string], CodeRow>("SELECT * FROM login_code WHERE code = ?");
    this.#use = db.prepare("UPDATE login_code SET used = 1 WHERE code = ?");
  }

  endpoints(): Endpoints {
    return { "auth/getuserinfo": { method: "GET", handle: ({ query }) => this.#tell(query.code ?? "") } };
  }

  /** A code for a member, or for somebody who is none. */
  issue(member: string): string {
    const { world } = this.ground;
    const code = Array.from({ length: 3 }, () => Math.floor(world.random() * 2 ** 40).toString(36)).join("");
    this.#put.run(code, member === STRANGER ? "" : member, Math.round(world.now()));
    return code;
  }

  #tell(code: string): Fields {
    const row = this.#find.get(code);
    if (!row) throw new ApiError(40029, "invalid code");
    if (row.used) throw new ApiError(42022, "code used");
    if (this.ground.world.now() - row.at > lifetime) throw new ApiError(42003, "code expired");
    this.#use.run(code);
    const guide = this.roster.guide(row.userid);
    return guide ? { userid: guide.userid } : { openid: `oSandbox${code}` };
  }
}
