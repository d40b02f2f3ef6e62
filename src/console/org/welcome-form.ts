// The form of welcome words: what was typed, and the files that came with it, as what goes along.
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Enclosable } from "../../contacts/attached-files.js";
import type { NewAttachment } from "../../contacts/welcome-attachments.js";
import type { ScopedWords } from "../../contacts/welcome-words.js";
import type { FormFile } from "../../infra/multipart.js";
import { readValues } from "../../infra/web.js";
import { Refusal } from "../../kernel/refusals.js";

const NAMES = {
  ...{ scope: "用于", name: "活动或渠道参数", words: "欢迎语" },
  ...{ poster_left: "二维码离左边（像素）", poster_top: "离上边", poster_size: "边长" },
  ...{ link_title: "链接标题", link_url: "链接地址", link_desc: "链接描述", link_picurl: "链接封面地址" },
  ...{ page_title: "小程序标题", page_appid: "小程序 AppID", page_path: "小程序页面" },
};
const most = (n: number) => z.string().trim().max(n, `最多 ${n} 个字`);
const short = most(2048).default("");
const pixels = most(6).default("");
const wordsForm = z.object({
  scope: z.enum(["default", "campaign", "state"], "所有新客户、一个活动或一个渠道参数"),
  name: most(64).default(""),
  words: most(4000).min(1, "要说的话"),
  /** the words that stood there when the form was shown */
  seen: z.string().max(16).default(""),
  ...{ poster_left: pixels, poster_top: pixels, poster_size: pixels },
  ...{ link_title: short, link_url: short, link_desc: short, link_picurl: short },
  ...{ page_title: short, page_appid: short, page_path: short },
});

export type WordsForm = z.infer<typeof wordsForm>;

/** What was typed. Raises `invalid`. */
export function readForm(body: unknown): WordsForm {
  return readValues(wordsForm, body, "body", NAMES);
}

/** The same as it came, where it may not be saved: the page shows it once more. */
export function asTyped(body: unknown): WordsForm {
  const fields = (body ?? {}) as Readonly<Record<string, unknown>>;
  const text = (name: string) => {
    const value = fields[name];
    return typeof value === "string" ? value.trim() : "";
  };
  const typed = Object.fromEntries(Object.keys(wordsForm.shape).map((name) => [name, text(name)]));
  return { ...(typed as WordsForm), scope: wordsForm.shape.scope.catch("default").parse(typed.scope) };
}

/** default, campaign:618, state:… Raises `invalid` where the name is missing. */
export function scopeOf({ scope, name }: WordsForm): string {
  if (scope === "default") return "default";
  if (name === "")
    throw new Refusal("invalid", "还没有写用于哪个活动或渠道参数。", [
      { where: NAMES.name, value: "", expected: "活码页上的活动名称，或渠道参数" },
    ]);
  return `${scope}:${name}`;
}

/** Whether the box of the nth attachment there is was ticked: keep_0, keep_1 … */
export function isKept(body: unknown, n: number): boolean {
  return (body as Readonly<Record<string, unknown>>)[`keep_${n}`] === "yes";
}

/** Those of the attachments there are that stay. */
export function keptOf(body: unknown, before: ScopedWords | undefined): Enclosable[] {
  return (before?.attachments ?? []).filter((_one, n) => isKept(body, n));
}

/** What the form adds. Raises `invalid` for a file without what belongs to it, and the other way round. */
export function newOnes(form: WordsForm, files: readonly FormFile[]): NewAttachment[] {
  const read = ({ name, path }: FormFile) => ({ name, bytes: readFileSync(path) });
  const of = (field: string) => files.filter((one) => one.field === field);
  const plain = (kind: "picture" | "video" | "file", field: string) =>
    of(field).map((file): NewAttachment => ({ kind, ...read(file) }));
  return [
    ...plain("picture", "pictures"),
    ...posterOf(form, of("poster").map(read)),
    ...linkOf(form),
    ...pageOf(form, of("page_cover").map(read)),
    ...plain("video", "videos"),
    ...plain("file", "files"),
  ];
}

type Read = { name: string; bytes: Buffer };

function posterOf({ poster_left, poster_top, poster_size }: WordsForm, [file]: Read[]): NewAttachment[] {
  const typed = [poster_left, poster_top, poster_size];
  if (!file) {
    if (typed.every((one) => one === "")) return [];
    throw lacks("专属海报还缺底图。", "专属海报", "JPG 或 PNG 图片");
  }
  if (typed.includes(""))
    throw lacks("专属海报还缺二维码的位置。", "二维码的位置", "左、上和边长，单位是像素");
  const [left = 0, top = 0, size = 0] = typed.map(Number);
  return [{ kind: "poster", ...file, code: { left, top, size } }];
}

function linkOf(form: WordsForm): NewAttachment[] {
  const { link_title: title, link_url: url, link_desc: desc, link_picurl: picurl } = form;
  if (!title && !url) return [];
  return [{ kind: "link", title, url, ...(desc ? { desc } : {}), ...(picurl ? { picurl } : {}) }];
}

function pageOf({ page_title: title, page_appid: appid, page_path: page }: WordsForm, [cover]: Read[]) {
  if (!title && !appid && !page && !cover) return [];
  if (!cover) throw lacks("小程序还缺一张封面图片。", "小程序封面", "JPG 或 PNG 图片");
  return [{ kind: "mini_program", title, appid, page, ...cover } as const];
}

function lacks(message: string, where: string, expected: string): Refusal {
  return new Refusal("invalid", message, [{ where, expected }]);
}
