// Checks recorded traffic against the documents: requests of the adapter, answers and pushes of the sandbox alike, so
// that the two cannot agree on the same mistake.
import { readXml, textOf } from "../../../src/channels/wecom/xml.js";
import type { Exchange } from "../../../src/sandbox/settings.js";
import { type Call, calls, errcodes, type Field, pushes, type Rule, type Table } from "./documents.js";

type Fields = Record<string, unknown>;

/** Everything in one exchange that the documents do not allow, as "path where: what". */
export function faultsOf(exchange: Exchange): string[] {
  const call = calls[exchange.path];
  if (!call) return [`${exchange.path}: no documented call`];
  return [...requestFaults(exchange, call), ...answerFaults(exchange, call)].map(
    (fault) => `${exchange.path} ${fault}`,
  );
}

/** What the sandbox did wrong: an answer that is none of the documented, or a request taken that they do not allow. */
export function sandboxFaults(exchange: Exchange): string[] {
  const call = calls[exchange.path];
  if (exchange.status === 404 || exchange.fault) return [];
  if (!call) return [`${exchange.path}: no documented call`];
  const taken = (exchange.answer as Fields | undefined)?.errcode === 0;
  const faults = taken ? requestFaults(exchange, call).filter((fault) => !lenient.test(fault)) : [];
  return [...answerFaults(exchange, call), ...faults.map((fault) => `taken though ${fault}`)].map(
    (fault) => `${exchange.path} ${fault}`,
  );
}

/** What the platform takes too: longer words are cut on screen, a page size above the maximum is the usual one. */
const lenient = /characters$|text\.content: too many bytes|request\.limit: |duplicate_check_interval/;

function requestFaults(exchange: Exchange, call: Call): string[] {
  const { access_token: token, ...query } = exchange.query;
  const body = (exchange.body ?? {}) as Fields;
  return [
    ...(exchange.method === call.method ? [] : [`called by ${exchange.method}`]),
    ...(exchange.path === "gettoken" || token ? [] : ["access_token is not in the query"]),
    ...(call.method === "POST" ? fieldFaults("query", query, call.query) : []),
    ...fieldFaults("request", call.method === "GET" ? query : body, call.request),
    ...call.rules.flatMap((rule) => ruleFaults(rule, body)),
  ];
}

function answerFaults(exchange: Exchange, call: Call): string[] {
  if (exchange.answer === undefined || exchange.status !== 200) return [];
  const { errcode, errmsg, ...answer } = exchange.answer as Fields;
  if (!Number.isInteger(errcode) || typeof errmsg !== "string") return ["answer without errcode or errmsg"];
  if (errcode === 0) return fieldFaults("answer", answer, call.answer);
  const documented = errcodes.anywhere.has(Number(errcode)) || call.errcodes.includes(Number(errcode));
  return documented || exchange.fault ? [] : [`answers ${errcode}, which is not documented for it`];
}

/** What a decrypted push holds that the documents do not know. */
export function pushFaults(xml: string): string[] {
  const fields = Object.fromEntries(Object.entries(readXml(xml)).filter(([name]) => name !== "#text"));
  const names = ["ChangeType", "Event", "MsgType"].map((name) => textOf(fields[name]));
  const name = names.find((one) => one in pushes) ?? names.filter(Boolean).join(".");
  const table = pushes[names[1] === "change_external_tag" ? "change_external_tag" : name];
  if (!table) return [`push ${name}: not documented`];
  const read = Object.entries(fields).map(([key, value]) => [
    key,
    table[key]?.kind === "moment" ? Number(value) : value,
  ]);
  return fieldFaults(`push ${name}`, Object.fromEntries(read), table);
}

function fieldFaults(where: string, value: unknown, table: Table): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${where}: not an object`];
  const given = value as Fields;
  const unknown = Object.keys(given).filter((name) => !(name in table));
  return [
    ...unknown.map((name) => `${where}.${name}: not documented`),
    ...Object.entries(table).flatMap(([name, field]) => oneFault(`${where}.${name}`, given[name], field)),
  ];
}

function oneFault(where: string, value: unknown, field: Field): string[] {
  if (value === undefined || value === null) return field.needed ? [`${where}: missing`] : [];
  const many = Array.isArray(value) && field.most !== undefined && value.length > field.most;
  const all = (is: (one: unknown) => boolean): string[] => {
    if (!Array.isArray(value)) return [`${where}: no array`];
    return [
      ...(many ? [`${where}: too many elements`] : []),
      ...(value.every(is) ? [] : [`${where}: wrong elements`]),
    ];
  };
  switch (field.kind) {
    case "any":
      return [];
    case "bool":
      return typeof value === "boolean" ? [] : [`${where}: no bool`];
    case "int":
    case "moment":
      return Number.isInteger(value) ? intFaults(where, value as number, field) : [`${where}: no int`];
    case "number":
      return typeof value === "number" ? [] : [`${where}: no number`];
    case "texts":
      return all((one) => typeof one === "string");
    case "ints":
      return all(Number.isInteger);
    case "object":
      return fieldFaults(where, value, field.fields ?? {});
    case "objects":
      return [
        ...all(() => true),
        ...each(value).flatMap((one, at) => fieldFaults(`${where}[${at}]`, one, field.fields ?? {})),
      ];
    default:
      return typeof value === "string" ? textFaults(where, value, field) : [`${where}: no string`];
  }
}

const shapes: Partial<Record<Field["kind"], RegExp>> = {
  userid: /^[0-9A-Za-z_.\-@]{1,64}$/,
  address: /^https?:\/\//,
};

function textFaults(where: string, value: string, field: Field): string[] {
  const faults: string[] = [];
  if (field.bytes !== undefined && Buffer.byteLength(value) > field.bytes) faults.push("too many bytes");
  if (field.characters !== undefined && [...value].length > field.characters)
    faults.push("too many characters");
  if (field.oneOf && !field.oneOf.includes(value)) faults.push(`may not be ${value}`);
  const pattern = field.pattern ?? shapes[field.kind];
  // an optional text may be empty
  if (pattern && (field.needed || value !== "") && !pattern.test(value))
    faults.push(`may not look like ${value}`);
  if (field.needed && field.oneOf === undefined && value === "" && where.startsWith("request"))
    faults.push("empty");
  return faults.map((fault) => `${where}: ${fault}`);
}

const moments = [1_262_275_200, 4_102_444_800] as const;

function intFaults(where: string, value: number, field: Field): string[] {
  const everything = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const;
  const [least, most] = field.range ?? (field.kind === "moment" ? moments : everything);
  const faults: string[] = [];
  if (value < least || value > most) faults.push(`${value} is out of range`);
  if (field.oneOf && !field.oneOf.includes(value)) faults.push(`may not be ${value}`);
  return faults.map((fault) => `${where}: ${fault}`);
}

function ruleFaults(rule: Rule, body: Fields): string[] {
  const path = rule.at?.split(".") ?? [];
  const parts = path.reduce<unknown[]>(
    (all, name) => all.flatMap((one) => each((one as Fields)[name])),
    [body],
  );
  return parts
    .flatMap((part) => partFaults(rule, part as Fields))
    .map((fault) => `request${rule.at ? `.${rule.at}` : ""}: ${fault}`);
}

function partFaults(rule: Rule, part: Fields): string[] {
  const there = (name: string): boolean =>
    part[name] !== undefined &&
    part[name] !== "" &&
    !(Array.isArray(part[name]) && (part[name] as unknown[]).length === 0);
  if (rule.any_of) return rule.any_of.some(there) ? [] : [`none of ${rule.any_of.join(", ")}`];
  if (rule.named_by) {
    const named = String(part[rule.named_by]);
    return Object.keys(part).sort().join() === [rule.named_by, named].sort().join()
      ? []
      : [`${named} with fields of another`];
  }
  if (rule.span) {
    const [from, to] = rule.span.map((name) => Number(part[name])) as [number, number];
    return to - from > (rule.most ?? 0) ? [`from ${rule.span.join(" to ")} is too long`] : [];
  }
  if (!Object.entries(rule.if ?? {}).every(([name, value]) => part[name] === value)) return [];
  const counted = Object.entries(rule.count ?? {}).filter(
    ([name, count]) => each(part[name]).length !== count,
  );
  return [
    ...(rule.need ?? []).filter((name) => !there(name)).map((name) => `${name} is missing`),
    ...counted.map(([name, count]) => `${name} has not ${count}`),
  ];
}

function each(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}
