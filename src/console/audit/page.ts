// The record of changes as people read it: who, when, what, on what, and what is different now.
import type { AuditLine } from "../../identity/audit.js";
import { type Difference, differences } from "../../identity/differences.js";
import { shopDayOf, wallTimeOf } from "../../kernel/calendar.js";
import { longDay } from "../format.js";
import { fieldName, valueName } from "./fields.js";
import { actionName, areaNames } from "./names.js";
import { subjectName, type Titles } from "./subjects.js";

/** What somebody typed to find changes by. */
export interface AuditForm {
  by: string;
  action: string;
  subject: string;
  from: string;
  to: string;
}

const MOST_PLACES = 12;
const LONGEST = 600;

/** A page of the record. */
export function auditPage(
  lines: readonly AuditLine[],
  form: AuditForm,
  { titles, next, actions, zone, people }: AuditPageParts,
): object {
  const asked = new URLSearchParams(Object.entries(form).filter(([, value]) => value !== ""));
  const url = (path: string, after = "") => {
    const query = new URLSearchParams(asked);
    if (after) query.set("after", after);
    return query.size > 0 ? `${path}?${query}` : path;
  };
  return {
    about: form.subject ? subjectName(form.subject, titles) : false,
    ...{ form, isFiltered: asked.size > 0, csvUrl: url("/settings/audit.csv") },
    ...{ firstUrl: url("/settings/audit"), nextUrl: next ? url("/settings/audit", next) : "" },
    lines: lines.map((line) => lineOf(line, titles, zone)),
    areas: areaNames(actions).map(({ key, name }) => ({ key, name, chosen: key === form.action })),
    actions: actions.map((key) => ({ key, ...actionName(key), chosen: key === form.action })),
    people: people.map(({ id, name }) => ({
      key: `account:${id}`,
      name,
      chosen: `account:${id}` === form.by,
    })),
  };
}

interface AuditPageParts {
  /** what is mentioned in the lines, by name */
  titles: Titles;
  next: string | undefined;
  /** all there are on record */
  actions: readonly string[];
  zone: string;
  /** who may be asked for */
  people: readonly { id: number; name: string }[];
}

/** Who did it, in words. */
export function doerName(by: string, titles: Titles): string {
  return whoIs(by, titles) ?? by;
}

/** The person, or what works by itself, behind a word of the record; undefined: it speaks of nobody. */
function whoIs(word: string, titles: Titles): string | undefined {
  const known = titles.get(word);
  if (known) return known;
  if (word === "system") return "系统或命令行";
  if (word.startsWith("api:")) return `接口密钥 ${word.slice(4)}`;
  const [, account] = /^account:(\d+)$/.exec(word) ?? [];
  return account === undefined ? undefined : `已删除的账号 ${account}`;
}

/** Fields whose values are keys or ids of things with names. */
const NAMED_FIELDS: Readonly<Record<string, string>> = {
  ...{ guides: "guide", deputy: "guide", successor: "guide", from: "guide", to: "guide" },
  customers: "customer",
};
/** So many of a list are named. */
const MOST_NAMED = 50;

/** All that lines speak of and that may have a name: who, on what, and the guides and customers among what is different. */
export function mentionedIn(lines: readonly AuditLine[]): string[] {
  return lines.flatMap(({ by, subject, before, after }) => {
    const values = differences(before, after).flatMap((place) => {
      const kind = NAMED_FIELDS[lastOf(place.path)];
      const words = [place.before, place.after].flatMap(
        (text) => text?.split("、").slice(0, MOST_NAMED) ?? [],
      );
      return words.flatMap((word) => (kind ? `${kind}:${word}` : /^\w+:\w+$/.test(word) ? word : []));
    });
    return [by, subject, ...values];
  });
}

const lastOf = (path: string) => path.split(".").at(-1) ?? "";

function lineOf(line: AuditLine, titles: Titles, zone: string): object {
  const places = differences(line.before, line.after);
  return {
    ...{ day: longDay(shopDayOf(line.at, zone)), time: wallTimeOf(line.at, zone) },
    ...{ who: doerName(line.by, titles), by: line.by, ...actionName(line.action) },
    ...{ subject: line.subject, of: subjectName(line.subject, titles) },
    changes: places.slice(0, MOST_PLACES).map((place) => placeOf(place, titles, zone)),
    more: Math.max(0, places.length - MOST_PLACES),
  };
}

function placeOf({ path, before, after }: Difference, titles: Titles, zone: string): object {
  const side = (value = "") => {
    const { said, isQuoted } = sideOf(path, value, titles, zone);
    return said === "" ? false : { said: cut(said), isQuoted };
  };
  return { names: fieldName(path), before: side(before), after: side(after) };
}

/** What was written by people or comes from elsewhere is quoted to the letter, whatever the reader's language. */
function sideOf(path: string, value: string, titles: Titles, zone: string) {
  const said = sayValue(path, value, titles, zone);
  return { said, isQuoted: said === value && !TOLD.includes(lastOf(path)) };
}

/** Fields that hold sentences of ours. */
const TOLD: readonly string[] = ["changes", "files"];

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Fields that hold instants (epoch ms). */
const INSTANTS: readonly string[] = ["at", "changedAt"];

function sayValue(path: string, value: string, titles: Titles, zone: string): string {
  const field = lastOf(path);
  if (INSTANTS.includes(field) && /^\d{13}$/.test(value))
    return `${longDay(shopDayOf(Number(value), zone))} ${wallTimeOf(Number(value), zone)}`;
  const kind = NAMED_FIELDS[field];
  return valueName(path, value, (word) => (kind && titles.get(`${kind}:${word}`)) ?? whoIs(word, titles));
}

/** What differs in one cell of a file: `name: a → b`. `say`: in the reader's language. */
export function sayDifferences(
  line: AuditLine,
  titles: Titles,
  zone: string,
  say: (text: string) => string,
): string {
  const side = (path: string, value = "") => {
    const { said, isQuoted } = sideOf(path, value, titles, zone);
    return isQuoted ? said : say(said);
  };
  return differences(line.before, line.after)
    .map(({ path, before, after }) => {
      return `${fieldName(path).map(say).join(" › ")}: ${side(path, before)} → ${side(path, after)}`;
    })
    .join("\n");
}
