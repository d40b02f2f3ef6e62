// HQ's list of phrases: kept in the database with the defaults in it, read before messages are judged, changed by hand.
import { insertRows } from "../infra/batches.js";
import type { Sql, Store } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { DEFAULT_PHRASES } from "./reply-defaults.js";
import {
  type Finding,
  LIST_KINDS,
  type ListKind,
  type Phrase,
  type PhraseRole,
  type ReplyRules,
  ROLES,
  replyRules,
  rolesOf,
} from "./reply-rules.js";

/** What the lists are called. */
export const LIST_NAMES: Readonly<Record<ListKind, string>> = {
  illness: "身体不适",
  complaint: "投诉不满",
  opt_out: "退订",
  leave_alone: "不想被打扰",
  every: "所有类别",
  automatic: "系统自动消息",
};

/** What the roles are called. */
export const ROLE_NAMES: Readonly<Record<PhraseRole, string>> = {
  any: "话里有它",
  whole: "整句就是它",
  before: "前面紧挨着它就不算",
  unless: "话里有它就不算",
};

/** What a sentence would do, for whoever tries the list. */
export interface Tried {
  finding: Finding | null;
  automatic: boolean;
}

interface ReplyWordsDeps {
  store: Store;
  world: Pick<World, "now">;
  /** writes a person's change down, with the change itself */
  record?(
    sql: Sql,
    change: { at: number; by: string; action: string; subject: string; before?: object; after?: object },
  ): Promise<void>;
}

export type ReplyWordService = ReturnType<typeof replyWordService>;

const LONGEST = 60;
/** Phrases of one list: what is looked for in every message must stay little. */
const MOST = 500;

/** The list's service. A change holds from the next message on, in every process; it judges no old message anew. */
export function replyWordService(deps: ReplyWordsDeps) {
  const seed = seeding(deps);
  let ready: { key: string; rules: ReplyRules } | undefined;

  async function list(): Promise<Phrase[]> {
    await seed();
    return deps.store.read.rows<Phrase>(
      "SELECT kind, role, phrase FROM reply_word WHERE removed = 0 ORDER BY kind, role, id",
    );
  }

  /** The rules as the list stands now; made anew only when it is another. */
  async function rules(): Promise<ReplyRules> {
    const phrases = await list();
    const key = JSON.stringify(phrases);
    if (ready?.key !== key) ready = { key, rules: replyRules(phrases) };
    return ready.rules;
  }

  return {
    list,
    rules,
    /** Every list with its phrases, as pages show them. */
    overview: async () => overviewOf(await list()),
    /** Adds a phrase; false when it was there. Raises `invalid`. */
    add: (phrase: unknown, by: string) => change(deps, seed, { given: phrase, by, removed: 0 }),
    /** Takes a phrase out; false when it was out. Raises `invalid`, `not_found`. */
    remove: (phrase: unknown, by: string) => change(deps, seed, { given: phrase, by, removed: 1 }),
    /** What a customer's message of these words would do. */
    tryOut: async (text: string): Promise<Tried> => {
      const { judge, isAutomatic } = await rules();
      const automatic = isAutomatic(text);
      return { finding: automatic ? null : judge(text), automatic };
    },
  };
}

async function change(
  { store, world, record }: ReplyWordsDeps,
  seed: () => Promise<void>,
  { given, by, removed }: { given: unknown; by: string; removed: 0 | 1 },
): Promise<boolean> {
  const phrase = phraseOf(given);
  await seed();
  return store.write(async (sql) => {
    const at = world.now();
    const changed = await put(sql, phrase, { removed, by, at });
    const side = removed === 1 ? { before: phrase } : { after: phrase };
    const action = removed === 1 ? "reply-words.remove" : "reply-words.add";
    if (changed) await record?.(sql, { at, by, action, subject: `reply-words:${phrase.kind}`, ...side });
    return changed;
  });
}

function overviewOf(phrases: readonly Phrase[]) {
  return LIST_KINDS.map((kind) => ({
    ...{ kind, name: LIST_NAMES[kind] },
    roles: rolesOf(kind).map((role) => ({
      ...{ role, name: ROLE_NAMES[role] },
      phrases: phrases.filter((one) => one.kind === kind && one.role === role).map(({ phrase }) => phrase),
    })),
  }));
}

/** Puts the defaults into the database, once a process: those HQ took out stay out. */
function seeding({ store, world }: ReplyWordsDeps): () => Promise<void> {
  let seeded: Promise<void> | undefined;
  const seed = () =>
    store.write(async (sql) => {
      const stamp = ["system", world.now()];
      const rows = DEFAULT_PHRASES.map(({ kind, role, phrase }) => [kind, role, phrase, ...stamp]);
      const head = `${sql.dialect.insertIgnore} INTO reply_word (kind, role, phrase, changed_by, changed_at)`;
      await insertRows(sql, head, rows);
    });
  return () => {
    seeded ??= seed().catch((error: unknown) => {
      seeded = undefined;
      throw error;
    });
    return seeded;
  };
}

async function put(
  sql: Sql,
  { kind, role, phrase }: Phrase,
  { removed, by, at }: { removed: 0 | 1; by: string; at: number },
): Promise<boolean> {
  const key = [kind, role, phrase];
  const here = "kind = ? AND role = ? AND phrase = ?";
  const there = await sql.row<{ removed: number }>(
    `SELECT removed FROM reply_word WHERE ${here}${sql.dialect.forUpdate}`,
    key,
  );
  if (removed === 1 && !there) throw new Refusal("not_found", `列表里没有「${phrase}」。`);
  if (there?.removed === removed) return false;
  if (removed === 0) await refuseTooMany(sql, kind);
  const change = "removed = ?, changed_by = ?, changed_at = ?";
  if (there) await sql.run(`UPDATE reply_word SET ${change} WHERE ${here}`, [removed, by, at, ...key]);
  else
    await sql.run(
      "INSERT INTO reply_word (kind, role, phrase, changed_by, changed_at) VALUES (?, ?, ?, ?, ?)",
      [...key, by, at],
    );
  return true;
}

async function refuseTooMany(sql: Sql, kind: ListKind): Promise<void> {
  const count = "SELECT COUNT(*) AS n FROM reply_word WHERE kind = ? AND removed = 0";
  const there = await sql.row<{ n: number }>(count, [kind]);
  if (Number(there?.n ?? 0) >= MOST)
    throw new Refusal("invalid", `一个类别最多 ${MOST} 条。`, [
      { where: "phrase", expected: `at most ${MOST} phrases of a kind` },
    ]);
}

/** A phrase as somebody wrote it, checked. */
function phraseOf(given: unknown): Phrase {
  const { kind, role, phrase } = (given ?? {}) as Partial<Record<keyof Phrase, unknown>>;
  const text = typeof phrase === "string" ? phrase.trim() : "";
  const list = LIST_KINDS.find((one) => one === kind);
  const fits = ROLES.find((one) => one === role && list !== undefined && rolesOf(list).includes(one));
  const hasLetters = /[\p{L}\p{N}]/u.test(text);
  if (list && fits && hasLetters && text.length <= LONGEST && !text.includes("\n"))
    return { kind: list, role: fits, phrase: text };
  const faults = [
    ...(list ? [] : [{ where: "kind", value: String(kind), expected: LIST_KINDS.join(", ") }]),
    ...(list && !fits ? [{ where: "role", value: String(role), expected: rolesOf(list).join(", ") }] : []),
    ...(hasLetters && text.length <= LONGEST && !text.includes("\n")
      ? []
      : [
          {
            where: "phrase",
            value: text.slice(0, LONGEST),
            expected: `1 to ${LONGEST} characters, one line`,
          },
        ]),
  ];
  throw new Refusal("invalid", "这个词不能加进列表。", faults);
}
