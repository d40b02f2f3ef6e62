// Settings for tests: the defaults, with embedded files in a folder of their own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../src/infra/config.js";

/** The defaults as a tree for `parseConfig`, quiet and without any service. */
export function settings(folder: string): Record<string, unknown> {
  const defaults = parse(readFileSync(join(projectRoot, "config/default.yaml"), "utf8")) as Record<
    string,
    unknown
  >;
  return { ...defaults, data_dir: folder, log_level: "silent", port: 0, demo: "off" };
}
