// The kinds of cells a table of ours can have: what text each takes, what value it becomes, what was expected when not.
import { z } from "zod";
import { isShopDay, type ShopDay } from "../kernel/calendar.js";

/** One kind of cell. */
export interface Cell<T> {
  /** completes the sentence "expected …" */
  readonly expected: string;
  /** The value of a trimmed, non-empty text; undefined when it is none of this kind. */
  read(text: string): T | undefined;
  /** the same kind in JSON, for the API's description */
  readonly schema: z.ZodType;
}

/** Text of 1 to `most` characters, none of them a control character or the mark of one that was damaged. */
export function text(most: number): Cell<string> {
  return {
    expected: `text of at most ${most} characters`,
    read: (given) => (isWithin(given, most) && !/[\p{Cc}\ufffd]/u.test(given) ? given : undefined),
    schema: z.string().max(most),
  };
}

/** A calendar date: 2026-03-02, also written 2026/3/2, 2026.3.2, 20260302 or 2026年3月2日, with or without a time. */
export const day: Cell<ShopDay> = {
  expected: "a date YYYY-MM-DD",
  read: (given) => {
    const known = dates.get(given);
    if (known !== undefined || dates.has(given)) return known;
    // a file holds few different dates: each is worked out once
    if (dates.size >= 50_000) dates.clear();
    const found = dateOf(given);
    dates.set(given, found);
    return found;
  },
  schema: z.iso.date(),
};

const dates = new Map<string, ShopDay | undefined>();
const SEPARATED = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const CHINESE = /^(\d{4})年(\d{1,2})月(\d{1,2})日$/;
const TIME = /[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$/;

function dateOf(given: string): ShopDay | undefined {
  const date = given.replace(TIME, "");
  const separated = SEPARATED.exec(date);
  const [year, month, dayOfMonth] = separated
    ? [separated[1], separated[3], separated[4]]
    : (CHINESE.exec(date)?.slice(1) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(date)?.slice(1) ?? []);
  const written = `${year}-${month?.padStart(2, "0")}-${dayOfMonth?.padStart(2, "0")}`;
  return isShopDay(written) ? written : undefined;
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number): Cell<number> {
  return {
    expected: `a whole number from ${least} to ${most}`,
    read: (given) => {
      const number = /^\d{1,15}(\.0+)?$/.test(given) ? Number(given) : Number.NaN;
      return number >= least && number <= most ? number : undefined;
    },
    schema: z.int().min(least).max(most),
  };
}

/** An amount of money of at most two decimals, from 0. */
export const money: Cell<number> = {
  expected: "an amount such as 268.00",
  read: (given) => (/^\d{1,9}(\.\d{1,2}0*)?$/.test(given) ? Number(given) : undefined),
  schema: z.number().min(0),
};

/** One of a few words; `words` maps every accepted spelling (lower case) to the word kept. */
export function choice<W extends string>(kept: readonly W[], words: Record<string, W>): Cell<W> {
  const all = new Map<string, W>([...Object.entries(words), ...kept.map((word) => [word, word] as const)]);
  return {
    expected: kept.join(" or "),
    read: (given) => all.get(given.toLowerCase()),
    schema: z.enum(kept),
  };
}

const TRUE = new Set(["1", "true", "yes", "y", "是", "已退订"]);
const FALSE = new Set(["0", "false", "no", "n", "否", "未退订"]);

/** Yes or no, kept as 1 or 0. */
export const flag: Cell<number> = {
  expected: "1 or 0 (yes or no, 是 or 否)",
  read: (given) => {
    const word = given.toLowerCase();
    return TRUE.has(word) ? 1 : FALSE.has(word) ? 0 : undefined;
  },
  schema: z.boolean(),
};

/** Words split by `|`, each of at most `most` characters; doubles count once. */
export function list(most: number): Cell<string[]> {
  const one = text(most);
  return {
    expected: `words of at most ${most} characters, split by |`,
    read: (given) => {
      const words = given
        .split("|")
        .map((word) => word.trim())
        .filter(Boolean);
      return words.every((word) => one.read(word) !== undefined) ? [...new Set(words)] : undefined;
    },
    schema: z.array(z.string().max(most)),
  };
}

/** A mainland mobile number, kept as its 11 digits. */
export const mobile: Cell<string> = {
  expected: "a mobile number of 11 digits",
  read: (given) => /^(?:\+?86)?(1[3-9]\d{9})$/.exec(given.replace(/[\s-]/g, ""))?.[1],
  schema: z.string().regex(/^1[3-9]\d{9}$/),
};

function isWithin(given: string, most: number): boolean {
  return given.length <= most || [...given].length <= most;
}
