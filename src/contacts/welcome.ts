// Welcome words: HQ's, chosen by the code a customer came by, said within 20 seconds and once.
import { setTimeout as sleep } from "node:timers/promises";
import { ChannelError } from "../channels/port.js";
import type { Sql } from "../infra/store.js";
import { compileWords } from "../infra/templates.js";
import type { ClaimsCheck } from "../journeys/claims.js";
import { shopDayOf } from "../kernel/calendar.js";
import { type Enclosable, readyFor } from "./attached-files.js";
import { campaignsByState } from "./campaigns.js";
import { type ContactParts, guideFinder } from "./members.js";
import {
  keepReady,
  listWords,
  removeWords,
  type ScopedWords,
  setWords,
  WELCOME_VARIABLES,
  type WordsToSet,
  wordsOfScopes,
} from "./welcome-words.js";

/** WeCom gives 20 s from the event, whose time has whole seconds */
const IN_TIME = 19_500;
const MOST_TRIES = 20;
const [tooLate, chatting] = [41050, 41051];

export interface NewContact {
  guideUserid: string;
  externalUserid: string;
  state: string;
  welcomeCode: string;
  /** epoch ms */
  at: number;
}

/** What became of a welcome. `none`: no code or no words; `again`: somebody has welcomed them. */
export type WelcomeResult =
  | "none"
  | "again"
  | "sent"
  | "late"
  | "chatting"
  | "refused"
  | "unknown"
  | "failed";

/** A welcome as HQ sees it. */
export interface WelcomeLine {
  guide: string;
  customer: string;
  scope: string;
  /** epoch ms */
  at: number;
  result: WelcomeResult;
  error: string | null;
}

export interface WelcomeParts extends ContactParts {
  claims: ClaimsCheck;
}

export type WelcomeService = ReturnType<typeof welcomeService>;

/** Welcome words over one database. */
export function welcomeService(parts: WelcomeParts) {
  const { store } = parts;
  return {
    /** All words, by scope. */
    list: (): Promise<ScopedWords[]> => listWords(store.read),

    /** Sets the words of a scope, with what goes along. Raises `invalid` with every fault, `conflict` when they are not as
     *  they were `seen`. */
    set: (scope: string, words: string, by: string, more: Omit<WordsToSet, "scope" | "words"> = {}) =>
      setWords(parts, { scope, words, ...more }, by),

    /** Takes the words of a scope away. Raises `not_found`, `conflict`. */
    remove: (scope: string, by: string, seen?: string): Promise<void> =>
      removeWords(parts, seen === undefined ? { scope } : { scope, seen }, by),

    /** Uploads again what goes along before its time at the chat system is over. Gives the scopes where that failed. */
    keep: () => keepReady(parts),

    /** The latest welcomes and what became of them. */
    log: (limit: number): Promise<WelcomeLine[]> =>
      store.read.rows<WelcomeLine>(
        `SELECT g.userid AS guide, w.external_userid AS customer, w.scope, w.at, w.result, w.error
         FROM welcome w JOIN guide g ON g.id = w.guide_id ORDER BY w.at DESC, w.code LIMIT ?`,
        [limit],
      ),

    /** Welcomes a new contact, if there are words and time, and nobody has. */
    greet: (contact: NewContact): Promise<WelcomeResult> => greet(parts, contact),
  };
}

async function greet(parts: WelcomeParts, contact: NewContact): Promise<WelcomeResult> {
  const { store, world, zone } = parts;
  const guideId = (await guideFinder(parts))(contact.guideUserid);
  if (contact.welcomeCode === "" || guideId === undefined) return "none";
  const chosen = await choose(store.read, contact, guideId);
  if (!chosen) return "none";
  const late = world.now() > contact.at + IN_TIME;
  const { externalUserid, at, welcomeCode } = contact;
  const claimed = await store.write((sql) =>
    sql.run(
      `${sql.dialect.insertIgnore} INTO welcome (code, guide_id, external_userid, on_day, scope, at, result)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [
        ...[welcomeCode, guideId, externalUserid, shopDayOf(at, zone), chosen.scope, world.now()],
        late ? "late" : "unknown",
      ],
    ),
  );
  if (claimed.affected === 0) return "again";
  if (late) return "late";
  const [result, error] = await say(parts, contact, chosen);
  await store.write((sql) =>
    sql.run("UPDATE welcome SET result = ?, error = ?, at = ? WHERE code = ?", [
      ...[result, error?.slice(0, 250) ?? null, world.now(), welcomeCode],
    ]),
  );
  return result;
}

interface Chosen {
  scope: string;
  text: string;
  attachments: Enclosable[];
}

/** The narrowest words that fit and come to something. */
async function choose(
  sql: Sql,
  { state, externalUserid }: NewContact,
  guideId: number,
): Promise<Chosen | undefined> {
  const campaign = (await campaignsByState(sql, [state])).get(state);
  const scopes = [`state:${state}`, ...(campaign ? [`campaign:${campaign}`] : []), "default"];
  const rows = await wordsOfScopes(sql, [scopes[0] ?? "", scopes[1] ?? "", "default"]);
  if (rows.length === 0) return undefined;
  const guide = await sql.row<{ name: string; storeName: string; storeCode: string }>(
    `SELECT g.name, s.name AS storeName, s.code AS storeCode FROM guide g JOIN store s ON s.id = g.store_id
     WHERE g.id = ?`,
    [guideId],
  );
  const customer = await sql.row<{ name: string }>("SELECT name FROM customer WHERE external_userid = ?", [
    externalUserid,
  ]);
  const values = {
    ...{ "customer.name": customer?.name, "guide.name": guide?.name, campaign },
    "store.name": guide?.storeName,
  };
  for (const scope of scopes) {
    const row = rows.find((one) => one.scope === scope);
    const said = row && compileWords(row.words, WELCOME_VARIABLES, {}).render(values);
    if (row && said && "text" in said) return { scope, text: said.text, attachments: row.attachments };
  }
  return undefined;
}

/** Says it: again only where the system says so and the 20 s are not over. */
async function say(
  { directory, world, store }: WelcomeParts,
  { welcomeCode, at, guideUserid }: NewContact,
  { text, attachments }: Chosen,
): Promise<[WelcomeResult, string?]> {
  const along = attachments.map((one) => readyFor(store.read, directory, one, guideUserid));
  for (let tries = 1; ; tries++) {
    try {
      await directory.welcome(welcomeCode, text, along);
      return ["sent"];
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      const { kind, code, message, retryAfter = 500 } = error;
      if (code === chatting) return ["chatting", message];
      if (code === tooLate) return ["late", message];
      if (kind === "unknown") return ["unknown", message];
      const next = world.now() + Math.min(retryAfter, 1000);
      if (kind !== "retry" || tries >= MOST_TRIES || next > at + IN_TIME)
        return [kind === "fix" ? "refused" : "failed", message];
      await sleep(Math.min(retryAfter, 1000));
    }
  }
}
