// What an audience may say, as a check of plain data: the same for files, the command line and the API.
import { z } from "zod";
import { BUYING_STAGES, CHILD_STAGES, HABITS } from "../customers/stages.js";
import { Refusal } from "../kernel/refusals.js";
import { type Audience, LIST_FIELDS, RANGE_FIELDS } from "./audience.js";
import { ASKABLE } from "./words.js";

/** One thing wrong with a value: where inside it, and what was expected. */
export interface ValueFault {
  path: (string | number)[];
  /** the key itself is wrong, not what stands after it */
  isKey: boolean;
  expected: string;
}

/** How deep rules may stand inside rules. */
const DEEPEST = 8;
const RULE = "key: value pairs";
const KEYS = [...LIST_FIELDS, ...RANGE_FIELDS, "all", "any", "not"];

/** A list, or one value alone, without repetition and in order. */
function list<T extends string>(one: z.ZodType<T>, expected: string) {
  const values = z.array(one, { error: expected }).min(1, expected).max(500, "at most 500 values");
  return z.preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    values.transform((all) => [...new Set(all)].sort()),
  );
}

const TEXTS = "a list of texts, [a, b]";
const texts = list(
  z.string({ error: TEXTS }).refine((text) => text.trim() !== "", TEXTS),
  TEXTS,
);

function among<T extends string>(words: readonly T[]) {
  const expected = `one or more of ${words.join(", ")}`;
  return list(z.enum(words, { error: expected }), expected);
}

function range(number: z.ZodType<number>) {
  return z
    .strictObject({ at_least: number.optional(), at_most: number.optional() }, { error: bounds })
    .refine(({ at_least, at_most }) => at_least !== undefined || at_most !== undefined, BOUNDS)
    .refine(
      ({ at_least = 0, at_most = Number.POSITIVE_INFINITY }) => at_least <= at_most,
      "at_least no larger than at_most",
    );
}

const BOUNDS = "at_least: and at_most:, or one of them";
const bounds = (issue: { code?: string }) =>
  issue.code === "unrecognized_keys" ? "one of the keys at_least, at_most" : BOUNDS;

const WHOLE = "a whole number from 0 to 1000000";
const whole = z.int({ error: WHOLE }).min(0, WHOLE).max(1_000_000, WHOLE);
const YUAN = "an amount in yuan from 0 to 1000000000, with at most two decimals";
const yuan = z
  .number({ error: YUAN })
  .refine((n) => n >= 0 && n <= 1e9 && Math.abs(n * 100 - Math.round(n * 100)) < 1e-6, YUAN);

/** The shape of an audience, for the API's description too. It does not look how deep rules stand inside each other. */
export const audienceShape: z.ZodType<Audience> = z.strictObject(
  {
    ...{ source: texts.optional(), level: texts.optional(), brand_preference: texts.optional() },
    ...{ tag: texts.optional(), region: texts.optional(), store: texts.optional() },
    ...{ child_stage: among(CHILD_STAGES).optional(), buying_stage: among(BUYING_STAGES).optional() },
    ...{ habit: among(HABITS).optional(), lacks: among(Object.keys(ASKABLE)).optional() },
    ...{ orders: range(whole).optional(), amount: range(yuan).optional() },
    ...{ last_order_days: range(whole).optional(), joined_days: range(whole).optional() },
    ...{ all: rules().optional(), any: rules().optional(), not: z.lazy(inner).optional() },
  },
  { error: (issue) => (issue.code === "unrecognized_keys" ? `one of the keys ${KEYS.join(", ")}` : RULE) },
) as z.ZodType<Audience>;

function inner(): z.ZodType<Audience> {
  return audienceShape.refine((rule) => Object.keys(rule).length > 0, {
    error: "a condition",
    // what is wrong inside has been said
    when: ({ issues }) => issues.length === 0,
  });
}

function rules() {
  const expected = "a list of rules";
  return z.array(z.lazy(inner), { error: expected }).min(1, expected).max(50, "at most 50 rules");
}

/** An audience of plain data in its stored form (lists sorted, without repetition), or all that is wrong with it. */
export function checkAudience(value: unknown): { value: Audience } | { faults: ValueFault[] } {
  const abyss = tooDeep(value, []);
  if (abyss) return { faults: [{ path: abyss, isKey: false, expected: TOO_DEEP }] };
  const parsed = audienceShape.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const faults = parsed.error.issues.flatMap(faultsOf);
  return { faults: faults.map((fault) => ({ ...fault, path: asWritten(value, fault.path) })) };
}

/** The same, for data that came from a service or a person. Raises `invalid` with every fault, by its path. */
export function readAudience(value: unknown, where = "audience"): Audience {
  const checked = checkAudience(value);
  if ("value" in checked) return checked.value;
  const faults = checked.faults.map(({ path, isKey, expected }) => {
    const wrong = isKey ? undefined : valueAt(value, path);
    return {
      where: path.reduce<string>(
        (place, step) => place + (typeof step === "number" ? `[${step}]` : `.${step}`),
        where,
      ),
      ...(typeof wrong === "string" || typeof wrong === "number" ? { value: String(wrong) } : {}),
      expected,
    };
  });
  throw new Refusal("invalid", "人群规则不对。", faults);
}

const TOO_DEEP = `at most ${DEEPEST} rules inside each other`;

/** The first place with too many rules around it; undefined where there is none. */
function tooDeep(value: unknown, path: (string | number)[], deep = 1): (string | number)[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (deep > DEEPEST) return path;
  for (const key of ["all", "any", "not"] as const) {
    const inside = (value as Record<string, unknown>)[key];
    const rules = Array.isArray(inside) ? inside : [inside];
    for (const [index, one] of rules.entries()) {
      const at = Array.isArray(inside) ? [...path, key, index] : [...path, key];
      const found = tooDeep(one, at, deep + 1);
      if (found) return found;
    }
  }
  return undefined;
}

/** A path as far as it leads: one value alone, taken for a list of one, has no places inside. */
function asWritten(value: unknown, path: ValueFault["path"]): ValueFault["path"] {
  const end = path.findIndex((_, at) => typeof valueAt(value, path.slice(0, at)) === "string");
  return end < 0 ? path : path.slice(0, end);
}

function valueAt(value: unknown, path: ValueFault["path"]): unknown {
  return path.reduce<unknown>(
    (inside, step) => (inside as Record<string, unknown> | undefined)?.[step],
    value,
  );
}

function faultsOf(issue: z.core.$ZodIssue): ValueFault[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code !== "unrecognized_keys") return [{ path, isKey: false, expected: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], isKey: true, expected: issue.message }));
}
