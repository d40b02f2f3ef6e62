// Numbers of a list as people write them in chat: 3, 第三个, 1-5, 1、2和4.

const DIGITS = "第?\\s?(\\d{1,3})(?!\\d)";
const SUFFIX = "(?:\\s?(?:个|条|位|号|项))?";
const NUMBER = DIGITS + SUFFIX;
const WORDS = "([一二两三四五六七八九十]{1,3})";
// 三号 is a number of the list, 三个 are three of them
const ORDINAL = `(?:第\\s?${WORDS}(?:\\s?(?:个|条|位|号|项))?|${WORDS}号)`;
// directly before a unit a number counts that: 改3段奶粉, 跳过3天, 跳过 3，5月再说
const UNIT = "[天月岁点周年日块元罐箱盒段分]|小时";
const FIRST = new RegExp(`^[\\s:,;#]*(?:${NUMBER}|${ORDINAL})(?!${UNIT})`);
const RANGE_END = new RegExp(`^\\s?(?:[-~–—―]+|到|至)\\s?${NUMBER}(?!${UNIT})`);
// "3，3-20再约" is one number and a day; "1、3-5" and "1、3-5 太忙" are more numbers
const NO_DAY = "(?!\\s?[-/.]\\s?\\d+(?:[^\\s\\d,、;。.!~吧哈号个条位]|[-/.]\\d))";
// of "跳过 3，2个孩子都病了" the 2 counts children
const NO_COUNT = "(?!\\s?[个只件次][\\u4e00-\\u9fff])";
const NEXT = new RegExp(`^\\s?[,、;和+&]\\s?${DIGITS}${NO_COUNT}${SUFFIX}(?!${UNIT})${NO_DAY}`);
// after a bare space a number goes on with the list only when it stands alone: in "3 2天前聊过" the 2 does not
const NEXT_ALONE = new RegExp(
  `^\\s(\\d{1,3})(?=$|[\\s,、;~-])(?!\\s*(?:${UNIT}|[个位条只件次]))(?!\\s?[-/.]\\s?\\d+\\s?[-/.])${NO_DAY}`,
);
/** More than one number where one was asked for: 改 3、4 … */
const ANOTHER = /^\s?(?:[-~–—―]+|到|至|[,、和+&])\s?\d{1,3}(?=$|[\s:,、;~-])/;
const MOST_NUMBERS = 200;

/** How many numbers a verb takes; `marked`: each with a comma or the like before it, for a bare space begins the words. */
export type HowMany = "one" | "marked" | "any";

/** Numbers at the start of a text, each once and in order, and what follows them. */
export function readNumbers(text: string, many: HowMany = "one"): { numbers: number[]; rest: string } {
  const first = FIRST.exec(text);
  if (!first) return { numbers: [], rest: text };
  const numbers = new Set([numberIn(first)]);
  let last = numberIn(first);
  let rest = text.slice(first[0].length);
  while (many !== "one") {
    const range = RANGE_END.exec(rest);
    const next = range ?? NEXT.exec(rest) ?? (many === "any" ? NEXT_ALONE.exec(rest) : null);
    if (!next) break;
    const to = numberIn(next);
    const [low, high] = range ? [Math.min(last, to), Math.max(last, to)] : [to, to];
    for (let n = low; n <= high && numbers.size < MOST_NUMBERS; n++) numbers.add(n);
    last = to;
    rest = rest.slice(next[0].length);
  }
  return { numbers: [...numbers].sort((a, b) => a - b), rest };
}

/** Whether numbers go on after the first. */
export function saysAnother(rest: string): boolean {
  return ANOTHER.test(rest);
}

function numberIn(match: RegExpExecArray): number {
  if (match[1] !== undefined) return Number(match[1]);
  const digits = "零一二三四五六七八九";
  const [tens, ones] = (match[2] ?? match[3] ?? "").replaceAll("两", "二").split("十");
  const value = (word: string | undefined, none: number) => (word ? digits.indexOf(word) : none);
  return ones === undefined ? value(tens, 0) : value(tens, 1) * 10 + value(ones, 0);
}
