// Which follow-up a customer's message answers: a function of all sends and messages of one guide and one customer.

/** A follow-up the customer has; `at` in epoch ms. */
export interface Send {
  taskId: number;
  at: number;
  words: string;
}

/** A message of the pair as it was heard, not recalled; `auto` was written by the chat system. */
export interface Heard {
  id: number;
  from: "guide" | "customer" | "auto";
  /** epoch ms, the chat system's own time */
  at: number;
  text: string | null;
}

/** What is known of one send. */
export interface SendCredit {
  /** epoch ms of the first message credited to it */
  repliedAt: number | null;
  /** whether an answer would have been heard */
  observed: boolean;
  /** the guide's own words stand in the chat */
  proven: boolean;
}

export interface Credit {
  /** message id → task id; messages that answer nothing are not in it */
  messages: Map<number, number>;
  /** task id → what is known of it */
  sends: Map<number, SendCredit>;
}

const minute = 60_000;

/** How far the channel's time of a send and the archive's time of the same words may lie apart. */
export const proofBefore = 2 * minute;
export const proofAfter = 10 * minute;

/**
 * Credits each message of the customer once: to the latest send before it, when that is at most `windowMs` old.
 * Only the times and words count, so the order in which sends and messages became known changes nothing.
 * A send is observed when the chat was being heard by then: something of it was heard before the send, or the
 * guide's side of it around the send. That the customer answered makes no send observed: the rate would then
 * count only those who answered.
 */
export function credit(sends: readonly Send[], heard: readonly Heard[], windowMs: number): Credit {
  const inOrder = [...sends].sort((a, b) => a.at - b.at || a.taskId - b.taskId);
  const proven = provenBy(inOrder, heard);
  const earliest = heard.reduce((first, { at }) => Math.min(first, at), Number.POSITIVE_INFINITY);
  const guideHeard = heard.filter(({ from }) => from === "guide").map(({ at }) => at);
  const result: Credit = { messages: new Map(), sends: new Map() };
  for (const { taskId, at } of inOrder) {
    const around = guideHeard.some((time) => time >= at - proofBefore && time <= at + proofAfter);
    const observed = earliest < at || around;
    result.sends.set(taskId, { repliedAt: null, observed, proven: proven.has(taskId) });
  }
  for (const { id, from, at } of heard) {
    if (from !== "customer") continue;
    const send = latestBefore(inOrder, at);
    const known = send && result.sends.get(send.taskId);
    if (!known || at - send.at > windowMs) continue;
    result.messages.set(id, send.taskId);
    known.repliedAt = Math.min(known.repliedAt ?? at, at);
  }
  return result;
}

/** The last send strictly before an instant; of two at the same instant, the one with the greater id. */
function latestBefore(inOrder: readonly Send[], at: number): Send | undefined {
  let [low, high] = [0, inOrder.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((inOrder[middle]?.at ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return inOrder[low - 1];
}

/** Sends whose words the guide is on record with at that time; one record proves one send. */
function provenBy(inOrder: readonly Send[], heard: readonly Heard[]): Set<number> {
  const records = new Map<string, number[]>();
  const said = heard.filter(({ from, text }) => from === "guide" && text !== null);
  for (const { text, at } of said.sort((a, b) => a.at - b.at)) {
    const words = plainWords(text ?? "");
    records.set(words, [...(records.get(words) ?? []), at]);
  }
  const proven = new Set<number>();
  for (const { taskId, at, words } of inOrder) {
    const times = records.get(plainWords(words)) ?? [];
    const fits = times.findIndex((time) => time >= at - proofBefore && time <= at + proofAfter);
    if (fits < 0) continue;
    times.splice(fits, 1);
    proven.add(taskId);
  }
  return proven;
}

/** Words without what a chat system may change on the way: white space, and how characters are composed. */
export function plainWords(words: string): string {
  return words.normalize("NFKC").replace(/\s+/g, "");
}
