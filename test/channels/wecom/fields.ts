// The documented fields of the WeCom calls in use, with their limits; traffic.ts checks recorded calls against them.
import { anything, type Call, type Field, type Table } from "./shapes.js";

const text = (limits: Omit<Field, "shape"> = {}): Field => ({ shape: "string", ...limits });
const int = (limits: Omit<Field, "shape"> = {}): Field => ({ shape: "int", ...limits });
const needed = { needed: true } as const;
const cursor = text();
const userid = text({ needed: true, pattern: /^[0-9A-Za-z_.\-@]{1,64}$/ });

const card: Table = {
  card_type: text({ needed: true, oneOf: ["text_notice", "button_interaction"] }),
  task_id: text({ pattern: /^[0-9A-Za-z_\-@]{1,128}$/ }),
  main_title: { shape: { title: text({ characters: 36 }), desc: text({ characters: 44 }) } },
  sub_title_text: text({ characters: 160 }),
  horizontal_content_list: {
    shape: [
      {
        type: int({ oneOf: [0, 1, 2, 3] }),
        keyname: text({ needed: true, characters: 5 }),
        value: text({ characters: 30 }),
        url: text(),
      },
    ],
    elements: 6,
  },
  card_action: {
    shape: { type: int({ needed: true, oneOf: [0, 1, 2] }), url: text({ bytes: 2048, pattern: /^https?:/ }) },
  },
  button_list: {
    shape: [
      {
        type: int({ oneOf: [0, 1] }),
        text: text({ needed: true, characters: 10 }),
        style: int({ oneOf: [1, 2, 3, 4] }),
        key: text({ bytes: 1024 }),
        url: text(),
      },
    ],
    elements: 6,
  },
};

const followInfo: Table = {
  userid,
  remark: text(needed),
  description: text(needed),
  createtime: int({ needed: true, range: [1_262_275_200, 4_102_444_800] }),
  remark_corp_name: text(),
  remark_mobiles: { shape: "strings" },
  add_way: int({ needed: true, range: [0, 202] }),
  oper_userid: text(needed),
  state: text(),
};

const externalContact: Table = {
  external_userid: text({ needed: true, pattern: /^w[mo]/ }),
  name: text(needed),
  avatar: text(),
  type: int({ needed: true, oneOf: [1, 2] }),
  gender: int({ needed: true, oneOf: [0, 1, 2] }),
  unionid: text(),
};

const attachment: Table = {
  msgtype: text({ needed: true, oneOf: ["image", "link", "miniprogram", "video", "file"] }),
  image: { shape: { media_id: text(), pic_url: text() } },
  link: {
    shape: {
      title: text({ needed: true, bytes: 128 }),
      picurl: text({ bytes: 2048 }),
      desc: text({ bytes: 512 }),
      url: text({ needed: true, bytes: 2048 }),
    },
  },
  miniprogram: {
    shape: {
      title: text({ needed: true, bytes: 64 }),
      pic_media_id: text(needed),
      appid: text(needed),
      page: text(needed),
    },
  },
  video: { shape: { media_id: text(needed) } },
  file: { shape: { media_id: text(needed) } },
};

/** The file of a form, as the sandbox writes it down; every file has more than five bytes. */
const upload: Field = {
  ...needed,
  shape: { filename: text(needed), size: int({ needed: true, range: [6, 20 * 1024 * 1024] }) },
};

/** Unix seconds, not ms. */
const moment = (limits: Omit<Field, "shape"> = {}): Field =>
  int({ range: [1_262_275_200, 4_102_444_800], ...limits });
const page = (most: number): Table => ({ limit: int({ range: [1, most] }), cursor });

export const calls: Record<string, Call> = {
  gettoken: {
    method: "GET",
    request: { corpid: text({ needed: true, pattern: /^w[wx]/ }), corpsecret: text(needed) },
    answer: {
      access_token: text({ needed: true, bytes: 512 }),
      expires_in: int({ needed: true, range: [0, 7200] }),
    },
  },
  getcallbackip: { method: "GET", request: {}, answer: { ip_list: { shape: "strings", ...needed } } },
  "message/send": {
    method: "POST",
    request: {
      touser: text(),
      toparty: text(),
      totag: text(),
      msgtype: text({ needed: true, oneOf: ["text", "template_card"] }),
      agentid: int(needed),
      text: { shape: { content: text({ needed: true, bytes: 2048 }) } },
      template_card: { shape: card },
      safe: int({ oneOf: [0, 1, 2] }),
      enable_id_trans: int({ oneOf: [0, 1] }),
      enable_duplicate_check: int({ oneOf: [0, 1] }),
      duplicate_check_interval: int({ range: [1, 14_400] }),
    },
    answer: {
      invaliduser: text(),
      invalidparty: text(),
      invalidtag: text(),
      unlicenseduser: text(),
      msgid: text(),
      response_code: text(),
    },
    also: cardRules,
  },
  "externalcontact/add_msg_template": {
    method: "POST",
    request: {
      chat_type: text({ oneOf: ["single", "group"] }),
      external_userid: { shape: "strings", elements: 10_000 },
      // the table says optional; without it the platform picks who sends, so for us it is not
      sender: userid,
      allow_select: { shape: "bool" },
      text: { shape: { content: text({ needed: true, bytes: 4000 }) } },
      attachments: { shape: [attachment], elements: 9 },
    },
    answer: { fail_list: { shape: "strings" }, msgid: text(needed) },
    also: (body) => [
      ...(body.text || body.attachments ? [] : ["text and attachments are both empty"]),
      ...((body.attachments ?? []) as Record<string, unknown>[]).flatMap((one) =>
        Object.keys(one).sort().join() === ["msgtype", String(one.msgtype)].sort().join()
          ? []
          : [`an attachment ${one.msgtype} with fields of another`],
      ),
    ],
  },
  "media/upload": {
    method: "POST",
    query: { type: text({ needed: true, oneOf: ["image", "voice", "video", "file"] }) },
    request: { media: upload },
    // of all calls this one answers its time as a text
    answer: {
      type: text(needed),
      media_id: text(needed),
      created_at: text({ needed: true, pattern: /^\d{10}$/ }),
    },
  },
  "media/uploadimg": {
    method: "POST",
    request: { media: upload },
    answer: { url: text({ needed: true, pattern: /^https?:/ }) },
  },
  "externalcontact/add_contact_way": {
    method: "POST",
    request: {
      type: int({ needed: true, oneOf: [1, 2] }),
      scene: int({ needed: true, oneOf: [1, 2] }),
      style: int(),
      remark: text({ characters: 30 }),
      skip_verify: { shape: "bool" },
      state: text({ characters: 30 }),
      user: { shape: "strings", elements: 100 },
      is_exclusive: { shape: "bool" },
    },
    answer: { config_id: text(needed), qr_code: text({ pattern: /^https?:/ }) },
    also: ({ type, user }) =>
      type === 1 && (user as unknown[] | undefined)?.length !== 1 ? ["type 1 takes exactly one user"] : [],
  },
  "externalcontact/get_groupmsg_list_v2": {
    method: "POST",
    request: {
      chat_type: text({ needed: true, oneOf: ["single", "group"] }),
      start_time: moment(needed),
      end_time: moment(needed),
      creator: text(),
      filter_type: int({ oneOf: [0, 1, 2] }),
      ...page(100),
    },
    answer: {
      next_cursor: text(needed),
      group_msg_list: {
        ...needed,
        elements: 100,
        shape: [
          {
            msgid: text(needed),
            creator: text(),
            create_time: moment(needed),
            create_type: int({ needed: true, oneOf: [0, 1] }),
            text: { shape: { content: text({ bytes: 4000 }) } },
            attachments: { shape: [anything] },
          },
        ],
      },
    },
    also: ({ start_time, end_time }) =>
      Number(end_time) - Number(start_time) > 31 * 86_400 ? ["a span of more than a month"] : [],
  },
  "externalcontact/get_groupmsg_task": {
    method: "POST",
    request: { msgid: text(needed), ...page(1000) },
    answer: {
      next_cursor: text(needed),
      task_list: {
        ...needed,
        elements: 1000,
        shape: [{ userid, status: int({ needed: true, oneOf: [0, 2] }), send_time: moment() }],
      },
    },
  },
  "externalcontact/get_groupmsg_send_result": {
    method: "POST",
    request: { msgid: text(needed), userid, ...page(1000) },
    answer: {
      next_cursor: text(needed),
      send_list: {
        ...needed,
        elements: 1000,
        shape: [
          {
            external_userid: text(needed),
            chat_id: text(),
            userid,
            status: int({ needed: true, oneOf: [0, 1, 2, 3] }),
            send_time: moment(),
          },
        ],
      },
    },
  },
  "externalcontact/remind_groupmsg_send": { method: "POST", request: { msgid: text(needed) }, answer: {} },
  "externalcontact/cancel_groupmsg_send": { method: "POST", request: { msgid: text(needed) }, answer: {} },
  "externalcontact/get_follow_user_list": {
    method: "GET",
    request: {},
    answer: { follow_user: { shape: "strings", ...needed } },
  },
  "externalcontact/list": {
    method: "GET",
    request: { userid },
    answer: { external_userid: { shape: "strings", ...needed } },
  },
  "externalcontact/get": {
    method: "GET",
    request: { external_userid: text(needed), cursor },
    answer: {
      external_contact: { shape: externalContact, ...needed },
      follow_user: { ...needed, shape: [{ ...followInfo, tags: { shape: [anything] } }] },
      next_cursor: text(),
    },
  },
  "externalcontact/batch/get_by_user": {
    method: "POST",
    request: { userid_list: { shape: "strings", needed: true, elements: 100 }, ...page(100) },
    answer: {
      external_contact_list: {
        ...needed,
        elements: 100,
        shape: [
          {
            external_contact: { shape: externalContact, ...needed },
            follow_info: { shape: { ...followInfo, tag_id: { shape: "strings" } }, ...needed },
          },
        ],
      },
      next_cursor: text(needed),
      fail_info: { shape: { unlicensed_userid_list: { shape: "strings" } } },
    },
  },
};

function cardRules(body: Record<string, unknown>): string[] {
  const one = body.template_card as Record<string, unknown> | undefined;
  const missing = body.msgtype === "text" ? (body.text ? [] : ["text"]) : one ? [] : ["template_card"];
  if (!one) return missing.map((name) => `${name} is missing`);
  if (one.card_type === "text_notice" && !one.card_action) missing.push("card_action");
  if (one.card_type === "button_interaction" && !one.task_id) missing.push("task_id");
  if (one.card_type === "button_interaction" && !one.button_list) missing.push("button_list");
  const buttons = (one.button_list ?? []) as Record<string, unknown>[];
  if (buttons.some((button) => (button.type === 1 ? !button.url : !button.key)))
    missing.push("button_list.key or url");
  return missing.map((name) => `${name} is missing`);
}
