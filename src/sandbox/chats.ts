// What guides and customers wrote to each other, and the conversation archive's records of it.

import { fingerprint } from "./chance.js";
import type { Roster } from "./roster.js";
import type { Ground } from "./settings.js";

/** One record as the archive gives it after decryption; msgtime in ms. */
export type ArchiveRecord = {
  msgid: string;
  action: "send";
  from: string;
  tolist: string[];
  /** empty in a chat of two */
  roomid: "";
  msgtime: number;
} & ({ msgtype: "text"; text: { content: string } } | { msgtype: "image"; image: ArchivedImage });

interface ArchivedImage {
  sdkfileid: string;
  md5sum: string;
  filesize: number;
}

export interface ChatRow {
  seq: number;
  msgid: string;
  userid: string;
  external_userid: string;
  from_guide: number;
  at: number;
  msgtype: "text" | "image";
  content: string;
}

export interface Said {
  guideUserid: string;
  externalUserid: string;
  from: "guide" | "customer";
  at: number;
  text: string;
}

/** How a customer's picture is written among words. */
const picture = "[图片]";

/** Keeps chats; a pair is archived when the guide has a seat and the customer agreed. */
export class Chats {
  readonly #put;
  readonly #archived;
  readonly #ofPair;
  readonly #of;
  #count: number;

  constructor(
    ground: Ground,
    private readonly roster: Roster,
  ) {
    const { db } = ground;
    this.#put = db.prepare(
      `INSERT INTO chat (msgid, userid, external_userid, from_guide, at, msgtype, content, archived)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#archived = db.prepare<[number, number], ChatRow>(
      "SELECT * FROM chat WHERE seq > ? AND archived = 1 ORDER BY seq LIMIT ?",
    );
    this.#ofPair = db.prepare<[string, string, number], ChatRow>(
      "SELECT * FROM chat WHERE userid = ? AND external_userid = ? ORDER BY seq DESC LIMIT ?",
    );
    this.#of = db.prepare<[string, number], { external_userid: string; seq: number }>(
      `SELECT external_userid, MAX(seq) AS seq FROM chat WHERE userid = ?
       GROUP BY external_userid ORDER BY seq DESC LIMIT ?`,
    );
    this.#count = db.prepare<[], { n: number }>("SELECT COALESCE(MAX(seq), 0) AS n FROM chat").get()?.n ?? 0;
  }

  /** Writes a message down and gives its msgid. */
  add(said: Said): string {
    const { guideUserid, externalUserid, from, at, text } = said;
    const seat = this.roster.guide(guideUserid)?.seat;
    const consent = this.roster.customer(externalUserid)?.consent;
    const print = fingerprint(`${++this.#count}|${guideUserid}|${externalUserid}|${at}|${text}`).toString(36);
    const msgid = `${print}_${Math.floor(at / 1000)}_external`;
    const type = text === picture ? "image" : "text";
    const [fromGuide, archived] = [from === "guide" ? 1 : 0, seat && consent ? 1 : 0];
    this.#put.run(msgid, guideUserid, externalUserid, fromGuide, Math.round(at), type, text, archived);
    return msgid;
  }

  /** Archive records after a sequence number, with the number to go on from. */
  records(after: number, limit: number): { records: ArchiveRecord[]; next: number } {
    const rows = this.#archived.all(after, limit);
    return { records: rows.map(recordOf), next: rows.at(-1)?.seq ?? after };
  }

  /** The latest messages of a pair, oldest first. */
  ofPair(guideUserid: string, externalUserid: string, limit: number): ChatRow[] {
    return this.#ofPair.all(guideUserid, externalUserid, limit).reverse();
  }

  /** With whom a guide wrote last. */
  partnersOf(guideUserid: string, limit: number): string[] {
    return this.#of.all(guideUserid, limit).map((row) => row.external_userid);
  }
}

function recordOf(row: ChatRow): ArchiveRecord {
  const [from, to] = row.from_guide ? [row.userid, row.external_userid] : [row.external_userid, row.userid];
  const head = {
    msgid: row.msgid,
    action: "send" as const,
    from,
    tolist: [to],
    roomid: "" as const,
    msgtime: row.at,
  };
  if (row.msgtype === "text") return { ...head, msgtype: "text", text: { content: row.content } };
  const md5sum = fingerprint(row.msgid).toString(16).padStart(32, "0");
  return {
    ...head,
    msgtype: "image",
    image: { sdkfileid: `sandbox-${row.msgid}`, md5sum, filesize: 48_213 },
  };
}
