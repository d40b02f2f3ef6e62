// The API of external contacts: who follows whom.
import {
  ApiError,
  cursorAfter,
  cursorField,
  type Endpoints,
  type Fields,
  neededText,
  pageSize,
  textsField,
} from "./answers.js";
import type { DirectoryState } from "./directory-state.js";
import type { ContactRow, GuideRow, Roster } from "./roster.js";

/** The four reading calls of customer contact, and the addresses callbacks come from. */
export function contactEndpoints(roster: Roster, state: DirectoryState): Endpoints {
  return {
    getcallbackip: { method: "GET", handle: () => ({ ip_list: ["127.0.0.1"] }) },
    "externalcontact/get_follow_user_list": {
      method: "GET",
      handle: () => ({
        follow_user: roster
          .guides()
          .filter((guide) => guide.external && guide.visible && state.leftAt(guide.userid) === undefined)
          .map((guide) => guide.userid),
      }),
    },
    "externalcontact/list": { method: "GET", handle: ({ query }) => listOf(roster, query) },
    "externalcontact/get": { method: "GET", handle: ({ query }) => oneContact(roster, state, query) },
    "externalcontact/batch/get_by_user": { method: "POST", handle: ({ body }) => batch(roster, state, body) },
  };
}

/** A guide who may have external contacts. 60111 when unknown or out of sight, 84074 without the right. */
export function externalGuide(roster: Roster, userid: string): GuideRow {
  const guide = roster.guide(userid);
  if (!guide?.visible) throw new ApiError(60111, "userid not found");
  if (!guide.external) throw new ApiError(84074, "no right to external contacts");
  return guide;
}

function listOf(roster: Roster, query: Fields): Fields {
  const guide = externalGuide(roster, neededText(query, "userid"));
  const contacts = roster.contactsOf(guide.userid);
  if (contacts.length === 0) throw new ApiError(84061, "not external contact");
  return { external_userid: contacts.map((contact) => contact.external_userid) };
}

function oneContact(roster: Roster, state: DirectoryState, query: Fields): Fields {
  const externalUserid = neededText(query, "external_userid");
  if (!roster.customer(externalUserid)) throw new ApiError(40096, "invalid external userid");
  const followers = roster.followersOf(externalUserid);
  if (followers.length === 0) throw new ApiError(84061, "not external contact");
  return {
    external_contact: customerFields(roster, externalUserid),
    follow_user: followers.map((contact) => ({
      ...followFields(contact, state),
      tags: tagsOf(contact, state),
    })),
    next_cursor: "",
  };
}

function batch(roster: Roster, state: DirectoryState, body: Fields): Fields {
  const userids = textsField(body, "userid_list", 100);
  if (userids.length === 0) throw new ApiError(40063, "userid_list is empty");
  const size = pageSize(body, 50, 100);
  const after = cursorField(body);
  const contacts = userids
    .flatMap((userid) => roster.contactsOf(externalGuide(roster, userid).userid, after, size + 1))
    .sort((left, right) => left.id - right.id);
  const page = contacts.slice(0, size);
  return {
    external_contact_list: page.map((contact) => ({
      external_contact: customerFields(roster, contact.external_userid),
      follow_info: {
        ...followFields(contact, state),
        tag_id: tagsOf(contact, state).map(({ tag_id }) => tag_id),
      },
    })),
    next_cursor: cursorAfter(contacts.length > size ? page.at(-1)?.id : undefined),
    fail_info: { unlicensed_userid_list: [] },
  };
}

function customerFields(roster: Roster, externalUserid: string): Fields {
  const customer = roster.customer(externalUserid);
  return {
    external_userid: externalUserid,
    name: customer?.name ?? "",
    avatar: "",
    type: externalUserid.startsWith("wo") ? 2 : 1,
    gender: customer?.gender ?? 0,
  };
}

/** The corp tags of a pair that still exist. */
function tagsOf(contact: ContactRow, state: DirectoryState) {
  const { tags } = state.pair(contact);
  if (tags.length === 0) return [];
  const groups = new Map(state.groups().map(({ id, name }) => [id, name]));
  return state
    .tags()
    .filter(({ id }) => tags.includes(id))
    .map(({ id, name, group_id }) => ({
      ...{ group_name: groups.get(group_id) ?? "", tag_name: name, tag_id: id, type: 1 },
    }));
}

function followFields(contact: ContactRow, state: DirectoryState): Fields {
  const { remark, description, mobiles } = state.pair(contact);
  return {
    userid: contact.userid,
    remark,
    description,
    createtime: Math.floor(contact.created_at / 1000),
    remark_mobiles: mobiles,
    add_way: contact.add_way,
    oper_userid: contact.external_userid,
    state: contact.state,
  };
}
