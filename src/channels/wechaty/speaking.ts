// Saying something to a contact through a bot's puppet, ended in time, with what each failure means.
import type { Wechaty } from "wechaty";
import { ChannelError } from "../port.js";
import type { BotOptions, Puppet } from "./bot-options.js";
import { Deadline } from "./deadline.js";
import { faultOfQuestion, faultOfSend, isLinkGone, wordsOf } from "./faults.js";
import { type Enclosed, sendEnclosed } from "./sending.js";
import { selfOf } from "./watching.js";

interface Words {
  contactId: string;
  text: string;
  enclosed: readonly Enclosed[];
}

/** Straight through the puppet: wechaty's own `say` may resolve to nothing although the message was sent. */
export async function say(
  bot: Wechaty,
  { limits, said }: BotOptions,
  gone: (reason: string) => void,
  { contactId, text, enclosed }: Words,
): Promise<{ id?: string } | "stranger"> {
  const { puppet } = bot;
  const self = selfOf(bot);
  if (!self) throw new ChannelError("retry", "wechaty: the account is not logged in");
  const deadline = new Deadline(limits.say);
  const caught = <Answer>(
    work: Promise<Answer>,
    late: ChannelError,
    meaning: (error: unknown) => ChannelError,
  ) =>
    deadline.race(work, late).catch((error: unknown) => {
      if (isLinkGone(error)) gone(wordsOf(error));
      throw error === late ? late : meaning(error);
    });
  try {
    const slow = new ChannelError("retry", `wechaty: the contact could not be read within ${limits.say} ms`);
    if (contactId !== self && !(await caught(isFriend(puppet, contactId), slow, faultOfQuestion)))
      return "stranger";
    const late = new ChannelError("unknown", `wechaty: no answer within ${limits.say} ms`);
    await sendEnclosed(puppet, contactId, enclosed, (work) => caught(work, late, faultOfSend));
    const send = said.during(contactId, text, () => puppet.messageSendText(contactId, text));
    const id = await caught(send, late, enclosed.length > 0 ? halfSaid : faultOfSend);
    return id === undefined ? {} : { id };
  } finally {
    deadline.end();
  }
}

/** What goes with the words is with the customer; whatever became of the words, they must not be said by rote again. */
function halfSaid(error: unknown): ChannelError {
  return new ChannelError(
    "unknown",
    `wechaty: what goes with the words was sent, and then: ${wordsOf(error)}`,
  );
}

/** A puppet says "unknown" and "cannot tell now" alike: who is a contact stands in its list. */
async function isFriend(puppet: Puppet, contactId: string): Promise<boolean> {
  try {
    return (await puppet.contactPayload(contactId)).friend !== false;
  } catch (error) {
    if (isLinkGone(error)) throw error;
    if (!(await puppet.contactList()).includes(contactId)) return false;
    throw error;
  }
}
