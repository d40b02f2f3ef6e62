// What a change was made to, as people call it: the names of things, read where they stand today.
import { accountNames } from "../../identity/accounts.js";
import { selectIn } from "../../infra/batches.js";
import type { Sql } from "../../infra/store.js";
import { TROUBLE_RULES } from "../../tasks/failures.js";
import { JOB_TITLES } from "../operations/job-titles.js";
import { AREAS } from "./areas.js";

/** What things are called, by `account:12`, `journey:care` and their like. */
export type Titles = ReadonlyMap<string, string>;

const under = (kind: string, names: readonly (readonly [key: string, name: string])[]) =>
  Object.fromEntries(names.map(([key, name]) => [`${kind}:${key}`, name]));

/** Subjects whose keys are words of the program, not somebody's. */
const OWN: Readonly<Record<string, string>> = {
  "setting:stopped": "紧急停止",
  "setting:stage_limits": "人群界限",
  "contacts:all": "全部好友",
  "words:*": "旅程里的话术",
  "welcome:default": "通用",
  "claims:absolute": "绝对化用语",
  "claims:medical": "医疗与功效用语",
  "claims:breast_milk": "替代母乳用语",
  "claims:own": "本品牌不用的说法",
  "reply-words:illness": "身体不适",
  "reply-words:complaint": "投诉不满",
  "reply-words:opt_out": "退订",
  "reply-words:leave_alone": "不想被打扰",
  "reply-words:every": "所有类别",
  "reply-words:automatic": "系统自动消息",
};

/** Every such name, each to be said in the reader's language. */
export const SUBJECT_NAMES: readonly string[] = Object.values(OWN);

/** Those that have their names elsewhere. */
const BORROWED: Readonly<Record<string, string>> = {
  ...under(
    "task",
    Object.entries(TROUBLE_RULES).map(([key, { name }]) => [key, name]),
  ),
  ...under(
    "job",
    Object.entries(JOB_TITLES).map(([key, { title }]) => [key, title]),
  ),
};

/** journey:care → 旅程, 新客旅程. What has no name goes by its key. */
export function subjectName(subject: string, titles: Titles): { kind: string; key: string } {
  const [kind = "", key = ""] = subject.split(/:(.*)/s);
  const own = titles.get(subject) ?? OWN[subject] ?? BORROWED[subject];
  return { kind: AREAS[kind] ?? kind, key: own ?? key };
}

/** Where the names of a kind stand, and by what besides an id a subject may name them. */
interface NamePlace {
  table: string;
  key?: string;
  name: string;
}

const JOURNEYS: NamePlace = { table: "journey", key: "journey_key", name: "name" };
const PLACES: Readonly<Record<string, NamePlace>> = {
  journey: JOURNEYS,
  guide: { table: "guide", key: "userid", name: "name" },
  customer: { table: "customer", name: "name" },
  key: { table: "api_key", name: "name" },
  words: { table: "words_entry", name: "title" },
  view: { table: "report_view", name: "name" },
};

/** The names of subjects and of those who did something, as far as they still stand. */
export async function titlesOf(sql: Sql, subjects: readonly string[]): Promise<Titles> {
  const titles = new Map(await accountNames(sql, subjects));
  for (const [kind, place] of Object.entries(PLACES)) {
    const names = await namesAt(sql, place, keysOf(subjects, kind));
    for (const [key, name] of names) titles.set(`${kind}:${key}`, name);
  }
  // a one-off task is a journey whose key says so
  const oneoffs = keysOf(subjects, "oneoff").map((key) => `oneoff:${key}`);
  for (const [key, name] of await namesAt(sql, JOURNEYS, oneoffs)) titles.set(key, name);
  return titles;
}

function keysOf(subjects: readonly string[], kind: string): string[] {
  const own = subjects.filter((one) => one.startsWith(`${kind}:`)).map((one) => one.slice(kind.length + 1));
  return [...new Set(own)];
}

/** By their own keys, else by their ids. */
async function namesAt(
  sql: Sql,
  { table, key, name }: NamePlace,
  keys: readonly string[],
): Promise<Map<string, string>> {
  type Row = { own: string | number; name: string };
  const by = (column: string) => `SELECT ${column} AS own, ${name} AS name FROM ${table} WHERE ${column} IN`;
  const ids = keys.filter((one) => /^\d{1,15}$/.test(one)).map(Number);
  const found = await selectIn<Row>(sql, by("id"), ids);
  if (key !== undefined) found.push(...(await selectIn<Row>(sql, by(key), keys)));
  return new Map(found.filter((row) => row.name).map((row) => [String(row.own), row.name]));
}
