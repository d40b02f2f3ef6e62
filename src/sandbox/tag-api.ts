// The API of corp tags and remarks: lists, changes, and what a guide's customer carries.
import {
  ApiError,
  type Endpoints,
  type Fields,
  intField,
  neededText,
  objectsField,
  textField,
  textsField,
} from "./answers.js";
import { externalGuide } from "./contact-api.js";
import type { DirectoryState, TagGroupRow, TagRow } from "./directory-state.js";
import type { ContactRow, Roster } from "./roster.js";
import type { Ground } from "./settings.js";

const mostTags = 3000;
const mostOfPair = 3000;
const nameLength = 30;

/** The calls of corp tags, mark_tag and remark. */
export function tagEndpoints(ground: Ground, roster: Roster, state: DirectoryState): Endpoints {
  const now = () => ground.world.now();
  const post = (handle: (body: Fields) => Fields) => ({
    method: "POST" as const,
    handle: ({ body }: { body: Fields }) => handle(body),
  });
  return {
    "externalcontact/get_corp_tag_list": post((body) => ({ tag_group: listed(state, body) })),
    "externalcontact/add_corp_tag": post((body) => ({ tag_group: added(state, body, now()) })),
    "externalcontact/edit_corp_tag": post((body) => edit(state, body)),
    "externalcontact/del_corp_tag": post((body) => remove(state, body)),
    "externalcontact/mark_tag": post((body) => mark(roster, state, body)),
    "externalcontact/remark": post((body) => remark(roster, state, body)),
  };
}

/** A contact the guide still has in their list. 84061 when they have not. */
export function livingContact(roster: Roster, body: Fields): ContactRow {
  const guide = externalGuide(roster, neededText(body, "userid"));
  const externalUserid = neededText(body, "external_userid");
  if (!roster.customer(externalUserid)) throw new ApiError(40096, "invalid external userid");
  const contact = roster.contact(guide.userid, externalUserid);
  if (!contact || contact.ended_by === "guide") throw new ApiError(84061, "not external contact");
  return contact;
}

function listed(state: DirectoryState, body: Fields): Fields[] {
  const [tagIds, groupIds] = [textsField(body, "tag_id", 1000), textsField(body, "group_id", 1000)];
  const all = state.tags();
  return state.groups().flatMap((group) => {
    const own = all.filter((tag) => tag.group_id === group.id);
    const asked =
      groupIds.length > 0
        ? groupIds.includes(group.id)
          ? own
          : []
        : tagIds.length > 0
          ? own.filter(({ id }) => tagIds.includes(id))
          : own;
    return asked.length > 0 ? [groupFields(group, asked)] : [];
  });
}

function groupFields(group: TagGroupRow, tags: readonly TagRow[]): Fields {
  return {
    group_id: group.id,
    group_name: group.name,
    create_time: Math.floor(group.created_at / 1000),
    order: group.ord,
    deleted: false,
    tag: tags.map(({ id, name, created_at, ord }) => ({
      ...{ id, name, create_time: Math.floor(created_at / 1000) },
      ...{ order: ord, deleted: false },
    })),
  };
}

function added(state: DirectoryState, body: Fields, at: number): Fields {
  const groupId = textField(body, "group_id");
  const groupName = named(textField(body, "group_name"), "group_name", groupId === "");
  const wanted = objectsField(body, "tag").map((tag) => ({
    name: named(textField(tag, "name"), "name", true),
    ord: intField(tag, "order") ?? 0,
  }));
  if (wanted.length === 0) throw new ApiError(40063, "tag is empty");
  if (state.tags().length + wanted.length > mostTags) throw new ApiError(40126, "too many corp tags");
  const known = groupId === "" ? undefined : state.groups().find(({ id }) => id === groupId);
  if (groupId !== "" && !known) throw new ApiError(40068, "invalid tag group id");
  const group = known ?? state.groupNamed(groupName, at);
  const own = state.tags().filter((tag) => tag.group_id === group.id);
  const names = wanted.map(({ name }) => name);
  if (new Set(names).size < names.length || own.some(({ name }) => names.includes(name)))
    throw new ApiError(40071, "tag name exists");
  const made = wanted.map(({ name, ord }) => state.addTag(group.id, name, at, true, ord));
  return groupFields(group, made);
}

function named(name: string, field: string, needed: boolean): string {
  if (needed && name === "") throw new ApiError(40063, `${field} is empty`);
  if ([...name].length > nameLength) throw new ApiError(40058, `${field} exceeds ${nameLength} characters`);
  return name;
}

function edit(state: DirectoryState, body: Fields): Fields {
  const id = neededText(body, "id");
  const name = named(textField(body, "name"), "name", false);
  const tag = state.tags().find((one) => one.id === id);
  const group = state.groups().find((one) => one.id === id);
  if (!tag && !group) throw new ApiError(40068, "invalid tag id");
  if (tag && tag.by_app === 0) throw new ApiError(60011, "no privilege to edit this tag");
  if (name !== "")
    state.db.prepare(`UPDATE ${tag ? "tag" : "tag_group"} SET name = ? WHERE id = ?`).run(name, id);
  return {};
}

function remove(state: DirectoryState, body: Fields): Fields {
  const [tagIds, groupIds] = [textsField(body, "tag_id", 1000), textsField(body, "group_id", 1000)];
  if (tagIds.length + groupIds.length === 0) throw new ApiError(40063, "tag_id and group_id are empty");
  const gone = state.tags().filter((tag) => tagIds.includes(tag.id) || groupIds.includes(tag.group_id));
  if (gone.length === 0) throw new ApiError(40068, "invalid tag id");
  if (gone.some((tag) => tag.by_app === 0)) throw new ApiError(60011, "no privilege to delete this tag");
  for (const { id } of gone) state.db.prepare("DELETE FROM tag WHERE id = ?").run(id);
  state.db.prepare("DELETE FROM tag_group WHERE id NOT IN (SELECT group_id FROM tag)").run();
  return {};
}

function mark(roster: Roster, state: DirectoryState, body: Fields): Fields {
  const contact = livingContact(roster, body);
  const add = textsField(body, "add_tag", mostOfPair);
  const take = textsField(body, "remove_tag", mostOfPair);
  if (add.length + take.length === 0) throw new ApiError(40063, "add_tag and remove_tag are empty");
  const known = new Set(state.tags().map(({ id }) => id));
  if ([...add, ...take].some((id) => !known.has(id))) throw new ApiError(40068, "invalid tag id");
  const kept = state.pair(contact).tags.filter((id) => !take.includes(id));
  state.setPair(contact.userid, contact.external_userid, { tags: [...new Set([...kept, ...add])] });
  return {};
}

const remarkFields = ["remark", "description", "remark_company", "remark_mobiles", "remark_pic_mediaid"];

function remark(roster: Roster, state: DirectoryState, body: Fields): Fields {
  const contact = livingContact(roster, body);
  if (!remarkFields.some((field) => body[field] !== undefined))
    throw new ApiError(40063, "nothing to remark");
  const [words, description] = [textField(body, "remark"), textField(body, "description")];
  if ([...words].length > 20) throw new ApiError(40058, "remark exceeds 20 characters");
  if ([...description].length > 150) throw new ApiError(40058, "description exceeds 150 characters");
  state.setPair(contact.userid, contact.external_userid, {
    ...(body.remark === undefined ? {} : { remark: words }),
    ...(body.description === undefined ? {} : { description }),
    ...(body.remark_mobiles === undefined
      ? {}
      : { mobiles: textsField(body, "remark_mobiles", 20).filter(Boolean) }),
  });
  return {};
}
