// A package's style sheet without the parts that no page of ours speaks of: most of it is for other products.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The first words of all names in some pages and scripts: `btn` of `btn-primary`, with whatever else stands there. */
export function familiesIn(folder: string): Set<string> {
  const families = new Set<string>();
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.(hbs|js)$/.test(file),
  );
  for (const file of files)
    for (const [word] of readFileSync(join(folder, file), "utf8").matchAll(/[A-Za-z][A-Za-z0-9_-]*/g))
      families.add(familyOf(word));
  return families;
}

/** The sheet without rules whose classes are all of other families. A family that is named at all stays whole, since
 *  pages put names together; what is no class stays too. */
export function onlyFamilies(css: string, families: ReadonlySet<string>): string {
  return rulesOf(css)
    .map(({ head, body }) => {
      if (body === null) return head;
      if (/^@(media|supports|layer|container)/.test(head)) {
        const inside = onlyFamilies(body, families);
        return inside === "" ? "" : `${head}{${inside}}`;
      }
      if (head.startsWith("@")) return `${head}{${body}}`;
      const kept = selectorsOf(head).filter((selector) => isNamed(selector, families));
      return kept.length === 0 ? "" : `${kept.join(",")}{${body}}`;
    })
    .join("");
}

interface Rule {
  head: string;
  /** null: a statement without one, such as @charset */
  body: string | null;
}

function rulesOf(css: string): Rule[] {
  const rules: Rule[] = [];
  for (let at = 0; at < css.length; ) {
    const opens = css.indexOf("{", at);
    const ends = css.indexOf(";", at);
    if (css[at] === "@" && ends >= 0 && (opens < 0 || ends < opens)) {
      rules.push({ head: css.slice(at, ends + 1), body: null });
      at = ends + 1;
      continue;
    }
    if (opens < 0) {
      rules.push({ head: css.slice(at), body: null });
      break;
    }
    const closes = closingOf(css, opens);
    rules.push({ head: css.slice(at, opens), body: css.slice(opens + 1, closes) });
    at = closes + 1;
  }
  return rules;
}

/** Where the brace that opens at a place is closed. */
function closingOf(css: string, opens: number): number {
  let depth = 0;
  for (let at = opens; at < css.length; at++) {
    if (css[at] === "{") depth++;
    else if (css[at] === "}" && --depth === 0) return at;
  }
  return css.length;
}

/** The selectors of a list; a comma inside brackets parts none. */
function selectorsOf(head: string): string[] {
  const selectors: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < head.length; at++) {
    if (head[at] === "(") depth++;
    else if (head[at] === ")") depth--;
    else if (head[at] === "," && depth === 0) {
      selectors.push(head.slice(from, at));
      from = at + 1;
    }
  }
  return [...selectors, head.slice(from)];
}

function isNamed(selector: string, families: ReadonlySet<string>): boolean {
  const bare = selector.replaceAll(/:not\([^()]*\)/g, "");
  if (bare.includes("(")) return true;
  return [...bare.matchAll(/\.([A-Za-z][A-Za-z0-9_-]*)/g)].every(([, name]) =>
    families.has(familyOf(name ?? "")),
  );
}

function familyOf(name: string): string {
  return name.split("-")[0] ?? name;
}
