// What WeCom refuses of an app message: text and template cards checked field by field, limits as documented.
import {
  ApiError,
  type Fields,
  intField,
  neededText,
  objectField,
  objectsField,
  textField,
} from "./answers.js";

const textBytes = 2048;
const keyBytes = 1024;

/** A message as a phone shows it. */
export type Shown =
  | { msgtype: "text"; text: string }
  | {
      msgtype: "template_card";
      cardId: string;
      title: string;
      description: string;
      lines: { label: string; value: string }[];
      url: string;
      buttons: { text: string; key: string; url: string }[];
      /** what stands in place of the buttons since the card was updated */
      replaced?: string;
    }
  | { msgtype: "image"; mediaId: string; text: string }
  | { msgtype: "other"; text: string }
  /** what the guide typed into the app's chat */
  | { msgtype: "said"; text: string };

const fileTypes = ["image", "voice", "video", "file"];

/** Whether a file of this type was uploaded and is still alive. */
export type LivingMedia = (type: string, mediaId: string) => boolean;

/** Reads the body of message/send; throws the number WeCom answers for what is wrong. */
export function readMessage(body: Fields, callbacks: boolean, living: LivingMedia): Shown {
  const msgtype = textField(body, "msgtype");
  const fields = objectField(body, msgtype) ?? {};
  if (msgtype === "text") return readText(body);
  if (msgtype === "template_card") return readCard(fields, callbacks);
  if (fileTypes.includes(msgtype)) return readFile(msgtype, fields, living);
  const read = others[msgtype];
  if (!read) throw new ApiError(40008, "invalid msgtype");
  return { msgtype: "other", text: read(fields) };
}

function readFile(msgtype: string, fields: Fields, living: LivingMedia): Shown {
  const mediaId = neededText(fields, "media_id");
  if (!living(msgtype, mediaId)) throw new ApiError(40007, "invalid media_id");
  if (msgtype === "image") return { msgtype, mediaId, text: "[图片]" };
  return { msgtype: "other", text: `[${msgtype}] ${textField(fields, "title")}`.trim() };
}

/** What a phone shows of the kinds nobody here sends yet. */
const others: Record<string, (fields: Fields) => string> = {
  markdown: (fields) => {
    const content = textField(fields, "content");
    if (content === "") throw new ApiError(44004, "empty content");
    return shortened(content);
  },
  textcard: (fields) => {
    const [title, description] = [neededText(fields, "title"), neededText(fields, "description")];
    return `${title}\n${description}\n${neededText(fields, "url")}`;
  },
  news: (fields) => {
    const articles = objectsField(fields, "articles");
    if (articles.length < 1 || articles.length > 8) throw new ApiError(40058, "1 to 8 articles are needed");
    return articles.map((one) => neededText(one, "title")).join("\n");
  },
  mpnews: () => "[mpnews]",
  miniprogram_notice: (fields) => `[小程序] ${neededText(fields, "title")}`,
};

function readText(body: Fields): Shown {
  const content = textField(objectField(body, "text") ?? {}, "content");
  if (content === "") throw new ApiError(44004, "empty content");
  return { msgtype: "text", text: shortened(content) };
}

/** What is longer than the limit is cut, without a word to the sender. */
function shortened(content: string): string {
  const bytes = Buffer.from(content, "utf8");
  if (bytes.length <= textBytes) return content;
  return bytes
    .subarray(0, textBytes)
    .toString("utf8")
    .replace(/\uFFFD+$/, "");
}

/** Reads a template card; throws the number WeCom answers for what is wrong. */
export function readCard(card: Fields, callbacks: boolean): Shown {
  const type = textField(card, "card_type");
  if (type !== "text_notice" && type !== "button_interaction")
    throw new ApiError(40058, "card_type is not known here");
  const main = objectField(card, "main_title") ?? {};
  const title = textField(main, "title");
  const description = textField(card, "sub_title_text");
  if (title === "" && (type === "button_interaction" || description === "")) {
    throw new ApiError(41016, "missing title");
  }
  const cardId = textField(card, "task_id");
  if (type === "button_interaction" && !callbacks) throw new ApiError(43012, "callback url is needed");
  if (cardId !== "" && !/^[0-9A-Za-z_\-@]{1,128}$/.test(cardId)) throw new ApiError(42014, "invalid task_id");
  if (type === "button_interaction" && cardId === "") throw new ApiError(42014, "missing task_id");
  const buttons = readButtons(card, type === "button_interaction");
  return {
    msgtype: "template_card",
    cardId,
    title,
    description,
    lines: readLines(card),
    url: readAction(card, type),
    buttons,
  };
}

function readAction(card: Fields, type: string): string {
  const action = objectField(card, "card_action");
  const kind = action ? (intField(action, "type") ?? 0) : 0;
  if (type === "text_notice" && kind === 0) throw new ApiError(40058, "card_action is required");
  if (kind !== 1 || !action) return "";
  const url = neededText(action, "url");
  if (!/^https?:\/\//.test(url)) throw new ApiError(45034, "url without scheme");
  return url;
}

function readLines(card: Fields): { label: string; value: string }[] {
  const lines = objectsField(card, "horizontal_content_list");
  if (lines.length > 6) throw new ApiError(40058, "more than 6 lines");
  return lines.map((line) => ({ label: neededText(line, "keyname"), value: textField(line, "value") }));
}

function readButtons(card: Fields, needed: boolean): { text: string; key: string; url: string }[] {
  const buttons = objectsField(card, "button_list");
  if (buttons.length > 6 || (needed && buttons.length === 0))
    throw new ApiError(40058, "1 to 6 buttons are needed");
  const keys = new Set<string>();
  return buttons.map((button) => {
    const text = textField(button, "text");
    if (text === "") throw new ApiError(42020, "missing button text");
    if (intField(button, "type") === 1) return { text, key: "", url: neededText(button, "url") };
    const key = textField(button, "key");
    if (key === "") throw new ApiError(42019, "missing button key");
    if (Buffer.byteLength(key) > keyBytes || keys.has(key)) throw new ApiError(42018, "invalid button key");
    keys.add(key);
    return { text, key, url: "" };
  });
}
