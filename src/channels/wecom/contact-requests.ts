// The calls that read and mark contacts: members, customers, remarks, corp tags, welcome words.
import { z } from "zod";
import type { Endpoint, WecomClient } from "./client.js";
import { type MassAttachment, pages } from "./requests.js";

const text = z.string();
const texts = z.array(text).nullish();
const nothing = z.looseObject({});
const mostOfPage = 100;

const followers = {
  method: "GET",
  path: "externalcontact/get_follow_user_list",
  creates: false,
  answer: z.looseObject({ follow_user: texts }),
} satisfies Endpoint<unknown>;

/** The userids of members with customer contact. */
export async function followUsers(client: WecomClient): Promise<string[]> {
  return (await client.call(followers)).follow_user ?? [];
}

const userGet = {
  method: "GET",
  path: "user/get",
  creates: false,
  answer: z.looseObject({ name: text.nullish() }),
} satisfies Endpoint<unknown>;

/** A member's name, as far as the app may see it. */
export async function userName(client: WecomClient, userid: string): Promise<string | undefined> {
  return (await client.call(userGet, undefined, { userid })).name || undefined;
}

const contact = z.looseObject({ external_userid: text, name: text.nullish() });
const follow = z.looseObject({
  userid: text,
  remark: text.nullish(),
  createtime: z.number(),
  state: text.nullish(),
  add_way: z.int().nullish(),
});

export type ContactFields = z.infer<typeof contact>;
export type FollowFields = z.infer<typeof follow>;

const byUser = {
  method: "POST",
  path: "externalcontact/batch/get_by_user",
  creates: false,
  answer: z.looseObject({
    external_contact_list: z
      .array(
        z.looseObject({
          external_contact: contact,
          follow_info: z.looseObject({ ...follow.shape, tag_id: texts }),
        }),
      )
      .nullish(),
    next_cursor: text.nullish(),
    fail_info: z.looseObject({ unlicensed_userid_list: texts }).nullish(),
  }),
} satisfies Endpoint<unknown>;

/** One page of the contacts of at most 100 members. */
export function contactsByUser(client: WecomClient, userids: readonly string[], cursor?: string) {
  return client.call(byUser, { userid_list: userids, limit: mostOfPage, cursor });
}

const oneContact = {
  method: "GET",
  path: "externalcontact/get",
  creates: false,
  answer: z.looseObject({
    external_contact: contact,
    follow_user: z
      .array(
        z.looseObject({
          ...follow.shape,
          tags: z.array(z.looseObject({ tag_id: text.nullish() })).nullish(),
        }),
      )
      .nullish(),
    next_cursor: text.nullish(),
  }),
} satisfies Endpoint<unknown>;

/** A customer with all their followers; of 500 and more page by page. */
export async function contactPages(client: WecomClient, externalUserid: string) {
  const name: { now?: string | null | undefined } = {};
  const followUsers = await pages(
    async (cursor) => {
      const page = await client.call(oneContact, undefined, { external_userid: externalUserid, cursor });
      name.now = page.external_contact.name;
      return page;
    },
    (page) => page.follow_user,
  );
  return { name: name.now ?? "", followUsers };
}

const remarkCall = {
  method: "POST",
  path: "externalcontact/remark",
  creates: false,
  answer: nothing,
} satisfies Endpoint<unknown>;

/** Changes what a member calls a customer. */
export function setRemark(client: WecomClient, userid: string, externalUserid: string, remark: string) {
  return client.call(remarkCall, { userid, external_userid: externalUserid, remark });
}

const group = z.looseObject({
  group_id: text,
  group_name: text,
  tag: z.array(z.looseObject({ id: text, name: text, deleted: z.boolean().nullish() })).nullish(),
});
const tagList = {
  method: "POST",
  path: "externalcontact/get_corp_tag_list",
  creates: false,
  answer: z.looseObject({ tag_group: z.array(group).nullish() }),
} satisfies Endpoint<unknown>;

/** Every corp tag by its group. */
export async function corpTags(client: WecomClient) {
  return (await client.call(tagList, {})).tag_group ?? [];
}

const addTag = {
  method: "POST",
  path: "externalcontact/add_corp_tag",
  creates: true,
  answer: z.looseObject({ tag_group: group }),
} satisfies Endpoint<unknown>;

/** Makes one tag in the group of a name. */
export async function addCorpTag(client: WecomClient, groupName: string, name: string) {
  return (await client.call(addTag, { group_name: groupName, tag: [{ name }] })).tag_group;
}

const markTag = {
  method: "POST",
  path: "externalcontact/mark_tag",
  creates: false,
  answer: nothing,
} satisfies Endpoint<unknown>;

/** Changes the tags of one pair. */
export function markPair(
  client: WecomClient,
  pair: { userid: string; external_userid: string },
  add: readonly string[],
  remove: readonly string[],
) {
  return client.call(markTag, {
    ...pair,
    ...(add.length > 0 ? { add_tag: add } : {}),
    ...(remove.length > 0 ? { remove_tag: remove } : {}),
  });
}

const welcomeMsg = {
  method: "POST",
  path: "externalcontact/send_welcome_msg",
  creates: true,
  answer: nothing,
} satisfies Endpoint<unknown>;

/** The first words to a new contact. */
export function sendWelcome(
  client: WecomClient,
  code: string,
  content: string,
  attachments: readonly MassAttachment[],
) {
  const along = attachments.length > 0 ? { attachments } : {};
  return client.call(welcomeMsg, { welcome_code: code, text: { content }, ...along });
}
