// What `tasks` needs of a chat system, and no more. Adapters live beside this file and know no task.

export type ChannelName = "wecom" | "wechaty" | "notebook";

/** What a channel can be relied on for; what is false here is shown in figures, never assumed. */
export interface ChannelPromises {
  /** The guide confirms inside the chat system itself; our hand-over is only an offer there. */
  confirmsThere: boolean;
  /** `outcomes` tells, per customer, whether the words arrived. */
  provesDelivery: boolean;
  /** `find` can tell whether a hand-over whose call had no answer took place. */
  reconciles: boolean;
  /** `stop` can take back what nobody confirmed yet. */
  stops: boolean;
  /** Customers' messages come in by themselves. */
  hearsCustomers: boolean;
  /** What it takes along with words. */
  attachments: readonly FollowUpAttachment["kind"][];
  /** `tellGuide` shows pictures; where not, the words that stand for one are told. */
  pictures: boolean;
}

/** What a guide or manager is told: a line of text, a picture, or a card that opens a page. */
export type GuideNote =
  | { kind: "text"; text: string }
  /** PNG or JPEG of at most 2 MB; `text` stands for it where no pictures can be shown */
  | { kind: "picture"; file: ChannelFile; text: string }
  | {
      kind: "card";
      /** unique a card, `0-9A-Za-z_-@`, ≤ 128 bytes */
      cardId: string;
      title: string;
      description: string;
      /** at most 6 label/value lines; labels ≤ 5 characters, values ≤ 30 */
      lines: { label: string; value: string }[];
      url: string;
      /** at most 6; a tap comes back as `guideTapped` with the key */
      buttons: { text: string; key: string }[];
    };

/** A file on its way: the same digest is always the same bytes. */
export interface ChannelFile {
  digest: string;
  name: string;
  /** raises ChannelError `retry` when the bytes cannot be had now */
  read(): Promise<Buffer>;
}

/** What goes to the customer with the words, in the guide's own chat. */
export type FollowUpAttachment =
  | { kind: "picture" | "file" | "video"; file: ChannelFile }
  /** `picture`: its address, or a file of ours; undefined: none */
  | { kind: "link"; title: string; url: string; desc: string; picture: string | ChannelFile | undefined }
  | { kind: "mini_program"; title: string; appid: string; page: string; cover: ChannelFile };

/** Words on their way: the same text from one guide to 1..10,000 customers. */
export interface FollowUp {
  /** our hand-over's id, stable across retries of the bookkeeping (never of the call) */
  ref: string;
  guideUserid: string;
  externalUserids: string[];
  text: string;
  /** go together with the words or not at all */
  attachments?: readonly FollowUpAttachment[];
}

/** What the chat system answered when it took a follow-up. */
export interface HandedOver {
  /** the chat system's own id of it */
  providerRef: string;
  /** customers it refused at once */
  refused: { externalUserid: string; reason: DeliveryReason }[];
  /** true when the words are with the customer already (no confirmation there) */
  delivered: boolean;
}

export type DeliveryReason = "not_a_friend" | "receive_limit" | "refused";

/** A hand-over whose fate is still open. */
export interface OutstandingHandOver {
  ref: string;
  providerRef: string;
  guideUserid: string;
}

/** What became of a hand-over, as far as the chat system tells today. */
export interface HandOverOutcome {
  ref: string;
  /** waiting: the guide has not confirmed; confirmed: they have; stopped: taken back; gone: the system no longer knows it */
  state: "waiting" | "confirmed" | "stopped" | "gone";
  /** epoch ms */
  confirmedAt?: number;
  customers: { externalUserid: string; result: "open" | "sent" | DeliveryReason; at?: number }[];
}

/** A mass send a guide made without us: it uses up what its customers may receive. `outcomes` tells whom it reached. */
export interface GuideMass {
  /** the chat system's own id of it */
  providerRef: string;
  guideUserid: string;
  /** epoch ms */
  createdAt: number;
}

/** A hand-over whose create call got no answer. */
export interface LostHandOver {
  ref: string;
  guideUserid: string;
  externalUserids: string[];
  text: string;
  /** epoch ms of the call */
  calledAt: number;
  /** whether somebody by this id is one of them: an id may be known by its trace alone; absent: those named */
  isTheirs?(externalUserid: string): boolean;
  /** providerRefs of our other hand-overs from around then: what we know already is not the lost one */
  knownRefs?: readonly string[];
}

export type Found = { state: "found"; providerRef: string } | { state: "absent" } | { state: "cannot_tell" };

/** A card a guide is told. */
export type GuideCard = Extract<GuideNote, { kind: "card" }>;

/** Cards that can be changed after they were told, each time by a code that is good once. */
export interface ChangeableCards {
  /** As `tellGuide`, with the code of the send; null where none was given. */
  show(guideUserid: string, card: GuideCard): Promise<{ reached: boolean; code: string | null }>;
  /** Puts another card in place of the one a code is for. A ChannelError `fix`: the code is old or used. */
  change(guideUserid: string, code: string, card: GuideCard): Promise<void>;
}

/** A chat system as the tasks see it. Every method throws only `ChannelError`. */
export interface Channel {
  readonly name: ChannelName;
  readonly promises: ChannelPromises;
  /** Hand-overs it takes at once; undefined: as many as there are. More would wait inside it, counted as called. */
  readonly atOnce?: number;
  /** False while nothing can be handed to it, because nobody is logged in: nothing is called meanwhile. */
  isThere?(): boolean;
  /** Puts a note before a guide; false when the guide cannot be reached by it. */
  tellGuide(guideUserid: string, note: GuideNote): Promise<boolean>;
  /** where told cards can be changed */
  readonly cards?: ChangeableCards;
  /** Takes a follow-up. A ChannelError of kind `unknown` means: it may have happened; never repeat blindly. */
  handOver(followUp: FollowUp): Promise<HandedOver>;
  /** What became of earlier hand-overs; those it cannot tell of yet come back `waiting`. */
  outcomes(handOvers: readonly OutstandingHandOver[]): Promise<HandOverOutcome[]>;
  /** Reminds the guide of an unconfirmed hand-over inside the chat system. */
  remind(handOver: OutstandingHandOver): Promise<void>;
  /** Takes back what is not confirmed yet; what was sent stays sent. */
  stop(handOver: OutstandingHandOver): Promise<void>;
  /** Looks for a hand-over whose call got no answer. */
  find(lost: LostHandOver): Promise<Found>;
  /** Mass sends that guides made by themselves between two instants (epoch ms); absent where there is no such thing. */
  guideMasses?(from: number, until: number): Promise<GuideMass[]>;
  /** What the client's own functions take of an attachment when a page puts it into a chat; absent where pages cannot. */
  pagePart?(attachment: FollowUpAttachment): Promise<PagePart>;
  /** The picture of the code by which a customer becomes this guide's contact; null where there is none. */
  guideCode(guideUserid: string): Promise<Buffer | null>;
}

/** An attachment as a page in the client names it. */
export interface PagePart {
  /** into the chat that is open */
  chat: Record<string, unknown>;
  /** beside words for several; null: not there */
  share: Record<string, unknown> | null;
}

/** retry: again later, same call; wait: a limit's window must pass; fix: the data are wrong, never again;
 *  operations: somebody must mend the set-up; unknown: no answer, it may have happened. */
export type ChannelErrorKind = "retry" | "wait" | "fix" | "operations" | "unknown";

/** What went wrong at a chat system. `code` is its own number where it has one. */
export class ChannelError extends Error {
  constructor(
    readonly kind: ChannelErrorKind,
    message: string,
    readonly code?: number,
    /** ms after which trying again makes sense, when known */
    readonly retryAfter?: number,
  ) {
    super(message);
    this.name = "ChannelError";
  }
}

/** One message between a guide and a customer, as the archive or a bot reports it. */
export interface ChatMessage {
  msgid: string;
  guideUserid: string;
  externalUserid: string;
  from: "guide" | "customer";
  /** epoch ms, the chat system's own time */
  at: number;
  /** text, image, voice, … as the source names it */
  type: string;
  text: string;
  source: "archive" | "wechaty" | "guide_report";
}

/** What a channel hands over as it happens; joined to its hearers in wire.ts. */
export interface ChannelEvents {
  guideSaid(event: { guideUserid: string; text: string; at: number }): Promise<void>;
  guideTapped(event: {
    guideUserid: string;
    key: string;
    cardId: string;
    /** changes the tapped card, once */
    code?: string;
    at: number;
  }): Promise<void>;
  message(message: ChatMessage): Promise<void>;
  contactAdded(event: {
    guideUserid: string;
    externalUserid: string;
    state: string;
    at: number;
  }): Promise<void>;
  contactEnded(event: {
    guideUserid: string;
    externalUserid: string;
    by: "guide" | "customer";
    at: number;
  }): Promise<void>;
}
