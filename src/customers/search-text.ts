// What somebody means by what they type into the search box: a name, a phone, its end, or an id. Pure.

/** By what a customer is looked for. */
export type SearchBy = "name" | "phone" | "tail" | "id";

/** A text that can be looked for. */
export interface Asked {
  by: SearchBy;
  text: string;
}

const MOBILE = /^(?:\+?86)?(1[3-9]\d{9})$/;
const WECOM_ID = /^w[mo][\w-]{4,62}$/;
const OTHER_ID = /^[\w-]{3,64}$/;

/** What a text may mean, likeliest first; empty for an empty one. A name is always possible. */
export function askedBy(typed: string): Asked[] {
  const text = typed.normalize("NFC").trim().slice(0, 120);
  if (text === "") return [];
  const digits = halfWidth(text).replace(/[\s-]/g, "");
  const meanings: Asked[] = [];
  const mobile = MOBILE.exec(digits)?.[1];
  if (mobile) meanings.push({ by: "phone", text: mobile });
  if (/^\d{4}$/.test(digits)) meanings.push({ by: "tail", text: digits });
  if (WECOM_ID.test(text)) return [...meanings, { by: "id", text }, { by: "name", text }];
  meanings.push({ by: "name", text });
  if (OTHER_ID.test(text)) meanings.push({ by: "id", text });
  return meanings;
}

/** Digits as Chinese keyboards also write them: １３８. */
function halfWidth(text: string): string {
  return text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
}

/** A span of texts: from the first, up to and without the second (null: to the end). */
export type TextRange = readonly [from: string, before: string | null];

/** All texts that begin with this one, in the order of code points. */
export function beginningWith(prefix: string): TextRange {
  const points = [...prefix].map((char) => char.codePointAt(0) ?? 0);
  for (let at = points.length - 1; at >= 0; at--) {
    const next = nextPoint(points[at] ?? 0);
    if (next !== undefined) return [prefix, String.fromCodePoint(...points.slice(0, at), next)];
  }
  return [prefix, null];
}

/** Of the halves of a surrogate pair none stands alone in a text. */
function nextPoint(point: number): number | undefined {
  if (point >= 0x10ffff) return undefined;
  return point + 1 >= 0xd800 && point + 1 <= 0xdfff ? 0xe000 : point + 1;
}

/** The spans of names that begin with a text, in order and apart: as it is typed, and in the other ways of writing
 *  letters, for lily is Lily too. */
export function namesBeginningWith(text: string): TextRange[] {
  const capital = text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
  const ways = new Set([text, text.toLowerCase(), text.toUpperCase(), capital]);
  return [...ways].map(beginningWith).sort(([a], [b]) => compareTexts(a, b));
}

/** By code points, as both databases compare: JavaScript's own order puts emoji before some Chinese. */
export function compareTexts(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const apart = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (apart !== 0) return apart;
  }
  return left.length - right.length;
}

/** 138****1234, of a number that may be shown so; what else stands there stays hidden whole. */
export function maskedPhone(phone: string): string {
  return /^\d{11}$/.test(phone) ? `${phone.slice(0, 3)}****${phone.slice(-4)}` : "****";
}
