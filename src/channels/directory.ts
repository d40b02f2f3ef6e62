// What keeping in step needs of a chat system that knows the whole corp: members, contacts, tags, codes, transfers. Beside
// the port: sending does without it, and channels that know one guide only have none.
import type { FollowUpAttachment } from "./port.js";

/** A friendship as the chat system tells it. */
export interface DirectoryContact {
  externalUserid: string;
  /** the customer's own nickname */
  name: string;
  guideUserid: string;
  /** epoch ms */
  since: number;
  /** what the guide calls them; "" = nothing */
  remark: string;
  /** the code they came by; "" = none */
  state: string;
  addWay: number;
  /** ids of corp tags */
  tagIds: string[];
}

/** One page of contacts; no `next`: the last. */
export interface ContactPage {
  contacts: DirectoryContact[];
  next: string | undefined;
  /** guides whose contacts the system does not give: their absence says nothing */
  withheld: string[];
}

export interface DirectoryTag {
  id: string;
  name: string;
  groupId: string;
  groupName: string;
}

/** A code by which customers add one of several guides. */
export interface WayWords {
  guideUserids: readonly string[];
  /** comes back with every contact; at most 30 characters */
  state: string;
  /** for the corp's own eyes; at most 30 characters */
  remark: string;
}

/** `onjob`: the guide stays; `resigned`: they have left the corp. */
export type HandingOver = "onjob" | "resigned";

export interface TransferPair {
  kind: HandingOver;
  fromUserid: string;
  toUserid: string;
}

/** done: the taker has them; waiting: a day must pass; refused: by the customer; full: the taker may have no more;
 *  none: the system knows of no transfer. */
export type TransferStanding = "done" | "waiting" | "refused" | "full" | "none";

/** The directory. Every method throws only `ChannelError`. */
export interface Directory {
  /** Members who may have customers. */
  members(): Promise<string[]>;
  /** A member's name; undefined where the app may not read it. */
  memberName(guideUserid: string): Promise<string | undefined>;
  /** A page of the contacts of at most 100 guides. */
  contactsOf(guideUserids: readonly string[], cursor?: string): Promise<ContactPage>;
  /** Every friendship of one customer; none: nobody follows them. */
  contactsWith(externalUserid: string): Promise<DirectoryContact[]>;
  /** Changes what a guide calls a customer; at most 20 characters. */
  remark(guideUserid: string, externalUserid: string, remark: string): Promise<void>;
  tags(): Promise<DirectoryTag[]>;
  /** Makes a tag in a group, which is made when there is none of this name. Call it for names that are not there. */
  addTag(groupName: string, name: string): Promise<DirectoryTag>;
  /** Changes the tags of one pair; calls for one pair must follow each other. */
  markTags(
    guideUserid: string,
    externalUserid: string,
    change: { add: readonly string[]; remove: readonly string[] },
  ): Promise<void>;
  /** `unknown` when no answer came: look with `ways` before making another. */
  addWay(words: WayWords): Promise<{ configId: string; picture: string }>;
  updateWay(configId: string, words: WayWords): Promise<void>;
  removeWay(configId: string): Promise<void>;
  /** The ids of ways made since an instant (epoch ms). */
  ways(since: number): Promise<string[]>;
  /** One way; undefined when there is none. */
  way(configId: string): Promise<{ state: string; guideUserids: string[]; picture: string } | undefined>;
  /** Asks for customers to be handed over, at most 100; gives the error number of each, 0: begun. `unknown` when no
   *  answer came: read `transferResults` before asking again. */
  transfer(
    pair: TransferPair,
    externalUserids: readonly string[],
    message: string,
  ): Promise<Map<string, number>>;
  transferResults(pair: TransferPair): Promise<Map<string, TransferStanding>>;
  /** Customers of members who have left, whom nobody has taken yet. `leftAt` epoch ms. */
  unassigned(): Promise<{ guideUserid: string; externalUserid: string; leftAt: number }[]>;
  /** Says the first words to a new contact, with at most 9 attachments; the code is good for 20 s and once. */
  welcome(code: string, text: string, attachments: readonly FollowUpAttachment[]): Promise<void>;
  /** Uploads what these attachments need and what is not there for `least` ms more, so that nothing keeps a welcome
   *  waiting. */
  ready(attachments: readonly FollowUpAttachment[], least?: number): Promise<void>;
  /** The picture of the code by which a customer becomes this guide's contact. */
  guideCode(guideUserid: string): Promise<Buffer>;
  /** The picture of a code, by the address it was made with. */
  picture(address: string): Promise<Buffer>;
}

/** What the directory tells as it happens, beside what every channel does. */
export interface DirectoryEvents {
  /** comes after the channel's own `contactAdded` was heard; "" as code: no welcome allowed */
  contactAdded(event: {
    guideUserid: string;
    externalUserid: string;
    state: string;
    welcomeCode: string;
    at: number;
  }): Promise<void>;
  contactEdited(event: { guideUserid: string; externalUserid: string }): Promise<void>;
  /** `refused`: by the customer; else the taker may have no more */
  transferFailed(event: { takerUserid: string; externalUserid: string; refused: boolean }): Promise<void>;
  tagsChanged(): Promise<void>;
  memberLeft(event: { guideUserid: string; at: number }): Promise<void>;
}
