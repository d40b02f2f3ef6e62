// What is wrong in a touchpoint's form, in Chinese: files and the API are answered in English, people at a form are not.
import type { Fault } from "../../kernel/refusals.js";

type Say = (...parts: string[]) => string;

/** What the checks of a journey say, and how a form says it. What stands in none of these is shown as it is. */
const SAYINGS: readonly [pattern: RegExp, say: Say][] = [
  [/^words without (.+?): (.+)$/, (category, reason) => `这句话属于${category}：${reason}`],
  [/^a whole number from (\d+) to (\d+)$/, (least, most) => `请填 ${least} 到 ${most} 的整数`],
  [/^(?:name: )?a name of 1 to 60 characters$/, () => "请填名称，最多 60 个字"],
  [/^(?:key: )?1 to 64 of a-z, 0-9 and -$/, () => "标识用小写字母、数字和 -，最多 64 个"],
  [/^a key no other touchpoint/, () => "别的触点已经用了这个标识"],
  [/^a time "HH:MM"$/, () => "时间请写成 09:30"],
  [/is not known before its day$/, () => "这个日期要到当天才知道，不能提前"],
  [
    /^0 to (\d+) (days|weeks|months)( from a calendar day)?$/,
    (most, unit) => `最多 ${most} ${UNITS[unit ?? ""]}`,
  ],
  [/^days or weeks/, () => "这里请用天或周"],
  [/^days: 0 with urgent_reply/, () => "紧急回复不能等，请选「当天」"],
  [/^send: hand with after: urgent_reply/, () => "紧急回复只能人工跟进"],
  [/^nothing of it with after: urgent_reply/, () => "紧急回复不能设这一项：谁都不能漏掉"],
  [/^days:, weeks: or months:/, () => "请填数字"],
  [/^1 to (\d+) days$/, (most) => `请填 1 到 ${most} 天`],
  [
    /^(?:one of .*, or )?a day of the calendar|^after: or before: with/,
    () => "请填日历上的日子：06-18、2026-06-18，或双11、春节这样的名字",
  ],
  [/^repeat: /, () => "这些日期请分开写：固定日期只发一次，每年的写成 06-18"],
  [/^words: a text|^a text, or a path|^words, not nothing/, () => "请写话术；不带话术的触点请选「人工跟进」"],
  [/^the words themselves/, () => "话术不能只写一个文件名"],
  [
    /^at most (\d+) bytes of text in UTF-8, not (\d+)$/,
    (most, is) => `话术太长：最多 ${most} 字节，现在 ${is}（一个汉字 3 字节）`,
  ],
  [
    /^at most (\d+) bytes in UTF-8, not (\d+)$/,
    (most, is) => `太长：最多 ${most} 字节，现在 ${is}（一个汉字 3 字节）`,
  ],
  [/^at most (\d+) bytes$/, (most) => `最多 ${most} 字节`],
  [/^at most (\d+) characters$/, (most) => `最多 ${most} 个字符`],
  [/^a known variable/, () => "没有这个变量，请从下面的变量里点选"],
  [/^a known helper/, () => "没有这个写法，可以用 default、date、age、phone"],
  [/^two braces/, () => "变量请用两个花括号：{{child.name}}"],
  [
    /^one variable or helper between|^a variable between/,
    () => "{{ 和 }} 之间要有一个变量，并且成对：{{child.name}}",
  ],
  [/^the end of what was opened/, () => "有没写完的地方：{{#if …}} 要有 {{/if}}，{{ 要有 }}"],
  [/^\{\{#if …\}\} before its/, () => "{{/if}} 前面要有 {{#if …}}"],
  [/^\{\{#(if|unless) …\}\} (?:or|with)/, () => "{{#if …}} 里请只放一个变量"],
  [/^\{\{\/(\w+)\}\} at the end of/, (name) => `请用 {{/${name}}} 结束`],
  [/^text, \{\{variable\}\}/, () => "话术里只能有文字、{{变量}} 和 {{#if 变量}}…{{/if}}"],
  [/^two arguments/, () => '写法是 {{default 变量 "没有时说的话"}}'],
  [/^an? (date|text|number) for (\w+)/, (type, helper) => `${helper} 要的是${TYPES[type ?? ""]}`],
  [/argument\(s\) for (\w+)/, (helper) => `${helper} 后面的内容个数不对`],
  [/^words to compare|^words to go with/, () => "人工跟进不发话术，不能有这一项"],
  [/^2 to (\d+) variants$/, (most) => `请写 2 到 ${most} 个版本`],
  [/^shares that make 100 together, not (\d+)$/, (sum) => `各版本的份额加起来要是 100，现在是 ${sum}`],
  [/^a key no other variant|^a name of 1 to 32/, () => "版本名用字母、数字或汉字，最多 32 个，不能重复"],
  [/^share: percent/, () => "请填这个版本的份额"],
  [/^variants: to compare/, () => "要有两个以上版本才能实验"],
  [/^send: hand, of which the form/, () => "只有人工跟进才有跟进结果"],
  [/^outcomes: a list|^a list with at least one|^a list of texts/, () => "请至少填一个"],
  [/^at most (\d+) of them$/, (most) => `最多 ${most} 个`],
  [/^names of 1 to (\d+) characters without/, (most) => `每个最多 ${most} 个字，不能有 # 和 |`],
  [/^(?:\w+: )?a text of at most (\d+) bytes$/, (most) => `请填文字，最多 ${most} 字节（一个汉字 3 字节）`],
  [/^(?:url: )?a web address, at most|^a web address, or/, () => "请填网址，以 https:// 开头"],
  [/^(?:\w+: )?the mini program's appid/, () => "请填小程序的 appid：wx 加 16 位字母和数字"],
  [/^(?:\w+: )?the path of its page/, () => "请填小程序页面的路径，如 pages/index"],
  [/^(?:\w+: )?a path inside the journey's own folder|^a file kept by/, () => "请选一个文件上传"],
  [/^a picture, JPG or PNG/, () => "请上传 JPG 或 PNG 图片"],
  [/^a file of one of the kinds (.+)$/, (kinds) => `可以发的文件：${kinds}`],
  [/^a file that is (\w+) by its content$/, (kind) => `这个文件的内容不是 ${kind}`],
  [/^at most (\d+) MiB, not (.+)$/, (most, is) => `最多 ${most} MB，现在 ${is} MB`],
  [/^a file with something in it$/, () => "这个文件是空的"],
  [
    /^a square inside the picture's (\d+) × (\d+) pixels$/,
    (w, h) => `二维码要在图片里面，图片是 ${w} × ${h} 像素`,
  ],
  [/^(?:left|top|size): pixels$|^code: /, () => "请填二维码的位置和大小（像素）"],
  [/^a month not before (\d+)$/, (from) => `不能早于 ${from} 个月`],
  [/^from:, to: or both/, () => "请填从几个月到几个月"],
  [/^one or more of /, () => "请至少选一个"],
  [/^at_least: and at_most:/, () => "请填至少、至多，或其中一个"],
  [/^at_least no larger/, () => "至少不能大于至多"],
  [/^an amount in yuan/, () => "请填金额（元），最多两位小数"],
  [/^at most (\d+) values$/, (most) => `最多 ${most} 个值`],
  [/^at most (\d+) rules inside/, (most) => `条件最多嵌套 ${most} 层`],
  [/^at most (\d+) rules$/, (most) => `一组最多 ${most} 个条件`],
  [/^one of the keys/, () => "这一项选得不对，请重新选"],
  [/^a condition$/, () => "这一组还没有条件"],
];

const UNITS: Record<string, string> = { days: "天", weeks: "周", months: "个月" };
const TYPES: Record<string, string> = { date: "日期", text: "文字", number: "数字" };

/** What is wrong, for the person at the form. */
export function sayFormFault({ expected }: Pick<Fault, "expected">): string {
  for (const [pattern, say] of SAYINGS) {
    const match = pattern.exec(expected);
    if (match) return say(...match.slice(1));
  }
  return expected;
}
