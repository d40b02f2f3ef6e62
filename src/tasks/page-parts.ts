// What goes with words that a page puts into a chat: pictures, links, mini-programs and files as the client takes them.
import { ChannelError, type PagePart } from "../channels/port.js";
import type { Attachment } from "../journeys/attachments.js";
import { sayAttachment } from "../journeys/say-content.js";
import { enclosed } from "./enclosing.js";
import { guidesOf } from "./facts.js";
import { handOversWhere } from "./hand-overs.js";
import { ownTask } from "./queries.js";
import type { TaskSetup } from "./setup.js";

/** What a page may put into the chat, in order, and what keeps the words back: they never go without what belongs to them. */
export interface PageParts {
  parts: (PagePart & { name: string })[];
  /** cannot be had now: another tap may have it */
  notReady: string[];
  /** never goes from a page: the guide sends it by hand, and the words with it */
  byHand: string[];
}

/** The parts of a task whose words are claimed. Nothing for a task that is not being sent. */
export async function pageParts(setup: TaskSetup, guideId: number, taskId: number): Promise<PageParts> {
  const { read } = setup.store;
  const task = await ownTask(read, guideId, taskId);
  const [handOver] = await handOversWhere(read, "id = ? AND way = 'page' AND state = 'creating'", [
    task.handOverId,
  ]);
  const attachments = JSON.parse(handOver?.attachments ?? "[]") as Attachment[];
  const [guide] = await guidesOf(read, [guideId]);
  const found: PageParts = { parts: [], notReady: [], byHand: [] };
  for (const one of attachments) {
    const name = sayAttachment(one);
    const part = await partOf(setup, one, guide?.userid ?? "");
    if (typeof part === "object") found.parts.push({ ...part, name });
    else found[part].push(name);
  }
  return found;
}

async function partOf(
  setup: TaskSetup,
  attachment: Attachment,
  guideUserid: string,
): Promise<PagePart | "notReady" | "byHand"> {
  const channel = setup.channels.mass;
  try {
    const [ready] = enclosed(setup, channel, JSON.stringify([attachment]), guideUserid);
    return (ready && (await channel.pagePart?.(ready))) ?? "byHand";
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    setup.log.warn({ guideUserid, err: error.message }, "an attachment keeps its words from the chat");
    return error.kind === "fix" ? "byHand" : "notReady";
  }
}
