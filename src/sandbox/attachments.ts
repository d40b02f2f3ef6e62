// Attachments of a mass send: each checked as WeCom does, and what the phone shows of them.
import { ApiError, type Fields, neededText, objectField, textField } from "./answers.js";
import type { Media } from "./media.js";

/** One attachment as a phone shows it. */
export interface ShownAttachment {
  msgtype: "image" | "link" | "miniprogram" | "file" | "video";
  title: string;
  /** of image, video and file, and of a mini program's cover */
  mediaId: string;
  url: string;
}

const most = 9;

/** Checks the attachments of a request. 41064 too many, 41065 of no kind we know, 40007 a media id that is none, is
 *  too old or of another kind. */
export function attachmentsOf(list: readonly Fields[], media: Media, now: number): ShownAttachment[] {
  if (list.length > most) throw new ApiError(41064, "too many attachments");
  return list.map((one) => {
    const msgtype = textField(one, "msgtype") as ShownAttachment["msgtype"];
    const read = readers[msgtype];
    const fields = objectField(one, msgtype);
    if (!read || !fields) throw new ApiError(41065, "invalid attachment");
    return { msgtype, title: "", mediaId: "", url: "", ...read(fields, media, now) };
  });
}

type Read = (fields: Fields, media: Media, now: number) => Partial<ShownAttachment>;

const readers: Record<string, Read> = {
  image: (fields, media, now) =>
    textField(fields, "media_id") === "" && textField(fields, "pic_url") !== ""
      ? { url: textField(fields, "pic_url") }
      : ofMedia(fields, "media_id", "image", media, now),
  video: (fields, media, now) => ofMedia(fields, "media_id", "video", media, now),
  file: (fields, media, now) => ofMedia(fields, "media_id", "file", media, now),
  link: (fields) => {
    const title = bounded(neededText(fields, "title"), 128, "link.title");
    bounded(textField(fields, "picurl"), 2048, "link.picurl");
    bounded(textField(fields, "desc"), 512, "link.desc");
    return { title, url: bounded(neededText(fields, "url"), 2048, "link.url") };
  },
  miniprogram: (fields, media, now) => {
    const title = bounded(neededText(fields, "title"), 64, "miniprogram.title");
    neededText(fields, "appid");
    const url = neededText(fields, "page");
    return { ...ofMedia(fields, "pic_media_id", "image", media, now), title, url };
  },
};

function ofMedia(fields: Fields, name: string, type: string, media: Media, now: number) {
  const row = media.living(neededText(fields, name), now);
  if (row?.type !== type) throw new ApiError(40007, "invalid media_id");
  return { mediaId: row.media_id, title: row.name };
}

function bounded(text: string, bytes: number, name: string): string {
  if (Buffer.byteLength(text) > bytes) throw new ApiError(40058, `${name} exceeds ${bytes} bytes`);
  return text;
}
