// An audience alone in a file: the rule as a journey says it, in YAML or JSON.
import { Refusal } from "../kernel/refusals.js";
import type { Audience } from "./audience.js";
import { checkAudience } from "./audience-schema.js";
import { YamlFile } from "./yaml-reader.js";

/** Reads a file's text. Raises one Refusal with every fault's line and what was expected. */
export function parseAudience(name: string, text: string): Audience {
  const file = new YamlFile(name, text);
  const audience = file.top?.checked(null, checkAudience);
  if (audience && file.faults.length === 0) return audience;
  throw new Refusal("invalid", "人群规则不对。", file.faults);
}
