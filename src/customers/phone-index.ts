// Phone numbers are stored encrypted, so they are found by an index that only who holds the key can make. Pure.
import { createHmac, hkdfSync } from "node:crypto";

/**
 * One number of 52 bits stands for a phone: 20 bits made of its last four digits, then 32 bits made of the whole. Equal
 * numbers are equal, numbers that end alike lie in one range, and nothing else can be told from it. Different phones may
 * share a number once in a long while, so whoever finds by it reads the cipher before believing it.
 */
export interface PhoneIndex {
  /** of a mobile number of 11 digits */
  of(phone: string): number;
  /** first and last index that numbers with these last four digits can have */
  endingIn(lastFour: string): [number, number];
}

const TAIL_BITS = 20;
const WHOLE = 2 ** 32;

const made = new WeakMap<Buffer, PhoneIndex>();

/** The index under a key derived from the house's secret key, the same one for as long as that is the same. */
export function phoneIndex(secretKey: Buffer): PhoneIndex {
  const known = made.get(secretKey) ?? make(secretKey);
  made.set(secretKey, known);
  return known;
}

function make(secretKey: Buffer): PhoneIndex {
  const key = Buffer.from(hkdfSync("sha256", secretKey, "", "guidepost phone index", 32));
  const bits = (text: string) => createHmac("sha256", key).update(text).digest().readUInt32BE(0);
  // there are but ten thousand of them, and each is asked for hundreds of times
  const tails = new Map<string, number>();
  const tailOf = (lastFour: string) => {
    const tail = tails.get(lastFour) ?? bits(`tail ${lastFour}`) >>> (32 - TAIL_BITS);
    tails.set(lastFour, tail);
    return tail * WHOLE;
  };
  return {
    of: (phone) => tailOf(phone.slice(-4)) + bits(phone),
    endingIn: (lastFour) => [tailOf(lastFour), tailOf(lastFour) + WHOLE - 1],
  };
}
