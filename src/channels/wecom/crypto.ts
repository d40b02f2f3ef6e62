// WeCom's callback crypto: signing, AES-256-CBC with its own padding, and the signature of a side-bar page.
import { createCipheriv, createDecipheriv, createHash, timingSafeEqual } from "node:crypto";

/** Numbers of the official WXBizMsgCrypt, for what can go wrong with a callback. */
const cryptoFaults = {
  signature: -40001,
  xml: -40002,
  aesKey: -40004,
  receiver: -40005,
  decrypt: -40007,
  buffer: -40008,
} as const;

/** A callback that cannot be trusted or read. `fault` names the cause, `code` is the official number. */
export class CallbackFault extends Error {
  readonly code: number;
  constructor(
    readonly fault: keyof typeof cryptoFaults,
    message: string,
  ) {
    super(message);
    this.name = "CallbackFault";
    this.code = cryptoFaults[fault];
  }
}

const paddingBlock = 32;
const randomBytes = 16;
const lengthBytes = 4;

/** msg_signature: SHA-1 (lower-case hex) of the four values in lexicographic order, joined by nothing. */
export function signatureOf(token: string, timestamp: string, nonce: string, encrypted: string): string {
  const parts = [token, timestamp, nonce, encrypted].sort();
  return createHash("sha1").update(parts.join("")).digest("hex");
}

/** Whether a signature is the right one, in time that does not depend on where they differ. */
export function signatureFits(expected: string, given: string): boolean {
  const left = Buffer.from(expected, "utf8");
  const right = Buffer.from(given, "utf8");
  return left.length === right.length && timingSafeEqual(left, right);
}

/** What `decrypt` found inside the envelope. */
export interface Opened {
  message: string;
  /** the 16 random bytes at the front */
  random: Buffer;
}

/**
 * Opens an Encrypt or echostr value (base64) and checks that it was meant for `receiveid` (the corpid of a corp's
 * own app). Throws CallbackFault `aesKey`, `decrypt`, `buffer` or `receiver`.
 */
export function decrypt(aesKey: string, receiveid: string, encrypted: string): Opened {
  const plain = unpadded(decipher(keyOf(aesKey), encrypted));
  if (plain.length < randomBytes + lengthBytes)
    throw new CallbackFault("buffer", "the plaintext is too short");
  const length = plain.readUInt32BE(randomBytes);
  const start = randomBytes + lengthBytes;
  // with a wrong key the length is garbage; believing it would cut the message anywhere
  if (start + length > plain.length)
    throw new CallbackFault("buffer", "the message is longer than its envelope");
  const receiver = plain.subarray(start + length).toString("utf8");
  if (receiver !== receiveid) throw new CallbackFault("receiver", "the message is for somebody else");
  return {
    message: plain.subarray(start, start + length).toString("utf8"),
    random: plain.subarray(0, randomBytes),
  };
}

/** The base64 envelope of a message; `random` must be 16 fresh bytes. Throws CallbackFault `aesKey` or `buffer`. */
export function encrypt(aesKey: string, receiveid: string, message: string, random: Buffer): string {
  if (random.length !== randomBytes) throw new CallbackFault("buffer", "16 random bytes are needed");
  const key = keyOf(aesKey);
  const body = Buffer.from(message, "utf8");
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(body.length);
  const plain = padded(Buffer.concat([random, length, body, Buffer.from(receiveid, "utf8")]));
  const cipher = createCipheriv("aes-256-cbc", key, key.subarray(0, 16));
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString("base64");
}

/** The JS-SDK signature of a page: SHA-1 over the raw values in this order; the URL without its `#…` part. */
export function jsapiSignature(page: {
  ticket: string;
  noncestr: string;
  /** Unix seconds */
  timestamp: number;
  url: string;
}): string {
  const url = page.url.split("#", 1)[0];
  const text = `jsapi_ticket=${page.ticket}&noncestr=${page.noncestr}&timestamp=${page.timestamp}&url=${url}`;
  return createHash("sha1").update(text).digest("hex");
}

function keyOf(aesKey: string): Buffer {
  if (!/^[0-9A-Za-z]{43}$/.test(aesKey)) {
    throw new CallbackFault("aesKey", "EncodingAESKey must be 43 letters and digits");
  }
  return Buffer.from(`${aesKey}=`, "base64");
}

function decipher(key: Buffer, encrypted: string): Buffer {
  const cipher = createDecipheriv("aes-256-cbc", key, key.subarray(0, 16));
  // Node's own unpadding knows only blocks of 16; WeCom pads to 32
  cipher.setAutoPadding(false);
  try {
    return Buffer.concat([cipher.update(Buffer.from(encrypted, "base64")), cipher.final()]);
  } catch {
    throw new CallbackFault("decrypt", "not a whole number of AES blocks");
  }
}

function padded(plain: Buffer): Buffer {
  const count = paddingBlock - (plain.length % paddingBlock);
  return Buffer.concat([plain, Buffer.alloc(count, count)]);
}

function unpadded(plain: Buffer): Buffer {
  const count = plain[plain.length - 1] ?? 0;
  const kept = plain.length - count;
  const fits =
    count >= 1 && count <= paddingBlock && kept >= 0 && plain.subarray(kept).every((byte) => byte === count);
  if (!fits) throw new CallbackFault("decrypt", "the padding is wrong: another EncodingAESKey?");
  return plain.subarray(0, kept);
}
