// The API of welcome words, and of a member's own name.
import {
  ApiError,
  type Endpoints,
  type Fields,
  neededText,
  objectField,
  objectsField,
  textField,
} from "./answers.js";
import { attachmentsOf } from "./attachments.js";
import type { Chats } from "./chats.js";
import type { DirectoryState } from "./directory-state.js";
import { inChat } from "./masses.js";
import type { Media } from "./media.js";
import type { Roster } from "./roster.js";
import type { Ground } from "./settings.js";

const inTime = 20_000;
const mostBytes = 4000;

/** send_welcome_msg and user/get. */
export function welcomeEndpoints(
  ground: Ground,
  roster: Roster,
  chats: Chats,
  state: DirectoryState,
  media: Media,
): Endpoints {
  return {
    "externalcontact/send_welcome_msg": {
      method: "POST",
      handle: ({ body }) => welcome(body, ground.world.now(), { chats, state, media }),
    },
    "user/get": {
      method: "GET",
      handle: ({ query }) => {
        const guide = roster.guide(neededText(query, "userid"));
        if (!guide?.visible || state.leftAt(guide.userid) !== undefined)
          throw new ApiError(60111, "userid not found");
        return { userid: guide.userid, name: guide.name, department: [1], status: 1 };
      },
    },
  };
}

interface Parts {
  chats: Chats;
  state: DirectoryState;
  media: Media;
}

function welcome(body: Fields, now: number, { chats, state, media }: Parts): Fields {
  const code = textField(body, "welcome_code");
  if (code === "") throw new ApiError(41049, "welcome_code is missing");
  const content = textField(objectField(body, "text") ?? {}, "content");
  const attachments = objectsField(body, "attachments");
  if (content === "" && attachments.length === 0) throw new ApiError(44004, "empty content");
  if (Buffer.byteLength(content) > mostBytes) throw new ApiError(45002, "content too long");
  const shown = attachmentsOf(attachments, media, now);
  const given = state.welcome(code);
  // the event's time has seconds only, and so has the window
  if (!given || now - Math.floor(given.at / 1000) * 1000 > inTime)
    throw new ApiError(41050, "invalid welcome code");
  const said = chats.ofPair(given.userid, given.external_userid, 20).some(({ at }) => at >= given.at);
  if (given.used_at !== null || said) throw new ApiError(41051, "they already chat");
  state.useWelcome(code, content, shown, now);
  const pair = { guideUserid: given.userid, externalUserid: given.external_userid };
  if (content !== "") chats.add({ ...pair, from: "guide", at: now, text: content });
  for (const one of shown) chats.add({ ...pair, from: "guide", at: now, text: inChat(one) });
  return {};
}
