// Files put into a touchpoint's form: looked at, kept by what they are, and named where the form says they go.
import { pictureOf } from "../../infra/pictures.js";
import type { Store } from "../../infra/store.js";
import type { Upload } from "../../infra/uploads.js";
import { ATTACHMENT_LIMITS as LIMITS } from "../../journeys/attachments.js";
import { contentDigest, keepContent } from "../../journeys/content.js";
import type { TouchpointForm } from "./touchpoint-form.js";

/** What a form may weigh with a file in it. */
export const MOST_UPLOAD = LIMITS.fileBytes + 2 * 1024 * 1024;

/** The form with its files kept; a file that cannot go out is told of at its field and not kept. */
export async function withFiles(
  store: Store,
  form: TouchpointForm,
  uploads: readonly Upload[],
): Promise<{ form: TouchpointForm; faults: Record<string, string> }> {
  const faults: Record<string, string> = {};
  const attachments = [...form.attachments];
  for (const { field, name, bytes } of uploads) {
    const at = Number(/^attachment\.(\d+)\.upload$/.exec(field)?.[1] ?? Number.NaN);
    const row = attachments[at];
    if (!row) continue;
    const fault = faultOf(row.kind === "file" ? "file" : row.kind === "link" ? "cover" : "picture", bytes);
    if (fault) {
      faults[`attachment.${at}.file`] = fault;
      continue;
    }
    await keepContent(store, new Map([[contentDigest(bytes), bytes]]));
    attachments[at] = { ...row, file: `kept/${contentDigest(bytes)}/${name}` };
  }
  return { form: { ...form, attachments }, faults };
}

const MOST = { file: LIMITS.fileBytes, picture: LIMITS.pictureBytes, cover: LIMITS.linkPictureBytes };

function faultOf(kind: keyof typeof MOST, bytes: Buffer): string | undefined {
  const mega = (length: number) => (length / 1024 / 1024).toFixed(length < 1024 * 1024 ? 2 : 1);
  if (bytes.length > MOST[kind])
    return `最多 ${MOST[kind] / 1024 / 1024} MB，这个文件有 ${mega(bytes.length)} MB`;
  if (bytes.length < LIMITS.leastBytes) return "这个文件是空的";
  return kind !== "file" && !pictureOf(bytes) ? "请上传 JPG 或 PNG 图片，这个文件的内容不是" : undefined;
}
