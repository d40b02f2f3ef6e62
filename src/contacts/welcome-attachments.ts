// What goes along with welcome words on its way in: looked at by its own bytes before anything of it is kept.
import { pictureOf } from "../infra/pictures.js";
import { type ContentFile, LEAST_CODE, ATTACHMENT_LIMITS as LIMITS } from "../journeys/attachments.js";
import { type ClaimsCheck, sayClaim } from "../journeys/claims.js";
import { contentDigest } from "../journeys/content.js";
import { endingOf, FILE_ENDINGS, fileKind, isVideo } from "../journeys/file-kinds.js";
import { type Fault, Refusal } from "../kernel/refusals.js";
import type { Enclosable, Poster } from "./attached-files.js";

/** A file by its bytes. */
interface NewFile {
  name: string;
  bytes: Buffer;
}

/** An attachment on its way in. */
export type NewAttachment =
  | ({ kind: "picture" | "video" | "file" } & NewFile)
  | ({ kind: "poster"; code: Poster["code"] } & NewFile)
  | { kind: "link"; title: string; url: string; desc?: string; picurl?: string }
  | ({ kind: "mini_program"; title: string; appid: string; page: string } & NewFile);

type FaultOf = (where: string, expected: string, value?: string) => void;

/** New attachments as they are kept, `files` takes their bytes by their digests. Raises `invalid` with every fault. */
export function checkedAttachments(
  given: readonly NewAttachment[],
  claims: ClaimsCheck,
  files: Map<string, Buffer>,
): Enclosable[] {
  const faults: Fault[] = [];
  const fault: FaultOf = (where, expected, value) =>
    faults.push({ where, expected, ...(value === undefined ? {} : { value }) });
  for (const one of given) {
    checkFile(one, fault);
    checkWords(one, claims, fault);
  }
  if (faults.length > 0) throw new Refusal("invalid", "附件不符合要求。", faults);
  const kept = ({ name, bytes }: NewFile): ContentFile => {
    const digest = contentDigest(bytes);
    files.set(digest, bytes);
    return { digest, name };
  };
  return given.map((one): Enclosable => {
    if (one.kind === "link") return one;
    if (one.kind === "poster") return { kind: "poster", file: kept(one), code: one.code };
    if (one.kind !== "mini_program") return { kind: one.kind, file: kept(one) };
    const { kind, title, appid, page } = one;
    return { kind, title, appid, page, cover: kept(one) };
  });
}

function checkFile(one: NewAttachment, fault: FaultOf): void {
  if (one.kind === "link") return;
  const { bytes, name } = one;
  const [where, most] = FILES[one.kind];
  if (bytes.length > most) fault(where, `不超过 ${most / 2 ** 20} MB`, name);
  else if (bytes.length < LIMITS.leastBytes) fault(where, "有内容的文件", name);
  else if (one.kind === "file") {
    const is = fileKind(name, bytes);
    if (is === "unknown") fault(where, `这些类型之一：${FILE_ENDINGS.join("、")}`, name);
    if (is === "other") fault(where, `内容确实是 ${endingOf(name)} 的文件`, name);
  } else if (one.kind === "video") {
    if (!isVideo(bytes)) fault(where, "MP4 视频", name);
  } else if (!pictureOf(bytes)) fault(where, "JPG 或 PNG 图片", name);
  else if (one.kind === "poster") checkCode(one, fault);
}

const FILES: Readonly<Record<Exclude<NewAttachment["kind"], "link">, [where: string, mostBytes: number]>> = {
  picture: ["图片", LIMITS.pictureBytes],
  poster: ["专属海报", LIMITS.pictureBytes],
  mini_program: ["小程序封面", LIMITS.pictureBytes],
  video: ["视频", LIMITS.videoBytes],
  file: ["文件", LIMITS.fileBytes],
};

/** The square for the guide's code lies inside the picture, and phones can read it. */
function checkCode({ bytes, code }: Extract<NewAttachment, { kind: "poster" }>, fault: FaultOf): void {
  const picture = pictureOf(bytes);
  if (!picture) return;
  const { left, top, size } = code;
  const isInside = left >= 0 && top >= 0 && left + size <= picture.width && top + size <= picture.height;
  const said = `左 ${left}，上 ${top}，边长 ${size}`;
  if (![left, top, size].every(Number.isInteger) || size < LEAST_CODE)
    fault("二维码的位置", `整数像素，边长至少 ${LEAST_CODE}`, said);
  else if (!isInside) fault("二维码的位置", `在底图的 ${picture.width} × ${picture.height} 像素之内`, said);
}

function checkWords(one: NewAttachment, claims: ClaimsCheck, fault: FaultOf): void {
  if (one.kind !== "link" && one.kind !== "mini_program") return;
  const longest = one.kind === "link" ? LIMITS.linkTitle : LIMITS.pageTitle;
  const bytes = Buffer.byteLength(one.title);
  if (bytes === 0 || bytes > longest) fault("标题", `1 到 ${longest} 字节（一个汉字 3 字节）`, one.title);
  for (const hit of claims(one.title)) fault("标题", sayClaim(hit), hit.found);
  if (one.kind === "mini_program") {
    if (!/^wx[0-9a-zA-Z]{16}$/.test(one.appid)) fault("小程序 AppID", "wx 加 16 位字母数字", one.appid);
    if (!/^\S+$/.test(one.page)) fault("小程序页面", "页面路径，如 pages/index", one.page);
    return;
  }
  const isUrl = (text: string) => /^https?:\/\/\S+$/.test(text) && Buffer.byteLength(text) <= LIMITS.url;
  if (!isUrl(one.url)) fault("链接地址", "http:// 或 https:// 开头的网址", one.url);
  if (one.picurl !== undefined && !isUrl(one.picurl)) fault("封面地址", "http(s):// 开头的网址", one.picurl);
  const desc = one.desc ?? "";
  if (Buffer.byteLength(desc) > LIMITS.linkDesc) fault("描述", `不超过 ${LIMITS.linkDesc} 字节`);
  for (const hit of claims(desc)) fault("描述", sayClaim(hit), hit.found);
}
