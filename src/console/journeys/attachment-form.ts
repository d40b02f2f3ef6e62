// What goes with the words, as the form has it: one row of texts each, and the file it names.
import type { AttachmentKind } from "../../journeys/attachments.js";
import { number } from "./typed-values.js";

/** One row. `file` is the kept path of its picture or file: of a link the picture, of a mini program the cover. */
export interface AttachmentForm {
  kind: AttachmentKind;
  file: string;
  title: string;
  url: string;
  desc: string;
  appid: string;
  page: string;
  left: string;
  top: string;
  size: string;
  /** months in which it is left out */
  from: string;
  to: string;
}

/** The texts of a row, as the form's fields call them. */
export const ATTACHMENT_TEXTS = [
  ...(["file", "title", "url", "desc", "appid", "page", "left", "top", "size", "from", "to"] as const),
] as const;

/** The key under which the data of a kind names its file. */
const FILE_KEY: Record<AttachmentKind, string> = {
  ...{ picture: "file", poster: "file", file: "file", link: "picurl", mini_program: "cover" },
};

/** A row of a kind with nothing in it. */
export function emptyAttachment(kind: AttachmentKind): AttachmentForm {
  return {
    kind,
    ...(Object.fromEntries(ATTACHMENT_TEXTS.map((key) => [key, ""])) as Omit<AttachmentForm, "kind">),
  };
}

/** The row of data that was checked. */
export function attachmentForm(data: Record<string, unknown>): AttachmentForm {
  const kind = data.kind as AttachmentKind;
  const code = (data.code ?? {}) as Record<string, unknown>;
  const blocked = (data.blocked_months ?? {}) as Record<string, unknown>;
  const all: Record<string, unknown> = { ...data, ...code, ...blocked, file: data[FILE_KEY[kind]] };
  const texts = ATTACHMENT_TEXTS.map((key) => [key, all[key] === undefined ? "" : String(all[key])]);
  return { ...emptyAttachment(kind), ...Object.fromEntries(texts) };
}

/** The data a row says, not checked. */
export function attachmentData(form: AttachmentForm): Record<string, unknown> {
  const { kind, title, url, desc, appid, page } = form;
  const numbers = (...keys: ("left" | "top" | "size" | "from" | "to")[]) =>
    Object.fromEntries(keys.flatMap((key) => (form[key].trim() === "" ? [] : [[key, number(form[key])]])));
  const blocked = numbers("from", "to");
  const own: Record<AttachmentKind, object> = {
    picture: {},
    file: {},
    poster: { code: numbers("left", "top", "size") },
    link: { title, url, ...(desc.trim() === "" ? {} : { desc }) },
    mini_program: { title, appid, page },
  };
  const file = kind === "link" && form.file === "" ? {} : { [FILE_KEY[kind]]: form.file };
  return {
    kind,
    ...own[kind],
    ...file,
    ...(Object.keys(blocked).length > 0 ? { blocked_months: blocked } : {}),
  };
}
