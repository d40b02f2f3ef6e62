// A journey as a YAML text that goes out of the house and comes back the same: all words inside it.
import { parse, stringify } from "yaml";
import { dataOf, type JourneyData, keptIn, keptSource } from "./draft-data.js";
import type { JourneySource } from "./file.js";
import type { JourneySpec } from "./spec.js";

/** A published version as YAML: the file it came from, with its comments, where that says all by itself. */
export function versionYaml(source: string, spec: Pick<JourneySpec, "touchpoints">): string {
  const isData = source.trimStart().startsWith("{");
  const namesFiles = /:\s*["']?[^\s"']+\.hbs["']?\s*$/m.test(source);
  return isData || namesFiles ? dataYaml(dataOf(source, spec)) : source;
}

/** A draft as YAML. */
export function dataYaml(data: JourneyData): string {
  return stringify(data, { lineWidth: 0 });
}

/** The digests of kept files that a YAML text names; none of a text that cannot be read. */
export function keptInYaml(text: string): string[] {
  try {
    return keptIn((parse(text) ?? {}) as JourneyData);
  } catch {
    return [];
  }
}

/** A YAML text as a source whose faults name its lines; `files` has the bytes of what it calls kept, by digest. */
export function yamlSource(name: string, text: string, files: ReadonlyMap<string, Buffer>): JourneySource {
  return { ...keptSource(files), name, text };
}
