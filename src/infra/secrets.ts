// Phone numbers at rest: AES-256-GCM with the key the caller holds.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** 96-bit nonce and 128-bit tag, as NIST SP 800-38D recommends for GCM. */
const NONCE = 12;
const TAG = 16;
const MARK = "v1.";

/** Encrypts text under a key of 32 bytes: "v1." and base64 of nonce, tag and cipher. The same text never looks the same twice. */
export function encrypt(key: Buffer, text: string): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const hidden = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return MARK + Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString("base64");
}

/** The text again; undefined when it was encrypted under another key or changed since. */
export function decrypt(key: Buffer, stored: string): string | undefined {
  if (!stored.startsWith(MARK)) return undefined;
  const bytes = Buffer.from(stored.slice(MARK.length), "base64");
  if (bytes.length < NONCE + TAG) return undefined;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE), { authTagLength: TAG });
    decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
    return decipher.update(bytes.subarray(NONCE + TAG), undefined, "utf8") + decipher.final("utf8");
  } catch {
    return undefined;
  }
}
