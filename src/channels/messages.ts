// The message log: every message of a guide and a customer once, whenever and however often it is told.
import { chunked } from "../infra/batches.js";
import type { Logger } from "../infra/log.js";
import type { Store } from "../infra/store.js";
import { earlyMessages } from "./early.js";
import { dayMemo, keepChunk, type LoggedMessage } from "./message-rows.js";
import { type ChatPair, findPeople } from "./pairs.js";
import type { ChatMessage } from "./port.js";
import { DEFAULT_PHRASES } from "./reply-defaults.js";
import { type ReplyRules, replyRules } from "./reply-rules.js";

/** What became of messages that were told. */
export interface Recorded {
  accepted: number;
  duplicate: number;
  ignored: { msgid: string; reason: "unknown_guide" | "unknown_customer" }[];
}

export interface MessagesDeps {
  store: Store;
  /** the brand's zone: a message belongs to a shop day */
  zone: string;
  log: Pick<Logger, "error">;
  /** the list that messages are judged by as it stands now; absent: the defaults */
  rules?: () => Promise<ReplyRules>;
  /** those of these external ids who were erased: none of their messages waits for them; absent: nobody was */
  erased?: (externalUserids: readonly string[]) => Promise<ReadonlySet<string>>;
  /** hears that pairs are marked; what it fails to do, the marks keep for later */
  onMessages?: (pairs: readonly ChatPair[]) => Promise<unknown>;
}

export type MessageService = ReturnType<typeof messageService>;

const CHUNK = 500;

/** The log's service. Nothing it is told twice counts twice, and the order of telling means nothing. */
export function messageService(deps: MessagesDeps) {
  const { store, zone, log, rules = byDefault, erased = nobody, onMessages } = deps;
  const dayOf = dayMemo(zone);

  /** Writes messages down, in short transactions; gives how many were new. */
  async function keep(messages: readonly LoggedMessage[]): Promise<number> {
    const judged = await rules();
    const once = merged(messages).map((message) =>
      message.text !== null && judged.isAutomatic(message.text)
        ? { ...message, sender: "auto" as const }
        : message,
    );
    const keeping = { dayOf, rules: judged };
    let accepted = 0;
    for (const some of chunked(once, CHUNK))
      accepted += await store.write((sql) => keepChunk(sql, some, keeping));
    if (accepted > 0)
      await onMessages?.(once).catch((error: unknown) => log.error({ error }, "credit waits for its marks"));
    return accepted;
  }

  /** Takes messages as a channel tells them; those of people we do not know are left out and named. */
  async function record(messages: readonly ChatMessage[]): Promise<Recorded> {
    const people = await findPeople(
      store.read,
      messages.map(({ guideUserid }) => guideUserid),
      messages.map(({ externalUserid }) => externalUserid),
    );
    const known: LoggedMessage[] = [];
    const ignored: Recorded["ignored"] = [];
    for (const message of messages) {
      const guideId = people.guides.get(message.guideUserid);
      const customerId = people.customers.get(message.externalUserid);
      if (guideId === undefined) ignored.push({ msgid: message.msgid, reason: "unknown_guide" });
      else if (customerId === undefined) ignored.push({ msgid: message.msgid, reason: "unknown_customer" });
      else known.push(logged(message, guideId, customerId));
    }
    const accepted = await keep(known);
    return { accepted, duplicate: known.length - accepted, ignored };
  }

  return { keep, record, ...earlyMessages({ store, keep, erased }) };
}

const nobody = async () => new Set<string>();
const defaults = replyRules(DEFAULT_PHRASES);
const byDefault = async () => defaults;

function logged(message: ChatMessage, guideId: number, customerId: number): LoggedMessage {
  const text = message.text === "" ? null : message.text;
  return {
    guideId,
    customerId,
    msgid: message.msgid,
    sender: message.from,
    at: message.at,
    type: message.type,
    text,
    source: message.source,
    recalled: false,
  };
}

/** Each msgid once, in their order, which keeps two pushes of the same from waiting for each other crosswise;
 *  a recall beside its message leaves the message, recalled. */
function merged(messages: readonly LoggedMessage[]): LoggedMessage[] {
  const byId = new Map<string, LoggedMessage>();
  for (const message of messages) {
    const before = byId.get(message.msgid);
    if (!before) byId.set(message.msgid, message);
    else if (message.recalled) byId.set(message.msgid, { ...before, recalled: true });
    else if (before.recalled) byId.set(message.msgid, { ...message, recalled: true });
  }
  return [...byId.values()].sort((a, b) => (a.msgid < b.msgid ? -1 : 1));
}
