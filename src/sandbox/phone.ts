// What a guide sees on their phone: the app's messages, mass tasks waiting for a tap, chats with customers.
import type { ShownAttachment } from "./attachments.js";
import type { Shown } from "./cards.js";
import type { MassRow } from "./masses.js";
import type { Stage } from "./stage.js";

export interface Phone {
  userid: string;
  name: string;
  /** oldest first */
  messages: { at: number; shown: Shown }[];
  /** newest first */
  masses: PhoneMass[];
  /** the pair that wrote last comes first */
  chats: PhoneChat[];
}

export interface PhoneMass {
  msgid: string;
  text: string;
  createdAt: number;
  state: "waiting" | "confirmed" | "stopped";
  attachments: ShownAttachment[];
  customers: { externalUserid: string; name: string; status: 0 | 1 | 2 | 3 }[];
}

export interface PhoneChat {
  externalUserid: string;
  name: string;
  ended: boolean;
  /** oldest first */
  messages: { from: "guide" | "customer"; at: number; text: string }[];
}

const most = { messages: 60, masses: 40, customers: 50, chats: 30, lines: 30 };

/** A guide's phone; undefined when there is no such guide. */
export function phoneOf(stage: Stage, userid: string): Phone | undefined {
  const guide = stage.roster.guide(userid);
  if (!guide) return undefined;
  const messages = stage.appMessages.ofGuide(guide.userid, most.messages);
  return {
    userid: guide.userid,
    name: guide.name,
    messages: messages.map((row) => ({ at: row.at, shown: JSON.parse(row.content) as Shown })),
    masses: phoneMasses(stage, guide.userid, most.masses),
    chats: partners(stage, guide.userid).map((externalUserid) => chatOf(stage, guide.userid, externalUserid)),
  };
}

/** Those who wrote last, and with room left, contacts who never wrote. */
function partners(stage: Stage, userid: string): string[] {
  const wrote = stage.chats.partnersOf(userid, most.chats);
  const contacts = stage.roster.contactsOf(userid, 0, most.chats).map((contact) => contact.external_userid);
  return [...new Set([...wrote, ...contacts])].slice(0, most.chats);
}

/** A guide's mass tasks, newest first. */
export function phoneMasses(stage: Stage, userid: string, limit: number): PhoneMass[] {
  return stage.masses.ofGuide(userid, limit).map((mass) => massOf(stage, mass));
}

function massOf(stage: Stage, mass: MassRow): PhoneMass {
  const confirmed = mass.confirmed_at !== null;
  return {
    msgid: mass.msgid,
    text: mass.text,
    createdAt: mass.created_at,
    state: confirmed ? "confirmed" : mass.stopped_at !== null ? "stopped" : "waiting",
    attachments: stage.masses.attachments(mass),
    customers: stage.masses.customers(mass, 0, most.customers).map((row) => ({
      externalUserid: row.external_userid,
      name: stage.roster.customer(row.external_userid)?.name ?? row.external_userid,
      status: row.status,
    })),
  };
}

function chatOf(stage: Stage, userid: string, externalUserid: string): PhoneChat {
  return {
    externalUserid,
    name: stage.roster.customer(externalUserid)?.name ?? externalUserid,
    ended: stage.roster.contact(userid, externalUserid)?.ended_at != null,
    messages: stage.chats.ofPair(userid, externalUserid, most.lines).map((row) => ({
      from: row.from_guide ? "guide" : "customer",
      at: row.at,
      text: row.content,
    })),
  };
}
