// WeCom's own figures of a guide's day. They measure the guide's answers to customers, not customers' replies to us.
import { z } from "zod";
import type { Endpoint, WecomClient } from "./client.js";

/** One guide, one day, as WeCom counts it. */
export interface GuideBehaviour {
  /** epoch ms of the day's 00:00 in Beijing */
  dayStart: number;
  /** friend requests the guide sent, and customers added */
  applies: number;
  contacts: number;
  /** chats in which the guide wrote first, and messages the guide wrote */
  chats: number;
  messages: number;
  /** customers who deleted or blocked the guide */
  lost: number;
  /** of the chats customers began, the share (0…1) the guide answered that day; null: there was none */
  answered: number | null;
  /** minutes to the guide's first answer; null: there was none */
  answerMinutes: number | null;
}

const count = z.number().nullish();
const getBehaviour = {
  method: "POST",
  path: "externalcontact/get_user_behavior_data",
  creates: false,
  answer: z.looseObject({
    behavior_data: z
      .array(
        z.looseObject({
          stat_time: z.int(),
          new_apply_cnt: count,
          new_contact_cnt: count,
          chat_cnt: count,
          message_cnt: count,
          negative_feedback_cnt: count,
          reply_percentage: z.number().nullish(),
          avg_reply_time: z.number().nullish(),
        }),
      )
      .nullish(),
  }),
} satisfies Endpoint<unknown>;

/** A guide's days between two instants (epoch ms), at most 30 of them. One guide a call: WeCom adds several together. */
export async function behaviourOf(
  client: WecomClient,
  userid: string,
  from: number,
  to: number,
): Promise<GuideBehaviour[]> {
  const [start_time, end_time] = [Math.floor(from / 1000), Math.floor(to / 1000)];
  const answer = await client.call(getBehaviour, { userid: [userid], start_time, end_time });
  return (answer.behavior_data ?? []).map((row) => ({
    dayStart: row.stat_time * 1000,
    applies: row.new_apply_cnt ?? 0,
    contacts: row.new_contact_cnt ?? 0,
    chats: row.chat_cnt ?? 0,
    messages: row.message_cnt ?? 0,
    lost: row.negative_feedback_cnt ?? 0,
    answered: row.reply_percentage == null ? null : row.reply_percentage / 100,
    answerMinutes: row.avg_reply_time ?? null,
  }));
}
