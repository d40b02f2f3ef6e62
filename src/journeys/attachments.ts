// What goes to the customer beside the words: pictures, posters, links, mini-program pages, files; and to whom it may not go.
import type { ShopDay } from "../kernel/calendar.js";
import { monthsAndDays } from "./words.js";

/** A file by its bytes: SHA-256 in hex; the bytes are kept with the journeys (content.ts). */
export interface ContentFile {
  digest: string;
  /** as the customer sees it where it is a file */
  name: string;
}

/** Completed months of a baby's life, both ends included; `to` null: from then on. */
export interface Months {
  from: number;
  to: number | null;
}

/** One attachment. Fields not given are absent, so that a stored version keeps its digest. */
export type Attachment = { blockedMonths?: Months } & (
  | { kind: "picture"; file: ContentFile }
  /** the picture with the guide's own contact code laid into a square of it, in pixels */
  | { kind: "poster"; file: ContentFile; code: { left: number; top: number; size: number } }
  | { kind: "link"; title: string; url: string; desc?: string; picurl?: string; picture?: ContentFile }
  | { kind: "mini_program"; title: string; appid: string; page: string; cover: ContentFile }
  | { kind: "file"; file: ContentFile }
);
export type AttachmentKind = Attachment["kind"];

export const ATTACHMENT_KINDS = ["picture", "poster", "link", "mini_program", "file"] as const;

export const ATTACHMENT_NAMES: Record<AttachmentKind, string> = {
  picture: "图片",
  poster: "专属海报",
  link: "链接",
  mini_program: "小程序",
  file: "文件",
};

/** The least side of a guide's code in a poster that phones still read, in pixels. */
export const LEAST_CODE = 80;

/** What WeCom takes (add_msg_template, media/upload, media/uploadimg): bytes, UTF-8 where it is text. */
export const ATTACHMENT_LIMITS = {
  most: 9,
  leastBytes: 6,
  pictureBytes: 10 * 1024 * 1024,
  linkPictureBytes: 2 * 1024 * 1024,
  fileBytes: 20 * 1024 * 1024,
  videoBytes: 10 * 1024 * 1024,
  linkTitle: 128,
  linkDesc: 512,
  url: 2048,
  pageTitle: 64,
} as const;

/** The oldest baby, in completed months, of whom months are counted. */
export const MOST_MONTHS = 72;

/**
 * What may go to a customer with these babies on a day: an attachment whose months fit one of them is left out, the
 * rest goes. A baby not born yet has no month.
 */
export function allowedAttachments(
  attachments: readonly Attachment[],
  births: readonly (ShopDay | null)[],
  today: ShopDay,
): Attachment[] {
  const months = births.flatMap((bornOn) =>
    bornOn !== null && bornOn <= today ? monthsAndDays(bornOn, today).months : [],
  );
  return attachments.filter(
    ({ blockedMonths: blocked }) =>
      !blocked || !months.some((month) => month >= blocked.from && month <= (blocked.to ?? month)),
  );
}
