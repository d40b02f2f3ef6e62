// Callbacks to the app: encrypted, signed, tried four times, then gone, as with WeCom.
import { encrypt, signatureOf } from "../channels/wecom/crypto.js";
import { fingerprint } from "./chance.js";
import type { Faults } from "./faults.js";
import { Poster } from "./post.js";
import type { Ground } from "./settings.js";

const timeout = 5000;
const tries = 4;
const lanes = 8;
const late = 10 * 60_000;

type Push = { id: number; at: number; lane: string; xml: string; held: number };

/** What a callback says, by element; texts become CDATA, numbers stay bare. */
export type PushFields = Record<string, string | number>;

/** Keeps callbacks until their time and delivers them; those of one person keep their order. */
export class Pushes {
  callbackUrl: string | undefined;
  /** how many were given up after the last try */
  lost = 0;
  readonly #poster = new Poster();
  readonly #put;
  readonly #due;
  readonly #drop;
  readonly #hold;

  constructor(
    private readonly ground: Ground,
    private readonly faults: Faults,
  ) {
    const { db } = ground;
    this.callbackUrl = ground.options.callbackUrl;
    this.#put = db.prepare("INSERT INTO push (at, lane, xml) VALUES (?, ?, ?)");
    this.#due = db.prepare<[number], Push>("SELECT * FROM push WHERE at <= ? ORDER BY at, id LIMIT 1000");
    this.#drop = db.prepare("DELETE FROM push WHERE id = ?");
    this.#hold = db.prepare("UPDATE push SET at = ?, held = 1 WHERE id = ?");
  }

  /** Puts a callback on its way. `lane`: whose callbacks must not overtake each other. */
  put(at: number, lane: string, fields: PushFields): void {
    const all = { ToUserName: this.ground.options.corpid, ...fields };
    this.#put.run(at, lane, xmlOf(all));
  }

  /** Delivers what is due at or before a time; gives how many arrived. */
  async deliver(until: number): Promise<number> {
    let arrived = 0;
    for (let due = this.#due.all(until); due.length > 0; due = this.#due.all(until)) {
      const byLane = Array.from({ length: lanes }, () => [] as Push[]);
      for (const push of due) byLane[fingerprint(push.lane) % lanes]?.push(push);
      const counts = await Promise.all(byLane.map((pushes) => this.#deliverInOrder(pushes)));
      arrived += counts.reduce((sum, count) => sum + count, 0);
    }
    return arrived;
  }

  close(): void {
    this.#poster.close();
  }

  async #deliverInOrder(pushes: readonly Push[]): Promise<number> {
    let arrived = 0;
    for (const push of pushes) {
      const fault = this.callbackUrl && !push.held ? this.faults.take("callback") : undefined;
      if (fault?.kind === "late") {
        this.#hold.run(push.at + (fault.lateBy ?? late), push.id);
        continue;
      }
      if (fault?.kind !== "lost" && (await this.#tryToDeliver(push.xml))) arrived++;
      if (fault?.kind === "doubled") await this.#tryToDeliver(push.xml);
      this.#drop.run(push.id);
    }
    return arrived;
  }

  async #tryToDeliver(xml: string): Promise<boolean> {
    if (!this.callbackUrl) return false;
    for (let count = 0; count < tries; count++) {
      if ((await this.#post(this.callbackUrl, xml)) === 200) return true;
    }
    this.lost++;
    return false;
  }

  /** Every try is sealed anew, as WeCom does: only the plaintext is the same. */
  #post(callbackUrl: string, xml: string): Promise<number> {
    const { world, options } = this.ground;
    const random = Buffer.from(Array.from({ length: 16 }, () => Math.floor(world.random() * 256)));
    const encrypted = encrypt(options.aesKey, options.corpid, xml, random);
    const timestamp = String(Math.floor(world.now() / 1000));
    const nonce = String(Math.floor(world.random() * 1e10));
    const url = new URL(callbackUrl);
    url.searchParams.set("msg_signature", signatureOf(options.token, timestamp, nonce, encrypted));
    url.searchParams.set("timestamp", timestamp);
    url.searchParams.set("nonce", nonce);
    const body = xmlOf({ ToUserName: options.corpid, AgentID: String(options.agentid), Encrypt: encrypted });
    return this.#poster.post(url.href, { "content-type": "text/xml; charset=utf-8" }, body, timeout);
  }
}

function xmlOf(fields: PushFields): string {
  const elements = Object.entries(fields).map(([name, value]) => {
    // "]]>" inside a text would end it
    const inner =
      typeof value === "number" ? value : `<![CDATA[${value.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
    return `<${name}>${inner}</${name}>`;
  });
  return `<xml>${elements.join("\n")}</xml>`;
}
