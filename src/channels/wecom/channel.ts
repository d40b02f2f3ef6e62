// The channel over WeCom's official API: app messages to guides, mass-send tasks that the guide confirms in WeCom.
import type { World } from "../../kernel/world.js";
import {
  type ChangeableCards,
  type Channel,
  ChannelError,
  type ChannelFile,
  type ChannelPromises,
  type FollowUp,
  type FollowUpAttachment,
  type Found,
  type GuideMass,
  type GuideNote,
  type HandedOver,
  type HandOverOutcome,
  type LostHandOver,
  type OutstandingHandOver,
  type PagePart,
} from "../port.js";
import { behaviourOf, type GuideBehaviour } from "./behaviour.js";
import { WecomClient, type WecomSettings } from "./client.js";
import { hasCode } from "./errors.js";
import { messageLimits } from "./limits.js";
import { findLost } from "./lookup.js";
import { WecomMedia } from "./media.js";
import { cardOf, messagesOf } from "./notes.js";
import { readOutcomes, sameUser } from "./outcomes.js";
import { WecomPages } from "./pages.js";
import {
  type AppMessage,
  addMassTask,
  personalMasses,
  remindMass,
  sendAppMessage,
  stopMass,
  updateCard,
} from "./requests.js";
import type { TokenStore } from "./token.js";

export interface WecomChannelSettings extends WecomSettings {
  /** whether a conversation archive is fed to our intake: only then customers are heard */
  archive: boolean;
  /** ms after a call without an answer until `find` may say that nothing came of it; default two minutes */
  settleAfter?: number;
  /** where browsers log in; WeCom's own when left out */
  oauthUrl?: string | undefined;
  loginUrl?: string | undefined;
}

const mostCustomers = 10_000;
const mostBytes = 4000;
const outOfReach = [81013, 60111];
const alreadyStopped = 41093;
const mediaGone = 40007;
/** A month at most, in seconds; one day less, since months differ. */
const longestSpan = 30 * 86_400;

/** WeCom as a channel. Words are only offered there: the guide's tap in WeCom sends them. */
export class WecomChannel implements Channel {
  readonly name = "wecom";
  readonly promises: ChannelPromises;
  readonly cards: ChangeableCards = {
    show: (touser, card) => this.#send({ touser, msgtype: "template_card", template_card: cardOf(card) }),
    change: async (userid, code, card) => {
      await updateCard(this.#client, userid, code, cardOf(card));
    },
  };
  /** logins and signatures for our own pages */
  readonly pages: WecomPages;
  readonly #client: WecomClient;
  readonly #media: WecomMedia;

  constructor(
    private readonly settings: WecomChannelSettings,
    tokens: TokenStore,
    private readonly world: Pick<World, "now"> & Partial<Pick<World, "random">>,
  ) {
    this.#client = new WecomClient(settings, tokens, world);
    this.#media = new WecomMedia(this.#client, tokens, settings.corpid, world);
    this.pages = new WecomPages(this.#client, settings, tokens, world);
    this.promises = {
      confirmsThere: true,
      provesDelivery: true,
      reconciles: true,
      stops: true,
      hearsCustomers: settings.archive,
      attachments: ["picture", "link", "mini_program", "file", "video"],
      pictures: true,
    };
  }

  /** Sends an app message; an identical card within 30 minutes, or text within 15 s, is dropped by the platform. */
  async tellGuide(guideUserid: string, note: GuideNote): Promise<boolean> {
    if (note.kind === "picture") return this.#show(guideUserid, note.file);
    for (const message of messagesOf(note)) {
      if (!(await this.#tell({ ...message, touser: guideUserid } as AppMessage))) return false;
    }
    return true;
  }

  /** A picture is uploaded once for all who are shown it, and again when WeCom knows its id no more. */
  async #show(touser: string, file: ChannelFile): Promise<boolean> {
    const tell = async () =>
      this.#tell({ touser, msgtype: "image", image: { media_id: await this.#media.picture(file) } });
    try {
      return await tell();
    } catch (error) {
      if (!hasCode(error, mediaGone)) throw error;
      await this.#media.forget([{ kind: "picture", file }]);
      return tell();
    }
  }

  /** Makes a mass-send task with `sender`, its files uploaded before. `unknown` when no answer came to the task itself:
   *  look with `find` before anything else. */
  async handOver(followUp: FollowUp): Promise<HandedOver> {
    refuseBadFollowUp(followUp);
    const { attachments = [] } = followUp;
    const answer = await this.#addTask(followUp).catch(async (error) => {
      if (attachments.length === 0 || !hasCode(error, mediaGone)) throw error;
      await this.#media.forget(attachments);
      return this.#addTask(followUp);
    });
    const refused = (answer.fail_list ?? []).map((externalUserid) => ({
      externalUserid,
      reason: "not_a_friend" as const,
    }));
    return { providerRef: answer.msgid, refused, delivered: false };
  }

  async #addTask({ guideUserid, externalUserids, text, attachments = [] }: FollowUp) {
    const named = await this.#media.named(attachments);
    return addMassTask(this.#client, {
      ...{ sender: guideUserid, external_userid: externalUserids, text: { content: text } },
      ...(named.length > 0 ? { attachments: named } : {}),
    });
  }

  pagePart(attachment: FollowUpAttachment): Promise<PagePart> {
    return this.#media.pagePart(attachment);
  }

  guideCode(guideUserid: string): Promise<Buffer> {
    return this.#media.code(guideUserid);
  }

  outcomes(handOvers: readonly OutstandingHandOver[]): Promise<HandOverOutcome[]> {
    return readOutcomes(this.#client, handOvers);
  }

  /** WeCom tells of at most a month at once: what is longer ago is left out. */
  async guideMasses(from: number, until: number): Promise<GuideMass[]> {
    const end = Math.ceil(until / 1000);
    const start = Math.max(Math.floor(from / 1000), end - longestSpan);
    const masses = await personalMasses(this.#client, start, end);
    return masses.flatMap(({ msgid, creator, create_time: at }) =>
      creator ? [{ providerRef: msgid, guideUserid: creator, createdAt: at * 1000 }] : [],
    );
  }

  /** At most three times a task in 24 hours; then a ChannelError of kind `wait`. */
  async remind(handOver: OutstandingHandOver): Promise<void> {
    await remindMass(this.#client, handOver.providerRef);
  }

  /** Stopping twice is as good as once. */
  async stop(handOver: OutstandingHandOver): Promise<void> {
    try {
      await stopMass(this.#client, handOver.providerRef);
    } catch (error) {
      if (!hasCode(error, alreadyStopped)) throw error;
    }
  }

  find(lost: LostHandOver): Promise<Found> {
    const settled = this.world.now() >= lost.calledAt + (this.settings.settleAfter ?? 120_000);
    return findLost(this.#client, lost, settled);
  }

  /** WeCom's own figures of one guide's days between two instants (epoch ms), both days included, at most 30. */
  behaviour(guideUserid: string, from: number, to: number): Promise<GuideBehaviour[]> {
    return behaviourOf(this.#client, guideUserid, from, to);
  }

  /** Closes the sockets kept open. */
  close(): void {
    this.#client.close();
  }

  /** Counted before: what is above a member's limit WeCom drops without a word. */
  async #tell(message: AppMessage): Promise<boolean> {
    return (await this.#send(message)).reached;
  }

  async #send(message: AppMessage): Promise<{ reached: boolean; code: string | null }> {
    const { member, app } = messageLimits(this.settings.limits);
    const { agentid } = this.settings;
    await this.#client.admit(`app:${agentid}`, app);
    await this.#client.admit(`app:${agentid}:${message.touser.toLowerCase()}`, member, "retry");
    try {
      const answer = await sendAppMessage(this.#client, message);
      const lost = `${answer.invaliduser ?? ""}|${answer.unlicenseduser ?? ""}`.split("|");
      const reached = !lost.some((userid) => sameUser(userid, message.touser));
      return { reached, code: answer.response_code || null };
    } catch (error) {
      if (hasCode(error, ...outOfReach)) return { reached: false, code: null };
      throw error;
    }
  }
}

/** What the platform would refuse, or worse, cut. */
function refuseBadFollowUp(followUp: FollowUp): void {
  const refuse = (why: string): never => {
    throw new ChannelError("fix", `hand-over ${followUp.ref}: ${why}`);
  };
  if (followUp.guideUserid === "") refuse("no guide to send it");
  if (followUp.externalUserids.length === 0) refuse("no customers");
  if (followUp.externalUserids.length > mostCustomers) refuse(`more than ${mostCustomers} customers`);
  if (followUp.text.trim() === "") refuse("no words");
  if (Buffer.byteLength(followUp.text) > mostBytes) refuse(`more than ${mostBytes} bytes of words`);
}
