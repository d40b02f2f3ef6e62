// Welcome words as HQ keeps them: checked, stored by their scope, with what goes along.
import type { Directory } from "../channels/directory.js";
import { ChannelError } from "../channels/port.js";
import { recordChange } from "../identity/audit.js";
import type { Sql, Store } from "../infra/store.js";
import { compileWords } from "../infra/templates.js";
import { ATTACHMENT_LIMITS as LIMITS } from "../journeys/attachments.js";
import { type ClaimsCheck, sayClaim } from "../journeys/claims.js";
import { contentDigest, keepContent } from "../journeys/content.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { type Enclosable, readyAttachment } from "./attached-files.js";
import { checkedAttachments, type NewAttachment } from "./welcome-attachments.js";

/** What welcome words may speak of. */
export const WELCOME_VARIABLES = {
  "customer.name": "text",
  "guide.name": "text",
  "store.name": "text",
  campaign: "text",
} as const;

/** Words for all, a campaign's or one code's; of those that fit, the narrowest are said. */
export interface ScopedWords {
  /** `default`, `campaign:NAME`, `state:STATE` */
  scope: string;
  words: string;
  attachments: Enclosable[];
  /** what whoever changes them says they have seen, so that nobody writes over what they have not */
  seen: string;
}

/** Words as they are set. Attachments left out stay as they are. */
export interface WordsToSet {
  scope: string;
  words: string;
  /** those kept, and new ones after them */
  attachments?: { keep: readonly Enclosable[]; add: readonly NewAttachment[] };
  /** the words that are changed, by their `seen`; "": there were none. Left out: whatever stands there */
  seen?: string;
}

export interface WelcomeWordParts {
  store: Store;
  world: World;
  claims: ClaimsCheck;
  directory: Directory;
}

const SCOPE = /^(default|campaign:.{1,40}|state:.{1,64})$/u;
const MOST_BYTES = 4000;

/** All words, by scope. */
export async function listWords(sql: Sql): Promise<ScopedWords[]> {
  return (
    await sql.rows<StoredWords>("SELECT scope, words, attachments FROM welcome_words ORDER BY scope")
  ).map(wordsOf);
}

interface StoredWords {
  scope: string;
  words: string;
  attachments: string | null;
}

/** The words of some scopes. */
export async function wordsOfScopes(
  sql: Sql,
  scopes: readonly [string, string, string],
): Promise<ScopedWords[]> {
  const rows = await sql.rows<StoredWords>(
    "SELECT scope, words, attachments FROM welcome_words WHERE scope IN (?, ?, ?)",
    scopes,
  );
  return rows.map(wordsOf);
}

function wordsOf({ attachments, ...row }: StoredWords): ScopedWords {
  const seen = contentDigest(Buffer.from(JSON.stringify([row.words, attachments]))).slice(0, 16);
  return { ...row, attachments: attachments === null ? [] : (JSON.parse(attachments) as Enclosable[]), seen };
}

/** Sets the words of a scope; what goes along is uploaded at once, for who greets has 20 seconds. Raises `invalid` with
 *  every fault, `conflict` when somebody has changed them since they were `seen`, `unsupported` when the chat system does
 *  not take a file. */
export async function setWords(parts: WelcomeWordParts, set: WordsToSet, by: string): Promise<void> {
  const { store, world, claims } = parts;
  const { scope } = set;
  const words = set.words.trim();
  await claims.fresh?.();
  mustBeWords(claims, scope, set.words);
  mustBeSeen(await standing(store.read, scope), set);
  const files = new Map<string, Buffer>();
  const given = set.attachments && [
    ...set.attachments.keep,
    ...checkedAttachments(set.attachments.add, claims, files),
  ];
  if (given && given.length > LIMITS.most) throw tooMany();
  await keepContent(store, files);
  if (given) await upload(parts, given);
  await store.write(async (sql) => {
    const before = await standing(sql, scope, sql.dialect.forUpdate);
    mustBeSeen(before, set);
    const attachments = given ?? before?.attachments ?? [];
    const kept = attachments.length === 0 ? null : JSON.stringify(attachments);
    // no row to lock yet: of two who write the first words the faster one's stand
    const [head, tail] =
      set.seen === ""
        ? [sql.dialect.insertIgnore, ""]
        : ["INSERT", sql.dialect.onConflict(["scope"], ["words", "attachments", "said_by", "said_at"])];
    const { affected } = await sql.run(
      `${head} INTO welcome_words (scope, words, attachments, said_by, said_at) VALUES (?, ?, ?, ?, ?)${tail}`,
      [scope, words, kept, by, world.now()],
    );
    if (set.seen === "" && affected === 0) throw isThere();
    const change = { at: world.now(), by, action: "welcome.set", subject: `welcome:${scope}` };
    const was = before && { words: before.words, attachments: before.attachments };
    await recordChange(sql, { ...change, before: was, after: { words, attachments } });
  });
}

/** Takes the words of a scope away. Raises `not_found`, `conflict` when somebody has changed them since they were `seen`. */
export async function removeWords(
  { store, world }: WelcomeWordParts,
  { scope, seen }: Pick<WordsToSet, "scope" | "seen">,
  by: string,
): Promise<void> {
  await store.write(async (sql) => {
    const before = await standing(sql, scope, sql.dialect.forUpdate);
    if (!before) throw new Refusal("not_found", `没有「${scope}」的欢迎语。`);
    mustBeSeen(before, { scope, ...(seen === undefined ? {} : { seen }) });
    await sql.run("DELETE FROM welcome_words WHERE scope = ?", [scope]);
    const was = { words: before.words, attachments: before.attachments };
    const change = { action: "welcome.remove", subject: `welcome:${scope}`, before: was };
    await recordChange(sql, { at: world.now(), by, ...change });
  });
}

async function standing(sql: Sql, scope: string, lock = ""): Promise<ScopedWords | undefined> {
  const row = await sql.row<StoredWords>(
    `SELECT scope, words, attachments FROM welcome_words WHERE scope = ?${lock}`,
    [scope],
  );
  return row && wordsOf(row);
}

/** Two people at the same words: the second reads what the first wrote before they write over it. */
function mustBeSeen(now: ScopedWords | undefined, { seen }: Pick<WordsToSet, "scope" | "seen">): void {
  if (seen === undefined || seen === (now?.seen ?? "")) return;
  if (seen === "") throw isThere();
  throw new Refusal(
    "conflict",
    now ? "这条欢迎语刚被别人改过：请看过现在的再存一次。" : "这条欢迎语刚被别人去掉了：要留着就再存一次。",
  );
}

function isThere(): Refusal {
  return new Refusal("conflict", "这里已经有欢迎语了：请看过现在的再改。");
}

/** A guide's poster is made when it is asked for first. */
async function upload(
  { directory, store }: Pick<WelcomeWordParts, "directory" | "store">,
  attachments: readonly Enclosable[],
): Promise<void> {
  try {
    await directory.ready(plainOf(store.read, attachments));
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    throw new Refusal("unsupported", `企业微信没有收下附件，欢迎语没有保存：${error.message}`);
  }
}

/** How long a file must still be there after the nightly upload: one night may fail. */
const AHEAD = 48 * 3_600_000;

/** Uploads again what would not last until the next night but one, so that no greeting waits for it. Gives the scopes whose
 *  files the chat system did not take, and why. */
export async function keepReady({
  directory,
  store,
}: Pick<WelcomeWordParts, "directory" | "store">): Promise<{ scope: string; why: string }[]> {
  const failed: { scope: string; why: string }[] = [];
  for (const { scope, attachments } of await listWords(store.read))
    try {
      await directory.ready(plainOf(store.read, attachments), AHEAD);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      failed.push({ scope, why: error.message });
    }
  return failed;
}

function plainOf(sql: Sql, attachments: readonly Enclosable[]) {
  return attachments.flatMap((one) => (one.kind === "poster" ? [] : [readyAttachment(sql, one)]));
}

function mustBeWords(claims: ClaimsCheck, scope: string, words: string): void {
  if (!SCOPE.test(scope))
    throw new Refusal("invalid", "欢迎语的范围不对。", [
      { where: "scope", value: scope, expected: "default, campaign:NAME or state:STATE" },
    ]);
  compileWords(words, WELCOME_VARIABLES, {}, "words");
  const hits = claims(words);
  if (hits.length > 0)
    throw new Refusal("invalid", "欢迎语里有不能说的话。", [
      ...hits.map((hit) => ({ where: "words", value: hit.found, expected: sayClaim(hit) })),
    ]);
  if (words.trim() === "" || Buffer.byteLength(words) > MOST_BYTES)
    throw new Refusal("invalid", "欢迎语的长度不对。", [
      { where: "words", expected: `1 to ${MOST_BYTES} bytes of text` },
    ]);
}

function tooMany(): Refusal {
  return new Refusal("invalid", `欢迎语最多带 ${LIMITS.most} 个附件。`);
}
