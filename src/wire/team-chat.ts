// What a manager sees of today, sent to their own chat: as a picture where the chat system takes one, else in words.
import { ChannelError } from "../channels/port.js";
import type { Viewer } from "../identity/viewer.js";
import { shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { refreshMarked } from "../reports/refresh.js";
import { managerTold } from "../tasks/chat-people.js";
import { dayBrief } from "./day-brief.js";
import { pictureNote } from "./day-picture.js";
import { type EveningParts, wordsOf } from "./evening.js";

/** Sends it; gives what was sent. Raises `conflict` when there is nothing to show or nobody to send it to. */
export type TellToday = (viewer: Viewer) => Promise<"picture" | "words">;

/** Over one channel. */
export function tellToday(parts: EveningParts): TellToday {
  const { store, world, config, channel, log } = parts;
  return async (viewer) => {
    const userid = await managerTold(store.read, viewer.accountId);
    if (userid === undefined) throw new Refusal("conflict", "这个账号没有对应的企业微信成员，发不过去。");
    await refreshMarked({ store, zone: config.zone });
    const brief = await dayBrief(parts, viewer, shopDayOf(world.now(), config.zone));
    if (brief === null) throw new Refusal("conflict", "今天还没有下发任务，没有可以发的图。");
    const kind = channel.promises.pictures ? "picture" : "words";
    const note = kind === "picture" ? await pictureNote(brief) : wordsOf(parts, brief);
    try {
      if (await channel.tellGuide(userid, note)) return kind;
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      log.warn({ accountId: viewer.accountId, err: error.message }, "a picture did not go well");
    }
    throw new Refusal("conflict", "没有发出去：聊天系统里找不到这个账号，或暂时不可用。请稍后再试。");
  };
}
