// Attachments on their way, for tests of channels: files that count how often they are read.
import type { ChannelFile, FollowUpAttachment } from "../../src/channels/port.js";
import { contentDigest } from "../../src/journeys/content.js";
import { png } from "./pictures.js";

export interface CountedFile extends ChannelFile {
  reads: number;
}

/** A file of these bytes. */
export function fileOf(bytes: Buffer = png(), name = "month-6.png"): CountedFile {
  const file: CountedFile = {
    ...{ digest: contentDigest(bytes), name, reads: 0 },
    read: async () => {
      file.reads++;
      return bytes;
    },
  };
  return file;
}

/** A picture on its way. */
export function pictureOf(file: ChannelFile): FollowUpAttachment {
  return { kind: "picture", file };
}

/** One attachment of every kind. */
export function everyKind(): FollowUpAttachment[] {
  return [
    pictureOf(fileOf()),
    { kind: "file", file: fileOf(Buffer.from("%PDF-1.7 喂养指南"), "喂养指南.pdf") },
    { kind: "link", title: "指南", url: "https://example.com/a", desc: "六个月", picture: fileOf(png(9, 9)) },
    { kind: "link", title: "活动", url: "https://example.com/b", desc: "", picture: undefined },
    {
      ...{ kind: "mini_program", title: "商城", appid: "wx0123456789abcdef", page: "pages/i" },
      cover: fileOf(png(52, 41), "cover.png"),
    },
  ];
}
