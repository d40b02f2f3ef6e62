// What goes with the words, made ready for a channel: files read when they are asked for, posters with the guide's code.
import { type Channel, ChannelError, type ChannelFile, type FollowUpAttachment } from "../channels/port.js";
import { overlaid } from "../infra/pictures.js";
import type { Sql } from "../infra/store.js";
import type { Attachment, ContentFile } from "../journeys/attachments.js";
import { contentDigest, readContent } from "../journeys/content.js";
import type { TaskSetup } from "./setup.js";

type Poster = Extract<Attachment, { kind: "poster" }>;

/** The attachments of a hand-over (JSON as it keeps them) for its channel. Raises ChannelError `fix` when the channel
 *  does not take one of them: words never go without what belongs to them. */
export function enclosed(
  { store }: Pick<TaskSetup, "store">,
  channel: Channel,
  attachments: string | null,
  guideUserid: string,
): FollowUpAttachment[] {
  if (attachments === null) return [];
  const ready = (JSON.parse(attachments) as Attachment[]).map((one) =>
    oneReady(store.read, channel, one, guideUserid),
  );
  for (const { kind } of ready)
    if (!channel.promises.attachments.includes(kind))
      throw new ChannelError("fix", `${channel.name} takes no attachment of kind ${kind}`);
  return ready;
}

function oneReady(sql: Sql, channel: Channel, one: Attachment, guideUserid: string): FollowUpAttachment {
  switch (one.kind) {
    case "picture":
    case "file":
      return { kind: one.kind, file: fileOf(sql, one.file) };
    case "poster":
      return { kind: "picture", file: posterFile(sql, channel, one, guideUserid) };
    case "link": {
      const picture = one.picture ? fileOf(sql, one.picture) : one.picurl;
      return { kind: "link", title: one.title, url: one.url, desc: one.desc ?? "", picture };
    }
    case "mini_program":
      return {
        kind: one.kind,
        title: one.title,
        appid: one.appid,
        page: one.page,
        cover: fileOf(sql, one.cover),
      };
  }
}

function fileOf(sql: Sql, { digest, name }: ContentFile): ChannelFile {
  return { digest, name, read: () => orRetry(() => readContent(sql, digest)) };
}

/** Another file for every guide, and always the same for one: their code never changes. */
function posterFile(sql: Sql, channel: Channel, poster: Poster, guideUserid: string): ChannelFile {
  const { file, code } = poster;
  const digest = contentDigest(
    Buffer.from([file.digest, code.left, code.top, code.size, guideUserid].join(" ")),
  );
  return {
    digest,
    name: "poster.png",
    read: () => orRetry(() => posterOf(sql, channel, poster, guideUserid)),
  };
}

/** A poster with the guide's own code, as a PNG. Raises ChannelError, `fix` where the channel has no codes. */
export async function posterOf(
  sql: Sql,
  channel: Pick<Channel, "name" | "guideCode">,
  { file, code }: Poster,
  guideUserid: string,
): Promise<Buffer> {
  const inlay = await channel.guideCode(guideUserid);
  if (!inlay) throw new ChannelError("fix", `${channel.name} has no code for ${guideUserid}`);
  return overlaid(await readContent(sql, file.digest), inlay, code);
}

/** Nothing was handed over yet: what fails here may be tried again. */
async function orRetry<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ChannelError) throw error;
    throw new ChannelError("retry", `an attachment could not be read: ${String(error)}`);
  }
}
