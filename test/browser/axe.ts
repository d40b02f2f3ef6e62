// Whether a page can be used by everybody: axe-core run inside it, and what it finds serious, named.
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** One kind of fault, as axe tells it. */
interface Finding {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: string[]; html: string; failureSummary?: string }[];
}

/** Fails when the page as it stands has a serious or critical fault, naming the fault and the places that have it. */
export async function expectAccessible(page: Page): Promise<void> {
  expect({ page: new URL(page.url()).pathname, serious: await seriousFaults(page) }).toEqual({
    page: new URL(page.url()).pathname,
    serious: [],
  });
}

/** The serious and critical faults of the page as it stands, each with the places that have it. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // a script of ours would be stopped by the pages' own policy: the browser is told to run it
  const isThere = await page.evaluate("typeof window.axe === 'object'");
  if (!isThere) await page.evaluate(await source());
  const found = (await page.evaluate(
    "window.axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)",
  )) as Finding[];
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, html }) => `${id} (${help}): ${target.join(" ")} ${html.slice(0, 160)}`),
    );
}

let text: Promise<string> | undefined;

function source(): Promise<string> {
  text ??= import("node:fs/promises").then(({ readFile }) => readFile(AXE, "utf8"));
  return text;
}
