// Keeping in step with a chat system that knows the whole corp: the sync, codes, welcome words, tags, remarks, transfers.
import type { Directory, DirectoryEvents } from "../channels/directory.js";
import { ChannelError } from "../channels/port.js";
import type { Logger } from "../infra/log.js";
import type { Store } from "../infra/store.js";
import type { ClaimsCheck } from "../journeys/claims.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { directoryHearing, readCustomer } from "./hearing.js";
import type { ContactParts } from "./members.js";
import { lastSync, type Synced, type SyncProgress, type SyncWay, syncAll } from "./sync.js";
import { type TagsUpService, tagsUpService } from "./tags-up.js";
import { type TransferService, transferService } from "./transfers.js";
import { type KeptWays, type WayService, wayService } from "./ways.js";
import { type WelcomeService, welcomeService } from "./welcome.js";

/** What a whole pass came to. */
export interface InStep extends Synced {
  ways: KeptWays;
  marked: { marked: number; failed: number };
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
  /** What the last pass came to, and how far one of this process is. */
  standing(): Promise<{ last: (Synced & { at: number }) | null; running: SyncProgress | null }>;
  /** Changes what a guide calls a customer, there and here. Raises `invalid`, `not_found`. */
  remark(guideUserid: string, externalUserid: string, remark: string): Promise<void>;
}

export interface ContactServiceParts {
  store: Store;
  world: World;
  zone: string;
  log: Pick<Logger, "warn" | "info">;
  directory: Directory;
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
    now.done = pass(parts, { ways, tags }, { ...way, progress }).finally(() => {
      running = undefined;
    });
    running = now;
    return now.done;
  };
  return {
    ...{ ways, welcome, tags, transfers },
    hearing: directoryHearing({ ...parts, welcome, transfers }),
    sync: (way = {}) => running?.done ?? begin(way),
    standing: async () => ({ last: (await lastSync(parts)) ?? null, running: running?.progress ?? null }),
    remark: (guide, customer, remark) => setRemark(parts, guide, customer, remark),
  };
}

const NOTHING: SyncProgress = { guides: 0, of: 0, contacts: 0 };

async function pass(
  parts: ContactServiceParts,
  { ways, tags }: Pick<ContactService, "ways" | "tags">,
  way: SyncWay,
): Promise<InStep> {
  const synced = await syncAll(parts, way);
  return { ...synced, ways: await ways.keep(), marked: await tags.push() };
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
