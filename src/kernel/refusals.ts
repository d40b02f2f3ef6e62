// What the product says no to, in words for the person who asked; http.ts alone knows their status codes.

/** The kinds of no. `fault` is none of them: an unknown error is a fault, logged whole and shown as nothing. */
export type RefusalKind =
  | "invalid" // what was asked for cannot be: `faults` says where and what was expected
  | "not_found"
  | "not_signed_in"
  | "forbidden"
  | "conflict" // true a moment ago, no longer
  | "too_many" // asked too often
  | "unsupported"; // the channel or file cannot do this

/** One thing wrong with an input: where it stands, what it is, what was expected. */
export interface Fault {
  /** file, path or field, as precise as known */
  where: string;
  /** 1-based line or row in `where`, when there is one */
  line?: number;
  /** 1-based column in that line, when it helps to find the place */
  column?: number;
  /** the name of that column or field */
  field?: string;
  value?: string;
  expected: string;
}

/** A clear no. The message is a whole sentence for the reader; faults list every cause. */
export class Refusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    message: string,
    readonly faults: readonly Fault[] = [],
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** One fault as a line of text: `customers.csv line 12, joined_on "2026-13-01": expected a date YYYY-MM-DD`. */
export function sayFault(fault: Fault): string {
  const line = fault.line === undefined ? "" : ` line ${fault.line}`;
  const column = fault.column === undefined ? "" : ` column ${fault.column}`;
  const place = `${fault.where}${line}${column}`;
  const what = [fault.field, fault.value === undefined ? undefined : JSON.stringify(fault.value)].filter(
    (part) => part !== undefined,
  );
  return `${[place, ...(what.length > 0 ? [what.join(" ")] : [])].join(", ")}: expected ${fault.expected}`;
}
