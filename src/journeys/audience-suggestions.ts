// What of the brand's own words an audience may ask for: sources, levels, brands, tags, regions, to choose from.
import type { Store } from "../infra/store.js";
import type { World } from "../kernel/world.js";
import { loadTree } from "../org/queries.js";
import type { ListField } from "./audience.js";
import { tagRules } from "./tag-rules.js";

export type AudienceSuggestions = Partial<Record<ListField, readonly string[]>>;

/** Customers looked at: words that none of so many has are typed. */
const SAMPLE = 20_000;
const MOST = 24;
/** They change with the brand, not with the hour; in milliseconds. */
const KEPT = 10 * 60_000;

/** Gives them, remembered for a while. */
export function audienceSuggestions({ store, world }: { store: Store; world: Pick<World, "now"> }) {
  let kept: { until: number; found: Promise<AudienceSuggestions> } | undefined;
  return (): Promise<AudienceSuggestions> => {
    const now = world.now();
    if (!kept || kept.until <= now) {
      const found = read(store);
      kept = { until: now + KEPT, found };
      found.catch(() => (kept = undefined));
    }
    return kept.found;
  };
}

interface Said {
  source: string | null;
  level: string | null;
  brand: string | null;
}

async function read({ read: sql }: Store): Promise<AudienceSuggestions> {
  const said = await sql.rows<Said>(
    `SELECT DISTINCT source, level, brand_preference AS brand FROM
       (SELECT source, level, brand_preference FROM customer ORDER BY id DESC LIMIT ${SAMPLE}) latest`,
  );
  const tags = await sql.rows<{ name: string }>(
    `SELECT DISTINCT name FROM (SELECT name FROM customer_tag LIMIT ${SAMPLE}) given`,
  );
  const tree = await loadTree(sql);
  const rules = (await tagRules(sql)).map(({ name }) => name);
  const of = (key: keyof Said) => few(said.flatMap((row) => row[key] ?? []));
  return {
    ...{ source: of("source"), level: of("level"), brand_preference: of("brand") },
    tag: few([...rules, ...tags.map(({ name }) => name)]),
    region: few(tree.nodes.filter(({ depth }) => depth <= 2).map(({ name }) => name)),
  };
}

function few(values: readonly string[]): string[] {
  return [...new Set(values.filter((value) => value.trim() !== ""))].slice(0, MOST);
}
