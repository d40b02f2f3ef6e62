// The files of a task's attachments, as the guide's own page shows them.
import { ChannelError } from "../channels/port.js";
import { posterOf } from "../contacts/attached-files.js";
import type { Attachment } from "../journeys/attachments.js";
import { readContent } from "../journeys/content.js";
import { Refusal } from "../kernel/refusals.js";
import { guidesOf } from "./facts.js";
import { ownTask } from "./queries.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { wordTask } from "./wording.js";

/** A file to look at or to keep. */
export interface TaskFile {
  name: string;
  bytes: Buffer;
}

/** The file of a guide's own task's attachment by its place, a poster with the guide's own code. Raises `not_found` for a
 *  place without one, `unsupported` where the chat system has no codes, `conflict` while it gives none. */
export async function taskFile(
  setup: TaskSetup,
  guideId: number,
  taskId: number,
  place: number,
): Promise<TaskFile> {
  const { read } = setup.store;
  const task = await ownTask(read, guideId, taskId);
  const { attachments } = await wordTask(setup, read, task, dayOf(setup, setup.world.now()));
  const one = attachments[place];
  if (one?.kind === "poster") {
    const [guide] = await guidesOf(read, [guideId]);
    return { name: "poster.png", bytes: await poster(setup, one, guide?.userid ?? "") };
  }
  const file = one && fileOf(one);
  if (!file) throw new Refusal("not_found", "没有这个文件。");
  return { name: file.name, bytes: await readContent(read, file.digest) };
}

function fileOf(one: Exclude<Attachment, { kind: "poster" }>) {
  if (one.kind === "link") return one.picture;
  return one.kind === "mini_program" ? one.cover : one.file;
}

async function poster(
  { store, channels, log }: TaskSetup,
  one: Extract<Attachment, { kind: "poster" }>,
  userid: string,
): Promise<Buffer> {
  try {
    return await posterOf(store.read, channels.mass, one, userid);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    log.warn({ userid, err: error.message }, "a poster could not be made");
    if (error.kind === "fix") throw new Refusal("unsupported", "没有这位导购的联系我二维码。");
    throw new Refusal("conflict", "海报暂时无法生成，请稍后再试。");
  }
}
