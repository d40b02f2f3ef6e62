// What is different between two plain values, place by place, in words short enough for a line.

/** One place that is not the same. Undefined: there was, or is, nothing. */
export interface Difference {
  /** touchpoints.day3.words */
  path: string;
  before: string | undefined;
  after: string | undefined;
}

/** Every place that differs, in the order of the places. Members of a list are told apart by their key or id where
 *  they have one, so that one put in front does not make all others differ; lists of plain values are one place. */
export function differences(before: object | undefined, after: object | undefined): Difference[] {
  const [was, is] = [placesOf(before), placesOf(after)];
  const paths = [...was.keys(), ...[...is.keys()].filter((path) => !was.has(path))];
  return paths
    .map((path) => ({ path, before: was.get(path), after: is.get(path) }))
    .filter((place) => place.before !== place.after);
}

/** Two large values as no more than what differs between them, place by place: `{ "touchpoints.day3.words": … }`. */
export function changedParts(
  before: object | undefined,
  after: object | undefined,
): { before: object | undefined; after: object | undefined } {
  if (!before || !after) return { before, after };
  const places = differences(before, after);
  const side = (which: "before" | "after") =>
    Object.fromEntries(
      places.flatMap((place) => (place[which] === undefined ? [] : [[place.path, place[which]]])),
    );
  return { before: side("before"), after: side("after") };
}

function placesOf(value: object | undefined): Map<string, string> {
  const places = new Map<string, string>();
  if (value !== undefined) collect(value, "", places);
  return places;
}

function collect(value: unknown, path: string, places: Map<string, string>): void {
  if (value === undefined || value === null) return;
  if (typeof value !== "object") {
    places.set(path, String(value));
    return;
  }
  if (Array.isArray(value) && value.every(isPlain)) {
    if (value.length > 0) places.set(path, listed(value.map(String)));
    return;
  }
  const members = Array.isArray(value)
    ? value.map((inner, i) => [nameOf(inner, i), inner] as const)
    : Object.entries(value);
  for (const [name, inner] of members) collect(inner, path === "" ? name : `${path}.${name}`, places);
}

/** Words in one line; whole sentences each on its own, so that each is read by itself. */
function listed(values: readonly string[]): string {
  return values.join(values.some((value) => /[：，。]/.test(value)) ? "；\n" : "、");
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value !== "object";
}

/** How a member of a list is known: by its own key or id, else by its place, counted from 1. */
function nameOf(member: unknown, index: number): string {
  const { key, id } = (member ?? {}) as { key?: unknown; id?: unknown };
  const own = key ?? id;
  return typeof own === "string" || typeof own === "number" ? String(own) : String(index + 1);
}
