// The API of contact ways: codes by which customers add one guide or one of several, with the state they bring along.
import {
  ApiError,
  type ApiRequest,
  cursorAfter,
  cursorField,
  type Endpoints,
  type Fields,
  intField,
  neededText,
  pageSize,
  textField,
  textsField,
} from "./answers.js";
import { externalGuide } from "./contact-api.js";
import type { DirectoryState, WayRow } from "./directory-state.js";
import type { Media } from "./media.js";
import type { Roster } from "./roster.js";
import type { Ground } from "./settings.js";

const day = 86_400_000;
const mostPeople = 100;

/** add, get, list, update and del_contact_way. */
export function wayEndpoints(ground: Ground, roster: Roster, media: Media, state: DirectoryState): Endpoints {
  const now = () => ground.world.now();
  const post = (handle: (request: ApiRequest) => Fields) => ({ method: "POST" as const, handle });
  return {
    "externalcontact/add_contact_way": post((request) => addWay(request, roster, media, state, now())),
    "externalcontact/get_contact_way": post(({ body, origin }) => ({
      contact_way: wayFields(found(state, body), origin),
    })),
    "externalcontact/list_contact_way": post(({ body }) => listWays(state, body, now())),
    "externalcontact/update_contact_way": post(({ body }) => {
      const way = found(state, body);
      const merged = { ...way.body, ...without(body, "config_id") };
      state.db
        .prepare("UPDATE way SET body = ? WHERE id = ?")
        .run(JSON.stringify(checked(merged, roster)), way.id);
      return {};
    }),
    "externalcontact/del_contact_way": post(({ body }) => {
      state.db.prepare("DELETE FROM way WHERE id = ?").run(found(state, body).id);
      return {};
    }),
  };
}

function addWay(
  { body, origin }: ApiRequest,
  roster: Roster,
  media: Media,
  state: DirectoryState,
  at: number,
) {
  const way = checked(body, roster);
  const people = (way.user ?? []) as string[];
  const configId = media.addCode(people.join("|"), textField(way, "state"), at);
  state.db
    .prepare("INSERT INTO way (config_id, body, created_at) VALUES (?, ?, ?)")
    .run(configId, JSON.stringify(way), at);
  return { config_id: configId, qr_code: `${origin}/sandbox/codes/${configId}` };
}

/** A way's own fields, every one as documented. 40058 for a wrong one, 41041 for too many people. */
function checked(body: Fields, roster: Roster): Fields {
  const type = intField(body, "type");
  if (type !== 1 && type !== 2) throw new ApiError(40058, "type must be 1 or 2");
  if (intField(body, "scene") !== 2) throw new ApiError(40058, "the sandbox knows scene 2 only");
  if (body.is_temp === true) throw new ApiError(40058, "the sandbox knows no temporary sessions");
  for (const name of ["remark", "state"])
    if ([...textField(body, name)].length > 30) throw new ApiError(40058, `${name} exceeds 30 characters`);
  const user = textsField(body, "user", 10_000);
  if (user.length > mostPeople) throw new ApiError(41041, "too many people of a contact way");
  if (user.length === 0) throw new ApiError(40058, "the sandbox knows ways of users only");
  if (type === 1 && user.length > 1) throw new ApiError(40058, "type 1 takes one user");
  return {
    ...{ type, scene: 2, remark: textField(body, "remark"), state: textField(body, "state") },
    skip_verify: body.skip_verify !== false,
    user: user.map((userid) => externalGuide(roster, userid).userid),
  };
}

function found(state: DirectoryState, body: Fields): WayRow {
  const way = state.way(neededText(body, "config_id"));
  if (!way) throw new ApiError(41044, "invalid contact way config id");
  return way;
}

function wayFields({ config_id, body }: WayRow, origin: string): Fields {
  return { config_id, ...body, party: [], qr_code: `${origin}/sandbox/codes/${config_id}` };
}

function listWays(state: DirectoryState, body: Fields, now: number): Fields {
  const from = (intField(body, "start_time") ?? Math.floor((now - 90 * day) / 1000)) * 1000;
  const to = (intField(body, "end_time") ?? Math.ceil(now / 1000)) * 1000 + 999;
  const size = pageSize(body, 100, 1000);
  const ways = state.ways(cursorField(body), from, to, size + 1);
  const page = ways.slice(0, size);
  return {
    contact_way: page.map(({ config_id }) => ({ config_id })),
    next_cursor: cursorAfter(ways.length > size ? page.at(-1)?.id : undefined),
  };
}

function without(fields: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}
