// Secrets of identity: random tokens, their digests, and signed links that open a guide's list.
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** 256 random bits as text for a cookie or header. Never from a World: a played world repeats itself. */
export function freshToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored of a token: who reads the database cannot sign in with it. */
export function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Whether two texts are equal, in a time that does not tell where they differ. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** What a signed link says: whose list, and until when (epoch ms). */
export interface LinkClaim {
  guideId: number;
  until: number;
}

/** Signs a link's claim with a key: `12.lx3k9z.signature`, safe in a URL; the same claim gives the same link. */
export function signLink(claim: LinkClaim, key: Buffer): string {
  const body = `${claim.guideId}.${claim.until.toString(36)}`;
  return `${body}.${signatureOf(body, key)}`;
}

/** The claim of a link that this key signed; undefined for anything else. Says nothing about its time. */
export function readLink(token: string, key: Buffer): LinkClaim | undefined {
  const parts = /^((\d{1,10})\.([0-9a-z]{1,12}))\.([\w-]{43})$/.exec(token);
  if (!parts) return undefined;
  const [, body = "", guideId = "", until = "", signature = ""] = parts;
  if (!isSame(signature, signatureOf(body, key))) return undefined;
  return { guideId: Number(guideId), until: Number.parseInt(until, 36) };
}

/** The purpose stands in the signed text, so that no other use of the key can make a link. */
function signatureOf(body: string, key: Buffer): string {
  return createHmac("sha256", key).update(`guide-link:${body}`).digest("base64url");
}

/** 128 random bits as letters and digits alone, as a login's state may have. */
export function freshState(): string {
  return randomBytes(16).toString("hex");
}

/** Letters and digits nobody mistakes for others when reading them out. */
const READABLE = "abcdefghjkmnpqrstuvwxyz23456789";
const PASSWORD_LENGTH = 14;

/** A first password (69 random bits), to be read out or typed from a note. */
export function freshPassword(): string {
  // 248 is the largest multiple of 31 in a byte: beyond it letters would not be equally likely
  const letters: string[] = [];
  while (letters.length < PASSWORD_LENGTH)
    for (const byte of randomBytes(PASSWORD_LENGTH))
      if (byte < 248 && letters.length < PASSWORD_LENGTH)
        letters.push(READABLE[byte % READABLE.length] ?? "");
  return letters.join("");
}
