// What a message may speak of: the variables with their Chinese names, the helpers, and their values for one task.
import { compileWords, type Words, type WordValue } from "../infra/templates.js";
import type { WordsHelper, WordType } from "../infra/templates-language.js";
import { addMonths, daysBetween, isShopDay, type ShopDay } from "../kernel/calendar.js";

/** Facts a guide can be asked for when a message lacks them, with the word they are asked and answered by. */
export const ASKABLE = {
  "customer.name": { label: "客户称呼", word: "称呼", type: "text" },
  "customer.phone": { label: "客户手机号", word: "手机", type: "text" },
  "customer.birthday": { label: "客户生日", word: "客户生日", type: "date" },
  "child.name": { label: "宝宝小名", word: "小名", type: "text" },
  "child.born_on": { label: "宝宝生日", word: "生日", type: "date" },
  "child.due_on": { label: "预产期", word: "预产期", type: "date" },
} as const satisfies Record<string, { label: string; word: string; type: WordType }>;
export type Askable = keyof typeof ASKABLE;

/** A child as far as words speak of it. */
export interface ChildWords {
  name: string | null;
  bornOn: ShopDay | null;
  dueOn: ShopDay | null;
}

/** What words can be filled from, for one task on one day. Null: not known. */
export interface WordsContext {
  today: ShopDay;
  dueOn: ShopDay;
  anchorOn: ShopDay;
  customer: {
    name: string | null;
    phone: string | null;
    birthday: ShopDay | null;
    level: string | null;
    brandPreference: string | null;
  };
  /** the task's child, else the customer's only one */
  child: ChildWords | null;
  /** all whom the message is about: the task's child with the siblings merged into it, else every child of the customer */
  children: readonly ChildWords[];
  guide: { name: string | null };
  store: { name: string | null };
  firstOrderOn: ShopDay | null;
  lastOrder: { on: ShopDay; category: string | null } | null;
}

/** One variable of messages. */
export interface WordVariable {
  label: string;
  type: WordType;
  /** the fact it comes from, when a guide can supply that */
  needs: Askable | null;
  /** differs between two customers whom the same touchpoint meets on the same day */
  personal: boolean;
  value(context: WordsContext): WordValue;
}

type Value = WordVariable["value"];

const shared = (label: string, type: WordType, value: Value): WordVariable => ({
  label,
  type,
  needs: null,
  personal: false,
  value,
});
const own = (label: string, type: WordType, needs: Askable | null, value: Value): WordVariable => ({
  label,
  type,
  needs,
  personal: true,
  value,
});

/** Every variable words may use. Those that count (`days`, `child.age` …) count to the day of sending. */
export const WORD_VARIABLES = {
  "customer.name": own("客户称呼", "text", "customer.name", (c) => c.customer.name),
  "customer.phone": own("客户手机号，如 138****1234", "text", "customer.phone", (c) => c.customer.phone),
  "customer.birthday": own("客户生日", "date", "customer.birthday", (c) => c.customer.birthday),
  "customer.level": own("会员等级", "text", null, (c) => c.customer.level),
  "customer.brand_preference": own("品牌偏好", "text", null, (c) => c.customer.brandPreference),
  "child.name": own("宝宝小名", "text", "child.name", (c) => c.child?.name),
  "child.born_on": own("宝宝生日", "date", "child.born_on", (c) => c.child?.bornOn),
  "child.due_on": own("预产期", "date", "child.due_on", (c) => c.child?.dueOn),
  "child.age": own("宝宝年龄，如 3个月零5天、1岁2个月", "text", "child.born_on", ({ child, today }) =>
    child?.bornOn ? babyAge(child.bornOn, today) : null,
  ),
  "child.months": own("宝宝满几个月", "number", "child.born_on", ({ child, today }) =>
    child?.bornOn && child.bornOn <= today ? monthsAndDays(child.bornOn, today).months : null,
  ),
  children: own("所有相关宝宝的小名，如 小宝和大宝", "text", "child.name", ({ children }) =>
    joined(children.map(({ name }) => name)),
  ),
  children_ages: own("所有相关宝宝的小名和年龄，如 小宝（6个月）和大宝（2岁）", "text", "child.name", (c) =>
    joined(c.children.map((child) => withAge(child, c.today))),
  ),
  "first_order.on": own("首次下单日期", "date", null, (c) => c.firstOrderOn),
  "last_order.on": own("最近下单日期", "date", null, (c) => c.lastOrder?.on),
  "last_order.category": own("最近下单品类", "text", null, (c) => c.lastOrder?.category),
  "guide.name": shared("导购姓名", "text", (c) => c.guide.name),
  "store.name": shared("门店名称", "text", (c) => c.store.name),
  today: shared("发送当天", "date", (c) => c.today),
  due_on: shared("到期日", "date", (c) => c.dueOn),
  anchor_on: shared("锚点日期", "date", (c) => c.anchorOn),
  days: shared("距锚点日期几天", "number", (c) => Math.abs(daysBetween(c.anchorOn, c.today))),
  months: shared("距锚点日期满几个月", "number", ({ anchorOn, today }) =>
    anchorOn <= today ? monthsAndDays(anchorOn, today).months : monthsAndDays(today, anchorOn).months,
  ),
  years: own("第几个周年（生日即几岁）", "number", null, (c) =>
    Math.round(daysBetween(c.anchorOn, c.dueOn) / 365.2425),
  ),
} as const satisfies Record<string, WordVariable>;
export type WordVariableName = keyof typeof WORD_VARIABLES;

/** The values of the variables named (as `Words.variables` names them), or of all. */
export function wordsFor(
  context: WordsContext,
  names: readonly string[] = Object.keys(WORD_VARIABLES),
): Record<string, WordValue> {
  return Object.fromEntries(names.map((name) => [name, variableOf(name)?.value(context)]));
}

/** Compiles a touchpoint's words. Raises a Refusal with every fault's line and column in `where`. */
export function compileMessage(source: string, where?: string): Words {
  return compileWords(source, VARIABLE_TYPES, WORD_HELPERS, where);
}

/** Whether two customers of one touchpoint and day get different texts from words with these variables. */
export function personal(variables: readonly string[]): boolean {
  return variables.some((name) => variableOf(name)?.personal ?? true);
}

/** The facts to ask a guide for, of variables without a value; the others (a store's name) only HQ can mend. */
export function askFor(missing: readonly string[]): Askable[] {
  return [...new Set(missing.flatMap((name) => variableOf(name)?.needs ?? []))];
}

/** A baby's age on a day: 5天, 3个月, 3个月零5天, 1岁, 1岁2个月. Undefined before the birth. */
export function babyAge(bornOn: ShopDay, day: ShopDay): string | undefined {
  if (day < bornOn) return undefined;
  const { months, days } = monthsAndDays(bornOn, day);
  if (months >= 12) return `${Math.floor(months / 12)}岁${months % 12 ? `${months % 12}个月` : ""}`;
  if (months === 0) return `${days}天`;
  return days === 0 ? `${months}个月` : `${months}个月零${days}天`;
}

/** 小宝 · 小宝和大宝 · 小宝、二宝和大宝. Null when there is nobody, or one of them cannot be named. */
function joined(names: readonly (string | null)[]): string | null {
  if (names.length === 0 || names.some((name) => !name?.trim())) return null;
  const last = names.at(-1) ?? null;
  return names.length === 1 ? last : `${names.slice(0, -1).join("、")}和${last}`;
}

function withAge({ name, bornOn }: ChildWords, today: ShopDay): string | null {
  const age = bornOn ? babyAge(bornOn, today) : undefined;
  return name?.trim() && age ? `${name}（${age}）` : null;
}

/** A phone number with its middle hidden: 138****1234. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, "").replace(/^86(?=1\d{10}$)/, "");
  if (digits.length >= 11) return `${digits.slice(0, 3)}****${digits.slice(-4)}`;
  return digits.length >= 7 ? `****${digits.slice(-4)}` : "****";
}

/** A date by a pattern of YYYY, MM, DD, M and D; the pattern's own text stays. */
export function writeDate(day: ShopDay, pattern = "M月D日"): string {
  const [year = "", month = "", date = ""] = day.split("-");
  const parts: Record<string, string> = { YYYY: year, MM: month, DD: date, M: `${+month}`, D: `${+date}` };
  return pattern.replace(/YYYY|MM|DD|M|D/g, (part) => parts[part] ?? part);
}

/** The helpers words may call besides `default`: {{date child.born_on "M月D日"}}, {{age child.born_on today}},
 *  {{phone customer.phone}}. */
const WORD_HELPERS: Readonly<Record<string, WordsHelper>> = {
  date: {
    takes: ["date", "text"],
    optional: 1,
    gives: "text",
    run: (day, pattern) =>
      isShopDay(`${day}`) ? writeDate(`${day}`, pattern === undefined ? undefined : `${pattern}`) : undefined,
  },
  age: { takes: ["date", "date"], gives: "text", run: (born, day) => babyAge(`${born}`, `${day}`) },
  phone: { takes: ["text"], gives: "text", run: (phone) => maskPhone(`${phone}`) },
};

const VARIABLE_TYPES = Object.fromEntries(
  Object.entries(WORD_VARIABLES).map(([name, { type }]) => [name, type]),
);

/** A variable by its name; undefined for what is none. */
export function variableOf(name: string): WordVariable | undefined {
  return Object.hasOwn(WORD_VARIABLES, name) ? WORD_VARIABLES[name as WordVariableName] : undefined;
}

interface Span {
  months: number;
  days: number;
}

const spans = new Map<string, Span>();
const MOST_SPANS = 5_000;

/** Whole months from one day to a later one, counted from the first and clamped, and the days left over. Remembered:
 *  a day's messages by the thousand ask for the same few. */
export function monthsAndDays(from: ShopDay, to: ShopDay): Span {
  const key = `${from} ${to}`;
  const known = spans.get(key);
  if (known) return known;
  const calendar = (day: ShopDay) => 12 * Number(day.slice(0, 4)) + Number(day.slice(5, 7));
  const upTo = calendar(to) - calendar(from);
  const months = addMonths(from, upTo) <= to ? upTo : upTo - 1;
  const span = { months, days: daysBetween(addMonths(from, months), to) };
  if (spans.size >= MOST_SPANS) spans.clear();
  spans.set(key, span);
  return span;
}
