// Numbers of a list as people write them in chat: 3, 第三个, 1-5, 1、2和4.

const NUMBER = "第?\\s?(\\d{1,3})(?!\\d)(?:\\s?(?:个|条|位|号|项))?";
const ORDINAL = "第\\s?([一二两三四五六七八九十]{1,3})(?:\\s?(?:个|条|位|号|项))?";
// directly before a unit a number counts that: 改3段奶粉, 跳过3天
const UNIT = "[天月岁点周年日块元罐箱盒段分]|小时";
const FIRST = new RegExp(`^[\\s:,;#]*(?:${NUMBER}|${ORDINAL})(?!${UNIT})`);
const RANGE_END = new RegExp(`^\\s?(?:[-~–—―]+|到|至)\\s?${NUMBER}`);
const NEXT = new RegExp(`^\\s?[,、;和+&]\\s?${NUMBER}`);
// after a bare space a number goes on with the list only when it stands alone: in "3 2天前聊过" the 2 does not
const NEXT_ALONE = /^\s(\d{1,3})(?=$|[\s,、;~-])(?!\s?[-/.]\s?\d+\s?[-/.])/;
const MOST_NUMBERS = 200;

/** Numbers at the start of a text, each once and in order; `many`: a list or range, else one. */
export function readNumbers(text: string, many = false): { numbers: number[]; rest: string } {
  const first = FIRST.exec(text);
  if (!first) return { numbers: [], rest: text };
  const numbers = new Set([numberIn(first)]);
  let last = numberIn(first);
  let rest = text.slice(first[0].length);
  while (many) {
    const range = RANGE_END.exec(rest);
    const next = range ?? NEXT.exec(rest) ?? NEXT_ALONE.exec(rest);
    if (!next) break;
    const to = numberIn(next);
    const [low, high] = range ? [Math.min(last, to), Math.max(last, to)] : [to, to];
    for (let n = low; n <= high && numbers.size < MOST_NUMBERS; n++) numbers.add(n);
    last = to;
    rest = rest.slice(next[0].length);
  }
  return { numbers: [...numbers].sort((a, b) => a - b), rest };
}

function numberIn(match: RegExpExecArray): number {
  if (match[1] !== undefined) return Number(match[1]);
  const digits = "零一二三四五六七八九";
  const [tens, ones] = (match[2] ?? "").replaceAll("两", "二").split("十");
  const value = (word: string | undefined, none: number) => (word ? digits.indexOf(word) : none);
  return ones === undefined ? value(tens, 0) : value(tens, 1) * 10 + value(ones, 0);
}
