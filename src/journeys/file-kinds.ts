// What kind of file some bytes are, by their own head: a name can say anything.

/** The heads of the kinds of files that may be sent; those of `null` have none that tells. */
const HEADS: Readonly<Record<string, string | null>> = {
  ...{ pdf: "25504446", docx: "504b0304", xlsx: "504b0304", pptx: "504b0304", zip: "504b0304" },
  ...{ doc: "d0cf11e0", xls: "d0cf11e0", ppt: "d0cf11e0", txt: null, csv: null },
};

/** The endings of files that may be sent. */
export const FILE_ENDINGS: readonly string[] = Object.keys(HEADS);

/** Whether bytes are what their name's ending says: `other` when they are not, `unknown` for an ending that is not sent. */
export function fileKind(name: string, bytes: Buffer): "its own" | "other" | "unknown" {
  const ending = endingOf(name);
  const head = Object.hasOwn(HEADS, ending) ? HEADS[ending] : undefined;
  if (head === undefined) return "unknown";
  return head === null || bytes.toString("hex", 0, 4).startsWith(head) ? "its own" : "other";
}

/** a.PDF → pdf */
export function endingOf(name: string): string {
  return /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
}

/** Whether bytes are an MP4 video: after its length the first box says `ftyp`. */
export function isVideo(bytes: Buffer): boolean {
  return bytes.toString("latin1", 4, 8) === "ftyp";
}
