// The page of welcome words as values: what stands there, what was typed and not saved, what became of the latest.
import type { Enclosable } from "../../contacts/attached-files.js";
import type { WelcomeLine } from "../../contacts/welcome.js";
import type { ScopedWords } from "../../contacts/welcome-words.js";
import { ATTACHMENT_NAMES } from "../../journeys/attachments.js";
import { FILE_ENDINGS } from "../../journeys/file-kinds.js";
import type { Refusal } from "../../kernel/refusals.js";
import { moment } from "../format.js";
import { tabsOf } from "./wecom-view.js";
import { isKept, type WordsForm } from "./welcome-form.js";

const RESULT_NAMES: Readonly<Record<WelcomeLine["result"], string>> = {
  ...{ none: "没有欢迎语", again: "已欢迎过", sent: "已发送", late: "超过 20 秒" },
  ...{ chatting: "已经在聊天", refused: "被拒绝", unknown: "没有回音", failed: "失败" },
};

const KIND_NAMES: Readonly<Record<Enclosable["kind"], string>> = { ...ATTACHMENT_NAMES, video: "视频" };

/** What somebody wanted to save, and why it was not. */
export interface TypedWelcome {
  form: WordsForm;
  /** the form's other fields, as they came */
  body: unknown;
  refusal: Refusal;
}

/** Welcome words by scope, and what became of the latest. */
export function welcomePage(
  words: readonly ScopedWords[],
  latest: readonly WelcomeLine[],
  zone: string,
  typed?: TypedWelcome,
): object {
  const standsFor = (scope: string) => typed && typedScope(typed.form) === scope;
  const fresh = words.some(({ scope }) => standsFor(scope)) ? undefined : typed;
  return {
    tabs: tabsOf("/org/wecom/welcome"),
    accepts: FILE_ENDINGS.map((ending) => `.${ending}`).join(","),
    words: words.map((one) => wordsRow(one, standsFor(one.scope) ? typed : undefined)),
    fresh: {
      ...valuesOf("", fresh),
      attachments: [],
      scopes: SCOPES.map((one) => ({ ...one, isChosen: fresh?.form.scope === one.value })),
      name: fresh?.form.name ?? "",
    },
    latest: latest.map(({ guide, customer, scope, at, result, error }) => ({
      ...{ guide, customer, scope: scopeName(scope), at: moment(at, zone), result: RESULT_NAMES[result] },
      ...{ isOdd: result !== "sent", error: error ?? "" },
    })),
  };
}

const SCOPES = [
  { value: "default", label: "所有新客户" },
  { value: "campaign", label: "一个活动" },
  { value: "state", label: "一个渠道参数" },
];

function typedScope({ scope, name }: WordsForm): string {
  return scope === "default" ? scope : `${scope}:${name}`;
}

function wordsRow({ scope, words: text, attachments, seen }: ScopedWords, typed: TypedWelcome | undefined) {
  // of other attachments than those that were shown the ticks say nothing
  const ticks = typed?.form.seen === seen ? typed.body : undefined;
  return {
    ...{ scope, text, seen, name: scopeName(scope), kind: scope.split(":")[0] ?? "" },
    about: scope.split(":").slice(1).join(":"),
    attachments: attachments.map((one, n) => ({
      ...{ n, isKept: ticks === undefined || isKept(ticks, n) },
      ...attachmentRow(one),
    })),
    ...valuesOf(text, typed),
  };
}

/** What the fields of a form are filled with: what was typed, else what stands there. */
function valuesOf(text: string, typed: TypedWelcome | undefined): object {
  if (!typed) return { draft: text, along: EMPTY, isTyped: false, fault: "", faults: [] };
  const { form, refusal } = typed;
  const faults = refusal.faults.map(({ where, expected }) => ({ where, expected }));
  return { draft: form.words, along: form, isTyped: true, fault: refusal.message, faults };
}

const EMPTY = {
  ...{ poster_left: "", poster_top: "", poster_size: "", link_title: "", link_url: "", link_desc: "" },
  ...{ link_picurl: "", page_title: "", page_appid: "", page_path: "" },
};

/** default → 所有新客户 */
function scopeName(scope: string): string {
  if (scope === "default") return "所有新客户";
  const [kind, ...rest] = scope.split(":");
  return `${kind === "campaign" ? "活动" : "渠道参数"} ${rest.join(":")}`;
}

function attachmentRow(one: Enclosable) {
  const kind = KIND_NAMES[one.kind];
  const plain = { address: "", code: null, picture: "" };
  if (one.kind === "link") return { ...plain, kind, name: one.title, address: one.url };
  if (one.kind === "mini_program")
    return { ...plain, kind, name: one.title, address: one.page, picture: one.cover.digest };
  const { digest, name } = one.file;
  const isSeen = one.kind === "picture" || one.kind === "poster";
  const code = one.kind === "poster" ? one.code : null;
  return { ...plain, kind, name, code, picture: isSeen ? digest : "" };
}
