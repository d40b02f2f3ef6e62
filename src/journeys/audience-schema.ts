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

const rule = (deep: number): z.ZodType<Audience> => {
  const inner = () =>
    deep >= DEEPEST
      ? z.never({ error: `at most ${DEEPEST} rules inside each other` })
      : rule(deep + 1).refine((one) => Object.keys(one).length > 0, "a condition");
  const rules = () =>
    z.lazy(() =>
      z.array(inner(), { error: "a list of rules" }).min(1, "a list of rules").max(50, "at most 50 rules"),
    );
  return z.strictObject(
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
};

/** The shape of an audience, for the API's description too. */
export const audienceShape = rule(1);

/** An audience of plain data in its stored form (lists sorted, without repetition), or all that is wrong with it. */
export function checkAudience(value: unknown): { value: Audience } | { faults: ValueFault[] } {
  const parsed = audienceShape.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  return { faults: parsed.error.issues.flatMap(faultsOf) };
}

/** The same, for data that came from a service or a person. Raises `invalid` with every fault, by its path. */
export function readAudience(value: unknown, where = "audience"): Audience {
  const checked = checkAudience(value);
  if ("value" in checked) return checked.value;
  const faults = checked.faults.map(({ path, expected }) => ({
    where: path.reduce<string>(
      (place, step) => place + (typeof step === "number" ? `[${step}]` : `.${step}`),
      where,
    ),
    expected,
  }));
  throw new Refusal("invalid", "人群规则不对。", faults);
}

function faultsOf(issue: z.core.$ZodIssue): ValueFault[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code !== "unrecognized_keys") return [{ path, isKey: false, expected: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], isKey: true, expected: issue.message }));
}
