// The API of files and codes: upload media, upload pictures for good, make a contact way.
import {
  ApiError,
  type ApiRequest,
  type Endpoints,
  type Fields,
  intField,
  textField,
  textsField,
} from "./answers.js";
import { externalGuide } from "./contact-api.js";
import { Limits } from "./limits.js";
import { type Media, type MediaType, pictureType, type UploadedFile } from "./media.js";
import type { Roster } from "./roster.js";
import type { Ground } from "./settings.js";

const mega = 1024 * 1024;
const mostBytes: Record<MediaType, number> = {
  image: 10 * mega,
  voice: 2 * mega,
  video: 10 * mega,
  file: 20 * mega,
};
const lastingBytes = 2 * mega;
const day = 86_400_000;
/** Pictures for good: so many a day and in thirty days. */
const mostLasting = [
  { count: 1000, ms: day },
  { count: 3000, ms: 30 * day },
];
const leastBytes = 6;

/** The calls of media and contact ways. */
export function mediaEndpoints(ground: Ground, roster: Roster, media: Media): Endpoints {
  const now = () => ground.world.now();
  const lasting = new Limits(mostLasting);
  return {
    "media/upload": {
      method: "POST",
      handle: ({ query, file }) => {
        const type = query.type as MediaType;
        if (!Object.hasOwn(mostBytes, type ?? ""))
          throw new ApiError(40058, "type must be image, voice, video or file");
        const upload = checked(file, mostBytes[type], type === "image");
        const at = now();
        return { type, media_id: media.add(type, upload, at), created_at: String(Math.floor(at / 1000)) };
      },
    },
    "media/uploadimg": {
      method: "POST",
      handle: ({ file, origin }) => {
        if (!lasting.allow("uploadimg", now())) throw new ApiError(45009, "api freq out of limit");
        const id = media.add("lasting", checked(file, lastingBytes, true), now());
        return { url: `${origin}/sandbox/media/${id}` };
      },
    },
    "externalcontact/add_contact_way": {
      method: "POST",
      handle: (request) => addWay(request, roster, media, now()),
    },
  };
}

function checked(file: UploadedFile | undefined, most: number, picture: boolean): UploadedFile {
  if (!file || file.bytes.length < leastBytes) throw new ApiError(44001, "empty media data");
  if (file.bytes.length > most) throw new ApiError(45001, "media size out of limit");
  if (picture && !pictureType(file.bytes)) throw new ApiError(40123, "not an image");
  return file;
}

function addWay({ body, origin }: ApiRequest, roster: Roster, media: Media, at: number): Fields {
  if (intField(body, "type") !== 1) throw new ApiError(40058, "the sandbox knows type 1 only");
  if (intField(body, "scene") !== 2) throw new ApiError(40058, "the sandbox knows scene 2 only");
  for (const name of ["remark", "state"])
    if ([...textField(body, name)].length > 30) throw new ApiError(40058, `${name} exceeds 30 characters`);
  const [userid, ...others] = textsField(body, "user", 100);
  if (userid === undefined || others.length > 0) throw new ApiError(40058, "type 1 takes one user");
  const guide = externalGuide(roster, userid);
  const configId = media.addCode(guide.userid, textField(body, "state"), at);
  return { config_id: configId, qr_code: `${origin}/sandbox/codes/${configId}` };
}
