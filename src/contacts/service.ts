// Keeping in step with a chat system that knows the whole corp: the sync, codes, welcome words, tags, remarks, transfers.
import type { DirectoryEvents } from "../channels/directory.js";
import { ChannelError } from "../channels/port.js";
import { subjectOf } from "../customers/subjects.js";
import { type Doer, recordChange } from "../identity/audit.js";
import type { Sql } from "../infra/store.js";
import type { ClaimsCheck } from "../journeys/claims.js";
import { Refusal } from "../kernel/refusals.js";
import { directoryHearing, readCustomer } from "./hearing.js";
import type { ContactParts } from "./members.js";
import { lastSync, type Synced, type SyncProgress, type SyncWay, syncAll } from "./sync.js";
import { type TagsUpService, tagsUpService } from "./tags-up.js";
import { type TransferService, transferService } from "./transfers.js";
import type { KeptWays } from "./way-calls.js";
import { type WayService, wayService } from "./ways.js";
import { type WelcomeService, welcomeService } from "./welcome.js";

/** What a whole pass came to. */
export interface InStep extends Synced {
  ways: KeptWays;
  marked: { marked: number; failed: number };
  /** welcome words whose files could not be uploaded again */
  unready: { scope: string; why: string }[];
}

export interface ContactService {
  ways: WayService;
  welcome: WelcomeService;
  tags: TagsUpService;
  transfers: TransferService;
  /** what the chat system tells as it happens goes here */
  hearing: DirectoryEvents;
  /** Reads everything and brings both sides in step; one who asks while it runs waits for the same. */
  sync(way?: SyncWay): Promise<InStep>;
  /** The same, because somebody said so. */
  syncNow(way: SyncWay, by: string): Promise<InStep>;
  /** What the last pass came to, and how far one of this process is. */
  standing(): Promise<{ last: (Synced & { at: number }) | null; running: SyncProgress | null }>;
  /** Changes what a guide calls a customer, there and here. Raises `invalid`, `not_found`. */
  remark(guideUserid: string, externalUserid: string, remark: string, by: string): Promise<void>;
}

export interface ContactServiceParts extends ContactParts {
  claims: ClaimsCheck;
}

const REMARK_LENGTH = 20;

/** All of it over one database and directory. Its callers have asked who may. */
export function contactService(parts: ContactServiceParts): ContactService {
  const ways = wayService(parts);
  const welcome = welcomeService(parts);
  const tags = tagsUpService(parts);
  const transfers = transferService(parts);
  let running: { done: Promise<InStep>; progress: SyncProgress } | undefined;
  const begin = (way: SyncWay) => {
    const now = { done: Promise.resolve() as unknown as Promise<InStep>, progress: NOTHING };
    const progress = (step: SyncProgress) => {
      now.progress = step;
      way.progress?.(step);
    };
    now.done = pass(parts, { ways, tags, welcome }, { ...way, progress }).finally(() => {
      running = undefined;
    });
    running = now;
    return now.done;
  };
  return {
    ...{ ways, welcome, tags, transfers },
    hearing: directoryHearing({ ...parts, welcome, transfers }),
    sync: (way = {}) => running?.done ?? begin(way),
    syncNow: async (way, by) => {
      const { trigger, endAll = false } = way;
      const change = { action: "contacts.sync", subject: "contacts:all", after: { trigger, endAll } };
      await parts.store.write((sql) => recordChange(sql, { at: parts.world.now(), by, ...change }));
      return running?.done ?? begin(way);
    },
    standing: async () => ({ last: (await lastSync(parts)) ?? null, running: running?.progress ?? null }),
    remark: async (guide, customer, remark, by) => {
      await setRemark(parts, guide, customer, remark);
      await parts.store.write((sql) => recordRemark(sql, guide, customer, { at: parts.world.now(), by }));
    },
  };
}

const NOTHING: SyncProgress = { guides: 0, of: 0, contacts: 0 };

async function pass(
  parts: ContactServiceParts,
  { ways, tags, welcome }: Pick<ContactService, "ways" | "tags" | "welcome">,
  way: SyncWay,
): Promise<InStep> {
  // whatever becomes of the rest: who comes tomorrow is greeted in 20 s
  const unready = await welcome.keep();
  const synced = await syncAll(parts, way);
  return { ...synced, ways: await ways.keep(), marked: await tags.push(), unready };
}

/** What a customer is called stays out of it, and so does their id there, which would outlive their being erased. */
async function recordRemark(sql: Sql, guide: string, externalUserid: string, doer: Doer): Promise<void> {
  const row = await sql.row<{ id: number }>(
    "SELECT COALESCE(merged_into, id) AS id FROM customer WHERE external_userid = ?",
    [externalUserid],
  );
  // of a guide who is not known here nobody is kept
  const subject = row ? subjectOf(Number(row.id)) : `guide:${guide}`;
  await recordChange(sql, { ...doer, action: "contact.remark", subject, after: { guide } });
}

async function setRemark(
  parts: ContactParts,
  guideUserid: string,
  externalUserid: string,
  remark: string,
): Promise<void> {
  if ([...remark].length > REMARK_LENGTH)
    throw new Refusal("invalid", "备注太长。", [
      { where: "remark", value: remark, expected: `at most ${REMARK_LENGTH} characters` },
    ]);
  try {
    await parts.directory.remark(guideUserid, externalUserid, remark);
  } catch (error) {
    if (error instanceof ChannelError && error.kind === "fix")
      throw new Refusal(
        "not_found",
        `企业微信里「${externalUserid}」不是「${guideUserid}」的客户：${error.message}`,
      );
    throw error;
  }
  // such changes are not told back to the app that made them
  await readCustomer(parts, externalUserid);
}
