// Variants, their experiment and hold-outs as a journey's file says them.
import {
  type ExperimentPlan,
  HOLD_OUT_LIMITS,
  PLAN_LIMITS,
  USUAL_PLAN,
  type Variant,
} from "./experiments.js";
import type { TouchpointSpec } from "./spec.js";
import type { YamlMap } from "./yaml-reader.js";

/** The keys of a touchpoint that are read here. */
export const EXPERIMENT_KEYS = ["variants", "experiment", "hold_out"];

/** Reads the words of a map with all their checks; undefined when there are none or they are at fault. */
type ReadWords = (map: YamlMap) => { source: string; variables: string[] } | undefined;

const VARIANT_KEY = { pattern: /^[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff-]{0,31}$/ };
const EXPECTED_KEY = "a name of 1 to 32 letters, digits, Chinese characters and -";
/** As many variants as can be told apart in one list, and more than ever reach an answer. */
const MOST_VARIANTS = 6;

/** A touchpoint's variants, and the variables any of them names; undefined when it has none. */
export function readVariants(
  touchpoint: YamlMap,
  readWords: ReadWords,
): { variants: Variant[]; variables: string[] } | undefined {
  if (!touchpoint.has("variants")) return undefined;
  if (touchpoint.has("words")) touchpoint.fault("words", "either words or variants, not both");
  const entries = touchpoint.maps("variants") ?? [];
  const variables: string[] = [];
  const variants = entries.map((map) => {
    map.only(["key", "share", "words"]);
    if (!map.has("words")) map.fault(null, "words: a text or a path ending in .hbs");
    const words = readWords(map);
    variables.push(...(words?.variables ?? []));
    if (!map.has("share")) map.fault(null, "share: percent of the customers who take part");
    return {
      key: map.text("key", { ...VARIANT_KEY, expected: EXPECTED_KEY, required: true }) ?? "",
      share: map.whole("share", 1, 99) ?? 0,
      words: words?.source ?? "",
    };
  });
  for (const [at, map] of entries.entries())
    if (variants.findIndex(({ key }) => key === variants[at]?.key) < at)
      map.fault("key", "a key no other variant of the touchpoint has");
  const isRead = variants.every(({ key, share }) => key !== "" && share > 0);
  const sum = variants.reduce((all, { share }) => all + share, 0);
  if (variants.length > 0 && (variants.length < 2 || variants.length > MOST_VARIANTS))
    touchpoint.fault("variants", `2 to ${MOST_VARIANTS} variants`);
  else if (isRead && sum !== 100) touchpoint.fault("variants", `shares that make 100 together, not ${sum}`);
  return { variants, variables };
}

/** What a touchpoint says of its experiment and its own hold-out, absent where it says nothing. */
export function readExperiment(touchpoint: YamlMap): Pick<TouchpointSpec, "experiment" | "holdOut"> {
  const holdOut = readHoldOut(touchpoint);
  const map = touchpoint.map("experiment");
  if (map && !touchpoint.has("variants")) touchpoint.fault("experiment", "variants: to compare");
  return { ...(map ? { experiment: readPlan(map) } : {}), ...(holdOut ? { holdOut } : {}) };
}

/** Percent held out of a touchpoint or a whole journey; undefined: none. */
export function readHoldOut(map: YamlMap): number | undefined {
  return map.whole("hold_out", HOLD_OUT_LIMITS[0], HOLD_OUT_LIMITS[1]);
}

function readPlan(map: YamlMap): ExperimentPlan {
  map.only(Object.keys(PLAN_LIMITS));
  const read = (key: keyof typeof PLAN_LIMITS) => map.whole(key, PLAN_LIMITS[key][0], PLAN_LIMITS[key][1]);
  const detect = read("detect");
  return {
    pilot: read("pilot") ?? USUAL_PLAN.pilot,
    days: read("days") ?? USUAL_PLAN.days,
    looks: read("looks") ?? USUAL_PLAN.looks,
    ...(detect === undefined ? {} : { detect }),
  };
}
