// The bucket that decides a customer's arm in every experiment.
import { hash } from "node:crypto";

/** 0–9,999, the same for ever for one customer: SHA-256 of the external_userid, first 48 bits. */
export function bucketOf(externalUserid: string): number {
  return hash("sha256", externalUserid, "buffer").readUIntBE(0, 6) % 10_000;
}
