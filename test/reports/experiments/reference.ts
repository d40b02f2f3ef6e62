// Published figures kept beside the project, read where they are there; they are nobody's to copy.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../support/sources.js";

const shared = join(root, "../shared/data");

/** A reference file's text, or undefined where the folder is not there. */
export function referenceText(...path: string[]): string | undefined {
  const file = join(shared, ...path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** `describe` where the reference is there, else one skipped suite that says what is missing. */
export function describeWith(name: string, text: string | undefined): jest.Describe {
  if (text !== undefined) return describe;
  return ((title: string, tests: () => void) =>
    describe.skip(`${title} (no ../shared/data/${name} here)`, tests)) as jest.Describe;
}
