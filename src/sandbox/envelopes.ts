// The encrypted envelopes between WeCom and the app: pushes and the check of the address sealed, answers opened.

import { decrypt, encrypt, signatureFits, signatureOf } from "../channels/wecom/crypto.js";
import type { World } from "../kernel/world.js";

/** What the callback setting says. */
export interface EnvelopeKeys {
  token: string;
  aesKey: string;
  corpid: string;
  agentid: number;
}

/** A push ready to be posted. */
export interface Sealed {
  url: string;
  body: string;
}

/** What a push says, by element; texts become CDATA, numbers stay bare. */
export type PushFields = Record<string, string | number>;

/** Seals a push for an address. Each try is sealed anew, as WeCom does: only the plaintext is the same. */
export function sealPush(keys: EnvelopeKeys, world: World, address: string, xml: string): Sealed {
  const encrypted = encrypt(keys.aesKey, keys.corpid, xml, randomBytes(world, 16));
  const fields = { ToUserName: keys.corpid, AgentID: String(keys.agentid), Encrypt: encrypted };
  return { url: signed(keys, world, address, encrypted).href, body: xmlOf(fields) };
}

/** The address of the check WeCom makes when a callback address is set; the app must answer `text` and nothing else. */
export function sealCheck(keys: EnvelopeKeys, world: World, address: string, text: string): string {
  const encrypted = encrypt(keys.aesKey, keys.corpid, text, randomBytes(world, 16));
  const url = signed(keys, world, address, encrypted);
  url.searchParams.set("echostr", encrypted);
  return url.href;
}

/** The words of an encrypted answer to a push; undefined when there are none. Throws on a wrong seal. */
export function openReply(keys: EnvelopeKeys, answer: string): string | undefined {
  const encrypted = elementOf(answer, "Encrypt");
  if (encrypted === undefined) return undefined;
  const [given = "", timestamp = "", nonce = ""] = ["MsgSignature", "TimeStamp", "Nonce"].map((name) =>
    elementOf(answer, name),
  );
  if (!signatureFits(signatureOf(keys.token, timestamp, nonce, encrypted), given))
    throw new Error("the answer to a callback has a wrong signature");
  return elementOf(decrypt(keys.aesKey, keys.corpid, encrypted).message, "Content");
}

/** One flat element with everything inside it. */
export function xmlOf(fields: PushFields): string {
  const elements = Object.entries(fields).map(([name, value]) => {
    // "]]>" inside a text would end it
    const inner =
      typeof value === "number" ? value : `<![CDATA[${value.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
    return `<${name}>${inner}</${name}>`;
  });
  return `<xml>${elements.join("\n")}</xml>`;
}

function elementOf(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>(?:<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|([^<]*))</${name}>`).exec(xml);
  return found ? (found[1] ?? found[2]) : undefined;
}

function signed(keys: EnvelopeKeys, world: World, address: string, encrypted: string): URL {
  const timestamp = String(Math.floor(world.now() / 1000));
  const nonce = String(Math.floor(world.random() * 1e10));
  const url = new URL(address);
  url.searchParams.set("msg_signature", signatureOf(keys.token, timestamp, nonce, encrypted));
  url.searchParams.set("timestamp", timestamp);
  url.searchParams.set("nonce", nonce);
  return url;
}

function randomBytes(world: World, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => Math.floor(world.random() * 256)));
}
