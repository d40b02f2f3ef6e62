// Chance that is no chance: the same seed and words always give the same number, whatever else happened.

/**
 * A number in [0, 1) from a seed and words: cyrb53 by bryc (public domain), 53 bits. Nothing depends on the order in
 * which people are asked, so a run with faults and one without decide alike.
 */
export function chance(seed: string, ...words: readonly (string | number)[]): number {
  return fingerprint(`${seed}\u0000${words.join("\u0000")}`) / 2 ** 53;
}

/** A 53-bit fingerprint of a text. */
export function fingerprint(text: string): number {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    h1 = Math.imul(h1 ^ code, 2654435761);
    h2 = Math.imul(h2 ^ code, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}

/** One of a list, by the same rule. */
export function pick<T>(list: readonly [T, ...T[]], seed: string, ...words: readonly (string | number)[]): T {
  return list[Math.floor(chance(seed, ...words) * list.length)] ?? list[0];
}
