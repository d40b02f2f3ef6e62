// Publishing from the command line: what changes a journey in force is shown in counts and waits for a yes.
import { type Preview, sayCounts } from "../journeys/publish-counts.js";
import type { Applied, HowToPublish } from "../journeys/service.js";
import { askYes, print, tell } from "./open.js";

export interface PublishOptions {
  yes?: boolean;
  alsoInsideGrace?: boolean;
}

/** Two ways to one version: seen in counts, and published. */
export interface Publishable {
  preview(insideGrace: boolean): Promise<Preview>;
  publish(how: HowToPublish): Promise<Applied>;
}

/** Publishes; what changes a journey in force is shown first and waits for a yes. */
export async function publishSeen(options: PublishOptions, { preview, publish }: Publishable): Promise<void> {
  const { alsoInsideGrace: insideGrace = false } = options;
  let yes = options.yes ?? false;
  if (!yes && process.stdin.isTTY) {
    const { needsYes, counts, lines, warnings } = await preview(insideGrace);
    if (needsYes) {
      tell([sayCounts(counts), ...[...lines, ...warnings].map((line) => `- ${line}`)].join("\n"));
      yes = await askYes("发布吗？");
    }
  }
  const applied = await publish({ yes, by: "system", insideGrace });
  for (const warning of applied.warnings) tell(warning);
  if (!applied.published) print(`没有变化，仍是第 ${applied.version} 版。`);
  else print([`已发布第 ${applied.version} 版`, sayCounts(applied.counts), ...applied.lines].join("\n"));
}
