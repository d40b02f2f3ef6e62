// The journeys that come with the product, to begin one's own with.
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { dataOf, type JourneyData } from "./draft-data.js";
import type { DraftService } from "./drafts.js";
import { journeySource } from "./folder.js";

/** A template: where it is, what it is called, how much there is in it. */
export interface JourneyTemplate {
  key: string;
  name: string;
  touchpoints: number;
}

/** The templates of a folder, without those that are live from the start anyway. */
export function journeyTemplates(folder: string, builtIn: readonly string[]): JourneyTemplate[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml") && !builtIn.includes(basename(file, ".yaml")))
    .sort()
    .map((file) => {
      const data = parse(journeySource(join(folder, file)).text) as JourneyData;
      const touchpoints = Array.isArray(data.touchpoints) ? data.touchpoints.length : 0;
      return { key: basename(file, ".yaml"), name: String(data.name), touchpoints };
    });
}

/** A template as data, whole in itself, under another key and name. */
export async function templateData(
  { readFile }: Pick<DraftService, "readFile">,
  path: string,
  as: { key: string; name: string },
): Promise<JourneyData> {
  const { spec, source: text } = await readFile(journeySource(path));
  return { ...dataOf(text, spec), ...as };
}
