// Checks recorded traffic against the documents: requests of the adapter and answers of the sandbox alike, so that
// the two cannot agree on the same mistake.
import type { Exchange } from "../../../src/sandbox/settings.js";
import { calls } from "./fields.js";
import { anything, type Call, type Field, type Table } from "./shapes.js";

/** Everything in one exchange that the documents do not allow, as "path where: what". */
export function faultsOf(exchange: Exchange): string[] {
  const call = calls[exchange.path];
  if (!call) return [`${exchange.path}: no documented call`];
  const { access_token: token, ...query } = exchange.query;
  const body = (exchange.body ?? {}) as Record<string, unknown>;
  const asked = call.method === "GET" ? query : body;
  const faults = [
    ...(exchange.method === call.method ? [] : [`called by ${exchange.method}`]),
    ...(exchange.path === "gettoken" || token ? [] : ["access_token is not in the query"]),
    ...(call.method === "POST" ? fieldFaults("query", query, call.query ?? {}) : []),
    ...fieldFaults("request", asked, call.request),
    ...(call.also?.(body) ?? []),
    ...answerFaults(exchange, call),
  ];
  return faults.map((fault) => `${exchange.path} ${fault}`);
}

function answerFaults(exchange: Exchange, call: Call): string[] {
  if (exchange.answer === undefined || exchange.status !== 200) return [];
  const { errcode, errmsg, ...answer } = exchange.answer as Record<string, unknown>;
  const head =
    Number.isInteger(errcode) && typeof errmsg === "string" ? [] : ["answer without errcode or errmsg"];
  return errcode === 0 ? [...head, ...fieldFaults("answer", answer, call.answer)] : head;
}

function fieldFaults(where: string, value: unknown, table: Table): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${where}: not an object`];
  const given = value as Record<string, unknown>;
  const unknown = Object.keys(given).filter((name) => table !== anything && !(name in table));
  return [
    ...unknown.map((name) => `${where}.${name}: not documented`),
    ...Object.entries(table).flatMap(([name, field]) => oneFault(`${where}.${name}`, given[name], field)),
  ];
}

function oneFault(where: string, value: unknown, field: Field): string[] {
  if (value === undefined || value === null) return field.needed ? [`${where}: missing`] : [];
  const { shape } = field;
  if (shape === "string")
    return typeof value === "string" ? textFaults(where, value, field) : [`${where}: no string`];
  if (shape === "int")
    return Number.isInteger(value) ? intFaults(where, value as number, field) : [`${where}: no int`];
  if (shape === "bool") return typeof value === "boolean" ? [] : [`${where}: no bool`];
  if (shape !== "strings" && !Array.isArray(shape)) return fieldFaults(where, value, shape);
  if (!Array.isArray(value)) return [`${where}: no array`];
  const many =
    field.elements !== undefined && value.length > field.elements ? [`${where}: too many elements`] : [];
  if (shape === "strings")
    return [...many, ...(value.every((one) => typeof one === "string") ? [] : [`${where}: no strings`])];
  return [...many, ...value.flatMap((one, at) => fieldFaults(`${where}[${at}]`, one, shape[0]))];
}

function textFaults(where: string, value: string, field: Field): string[] {
  const faults: string[] = [];
  if (field.bytes !== undefined && Buffer.byteLength(value) > field.bytes) faults.push("too many bytes");
  if (field.characters !== undefined && [...value].length > field.characters)
    faults.push("too many characters");
  if (field.oneOf && !field.oneOf.includes(value)) faults.push(`may not be ${value}`);
  if (field.pattern && !field.pattern.test(value)) faults.push(`may not look like ${value}`);
  if (field.needed && field.oneOf === undefined && value === "" && where.startsWith("request"))
    faults.push("empty");
  return faults.map((fault) => `${where}: ${fault}`);
}

function intFaults(where: string, value: number, field: Field): string[] {
  const [least, most] = field.range ?? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  const faults: string[] = [];
  if (value < least || value > most) faults.push(`${value} is out of range`);
  if (field.oneOf && !field.oneOf.includes(value)) faults.push(`may not be ${value}`);
  return faults.map((fault) => `${where}: ${fault}`);
}
