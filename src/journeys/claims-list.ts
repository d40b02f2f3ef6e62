// HQ's list of forbidden claims: in the database with the file's terms in it, read anew before words are judged, changed by hand.
import { recordChange } from "../identity/audit.js";
import { insertRows } from "../infra/batches.js";
import type { Sql, Store } from "../infra/store.js";
import { type Fault, Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { type ClaimCategory, type ClaimHit, type ClaimsCheck, claimsCheck } from "./claims.js";

/** A term is forbidden wherever it stands; an exception is a longer phrase that holds one and is fine. */
export const CLAIM_KINDS = ["term", "except"] as const;
export type ClaimKind = (typeof CLAIM_KINDS)[number];

/** One line of the list. */
export interface ClaimPhrase {
  category: string;
  kind: ClaimKind;
  phrase: string;
}

/** For what no law forbids but the brand does not want said. */
const OWN = { key: "own", name: "本品牌不用的说法", reason: "总部规定不对客户这样说", terms: [], except: [] };

const LONGEST = 60;
/** Lines of one category and kind: each is looked for in every text. */
const MOST = 500;

interface ClaimsListDeps {
  store: Store;
  world: Pick<World, "now">;
  /** the categories with what they begin with (config/forbidden-claims.yaml) */
  seeds: readonly ClaimCategory[];
}

export type ClaimsList = ReturnType<typeof claimsList>;

/** The list's service. A change holds from the next check on, in every process. */
export function claimsList(deps: ClaimsListDeps) {
  const categories = [...deps.seeds, OWN];
  const seed = seeding(deps);
  let ready = { key: "", check: claimsCheck(categories) };

  async function list(): Promise<ClaimCategory[]> {
    await seed();
    const rows = await deps.store.read.rows<ClaimPhrase>(
      "SELECT category, kind, phrase FROM claim_term WHERE removed = 0 ORDER BY category, kind, id",
    );
    const of = (category: string, kind: ClaimKind) =>
      rows.flatMap((row) => (row.category === category && row.kind === kind ? row.phrase : []));
    return categories.map(({ key, name, reason }) => ({
      ...{ key, name, reason, terms: of(key, "term"), except: of(key, "except") },
    }));
  }

  async function fresh(): Promise<void> {
    const now = await list();
    const key = JSON.stringify(now);
    if (ready.key !== key) ready = { key, check: claimsCheck(now) };
  }

  async function change(given: unknown, by: string, removed: 0 | 1): Promise<boolean> {
    const phrase = phraseOf(given, categories);
    await seed();
    const changed = await deps.store.write((sql) => put(sql, phrase, { removed, by, at: deps.world.now() }));
    await fresh();
    return changed;
  }

  const judge = (text: string): ClaimHit[] => ready.check(text);
  const check: ClaimsCheck = Object.assign(judge, { fresh });
  return {
    check,
    /** Every category with its terms and exceptions. */
    list,
    /** Adds a phrase; false when it was there. Raises `invalid`. */
    add: (phrase: unknown, by: string) => change(phrase, by, 0),
    /** Takes a phrase out; false when it was out. Raises `invalid`, `not_found`. */
    remove: (phrase: unknown, by: string) => change(phrase, by, 1),
  };
}

/** Puts the file's terms into the database, once a process: those HQ took out stay out. */
function seeding({ store, world, seeds }: ClaimsListDeps): () => Promise<void> {
  let seeded: Promise<void> | undefined;
  const idOf = ({ category, kind, phrase }: ClaimPhrase) => JSON.stringify([category, kind, phrase]);
  const seed = async () => {
    const rows = await store.read.rows<ClaimPhrase>("SELECT category, kind, phrase FROM claim_term");
    const known = new Set(rows.map(idOf));
    const missing = seeds.flatMap(phrasesOf).filter((one) => !known.has(idOf(one)));
    if (missing.length === 0) return;
    const stamp = ["system", world.now()];
    const head = "INTO claim_term (category, kind, phrase, changed_by, changed_at)";
    const values = missing.map(({ category, kind, phrase }) => [category, kind, phrase, ...stamp]);
    await store.write((sql) => insertRows(sql, `${sql.dialect.insertIgnore} ${head}`, values));
  };
  return () => {
    seeded ??= seed().catch((error: unknown) => {
      seeded = undefined;
      throw error;
    });
    return seeded;
  };
}

function phrasesOf({ key, terms, except }: ClaimCategory): ClaimPhrase[] {
  const of = (kind: ClaimKind, phrases: readonly string[]) =>
    phrases.map((phrase) => ({ category: key, kind, phrase }));
  return [...of("term", terms), ...of("except", except)];
}

async function put(
  sql: Sql,
  phrase: ClaimPhrase,
  { removed, by, at }: { removed: 0 | 1; by: string; at: number },
): Promise<boolean> {
  const key = [phrase.category, phrase.kind, phrase.phrase];
  const here = "category = ? AND kind = ? AND phrase = ?";
  const there = await sql.row<{ removed: number }>(
    `SELECT removed FROM claim_term WHERE ${here}${sql.dialect.forUpdate}`,
    key,
  );
  if (removed === 1 && !there) throw new Refusal("not_found", `列表里没有「${phrase.phrase}」。`);
  if (there?.removed === removed) return false;
  if (removed === 0) await refuseTooMany(sql, phrase);
  if (there)
    await sql.run(`UPDATE claim_term SET removed = ?, changed_by = ?, changed_at = ? WHERE ${here}`, [
      ...[removed, by, at, ...key],
    ]);
  else
    await sql.run(
      "INSERT INTO claim_term (category, kind, phrase, changed_by, changed_at) VALUES (?, ?, ?, ?, ?)",
      [...key, by, at],
    );
  const action = removed === 1 ? "claims.remove" : "claims.add";
  const said = removed === 1 ? { before: phrase } : { after: phrase };
  await recordChange(sql, { at, by, action, subject: `claims:${phrase.category}`, ...said });
  return true;
}

async function refuseTooMany(sql: Sql, { category, kind }: ClaimPhrase): Promise<void> {
  const there = await sql.row<{ n: number }>(
    "SELECT COUNT(*) AS n FROM claim_term WHERE category = ? AND kind = ? AND removed = 0",
    [category, kind],
  );
  if (Number(there?.n ?? 0) >= MOST)
    throw new Refusal("invalid", `一个类别最多 ${MOST} 条。`, [
      { where: "phrase", expected: `at most ${MOST} phrases of a kind` },
    ]);
}

/** A phrase as somebody wrote it, checked. */
function phraseOf(given: unknown, categories: readonly ClaimCategory[]): ClaimPhrase {
  const { category, kind, phrase } = (given ?? {}) as Partial<Record<keyof ClaimPhrase, unknown>>;
  const text = typeof phrase === "string" ? phrase.trim() : "";
  const found = categories.find(({ key }) => key === category);
  const fits = CLAIM_KINDS.find((one) => one === kind);
  // one letter alone would forbid half the language, and a gap needs both its ends
  const letters = [...text.replaceAll("…", "")].filter((letter) => /[\p{L}\p{N}%]/u.test(letter));
  const isGood = letters.length >= 2 && text.length <= LONGEST && !/[\n\r]|^…|…$/.test(text);
  if (found && fits && isGood) return { category: found.key, kind: fits, phrase: text };
  const faults: Fault[] = [
    ...(found
      ? []
      : [
          { where: "类别", value: String(category), expected: categories.map(({ name }) => name).join("、") },
        ]),
    ...(fits ? [] : [{ where: "kind", value: String(kind), expected: CLAIM_KINDS.join(", ") }]),
    ...(isGood
      ? []
      : [
          {
            where: "说法",
            value: text.slice(0, LONGEST),
            expected: `一行 2 至 ${LONGEST} 个字，不以 … 开头或结尾`,
          },
        ]),
  ];
  throw new Refusal("invalid", "这个说法不能加进列表。", faults);
}
