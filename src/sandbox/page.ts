// The page on which a person plays WeCom: pick a guide, see their phone, tap, type, be a customer.
import { shopDayOf, wallTimeOf } from "../kernel/calendar.js";
import type { Shown } from "./cards.js";
import { pageScript, pageStyle } from "./page-assets.js";
import type { Phone, PhoneChat, PhoneMass } from "./phone.js";

/** A guide to pick, with how many mass tasks wait for a tap. */
export interface PageGuide {
  userid: string;
  name: string;
  waiting: number;
}

/** The whole page; the phone itself is fetched by its script. */
export function pageOf(guides: readonly PageGuide[], now: number): string {
  const options = guides.map(
    (guide) =>
      `<button type="button" class="who" data-userid="${safe(guide.userid)}"><b>${safe(guide.name)}</b> <i>${safe(guide.userid)}</i>${guide.waiting > 0 ? ` <em>${guide.waiting}</em>` : ""}</button>`,
  );
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>企业微信沙箱</title><link rel="icon" href="data:,"><style>${pageStyle}</style></head>
<body><aside><h1>企业微信沙箱</h1><p class="hint">这里没有真的企业微信：消息、群发、客户都在本机。沙箱时间 ${timeOf(now)}</p>
<input id="search" type="search" placeholder="找导购：姓名或账号" aria-label="找导购"><nav id="guides">${options.join("\n")}</nav></aside>
<main id="screen"><p class="empty">从左边选一位导购，看她的手机。</p></main>
<script>${pageScript}</script></body></html>`;
}

/** One guide's phone as HTML, to be put into the page. */
export function screenOf(phone: Phone): string {
  const open = phone.masses.filter((mass) => mass.state === "waiting").length;
  return `<header><h2>${safe(phone.name)}</h2><i>${safe(phone.userid)}</i></header>
<section class="phone"><h3>应用消息</h3><div class="log">${phone.messages.map((one) => messageOf(phone, one)).join("") || nothing("还没有消息")}</div>
${form("guideSays", { userid: phone.userid }, "对应用说，比如：任务")}</section>
<section class="phone"><h3>群发助手${open > 0 ? ` <em>${open}</em>` : ""}</h3><div class="log">${phone.masses.map((mass) => massOf(phone, mass)).join("") || nothing("没有群发任务")}</div></section>
<section class="phone"><h3>客户</h3><div class="log">${phone.chats.map((chat) => chatOf(phone, chat)).join("") || nothing("没有客户")}</div></section>`;
}

function messageOf(phone: Phone, { at, shown }: { at: number; shown: Shown }): string {
  const time = `<time>${timeOf(at)}</time>`;
  if (shown.msgtype === "image")
    return `<article class="image">${time}<a href="/sandbox/media/${safe(shown.mediaId)}" target="_blank"><img src="/sandbox/media/${safe(shown.mediaId)}" alt="图片" style="max-width:100%"></a></article>`;
  if (shown.msgtype !== "template_card")
    return `<article class="${shown.msgtype}">${time}<p>${lines(shown.text)}</p></article>`;
  const rows = shown.lines.map((line) => `<tr><th>${safe(line.label)}</th><td>${safe(line.value)}</td></tr>`);
  const buttons = shown.buttons.map((button) =>
    button.url
      ? link(button.url, button.text)
      : tap("guideTaps", { userid: phone.userid, cardId: shown.cardId, key: button.key }, button.text),
  );
  return `<article class="card">${time}<h4>${safe(shown.title)}</h4><p>${lines(shown.description)}</p>
<table>${rows.join("")}</table><div class="buttons">${shown.url ? link(shown.url, "打开") : ""}${buttons.join("")}</div></article>`;
}

const results = ["未发送", "已送达", "已不是好友", "当天已收过群发"];
const states = { waiting: "待发送", confirmed: "已发送", stopped: "已被企业停止" };

function massOf(phone: Phone, mass: PhoneMass): string {
  const customers = mass.customers.map(
    (one) => `<li>${safe(one.name)}${mass.state === "confirmed" ? ` · ${results[one.status]}` : ""}</li>`,
  );
  const send =
    mass.state === "waiting" ? tap("confirm", { userid: phone.userid, msgid: mass.msgid }, "发送") : "";
  return `<article class="mass ${mass.state}"><time>${timeOf(mass.createdAt)} · ${states[mass.state]}</time>
<p>${lines(mass.text)}</p>${mass.attachments.map(enclosed).join("")}<ul>${customers.join("")}</ul>${send}</article>`;
}

function enclosed({ msgtype, title, mediaId, url }: PhoneMass["attachments"][number]): string {
  if (msgtype === "image" && mediaId)
    return `<p><img src="/sandbox/media/${safe(mediaId)}" alt="图片" style="max-width:60%;border-radius:6px"></p>`;
  return `<p>[${msgtype}] ${link(url, title) || safe(title)}</p>`;
}

function chatOf(phone: Phone, chat: PhoneChat): string {
  const pair = { userid: phone.userid, externalUserid: chat.externalUserid };
  const said = chat.messages.map(
    (one) => `<p class="${one.from}"><time>${timeOf(one.at)}</time><span>${lines(one.text)}</span></p>`,
  );
  const box = chat.ended ? `<p class="hint">已不是好友</p>` : form("customerSays", pair, "以客户的身份说…");
  const leave = chat.ended ? "" : tap("customerLeaves", pair, "删除导购");
  return `<details class="chat" data-key="${safe(chat.externalUserid)}"><summary>${safe(chat.name)} <i>${chat.messages.length} 条</i></summary>${said.join("")}${box}${leave}</details>`;
}

function form(verb: string, hidden: Record<string, string>, placeholder: string): string {
  return `<form data-verb="${verb}">${fields(hidden)}<input name="text" required autocomplete="off" placeholder="${placeholder}" aria-label="${placeholder}"><button>发</button></form>`;
}

function tap(verb: string, hidden: Record<string, string>, label: string): string {
  return `<form data-verb="${verb}" class="tap">${fields(hidden)}<button>${safe(label)}</button></form>`;
}

function fields(hidden: Record<string, string>): string {
  return Object.entries(hidden)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${safe(value)}">`)
    .join("");
}

/** Only web addresses become links: what the app sends may hold anything. */
function link(url: string, label: string): string {
  return /^https?:\/\//.test(url)
    ? `<a href="${safe(url)}" target="_blank" rel="noreferrer">${safe(label)}</a>`
    : "";
}

function nothing(text: string): string {
  return `<p class="hint">${text}</p>`;
}

function lines(text: string): string {
  return safe(text).replaceAll("\n", "<br>");
}

/** MM-DD HH:MM in Beijing. */
function timeOf(ms: number): string {
  return `${shopDayOf(ms, beijing).slice(5)} ${wallTimeOf(ms, beijing)}`;
}

const beijing = "Asia/Shanghai";
const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function safe(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
