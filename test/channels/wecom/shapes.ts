// How a documented field is written down: its shape and its limits.

export type Shape = "string" | "int" | "bool" | "strings" | Table | [Table];

export interface Field {
  shape: Shape;
  needed?: true;
  /** at most so many UTF-8 bytes, characters, or elements */
  bytes?: number;
  characters?: number;
  elements?: number;
  oneOf?: readonly (string | number)[];
  pattern?: RegExp;
  /** int: at least, at most */
  range?: readonly [number, number];
}

export interface Table {
  [field: string]: Field;
}

export interface Call {
  method: "GET" | "POST";
  request: Table;
  /** of a POST: what stands in the query besides the token */
  query?: Table;
  answer: Table;
  /** what no single field can say */
  also?: (body: Record<string, unknown>) => string[];
}

/** A table whose fields are of no interest here. */
export const anything: Table = {};
