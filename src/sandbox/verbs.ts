// What can be done by hand on a stage: somebody taps, writes, comes or leaves. Each leaves its callback behind.
import type { Shown } from "./cards.js";
import type { EnrolledContact, EnrolledCustomer } from "./roster.js";
import type { Stage } from "./stage.js";
import { eventOf } from "./transfers.js";

/** Acts at a given time (epoch ms); callbacks are put on their way, not delivered. */
export class Verbs {
  #texts = 0;

  constructor(private readonly stage: Stage) {}

  /** The guide sends a mass task from their phone; false when there is nothing to send any more. */
  confirm(userid: string, msgid: string, at: number): boolean {
    const mass = this.stage.masses.byMsgid(msgid);
    if (!mass || mass.sender.toLowerCase() !== userid.toLowerCase()) return false;
    return this.stage.masses.confirm(mass, at);
  }

  /** A customer writes to a guide; gives the archive's msgid. */
  customerSays(externalUserid: string, guideUserid: string, text: string, at: number): string {
    return this.stage.chats.add({ guideUserid, externalUserid, from: "customer", at, text });
  }

  /** A guide writes to a customer. */
  guideWrites(guideUserid: string, externalUserid: string, text: string, at: number): string {
    return this.stage.chats.add({ guideUserid, externalUserid, from: "guide", at, text });
  }

  /** A guide types into the app's chat. */
  guideSays(userid: string, text: string, at: number): void {
    const { agentid } = this.stage.ground.options;
    this.stage.appMessages.keepSaid(userid, text, at);
    const number = `${Math.floor(at)}${String(++this.#texts % 1000).padStart(3, "0")}`;
    this.stage.pushes.put(at, userid, {
      FromUserName: userid,
      CreateTime: Math.floor(at / 1000),
      MsgType: "text",
      Content: text,
      MsgId: number,
      AgentID: String(agentid),
    });
  }

  /** A guide taps a card's button; false when there is no such card or button on their phone. */
  guideTaps(userid: string, cardId: string, key: string, at: number): boolean {
    const row = this.stage.appMessages.card(userid, cardId);
    const shown = row ? (JSON.parse(row.content) as Shown) : undefined;
    if (!row || shown?.msgtype !== "template_card" || shown.replaced !== undefined) return false;
    if (!shown.buttons.some((one) => one.key === key)) return false;
    this.stage.pushes.put(at, userid, {
      FromUserName: userid,
      CreateTime: Math.floor(at / 1000),
      MsgType: "event",
      Event: "template_card_event",
      EventKey: key,
      TaskId: cardId,
      CardType: "button_interaction",
      ResponseCode: this.stage.appMessages.codeOfTap(row, at),
      AgentID: String(this.stage.ground.options.agentid),
    });
    return true;
  }

  /** A customer scans a guide's code; a customer not known yet is enrolled. */
  contactAdded(contact: EnrolledContact & { customer?: EnrolledCustomer }): void {
    const { roster, pushes } = this.stage;
    const known = roster.customer(contact.externalUserid);
    const fresh = contact.customer ?? { externalUserid: contact.externalUserid, name: "新客户" };
    roster.enrol({ customers: known && !contact.customer ? [] : [fresh], contacts: [contact] });
    pushes.put(contact.createdAt, contact.guideUserid, {
      ...eventOf("add_external_contact", contact.guideUserid, contact.externalUserid, contact.createdAt),
      ...(contact.state ? { State: contact.state } : {}),
      WelcomeCode: this.stage.directory.giveWelcome(
        contact.guideUserid,
        contact.externalUserid,
        contact.createdAt,
      ),
    });
  }

  /** The customer, or the guide, ends the contact; false when there was none. */
  contactEnds(guideUserid: string, externalUserid: string, by: "guide" | "customer", at: number): boolean {
    if (!this.stage.roster.end(guideUserid, externalUserid, by, at)) return false;
    const change = by === "customer" ? "del_follow_user" : "del_external_contact";
    this.stage.pushes.put(at, guideUserid, eventOf(change, guideUserid, externalUserid, at));
    return true;
  }
}
