// A note to a guide as WeCom app messages: texts cut at line ends, cards inside the platform's limits.
import type { GuideNote } from "../port.js";
import type { AppMessage, TemplateCard } from "./requests.js";

const textLimit = 2048;
const titleLimit = 36;
const subTitleLimit = 160;
const labelLimit = 5;
const valueLimit = 30;
const buttonLimit = 10;
const rowLimit = 6;

/** Seconds in which an identical text is taken for a repeat: a guide may ask `帮助` twice in half an hour. */
const repeatWindow = 15;

type Message = AppMessage extends infer M ? (M extends unknown ? Omit<M, "touser"> : never) : never;

/** The messages that carry a note, in order: one for a card, one or more for a text. Pictures have no words. */
export function messagesOf(note: Exclude<GuideNote, { kind: "picture" }>): Message[] {
  if (note.kind === "card") return [{ msgtype: "template_card", template_card: cardOf(note) }];
  return pieces(note.text, textLimit).map((content) => ({
    msgtype: "text",
    text: { content },
    duplicate_check_interval: repeatWindow,
  }));
}

type CardNote = Extract<GuideNote, { kind: "card" }>;

/** A card inside the platform's limits. */
export function cardOf(note: CardNote): TemplateCard {
  const card: TemplateCard = {
    card_type: note.buttons.length > 0 ? "button_interaction" : "text_notice",
    main_title: { title: cut(note.title, titleLimit) },
    sub_title_text: cut(note.description, subTitleLimit),
    horizontal_content_list: note.lines.slice(0, rowLimit).map((line) => ({
      keyname: cut(line.label, labelLimit),
      value: cut(line.value, valueLimit),
    })),
    card_action: { type: 1, url: note.url },
  };
  if (note.buttons.length === 0) return card;
  const buttons = note.buttons.slice(0, rowLimit).map((button, at) => ({
    type: 0 as const,
    text: cut(button.text, buttonLimit),
    style: at === 0 ? 1 : 2,
    key: button.key,
  }));
  return { ...card, task_id: note.cardId, button_list: buttons };
}

function cut(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join("")}…`;
}

/** Cuts a text into pieces of at most `limit` bytes, at line ends where there are any; the platform would drop the rest. */
export function pieces(text: string, limit: number): string[] {
  const done: string[] = [];
  let piece = "";
  for (const line of text.split("\n").flatMap((whole) => chunks(whole, limit))) {
    const longer = piece === "" ? line : `${piece}\n${line}`;
    if (Buffer.byteLength(longer) <= limit) {
      piece = longer;
    } else {
      done.push(piece);
      piece = line;
    }
  }
  return [...done, piece];
}

/** One line in chunks of at most `limit` bytes, never inside a character. */
function chunks(line: string, limit: number): string[] {
  if (Buffer.byteLength(line) <= limit) return [line];
  const done: string[] = [];
  let chunk = "";
  for (const character of line) {
    if (Buffer.byteLength(chunk + character) > limit) {
      done.push(chunk);
      chunk = "";
    }
    chunk += character;
  }
  return [...done, chunk];
}
