// What a touchpoint has besides words, in Chinese, as HQ reads it when a version is published.
import { ATTACHMENT_NAMES, type Attachment, type Months } from "./attachments.js";
import type { OutcomeForm } from "./outcome-form.js";
import { stableJson, type TouchpointSpec } from "./spec.js";
import { ASKABLE } from "./words.js";

type Content = Pick<TouchpointSpec, "attachments" | "form" | "ask" | "automatic">;

/** What of attachments, form and collected fact differs between two versions, a piece each. */
export function sayContentChanges(before: Content, after: Content): string[] {
  return [
    fromTo("附件", before.attachments, after.attachments, sayAttachments),
    fromTo("回访表单", before.form, after.form, sayForm),
    fromTo("收集资料", before.ask, after.ask, (ask) => ASKABLE[ask].label),
    fromTo("自动发送", before.automatic, after.automatic, () => "开"),
  ].filter((part) => part !== "");
}

/** What there is besides words, a piece each: 附件：图片 a.png, 回访表单：接通/未接通, 收集资料：宝宝生日. */
export function sayContent({ attachments, form, ask, automatic }: Content): string[] {
  return [
    ...(attachments ? [`附件：${sayAttachments(attachments)}`] : []),
    ...(form ? [`回访表单：${sayForm(form)}`] : []),
    ...(ask ? [`收集资料：${ASKABLE[ask].label}`] : []),
    ...(automatic ? ["到点自动发送，导购可以先跳过"] : []),
  ];
}

/** 图片 month-6.png、链接「喂养指南」（满7个月起不发）. */
function sayAttachments(attachments: readonly Attachment[]): string {
  return attachments.map((one) => `${sayAttachment(one)}${sayBlocked(one.blockedMonths)}`).join("、");
}

/** One attachment by its kind and name. */
export function sayAttachment(one: Attachment): string {
  const name = "file" in one ? ` ${one.file.name}` : `「${one.title}」`;
  return `${ATTACHMENT_NAMES[one.kind]}${name}`;
}

function sayBlocked(months: Months | undefined): string {
  if (!months) return "";
  const { from, to } = months;
  return to === null ? `（满${from}个月起不发）` : `（满${from}至${to}个月不发）`;
}

function sayForm({ outcomes, tags, nextTouch }: OutcomeForm): string {
  const tagged = tags.length > 0 ? `，标签 ${tags.join("/")}` : "";
  return `${outcomes.join("/")}${tagged}${nextTouch ? "，可约下次" : ""}`;
}

function fromTo<T>(
  what: string,
  before: T | undefined,
  after: T | undefined,
  say: (one: T) => string,
): string {
  if (stableJson(before ?? null) === stableJson(after ?? null)) return "";
  const [was, is] = [before, after].map((one) => (one === undefined ? "无" : say(one)));
  return was === is ? `${what}内容更换` : `${what}由${was}改为${is}`;
}
