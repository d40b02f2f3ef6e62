// What people type into fields: numbers, lists, rows; kept as it is where it is not what was asked for.

/** The fields of a form as they were sent: one text each, several where a name stands several times. */
export type Fields = Readonly<Record<string, unknown>>;

/** A field's text; of several the last, of none "". */
export function textOf(fields: Fields, name: string): string {
  const value = [fields[name]].flat().at(-1);
  return typeof value === "string" ? value : "";
}

/** All texts of a field. */
export function textsOf(fields: Fields, name: string): string[] {
  return [fields[name] ?? []].flat().filter((value) => typeof value === "string");
}

/** The numbers under which rows of a list were sent (`variant.0.key`, `variant.2.key`: 0 and 2), in order. */
export function rowsOf(fields: Fields, list: string): number[] {
  const numbers = Object.keys(fields).flatMap((name) => {
    const rest = name.startsWith(`${list}.`) ? name.slice(list.length + 1) : "";
    const row = /^\d{1,3}(?=\.)/.exec(rest)?.[0];
    return row === undefined ? [] : [Number(row)];
  });
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** A number where it is one, else the text, to be refused where it stands. */
export function number(text: string): number | string {
  return /^-?\d{1,9}(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
}

/** Several values in one field stand apart by 、 or on lines of their own. */
export function split(text: string): string[] {
  return text.split(/[、\r\n]+/).flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
}

/** Line ends as a form sends them are two characters. */
export function lines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
