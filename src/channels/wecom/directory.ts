// The directory over WeCom's official API.
import type { World } from "../../kernel/world.js";
import type {
  ContactPage,
  Directory,
  DirectoryContact,
  DirectoryTag,
  TransferPair,
  TransferStanding,
  WayWords,
} from "../directory.js";
import { ChannelError, type FollowUpAttachment } from "../port.js";
import { WecomClient, type WecomSettings } from "./client.js";
import * as contacts from "./contact-requests.js";
import * as corp from "./corp-requests.js";
import { hasCode } from "./errors.js";
import { WecomMedia } from "./media.js";
import type { TokenStore } from "./token.js";

const notAContact = [84061, 84084, 40096];
const noSuchWay = 41044;
const mediaGone = 40007;
const notForUs = [60011, 60111, 48002, 50002];
const standings: Readonly<Record<number, TransferStanding>> = {
  1: "done",
  2: "waiting",
  3: "refused",
  4: "full",
  5: "none",
};

/** WeCom as a directory. */
export class WecomDirectory implements Directory {
  readonly #client: WecomClient;
  readonly #media: WecomMedia;

  constructor(
    settings: WecomSettings,
    tokens: TokenStore,
    private readonly world: Pick<World, "now">,
  ) {
    this.#client = new WecomClient(settings, tokens, world);
    this.#media = new WecomMedia(this.#client, tokens, settings.corpid, world);
  }

  members(): Promise<string[]> {
    return contacts.followUsers(this.#client);
  }

  async memberName(guideUserid: string): Promise<string | undefined> {
    return contacts.userName(this.#client, guideUserid).catch((error) => {
      if (hasCode(error, ...notForUs)) return undefined;
      throw error;
    });
  }

  async contactsOf(guideUserids: readonly string[], cursor?: string): Promise<ContactPage> {
    type Page = Awaited<ReturnType<typeof contacts.contactsByUser>>;
    const page = await contacts.contactsByUser(this.#client, guideUserids, cursor).catch((error): Page => {
      // what a guide without customers is answered with
      if (guideUserids.length === 1 && hasCode(error, 84061)) return {};
      throw error;
    });
    return {
      contacts: (page.external_contact_list ?? []).map(({ external_contact, follow_info }) =>
        contactOf(external_contact.external_userid, external_contact.name, follow_info, follow_info.tag_id),
      ),
      next: page.next_cursor || undefined,
      withheld: page.fail_info?.unlicensed_userid_list ?? [],
    };
  }

  async contactsWith(externalUserid: string): Promise<DirectoryContact[]> {
    try {
      const { name, followUsers } = await contacts.contactPages(this.#client, externalUserid);
      return followUsers.map((follow) =>
        contactOf(
          externalUserid,
          name,
          follow,
          (follow.tags ?? []).map(({ tag_id }) => tag_id),
        ),
      );
    } catch (error) {
      if (hasCode(error, ...notAContact)) return [];
      throw error;
    }
  }

  async remark(guideUserid: string, externalUserid: string, remark: string): Promise<void> {
    await contacts.setRemark(this.#client, guideUserid, externalUserid, remark);
  }

  async tags(): Promise<DirectoryTag[]> {
    return (await contacts.corpTags(this.#client)).flatMap(tagsIn);
  }

  async addTag(groupName: string, name: string): Promise<DirectoryTag> {
    const made = tagsIn(await contacts.addCorpTag(this.#client, groupName, name));
    const tag = made.find((one) => one.name === name);
    if (!tag)
      throw new ChannelError("retry", `WeCom externalcontact/add_corp_tag: no tag ${name} in its answer`);
    return tag;
  }

  async markTags(
    userid: string,
    external_userid: string,
    { add, remove }: { add: readonly string[]; remove: readonly string[] },
  ): Promise<void> {
    await contacts.markPair(this.#client, { userid, external_userid }, add, remove);
  }

  async addWay({ guideUserids: user, state, remark }: WayWords) {
    const { config_id, qr_code } = await corp.makeWay(this.#client, { user, state, remark });
    return { configId: config_id, picture: qr_code ?? "" };
  }

  async updateWay(configId: string, { guideUserids: user, state, remark }: WayWords): Promise<void> {
    await corp.updateWay(this.#client, configId, { user, state, remark });
  }

  async removeWay(configId: string): Promise<void> {
    await corp.deleteWay(this.#client, configId).catch(unlessGone);
  }

  ways(since: number): Promise<string[]> {
    const seconds = (ms: number) => Math.floor(ms / 1000);
    return corp.listWays(this.#client, seconds(since), seconds(this.world.now()) + 1);
  }

  async way(configId: string) {
    const way = await corp.getWay(this.#client, configId).catch(unlessGone);
    return way && { state: way.state ?? "", guideUserids: way.user ?? [], picture: way.qr_code ?? "" };
  }

  async transfer(pair: TransferPair, externalUserids: readonly string[], message: string) {
    const { kind } = pair;
    const rows = await corp.transferCustomers(this.#client, kind, namesOf(pair), externalUserids, message);
    return new Map(rows.map(({ external_userid, errcode }) => [external_userid, errcode ?? 0]));
  }

  async transferResults(pair: TransferPair): Promise<Map<string, TransferStanding>> {
    const rows = await corp.transferResults(this.#client, pair.kind, namesOf(pair));
    return new Map(rows.map(({ external_userid, status }) => [external_userid, standings[status] ?? "none"]));
  }

  async unassigned() {
    const rows = await corp.unassignedCustomers(this.#client);
    return rows.map((row) => ({
      guideUserid: row.handover_userid,
      externalUserid: row.external_userid,
      leftAt: row.dimission_time * 1000,
    }));
  }

  async welcome(code: string, text: string, attachments: readonly FollowUpAttachment[]): Promise<void> {
    const send = async () =>
      contacts.sendWelcome(this.#client, code, text, await this.#media.named(attachments));
    await send().catch(async (error) => {
      if (attachments.length === 0 || !hasCode(error, mediaGone)) throw error;
      await this.#media.forget(attachments);
      return send();
    });
  }

  async ready(attachments: readonly FollowUpAttachment[], least = 0): Promise<void> {
    await this.#media.named(attachments, least);
  }

  guideCode(guideUserid: string): Promise<Buffer> {
    return this.#media.code(guideUserid);
  }

  picture(address: string): Promise<Buffer> {
    return this.#client.download(address);
  }

  /** Closes the sockets kept open. */
  close(): void {
    this.#client.close();
  }
}

function contactOf(
  externalUserid: string,
  name: string | null | undefined,
  follow: contacts.FollowFields,
  tagIds: readonly (string | null | undefined)[] | null | undefined,
): DirectoryContact {
  return {
    ...{ externalUserid, name: name ?? "", guideUserid: follow.userid, since: follow.createtime * 1000 },
    ...{ remark: follow.remark ?? "", state: follow.state ?? "", addWay: follow.add_way ?? 0 },
    tagIds: (tagIds ?? []).filter((id) => typeof id === "string" && id !== "") as string[],
  };
}

function tagsIn({ group_id, group_name, tag }: Awaited<ReturnType<typeof contacts.corpTags>>[number]) {
  return (tag ?? [])
    .filter(({ deleted }) => deleted !== true)
    .map(({ id, name }) => ({ id, name, groupId: group_id, groupName: group_name }));
}

function namesOf({ fromUserid, toUserid }: TransferPair) {
  return { handover_userid: fromUserid, takeover_userid: toUserid };
}

function unlessGone(error: unknown): undefined {
  if (!hasCode(error, noSuchWay)) throw error;
  return undefined;
}
