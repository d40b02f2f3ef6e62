// What goes with the words, made ready for a channel that takes it.
import { type Channel, ChannelError, type FollowUpAttachment } from "../channels/port.js";
import { readyFor } from "../contacts/attached-files.js";
import type { Attachment } from "../journeys/attachments.js";
import type { TaskSetup } from "./setup.js";

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
    readyFor(store.read, channel, one, guideUserid),
  );
  for (const { kind } of ready)
    if (!channel.promises.attachments.includes(kind))
      throw new ChannelError("fix", `${channel.name} takes no attachment of kind ${kind}`);
  return ready;
}
