// The API of files: upload media, upload pictures for good.
import { ApiError, type Endpoints } from "./answers.js";
import { Limits } from "./limits.js";
import { type Media, type MediaType, pictureType, type UploadedFile } from "./media.js";
import type { Ground } from "./settings.js";

const mega = 1024 * 1024;
const mostBytes: Record<MediaType, number> = {
  image: 10 * mega,
  voice: 2 * mega,
  video: 10 * mega,
  file: 20 * mega,
};
const lastingBytes = 2 * mega;
/** For moments and product albums. */
const attachmentBytes = 10 * mega;
const day = 86_400_000;
/** Pictures for good: so many a day and in thirty days. */
const mostLasting = [
  { count: 1000, ms: day },
  { count: 3000, ms: 30 * day },
];
const leastBytes = 6;

/** The calls of media. */
export function mediaEndpoints(ground: Ground, media: Media): Endpoints {
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
    "media/upload_attachment": {
      method: "POST",
      handle: ({ query, file }) => {
        const type = query.media_type as MediaType;
        if (!["image", "video", "file"].includes(type))
          throw new ApiError(40058, "media_type must be image, video or file");
        if (query.attachment_type !== "1" && query.attachment_type !== "2")
          throw new ApiError(40058, "attachment_type must be 1 or 2");
        const upload = checked(file, attachmentBytes, type === "image");
        const at = now();
        // of all uploads this one answers its time as a number
        return { type, media_id: media.add(type, upload, at), created_at: Math.floor(at / 1000) };
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
  };
}

function checked(file: UploadedFile | undefined, most: number, picture: boolean): UploadedFile {
  if (!file || file.bytes.length < leastBytes) throw new ApiError(44001, "empty media data");
  if (file.bytes.length > most) throw new ApiError(45001, "media size out of limit");
  if (picture && !pictureType(file.bytes)) throw new ApiError(40123, "not an image");
  return file;
}
