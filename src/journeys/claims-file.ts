// The forbidden claims as HQ edits them: a YAML file of categories, each a name, a reason, terms and exceptions.
import { readFileSync } from "node:fs";
import { type Fault, Refusal } from "../kernel/refusals.js";
import { type ClaimCategory, type ClaimsCheck, claimsCheck } from "./claims.js";
import { YamlFile, type YamlMap } from "./yaml-reader.js";

/** The check by a list on disk. Raises a Refusal that lists every fault of the list. */
export function loadClaims(path: string): ClaimsCheck {
  return claimsCheck(readClaims(path));
}

/** The categories of a list on disk. Raises as `loadClaims`. */
export function readClaims(path: string): ClaimCategory[] {
  return parseClaims(path, readFileSync(path, "utf8"));
}

/** Reads the file's text. Raises one Refusal that lists every fault with its line. */
export function parseClaims(name: string, text: string): ClaimCategory[] {
  const file = new YamlFile(name, text);
  const categories = file.top?.keys().map((key) => categoryOf(key, file.top?.map(key))) ?? [];
  const faults: Fault[] = file.faults;
  if (faults.length > 0)
    throw new Refusal("invalid", `The list of forbidden claims ${name} is not right.`, faults);
  return categories;
}

function categoryOf(key: string, map: YamlMap | undefined): ClaimCategory {
  map?.only(["name", "reason", "terms", "except"]);
  const text = (field: string) => map?.text(field, { expected: "a text", required: true }) ?? "";
  const terms = map?.texts("terms") ?? [];
  if (map && !map.has("terms")) map.fault(null, "terms: a list of texts");
  return { key, name: text("name"), reason: text("reason"), terms, except: map?.texts("except") ?? [] };
}
