// The calls we make to WeCom, each with its fields and what its answer must hold; unknown keys are let through.
import { z } from "zod";
import type { Endpoint, WecomClient } from "./client.js";

const text = z.string();
const texts = z.array(z.string()).nullish();

/** A template card, as far as we fill it. */
export interface TemplateCard {
  card_type: "text_notice" | "button_interaction";
  task_id?: string;
  main_title: { title: string; desc?: string };
  sub_title_text?: string;
  horizontal_content_list?: { keyname: string; value: string }[];
  card_action?: { type: 1; url: string };
  button_list?: { type: 0 | 1; text: string; style?: number; key?: string; url?: string }[];
}

export type AppMessage = { touser: string; duplicate_check_interval?: number } & (
  | { msgtype: "text"; text: { content: string } }
  | { msgtype: "image"; image: { media_id: string } }
  | { msgtype: "template_card"; template_card: TemplateCard }
);

const messageSend = {
  method: "POST",
  path: "message/send",
  creates: true,
  guarded: true,
  answer: z.looseObject({
    msgid: text.nullish(),
    invaliduser: text.nullish(),
    unlicenseduser: text.nullish(),
    response_code: text.nullish(),
  }),
} satisfies Endpoint<unknown>;

/** message/send from our app, guarded against an identical repeat (default for 30 minutes). */
export function sendAppMessage(client: WecomClient, message: AppMessage) {
  return client.call(messageSend, { ...message, agentid: client.agentid, enable_duplicate_check: 1 });
}

const cardUpdate = {
  method: "POST",
  path: "message/update_template_card",
  creates: true,
  answer: z.looseObject({}),
} satisfies Endpoint<unknown>;

/** Puts another card in place of one a member has; a code is good for one change. */
export function updateCard(client: WecomClient, userid: string, code: string, card: TemplateCard) {
  const asked = { userids: [userid], agentid: client.agentid, response_code: code, template_card: card };
  return client.call(cardUpdate, asked);
}

const addMsgTemplate = {
  method: "POST",
  path: "externalcontact/add_msg_template",
  creates: true,
  answer: z.looseObject({ msgid: text.min(1), fail_list: texts }),
} satisfies Endpoint<unknown>;

/** What a mass send takes along, by media ids and addresses. */
export type MassAttachment =
  | { msgtype: "image"; image: { media_id: string } }
  | { msgtype: "file"; file: { media_id: string } }
  | { msgtype: "video"; video: { media_id: string } }
  | { msgtype: "link"; link: { title: string; picurl?: string; desc?: string; url: string } }
  | {
      msgtype: "miniprogram";
      miniprogram: { title: string; pic_media_id: string; appid: string; page: string };
    };

interface MassTask {
  sender: string;
  external_userid: string[];
  text: { content: string };
  attachments?: MassAttachment[];
}

/** Makes a mass-send task for one guide. `sender` is never left out: else the platform picks who sends. */
export function addMassTask(client: WecomClient, task: MassTask) {
  return client.call(addMsgTemplate, { chat_type: "single", ...task });
}

/** 41093, the mass send was stopped: by us a moment ago, or by somebody else. */
const STOPPED = [41093];

const groupMsgTask = {
  method: "POST",
  path: "externalcontact/get_groupmsg_task",
  creates: false,
  answers: STOPPED,
  answer: z.looseObject({
    next_cursor: text.nullish(),
    task_list: z
      .array(z.looseObject({ userid: text, status: z.int(), send_time: z.int().nullish() }))
      .nullish(),
  }),
} satisfies Endpoint<unknown>;

/** Which members were given a mass-send task, and whether they confirmed it (status 0 no, 2 yes; 1 in older copies). */
export function massMembers(client: WecomClient, msgid: string) {
  return pages(
    (cursor) => client.call(groupMsgTask, { msgid, limit: 1000, cursor }),
    (page) => page.task_list,
  );
}

const groupMsgSendResult = {
  method: "POST",
  path: "externalcontact/get_groupmsg_send_result",
  creates: false,
  answers: STOPPED,
  answer: z.looseObject({
    next_cursor: text.nullish(),
    send_list: z
      .array(
        z.looseObject({ external_userid: text.nullish(), status: z.int(), send_time: z.int().nullish() }),
      )
      .nullish(),
  }),
} satisfies Endpoint<unknown>;

/** What became of a mass-send task per customer: status 0 open, 1 sent, 2 not a friend, 3 limit reached. */
export function massResults(client: WecomClient, msgid: string, userid: string) {
  return pages(
    (cursor) => client.call(groupMsgSendResult, { msgid, userid, limit: 1000, cursor }),
    (page) => page.send_list,
  );
}

const groupMsgList = {
  method: "POST",
  path: "externalcontact/get_groupmsg_list_v2",
  creates: false,
  answer: z.looseObject({
    next_cursor: text.nullish(),
    group_msg_list: z
      .array(
        z.looseObject({
          msgid: text,
          creator: text.nullish(),
          create_time: z.union([z.int(), z.string().transform(Number)]),
          text: z.looseObject({ content: text.nullish() }).nullish(),
        }),
      )
      .nullish(),
  }),
} satisfies Endpoint<unknown>;

/** Mass sends to customers that the corp (not a guide) made between two times in Unix seconds. */
export function corpMasses(client: WecomClient, start: number, end: number) {
  const asked = { chat_type: "single", start_time: start, end_time: end, filter_type: 0, limit: 100 };
  return pages(
    (cursor) => client.call(groupMsgList, { ...asked, cursor }),
    (page) => page.group_msg_list,
  );
}

/** Mass sends to customers that guides made by themselves, in the same span. */
export function personalMasses(client: WecomClient, start: number, end: number) {
  const asked = { chat_type: "single", start_time: start, end_time: end, filter_type: 1, limit: 100 };
  return pages(
    (cursor) => client.call(groupMsgList, { ...asked, cursor }),
    (page) => page.group_msg_list,
  );
}

const nothing = z.looseObject({});
// repeating it costs the guide a second notification and one of three a day
const remindSend = {
  method: "POST",
  path: "externalcontact/remind_groupmsg_send",
  creates: true,
  answers: STOPPED,
  answer: nothing,
} satisfies Endpoint<unknown>;

/** Notifies the members who have not confirmed yet; at most three times a task in 24 h (41094). */
export function remindMass(client: WecomClient, msgid: string) {
  return client.call(remindSend, { msgid });
}

const cancelSend = {
  method: "POST",
  path: "externalcontact/cancel_groupmsg_send",
  creates: false,
  answers: STOPPED,
  answer: nothing,
} satisfies Endpoint<unknown>;

/** Stops what is not sent yet; what was sent stays sent. */
export function stopMass(client: WecomClient, msgid: string) {
  return client.call(cancelSend, { msgid });
}

/** Reads every page of a paged call; an empty cursor ends it, and a cursor that repeats does too. */
export async function pages<P extends { next_cursor?: string | null }, R>(
  ask: (cursor: string | undefined) => Promise<P>,
  rowsOf: (page: P) => readonly R[] | null | undefined,
): Promise<R[]> {
  const rows: R[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await ask(cursor);
    rows.push(...(rowsOf(page) ?? []));
    cursor = page.next_cursor || undefined;
    if (cursor && seen.has(cursor)) break;
    if (cursor) seen.add(cursor);
  } while (cursor);
  return rows;
}
