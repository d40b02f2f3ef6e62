// The form of a follow-up by hand: what the guide may report, and how a line of chat fills it in.
import { isShopDay, type ShopDay } from "../kernel/calendar.js";
import type { YamlMap } from "./yaml-reader.js";

/** What a form asks for. A note may always be added. */
export interface OutcomeForm {
  /** how it went: one of these */
  outcomes: string[];
  /** the guide may give the customer any of these */
  tags: string[];
  /** whether the guide may name the next day to touch base: it becomes the anchor `next_touch` */
  nextTouch: boolean;
}

/** A form filled in. */
export interface FilledForm {
  outcome: string;
  tags: string[];
  note: string;
  nextTouchOn: ShopDay | null;
}

const MOST = { outcomes: 8, tags: 12, characters: 20 };
const NAME = /^[^\n|#]{1,20}$/;

/** Reads `form:` of a touchpoint; undefined when it has none, or a faulty one. */
export function readForm(map: YamlMap | undefined): OutcomeForm | undefined {
  if (!map) return undefined;
  map.only(["outcomes", "tags", "next_touch"]);
  if (!map.has("outcomes")) map.fault(null, "outcomes: a list of how it may have gone");
  const list = (key: "outcomes" | "tags") => {
    const names = map.texts(key) ?? [];
    if (names.length > MOST[key]) map.fault(key, `at most ${MOST[key]} of them`);
    const odd = names.find((name) => !NAME.test(name));
    if (odd !== undefined) map.fault(key, `names of 1 to ${MOST.characters} characters without # and |`);
    return names;
  };
  return { outcomes: list("outcomes"), tags: list("tags"), nextTouch: map.truth("next_touch") ?? false };
}

/** What is wrong with a filled form, in Chinese; null when nothing is. `today` bounds the next day. */
export function formFault(form: OutcomeForm, filled: FilledForm, today: ShopDay): string | null {
  const { outcome, tags, nextTouchOn } = filled;
  if (!form.outcomes.includes(outcome)) return `请选择结果：${form.outcomes.join("、")}。`;
  const strange = tags.filter((tag) => !form.tags.includes(tag));
  if (strange.length > 0)
    return `没有标签「${strange.join("、")}」，可以选：${form.tags.join("、") || "（无）"}。`;
  if (nextTouchOn === null) return null;
  if (!form.nextTouch) return "这次跟进不用约下次日期。";
  if (!isShopDay(nextTouchOn)) return "下次日期请写成 2026-03-02。";
  return nextTouchOn > today ? null : `下次日期要在今天以后，不能是 ${nextTouchOn}。`;
}

/**
 * Fills a form from what a guide typed: 接通 #二胎计划 下次 3月20日 想试二段. The outcome stands first, tags after #, the
 * next day after 下次; `dayMeant` reads a day as people write it. Everything else is the note.
 */
export function filledFrom(
  form: OutcomeForm,
  text: string,
  dayMeant: (words: string) => ShopDay | undefined,
): FilledForm {
  const outcome = [...form.outcomes]
    .sort((a, b) => b.length - a.length)
    .find((name) => text.startsWith(name));
  let rest = text.slice(outcome?.length ?? 0);
  const tags: string[] = [];
  rest = rest.replace(/[#＃]([^\s#＃，,。；;]+)/g, (_all, tag: string) => {
    tags.push(tag);
    return " ";
  });
  let nextTouchOn: ShopDay | null = null;
  rest = rest.replace(/下次(?:联系|回访|跟进|再联系)?[\s:：]*([^\s，,。；;]+)/, (all, words: string) => {
    nextTouchOn = dayMeant(words) ?? null;
    return nextTouchOn ? " " : all;
  });
  const note = rest.replace(/^[\s，,。；;:：]+|[\s，,；;]+$/g, "").replace(/\s+/g, " ");
  return { outcome: outcome ?? "", tags, note, nextTouchOn };
}
