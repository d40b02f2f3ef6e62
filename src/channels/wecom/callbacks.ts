// WeCom's pushes: checked, opened, and read into what they mean. Storing and answering them is not done here.
import { createHash } from "node:crypto";
import { CallbackFault, decrypt, signatureFits, signatureOf } from "./crypto.js";
import { readXml, textOf } from "./xml.js";

/** The three values of the app's callback setting; receiveid is the corpid of a corp's own app. */
export interface CallbackKeys {
  token: string;
  aesKey: string;
  corpid: string;
}

/** The query of a callback, already URL-decoded (a `+` in echostr must still be a `+`). */
export interface CallbackQuery {
  msg_signature?: string;
  timestamp?: string;
  nonce?: string;
  echostr?: string;
}

/** The answer to WeCom's URL check: the plain echostr, to be sent back bare. Throws CallbackFault. */
export function verifyUrl(keys: CallbackKeys, query: CallbackQuery): string {
  // a form decoder may have turned the + of base64 into a space
  const echostr = (query.echostr ?? "").replaceAll(" ", "+");
  checkSignature(keys, query, echostr);
  return decrypt(keys.aesKey, keys.corpid, echostr).message;
}

/** A push as it came: its XML and a digest that is the same for every delivery of the same push. */
export interface OpenedCallback {
  xml: string;
  /** SHA-256 of the XML, hex. FromUserName + CreateTime, which the platform suggests, would drop real events */
  digest: string;
}

/** Checks and opens a push. Throws CallbackFault when it is not from WeCom or not for us. */
export function openCallback(keys: CallbackKeys, query: CallbackQuery, body: string): OpenedCallback {
  const encrypted = textOf(readXml(body).Encrypt);
  checkSignature(keys, query, encrypted);
  const xml = decrypt(keys.aesKey, keys.corpid, encrypted).message;
  return { xml, digest: createHash("sha256").update(xml).digest("hex") };
}

function checkSignature(keys: CallbackKeys, query: CallbackQuery, encrypted: string): void {
  const { msg_signature = "", timestamp = "", nonce = "" } = query;
  const expected = signatureOf(keys.token, timestamp, nonce, encrypted);
  if (encrypted === "" || !signatureFits(expected, msg_signature)) {
    throw new CallbackFault("signature", "the signature does not fit");
  }
}

/** What a push says. Times are epoch ms; `other` is everything we have no use for. */
export type WecomEvent =
  | { kind: "guideText"; guideUserid: string; text: string; msgid: string; at: number }
  | { kind: "cardTap"; guideUserid: string; key: string; cardId: string; responseCode: string; at: number }
  | {
      kind: "contactAdded";
      guideUserid: string;
      externalUserid: string;
      state: string;
      half: boolean;
      /** for one welcome message within 20 s; "" where there may be none */
      welcomeCode: string;
      at: number;
    }
  | {
      kind: "contactEnded";
      guideUserid: string;
      externalUserid: string;
      by: "guide" | "customer";
      /** an on-job transfer removed it: nobody left */
      transferred: boolean;
      at: number;
    }
  | { kind: "contactEdited"; guideUserid: string; externalUserid: string; at: number }
  | { kind: "tagsChanged"; at: number }
  | { kind: "memberLeft"; guideUserid: string; at: number }
  | { kind: "transferFailed"; guideUserid: string; externalUserid: string; reason: string; at: number }
  | { kind: "other"; name: string; at: number };

/** What guides send besides text, as a phone shows it in a list of chats: it is answered too. */
const NOT_TEXT: Readonly<Record<string, string>> = {
  ...{
    image: "[图片]",
    voice: "[语音]",
    video: "[视频]",
    location: "[位置]",
    link: "[链接]",
    file: "[文件]",
  },
};

/** Reads a decrypted push. Throws CallbackFault `xml` when it is none. */
export function readEvent(xml: string): WecomEvent {
  const fields = readXml(xml);
  const field = (name: string): string => textOf(fields[name]);
  const at = Number(field("CreateTime")) * 1000;
  const type = field("MsgType");
  if (type === "text" || Object.hasOwn(NOT_TEXT, type)) {
    return {
      kind: "guideText",
      guideUserid: field("FromUserName"),
      text: type === "text" ? field("Content") : (NOT_TEXT[type] ?? ""),
      msgid: field("MsgId"),
      at,
    };
  }
  const event = field("Event");
  if (event === "template_card_event") {
    return {
      kind: "cardTap",
      guideUserid: field("FromUserName"),
      key: field("EventKey"),
      cardId: field("TaskId"),
      responseCode: field("ResponseCode"),
      at,
    };
  }
  if (event === "change_external_contact") return readContactChange(field, at);
  if (event === "change_external_tag") return { kind: "tagsChanged", at };
  if (event === "change_contact" && field("ChangeType") === "delete_user")
    return { kind: "memberLeft", guideUserid: field("UserID"), at };
  return { kind: "other", name: [type, event, field("ChangeType")].filter(Boolean).join("."), at };
}

function readContactChange(field: (name: string) => string, at: number): WecomEvent {
  const change = field("ChangeType");
  const pair = { guideUserid: field("UserID"), externalUserid: field("ExternalUserID") };
  switch (change) {
    case "add_external_contact":
    case "add_half_external_contact":
      return {
        ...{ kind: "contactAdded", ...pair, state: field("State"), half: change.includes("half") },
        ...{ welcomeCode: field("WelcomeCode"), at },
      };
    case "edit_external_contact":
      return { kind: "contactEdited", ...pair, at };
    case "del_external_contact": {
      const transferred = field("Source") === "DELETE_BY_TRANSFER";
      return { kind: "contactEnded", ...pair, by: "guide", transferred, at };
    }
    case "del_follow_user":
      return { kind: "contactEnded", ...pair, by: "customer", transferred: false, at };
    case "transfer_fail":
      return { kind: "transferFailed", ...pair, reason: field("FailReason"), at };
    default:
      return { kind: "other", name: `event.change_external_contact.${change}`, at };
  }
}
