// Keeping in step: the whole directory read and laid over what is known. Callbacks get lost; after this they do not matter.
import PQueue from "p-queue";
import type { DirectoryContact } from "../channels/directory.js";
import { ChannelError } from "../channels/port.js";
import { writeCorpTags } from "../customers/corp-tags.js";
import { endFollows, livingOf, writeFollows } from "../customers/follows.js";
import { chunked } from "../infra/batches.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { campaignsByState } from "./campaigns.js";
import { addMembers, type ContactParts, type GuideFinder, guideFinder, markLeavers } from "./members.js";
import { patiently } from "./patience.js";

/** How far it is: guides whose contacts have been read, of how many, and contacts seen. */
export interface SyncProgress {
  guides: number;
  of: number;
  contacts: number;
}

export interface SyncWay {
  /** whether due days up to today may make tasks; left out: not at the very first time */
  trigger?: boolean;
  /** end friendships the directory does not name, however many they are */
  endAll?: boolean;
  progress?: (progress: SyncProgress) => void;
}

/** What a pass came to. */
export interface Synced {
  members: number;
  newGuides: number;
  leavers: number;
  tags: number;
  contacts: number;
  newCustomers: number;
  changed: number;
  ended: number;
  /** friendships the directory did not name and that were left alone, being too many to be believed */
  doubted: number;
  /** guides whose contacts could not be read, with why */
  failed: { guides: string[]; why: string }[];
}

/** Guides asked for together, and such groups read at the same time. */
const GROUP = 50;
const WIDTH = 3;
/** So many may vanish in a night, or this share of all; more is a right taken away rather than friendships ended. */
const BELIEVED = 50;
const SHARE = 0.1;
const DONE = "contacts.synced";

/** Reads the whole directory and lays it over what is known. The same again changes nothing. Raises ChannelError when
 *  nothing can be read at all; a group of guides that cannot be read is told in `failed` and left as it is. */
export async function syncAll(parts: ContactParts, way: SyncWay = {}): Promise<Synced> {
  const { world, zone, directory } = parts;
  const today = shopDayOf(world.now(), zone);
  const tags = await syncTags(parts);
  const members = await patiently(world, () => directory.members());
  const newGuides = await addMembers(parts, members);
  const leavers = await readLeavers(parts);
  const isFirst = (await lastSync(parts)) === undefined;
  const quietThrough = (way.trigger ?? !isFirst) ? null : today;
  const sum: Synced = {
    ...{ members: members.length, newGuides, leavers, tags, contacts: 0, newCustomers: 0, changed: 0 },
    ...{ ended: 0, doubted: 0, failed: [] },
  };
  const missing = await readGroups(parts, members, sum, quietThrough, way.progress);
  await parts.onKnown?.();
  await endMissing(parts, missing, sum, today, way.endAll ?? false);
  await noteSync(parts, sum);
  return sum;
}

/** The corp's tags as they are now; gives how many differ from those kept. */
export async function syncTags({ store, world, directory }: ContactParts): Promise<number> {
  const tags = await patiently(world, () => directory.tags());
  return store.write((sql) => writeCorpTags(sql, tags, world.now()));
}

async function readLeavers(parts: ContactParts): Promise<number> {
  const rows = await patiently(parts.world, () => parts.directory.unassigned());
  const leftAt = new Map(rows.map(({ guideUserid, leftAt: at }) => [guideUserid, at]));
  return markLeavers(
    parts,
    [...leftAt].map(([userid, at]) => ({ userid, leftAt: at })),
  );
}

type Pair = { customerId: number; guideId: number };

/** Reads the contacts of all members; gives the friendships the directory did not name. */
async function readGroups(
  parts: ContactParts,
  members: readonly string[],
  sum: Synced,
  quietThrough: ShopDay | null,
  progress: SyncWay["progress"],
): Promise<Pair[]> {
  const find = await guideFinder(parts);
  const queue = new PQueue({ concurrency: WIDTH });
  const missing: Pair[] = [];
  let guides = 0;
  const one = async (group: string[]) => {
    try {
      missing.push(...(await readGroup(parts, group, find, sum, quietThrough)));
    } catch (error) {
      if (!(error instanceof ChannelError) || error.kind === "operations") throw error;
      // one guide nobody may ask about must not hide the others
      if (group.length > 1 && error.kind === "fix") for (const userid of group) await one([userid]);
      else sum.failed.push({ guides: group, why: error.message });
      return;
    }
    guides += group.length;
    progress?.({ guides, of: members.length, contacts: sum.contacts });
  };
  await Promise.all([...chunked(members, GROUP)].map((group) => queue.add(() => one(group))));
  return missing;
}

async function readGroup(
  parts: ContactParts,
  group: readonly string[],
  find: GuideFinder,
  sum: Synced,
  quietThrough: ShopDay | null,
): Promise<Pair[]> {
  const { world, directory, store, zone } = parts;
  const began = world.now();
  const seen = new Set<string>();
  const withheld = new Set<number | undefined>();
  let cursor: string | undefined;
  do {
    const page = await patiently(world, () => directory.contactsOf(group, cursor));
    for (const userid of page.withheld) withheld.add(find(userid));
    const written = await writeContacts(parts, page.contacts, find, quietThrough);
    sum.contacts += page.contacts.length;
    sum.newCustomers += written.customers;
    sum.changed += written.changed;
    for (const pair of written.pairs) seen.add(keyOf(pair));
    cursor = page.next === cursor ? undefined : page.next;
  } while (cursor);
  const ids = group.flatMap((userid) => find(userid) ?? []).filter((id) => !withheld.has(id));
  // a friendship of today may have begun after its page was read
  const living = await livingOf(store.read, ids, shopDayOf(began, zone));
  return living.filter((pair) => !seen.has(keyOf(pair)));
}

const keyOf = ({ customerId, guideId }: Pair) => `${customerId} ${guideId}`;

/** Writes contacts as the directory tells them; those of guides we do not know are left out. */
export async function writeContacts(
  parts: ContactParts,
  contacts: readonly DirectoryContact[],
  find: GuideFinder,
  quietThrough: ShopDay | null,
) {
  const { store, world, zone } = parts;
  const campaignOf = await campaignsByState(
    store.read,
    contacts.map(({ state }) => state),
  );
  const told = contacts.flatMap(({ guideUserid, ...contact }) => {
    const guideId = find(guideUserid);
    return guideId === undefined
      ? []
      : [{ ...contact, guideId, source: campaignOf.get(contact.state) ?? null }];
  });
  const today = shopDayOf(world.now(), zone);
  const writing = { today, zone, at: world.now(), quietThrough };
  return store.write((sql) => writeFollows(sql, told, writing));
}

async function endMissing(
  { store, log }: ContactParts,
  missing: readonly Pair[],
  sum: Synced,
  today: ShopDay,
  endAll: boolean,
): Promise<void> {
  const most = Math.max(BELIEVED, Math.floor((sum.contacts + missing.length) * SHARE));
  if (!endAll && missing.length > most) {
    sum.doubted = missing.length;
    log.warn({ missing: missing.length }, "the directory misses too many friendships to be believed");
    return;
  }
  for (const piece of chunked(missing, 100))
    sum.ended += await store.write((sql) => endFollows(sql, piece, today));
}

/** When all was read last, and what it came to; undefined: never. */
export async function lastSync({
  store,
}: Pick<ContactParts, "store">): Promise<(Synced & { at: number }) | undefined> {
  const row = await store.read.row<{ value: string }>("SELECT value FROM setting WHERE name = ?", [DONE]);
  return row && (JSON.parse(row.value) as Synced & { at: number });
}

function noteSync({ store, world }: ContactParts, sum: Synced): Promise<unknown> {
  return store.write((sql) =>
    sql.run(`INSERT INTO setting (name, value) VALUES (?, ?)${sql.dialect.onConflict(["name"], ["value"])}`, [
      ...[DONE, JSON.stringify({ at: world.now(), ...sum })],
    ]),
  );
}
