// What the sandbox answers: errcode in a 200, as WeCom does, and readers of request fields that answer wrong ones.

/** An answer with a number other than 0. */
export class ApiError extends Error {
  constructor(
    readonly errcode: number,
    errmsg: string,
  ) {
    super(errmsg);
    this.name = "ApiError";
  }
}

export type Fields = Record<string, unknown>;

/** One call of the API. */
export interface ApiRequest {
  query: Record<string, string>;
  body: Fields;
  /** the field `media` of a multipart body */
  file?: { name: string; bytes: Buffer } | undefined;
  /** how the caller reached us, http://HOST */
  origin: string;
}

/** How one path answers; throws ApiError. */
export interface Endpoint {
  method: "GET" | "POST";
  handle(request: ApiRequest): Fields;
}

/** The endpoints of a part of the API, by path after /cgi-bin/. */
export type Endpoints = Record<string, Endpoint>;

/** A text; "" when absent. 40058 when it is something else. */
export function textField(fields: Fields, name: string): string {
  const value = fields[name] ?? "";
  if (typeof value !== "string") throw new ApiError(40058, `${name} must be a string`);
  return value;
}

/** A text that must be there. 40063 when it is empty. */
export function neededText(fields: Fields, name: string): string {
  const value = textField(fields, name);
  if (value === "") throw new ApiError(40063, `${name} is empty`);
  return value;
}

/** An integer; undefined when absent. 40058 when it is something else. */
export function intField(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value))
    throw new ApiError(40058, `${name} must be an int`);
  return value;
}

/** A list of texts; empty when absent. 40058 when it is something else or longer than `most`. */
export function textsField(fields: Fields, name: string, most: number): string[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value) || value.some((one) => typeof one !== "string")) {
    throw new ApiError(40058, `${name} must be an array of strings`);
  }
  if (value.length > most) throw new ApiError(40058, `${name} has more than ${most} elements`);
  return value as string[];
}

/** An object; undefined when absent. 40058 when it is something else. */
export function objectField(fields: Fields, name: string): Fields | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value))
    throw new ApiError(40058, `${name} must be an object`);
  return value as Fields;
}

/** A list of objects; empty when absent. 40058 when it is something else. */
export function objectsField(fields: Fields, name: string): Fields[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value) || value.some((one) => typeof one !== "object" || one === null)) {
    throw new ApiError(40058, `${name} must be an array of objects`);
  }
  return value as Fields[];
}

/** How many rows a page has: `limit`, the default when absent or above the maximum. */
export function pageSize(fields: Fields, usual: number, most: number): number {
  const limit = intField(fields, "limit") ?? usual;
  return limit >= 1 && limit <= most ? limit : usual;
}

/** Where a page begins: after this number. 50100 for a cursor that is none of ours. */
export function cursorField(fields: Fields): number {
  const cursor = textField(fields, "cursor");
  if (cursor === "") return 0;
  const after = Buffer.from(cursor, "base64url").toString("latin1");
  if (!/^\d{1,15}$/.test(after)) throw new ApiError(50100, "bad cursor");
  return Number(after);
}

/** The cursor of the page after this number; "" when there is none. */
export function cursorAfter(number: number | undefined): string {
  return number === undefined ? "" : Buffer.from(String(number), "latin1").toString("base64url");
}
