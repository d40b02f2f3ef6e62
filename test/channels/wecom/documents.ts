// Reads what the documents say of each call from the data files in documented/, whose README names the notation.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const scalars = [
  "text",
  "int",
  "number",
  "bool",
  "texts",
  "ints",
  "any",
  "userid",
  "moment",
  "address",
] as const;
export type Kind = (typeof scalars)[number] | "object" | "objects";

/** One documented field. */
export interface Field {
  kind: Kind;
  needed: boolean;
  bytes?: number;
  characters?: number;
  /** elements at most */
  most?: number;
  oneOf?: (string | number)[];
  pattern?: RegExp;
  range?: [number, number];
  /** of object and objects */
  fields?: Table;
}

export type Table = Record<string, Field>;

/** What no single field can say; see the README of documented/. */
export interface Rule {
  any_of?: string[];
  at?: string;
  if?: Record<string, unknown>;
  need?: string[];
  count?: Record<string, number>;
  named_by?: string;
  span?: [string, string];
  most?: number;
}

/** One documented call. */
export interface Call {
  method: "GET" | "POST";
  source: string;
  creates: boolean;
  errcodes: number[];
  query: Table;
  request: Table;
  answer: Table;
  rules: Rule[];
}

const folder = join(dirname(fileURLToPath(import.meta.url)), "documented");
const apart = ["errcodes.yaml", "callbacks.yaml"];

type Raw = Record<string, unknown>;

/** Every documented call by its path after /cgi-bin/. */
export const calls: Readonly<Record<string, Call>> = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith(".yaml") && !apart.includes(name))
    .flatMap((name) => Object.entries(read(name)).map(([path, raw]) => [path, callOf(path, raw as Raw)])),
);

/** What each number allows, as letters: R, T, W, N, O. `anywhere`: from every call. */
export const errcodes = errcodesOf(read("errcodes.yaml"));

/** The elements of each push, by ChangeType, Event or MsgType. */
export const pushes: Readonly<Record<string, Table>> = Object.fromEntries(
  Object.entries(read("callbacks.yaml"))
    .filter(([name]) => name !== "envelope")
    .map(([name, raw]) => [name, tableOf(name, (raw as Raw).fields as Raw)]),
);

function read(name: string): Raw {
  return parse(readFileSync(join(folder, name), "utf8"), { merge: true }) as Raw;
}

function callOf(path: string, raw: Raw): Call {
  const table = (name: string): Table => tableOf(`${path} ${name}`, (raw[name] ?? {}) as Raw);
  return {
    method: raw.method as Call["method"],
    source: String(raw.source),
    creates: raw.creates === true,
    errcodes: ((raw.errcodes ?? []) as unknown[]).flat() as number[],
    query: table("query"),
    request: table("request"),
    answer: table("answer"),
    rules: (raw.rules ?? []) as Rule[],
  };
}

function tableOf(where: string, raw: Raw): Table {
  return Object.fromEntries(
    Object.entries(raw).map(([name, one]) => [name, fieldOf(`${where}.${name}`, one as string | Raw)]),
  );
}

function fieldOf(where: string, raw: string | Raw): Field {
  const { is, fields, pattern, ...limits } = typeof raw === "string" ? { is: raw } : raw;
  const kind = String(is).replace(/!$/, "") as Kind;
  const known = kind === "object" || kind === "objects" ? fields !== undefined : scalars.includes(kind);
  if (!known) throw new Error(`${where}: ${String(is)} is no type of a field`);
  return {
    ...(limits as Partial<Field>),
    kind,
    needed: String(is).endsWith("!"),
    ...(pattern ? { pattern: new RegExp(String(pattern), "u") } : {}),
    ...(fields ? { fields: tableOf(where, fields as Raw) } : {}),
  };
}

function errcodesOf(raw: Raw): { anywhere: Map<number, string>; all: Map<number, string> } {
  const part = (name: string): [number, string][] =>
    Object.entries(raw[name] as Record<string, string>).map(([code, letters]) => [Number(code), letters]);
  return { anywhere: new Map(part("anywhere")), all: new Map([...part("anywhere"), ...part("of_calls")]) };
}
