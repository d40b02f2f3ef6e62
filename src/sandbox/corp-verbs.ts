// What can be done by hand to the corp's directory: a code scanned, a remark, a tag, a member who leaves, a transfer refused.
import type { ShownAttachment } from "./attachments.js";
import type { WelcomeRow } from "./directory-state.js";
import type { EnrolledCustomer } from "./roster.js";
import type { Stage } from "./stage.js";
import { eventOf } from "./transfers.js";
import type { Verbs } from "./verbs.js";

/** Acts at a given time (epoch ms); callbacks are put on their way, not delivered. */
export class CorpVerbs {
  constructor(
    private readonly stage: Stage,
    private readonly verbs: Verbs,
  ) {}

  /** A customer scans a contact way's code and becomes the contact of one of its guides, each in turn; gives which.
   *  Undefined when there is no such way. */
  scans(configId: string, customer: EnrolledCustomer, at: number): string | undefined {
    const { directory, roster } = this.stage;
    const way = directory.way(configId);
    const people = (way?.body.user ?? []) as string[];
    const counts = people.map((userid) => ({ userid, n: roster.contactsOf(userid).length }));
    const [least] = counts.sort((left, right) => left.n - right.n);
    if (!way || !least) return undefined;
    const contact = { guideUserid: least.userid, externalUserid: customer.externalUserid, createdAt: at };
    this.verbs.contactAdded({ ...contact, state: String(way.body.state ?? ""), customer });
    return least.userid;
  }

  /** A guide changes a remark in the client. */
  remarks(userid: string, externalUserid: string, remark: string, at: number): void {
    this.stage.directory.setPair(userid, externalUserid, { remark });
    this.stage.pushes.put(at, userid, eventOf("edit_external_contact", userid, externalUserid, at));
  }

  /** A guide gives a customer a corp tag, made by the admins when there is none, or takes it away. */
  tags(userid: string, externalUserid: string, group: string, name: string, on: boolean, at: number): void {
    const { directory, pushes } = this.stage;
    const holder = directory.groupNamed(group, at);
    const own = directory.tags().find((tag) => tag.group_id === holder.id && tag.name === name);
    const tag = own ?? directory.addTag(holder.id, name, at, false);
    if (!own)
      pushes.put(at, "sys", {
        ...{ FromUserName: "sys", CreateTime: Math.floor(at / 1000), MsgType: "event" },
        ...{ Event: "change_external_tag", Id: tag.id, TagType: "tag", ChangeType: "create" },
      });
    const { tags } = directory.pair({ userid, external_userid: externalUserid });
    const others = tags.filter((id) => id !== tag.id);
    directory.setPair(userid, externalUserid, { tags: on ? [...others, tag.id] : others });
    pushes.put(at, userid, eventOf("edit_external_contact", userid, externalUserid, at));
  }

  /** A member leaves the corp: their customers wait for somebody to take them. */
  resigns(userid: string, at: number): void {
    this.stage.directory.leave(userid, at);
    this.stage.pushes.put(at, userid, {
      ...{ FromUserName: "sys", CreateTime: Math.floor(at / 1000), MsgType: "event" },
      ...{ Event: "change_contact", ChangeType: "delete_user", UserID: userid },
    });
  }

  /** Every contact way there is: what it brings along, and who stands behind it. */
  ways(): { configId: string; state: string; guideUserids: string[] }[] {
    return this.stage.directory.ways().map(({ config_id, body }) => ({
      ...{ configId: config_id, state: String(body.state ?? "") },
      guideUserids: (body.user ?? []) as string[],
    }));
  }

  /** What new customers were welcomed with. */
  welcomes(): WelcomeRow[] {
    return this.stage.directory.welcomes();
  }

  /** What went along with a welcome, by its code. */
  welcomeAttachments(code: string): ShownAttachment[] {
    return this.stage.directory.welcomeAttachments(code);
  }

  /** A member has as many customers as they may have, or fewer again: transfers to them fail when their day is over. */
  fills(userid: string, full = true): void {
    this.stage.directory.setFull(userid, full);
  }

  /** A customer does not want the guide they are being handed over to; false when nothing waits. */
  refuses(externalUserid: string, at: number): boolean {
    return this.stage.transfers.refuse(externalUserid, at);
  }
}
