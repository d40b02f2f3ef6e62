// The intake of conversation-archive records: what each one is, judged alone; then into the message log.
import { z } from "zod";
import type { Store } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import type { EarlyMessage } from "./early.js";
import type { LoggedMessage } from "./message-rows.js";
import type { MessageService } from "./messages.js";
import { findPeople, type People } from "./pairs.js";

/** Why a record is not counted. `invalid` comes with what was expected. */
export type IgnoreReason =
  | "invalid"
  | "group_chat" // roomid is set, or several receivers
  | "not_a_message" // switch, agree, disagree …: the archive's own events
  | "unknown_guide"
  | "unknown_customer"
  | "unknown_people" // neither of the two is ours
  | "between_guides";

/** The answer to a push. */
export interface IntakeAnswer {
  accepted: number;
  duplicate: number;
  /** of a guide's contact who is not known yet: taken in when they are */
  waiting: number;
  ignored: { msgid: string; reason: IgnoreReason; expected?: string }[];
}

/** Records of one push: ten times what one pull from the archive gives. */
export const MOST_RECORDS = 10_000;

const id = z.string().trim().min(1).max(120);
/** A record as it may be pushed. */
export const archiveRecord = z.object({
  msgid: id,
  action: z.string(),
  from: z.string().max(64).default(""),
  tolist: z.array(z.string().max(64)).max(5_000).default([]),
  roomid: z.string().nullish(),
  msgtime: z.number().int().positive().max(32_503_680_000_000).optional(),
  msgtype: z.string().max(64).default("other"),
  text: z.object({ content: z.string().default("") }).optional(),
  revoke: z.object({ pre_msgid: id }).optional(),
});

/** A decrypted record of the archive; other fields it may have are of no use here. */
export type ArchiveRecord = z.infer<typeof archiveRecord>;

export type IntakeService = ReturnType<typeof intakeService>;

export interface IntakeDeps {
  store: Store;
  world: Pick<World, "now">;
  messages: Pick<MessageService, "keep" | "wait">;
}

/** Takes pushes of decrypted archive records, in any order and as often as they come. */
export function intakeService({ store, world, messages }: IntakeDeps) {
  return {
    /** One push: `{messages: [...]}`. A record that cannot be used is named in the answer; the others count. */
    async intake(body: unknown): Promise<IntakeAnswer> {
      const raw = recordsOf(body);
      const ignored: IntakeAnswer["ignored"] = [];
      const records: ArchiveRecord[] = [];
      for (const one of raw) {
        const parsed = archiveRecord.safeParse(one);
        if (parsed.success) records.push(parsed.data);
        else ignored.push(invalid(one, parsed.error));
      }
      const people = await peopleOf(store, records);
      const kept: LoggedMessage[] = [];
      const early: EarlyMessage[] = [];
      for (const record of records) {
        const read = readRecord(record, people);
        if ("reason" in read) ignored.push({ msgid: record.msgid, ...read });
        else if ("externalUserid" in read) early.push(read);
        else kept.push(read);
      }
      const accepted = await messages.keep(kept);
      const { waiting, turnedAway } = await messages.wait(early, world.now());
      for (const { msgid } of turnedAway) ignored.push({ msgid, reason: "unknown_customer" });
      return { accepted, duplicate: kept.length - accepted, waiting, ignored };
    },
  };
}

/** What one record says, once it is known who of its people is ours. Pure. */
function readRecord(
  record: ArchiveRecord,
  people: People,
): LoggedMessage | EarlyMessage | { reason: IgnoreReason; expected?: string } {
  if (EVENTS.has(record.action) || EVENTS.has(record.msgtype)) return { reason: "not_a_message" };
  if (record.roomid || record.tolist.length > 1) return { reason: "group_chat" };
  if (record.msgtime === undefined) return { reason: "invalid", expected: "msgtime: epoch ms" };
  const pair = pairOf(record.from, record.tolist[0] ?? "", people);
  if ("reason" in pair) return pair;
  const isRecall = record.action === "recall" || record.msgtype === "revoke";
  if (isRecall && !record.revoke) return { reason: "invalid", expected: "revoke.pre_msgid" };
  const text = record.msgtype === "text" && !isRecall ? (record.text?.content ?? "") : null;
  return {
    ...pair,
    msgid: record.revoke && isRecall ? record.revoke.pre_msgid : record.msgid,
    at: record.msgtime,
    type: isRecall ? "revoke" : record.msgtype,
    text,
    source: "archive",
    recalled: isRecall,
  };
}

/** Records that tell of something else than a message. */
const EVENTS = new Set(["switch", "agree", "disagree"]);

/** Ids of people outside the corp, users of WeChat (wm) and of WeCom (wo), as far as they can be told from what a corp
 *  calls its own members. */
const OUTSIDE = /^w[mo](?=.*[A-Z0-9])[\w-]{4,62}$/;

type Sides = { guideId: number; sender: "guide" | "customer" };

/** Whose chat a record is of: a guide's and a customer's, or a guide's and that of somebody outside who may become one. */
function pairOf(
  from: string,
  to: string,
  { guides, customers }: People,
): (Sides & ({ customerId: number } | { externalUserid: string })) | { reason: IgnoreReason } {
  const [writer, reader] = [guides.get(from), guides.get(to)];
  if (writer !== undefined && reader !== undefined) return { reason: "between_guides" };
  const guideId = writer ?? reader;
  const externalUserid = writer === undefined ? from : to;
  const customerId = customers.get(externalUserid);
  if (guideId === undefined)
    return { reason: customers.has(from) || customers.has(to) ? "unknown_guide" : "unknown_people" };
  const sender = writer === undefined ? "customer" : "guide";
  if (customerId !== undefined) return { guideId, sender, customerId };
  return OUTSIDE.test(externalUserid) ? { guideId, sender, externalUserid } : { reason: "unknown_customer" };
}

function peopleOf(store: Store, records: readonly ArchiveRecord[]): Promise<People> {
  const words = new Set<string>();
  for (const { from, tolist } of records) {
    words.add(from);
    if (tolist.length === 1 && tolist[0] !== undefined) words.add(tolist[0]);
  }
  words.delete("");
  return findPeople(store.read, words, words);
}

function recordsOf(body: unknown): unknown[] {
  const parsed = z.object({ messages: z.array(z.unknown()).max(MOST_RECORDS) }).safeParse(body);
  if (parsed.success) return parsed.data.messages;
  throw new Refusal("invalid", "The push cannot be read.", [
    { where: "body", expected: `{"messages": [archive records]}, at most ${MOST_RECORDS}` },
  ]);
}

function invalid(record: unknown, error: z.ZodError): IntakeAnswer["ignored"][number] {
  const [issue] = error.issues;
  const msgid = (record as { msgid?: unknown } | null)?.msgid;
  return {
    msgid: typeof msgid === "string" ? msgid.slice(0, 120) : "",
    reason: "invalid",
    expected: `${issue?.path.join(".") || "record"}: ${issue?.message ?? "an archive record"}`,
  };
}
