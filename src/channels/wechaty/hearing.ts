// What a wechaty event means for us: a message of a guide and a customer, or a guide talking to their own assistant.
import type { Message } from "wechaty";
import type { ChatMessage } from "../port.js";

/** Wechaty's numbers for kinds of messages (wechaty-puppet, MessageType), by the archive's names. */
const TYPES: Readonly<Record<number, string>> = {
  1: "file",
  2: "voice",
  3: "card",
  4: "chatrecord",
  5: "emotion",
  6: "image",
  7: "text",
  8: "location",
  9: "weapp",
  11: "transfer",
  12: "redpacket",
  14: "link",
  15: "video",
};

/** One message as far as it matters here; `partner` is the other side of a chat of two. */
export interface HeardMessage {
  id: string;
  from: ChatMessage["from"];
  partner: string;
  /** epoch ms */
  at: number;
  type: string;
  text: string;
}

/** Reads a message; undefined for rooms and for what is no message of a person (notes, recalls). `now` in epoch ms. */
export function readMessage(message: Message, now: number): HeardMessage | undefined {
  const type = TYPES[message.type()];
  if (message.room() || type === undefined) return undefined;
  const self = message.self();
  const partner = self ? message.listener()?.id : message.talker().id;
  if (!partner) return undefined;
  return {
    id: message.id,
    from: self ? "guide" : "customer",
    partner,
    at: timeOf(message, now),
    type,
    text: type === "text" ? message.text() : "",
  };
}

/** Puppets that count in seconds would put an answer before the question of the same second. */
function timeOf(message: Message, now: number): number {
  const at = message.date().getTime();
  return at % 1000 === 0 && now >= at && now - at < 1000 ? now : at;
}
