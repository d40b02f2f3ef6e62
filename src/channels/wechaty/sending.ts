// What goes with the words, as a puppet takes it: files as file boxes, links as cards. Read before anything is said.
import { ChannelError, type FollowUpAttachment } from "../port.js";
import type { Puppet } from "./bot-options.js";

/** One thing besides the words, ready to be sent. */
export type Enclosed =
  | { kind: "file"; name: string; bytes: Buffer }
  | { kind: "link"; link: { title: string; url: string; description: string; thumbnailUrl?: string } };

/** What any puppet's interface can carry; which of them a puppet really takes is a setting. */
export const CARRIED = ["picture", "file", "link"] as const satisfies FollowUpAttachment["kind"][];

/** Reads what goes with the words. Raises ChannelError: `retry` when the bytes cannot be had now, `fix` for what a puppet
 *  cannot carry (a mini program's cover would have to be an address). */
export async function readEnclosed(attachments: readonly FollowUpAttachment[]): Promise<Enclosed[]> {
  const ready: Enclosed[] = [];
  for (const one of attachments) {
    if (one.kind === "mini_program") throw new ChannelError("fix", "wechaty takes no mini program");
    if (one.kind === "link") {
      const { title, url, desc, picture } = one;
      // a preview's picture is an address there, never a file
      const thumbnail = typeof picture === "string" ? { thumbnailUrl: picture } : {};
      ready.push({ kind: "link", link: { title, url, description: desc, ...thumbnail } });
    } else ready.push({ kind: "file", name: one.file.name, bytes: await one.file.read() });
  }
  return ready;
}

/** Sends each, one after the other: nothing new begins after one that failed. `caught` ends a send in time and says what
 *  its error means. */
export async function sendEnclosed(
  puppet: Puppet,
  contactId: string,
  enclosed: readonly Enclosed[],
  caught: <Answer>(work: Promise<Answer>) => Promise<Answer>,
): Promise<void> {
  for (const [at, one] of enclosed.entries())
    try {
      await caught(
        one.kind === "link" ? puppet.messageSendUrl(contactId, one.link) : sendFile(puppet, contactId, one),
      );
    } catch (error) {
      // a refusal of the second is no refusal of the first
      if (at === 0 || !(error instanceof ChannelError)) throw error;
      throw new ChannelError("unknown", `${error.message} (after ${at} of ${enclosed.length} had been sent)`);
    }
}

async function sendFile(
  puppet: Puppet,
  contactId: string,
  { name, bytes }: Extract<Enclosed, { kind: "file" }>,
): Promise<unknown> {
  const { FileBox } = await import("file-box");
  return puppet.messageSendFile(contactId, FileBox.fromBuffer(bytes, name));
}
