// The bucket that decides a customer's arm in every experiment.
import { hash } from "node:crypto";

/** How many buckets there are: 0 to 9,999. */
export const BUCKETS = 10_000;

/** A customer's bucket, the same for ever for one customer: SHA-256 of the external_userid, first 48 bits. */
export function bucketOf(externalUserid: string): number {
  return hash("sha256", externalUserid, "buffer").readUIntBE(0, 6) % BUCKETS;
}
