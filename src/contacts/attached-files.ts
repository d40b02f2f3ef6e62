// Attachments made ready for a channel: files read when they are asked for, posters with the guide's own code.
import { type Channel, ChannelError, type ChannelFile, type FollowUpAttachment } from "../channels/port.js";
import { overlaid } from "../infra/pictures.js";
import type { Sql } from "../infra/store.js";
import type { Attachment, ContentFile } from "../journeys/attachments.js";
import { contentDigest, readContent } from "../journeys/content.js";

export type Poster = Extract<Attachment, { kind: "poster" }>;

/** What may be enclosed: a touchpoint's attachments, and videos. */
export type Enclosable = Attachment | { kind: "video"; file: ContentFile };

/** An attachment that is the same for every guide. */
export type PlainAttachment = Exclude<Enclosable, { kind: "poster" }>;

/** Whoever knows the guides' codes. */
export type GuideCodes = Pick<Channel, "guideCode">;

/** An attachment as channels take it from one guide. */
export function readyFor(
  sql: Sql,
  codes: GuideCodes,
  one: Enclosable,
  guideUserid: string,
): FollowUpAttachment {
  if (one.kind !== "poster") return readyAttachment(sql, one);
  return { kind: "picture", file: posterFile(sql, codes, one, guideUserid) };
}

/** An attachment as channels take it. */
export function readyAttachment(sql: Sql, one: PlainAttachment): FollowUpAttachment {
  switch (one.kind) {
    case "picture":
    case "file":
    case "video":
      return { kind: one.kind, file: fileOf(sql, one.file) };
    case "link": {
      const picture = one.picture ? fileOf(sql, one.picture) : one.picurl;
      return { kind: "link", title: one.title, url: one.url, desc: one.desc ?? "", picture };
    }
    case "mini_program": {
      const { kind, title, appid, page } = one;
      return { kind, title, appid, page, cover: fileOf(sql, one.cover) };
    }
  }
}

/** A poster with the guide's own code, as a PNG. Raises ChannelError, `fix` where there are no codes. */
export async function posterOf(
  sql: Sql,
  codes: GuideCodes,
  { file, code }: Poster,
  guideUserid: string,
): Promise<Buffer> {
  const inlay = await codes.guideCode(guideUserid);
  if (!inlay) throw new ChannelError("fix", `there is no code for ${guideUserid}`);
  return overlaid(await readContent(sql, file.digest), inlay, code);
}

/** Another file for every guide, and always the same for one: their code never changes. */
function posterFile(sql: Sql, codes: GuideCodes, poster: Poster, guideUserid: string): ChannelFile {
  const { file, code } = poster;
  const digest = contentDigest(
    Buffer.from([file.digest, code.left, code.top, code.size, guideUserid].join(" ")),
  );
  return {
    digest,
    name: "poster.png",
    read: () => orRetry(() => posterOf(sql, codes, poster, guideUserid)),
  };
}

function fileOf(sql: Sql, { digest, name }: ContentFile): ChannelFile {
  return { digest, name, read: () => orRetry(() => readContent(sql, digest)) };
}

/** Nothing was sent yet: what fails here may be tried again. */
async function orRetry<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ChannelError) throw error;
    throw new ChannelError("retry", `an attachment could not be read: ${String(error)}`);
  }
}
