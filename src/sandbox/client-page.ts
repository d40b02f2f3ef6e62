// The pages of the client the sandbox plays: a chat with the side bar beside it, and the two doors of a login.
import { renderSVG } from "uqr";
import { chatScript, chatStyle } from "./client-scripts.js";
import { fields, safe, timeOf } from "./html.js";
import { STRANGER } from "./logins.js";
import type { PhoneChat } from "./phone.js";

/** Somebody to be. */
export interface Member {
  userid: string;
  name: string;
}

const entries = {
  single_chat_tools: "聊天右侧的工具栏",
  chat_attachment: "聊天附件栏",
  contact_profile: "客户资料页",
  normal: "工作台（没有打开聊天）",
};

/** One guide's chat with one customer; `origin`: of the guide's web view. */
export function chatPageOf(guide: Member, customer: Member, origin: string): string {
  const hidden = `<input type="hidden" name="userid" value="${safe(guide.userid)}"><input type="hidden" name="externalUserid" value="${safe(customer.userid)}">`;
  const options = Object.entries(entries).map(([key, label]) => `<option value="${key}">${label}</option>`);
  const place = safe(JSON.stringify({ entry: "single_chat_tools", chat: customer.userid }));
  return pageOf(
    `${guide.name} 与 ${customer.name}`,
    `<header><h1>${safe(customer.name)}</h1><i>${safe(guide.name)}的企业微信</i><a href="/sandbox#${encodeURI(`g/${guide.userid}/c/${customer.userid}`)}">回到手机</a>
<div class="right"><label>页面从这里打开 <select id="entry">${options.join("")}</select></label></div></header>
<section class="talk"><div id="log"></div>
<form data-verb="customerSays">${hidden}<input name="text" required autocomplete="off" placeholder="以客户的身份说…" aria-label="以客户的身份说"><button>客户说</button></form></section>
<iframe title="侧边栏" name="${place}" data-origin="${safe(origin)}" data-chat="${safe(customer.userid)}" src="${safe(origin)}/g/chat" allow="clipboard-write"></iframe>
<dialog><form method="dialog"><h2></h2><p></p><label><input type="checkbox" id="silent"> 发出后不回音（像断了网一样）</label><div><button class="plain" value="no">取消</button><button value="yes">发送</button></div></form></dialog>`,
  );
}

/** What the two wrote, oldest first. */
export function logOf(chat: PhoneChat["messages"]): string {
  if (chat.length === 0) return `<p><span class="hint">还没有聊过</span></p>`;
  return chat
    .map(
      (one) =>
        `<p class="${one.from}"><time>${timeOf(one.at)}</time><span>${safe(one.text).replaceAll("\n", "<br>")}</span></p>`,
    )
    .join("");
}

/** People on one page of a login. */
const onePage = 30;

/** Who is looked for at a login. */
export interface DoorSearch {
  /** part of a name or account */
  find: string;
  /** from 1 */
  page: number;
  /** the login's own parameters, which a search keeps */
  kept: Record<string, string>;
  addressFor(params: Record<string, string>): string;
}

/** Who is logging in? `qr`: at a desk, by a phone that scans; else by the phone itself. */
export function doorPage(
  kind: "phone" | "qr",
  members: readonly Member[],
  { find, page, kept, addressFor }: DoorSearch,
  refuse: string,
): string {
  const wanted = find.trim().toLowerCase();
  const found = members.filter(({ name, userid }) => `${name} ${userid}`.toLowerCase().includes(wanted));
  const last = Math.max(1, Math.ceil(found.length / onePage));
  const now = Math.min(Math.max(1, page), last);
  const memberAt = (sandbox_member: string) => addressFor({ sandbox_member });
  const people = found
    .slice((now - 1) * onePage, now * onePage)
    .map(
      (one) =>
        `<a href="${safe(memberAt(one.userid))}">${safe(one.name)} <span class="hint">${safe(one.userid)}</span></a>`,
    );
  const title = kind === "qr" ? "企业微信扫码登录" : "企业微信登录";
  const code = kind === "qr" ? renderSVG("https://open.work.weixin.qq.com/sandbox", { border: 1 }) : "";
  const step = (to: number, label: string) =>
    to < 1 || to > last || to === now
      ? ""
      : `<a class="other" href="${safe(addressFor({ sandbox_find: find, sandbox_page: String(to) }))}">${label}</a>`;
  const pages = `<p class="hint">${found.length === 0 ? "没有这样的导购" : `${found.length} 位，第 ${now} / ${last} 页`}</p>${step(now - 1, "上一页")}${step(now + 1, "下一页")}`;
  const who = kind === "qr" ? "谁用手机扫了这个码？" : "这是谁的手机？";
  return pageOf(
    title,
    `<main class="door"><h1>${title}</h1><p class="hint">沙箱里没有真的手机。</p>${code}<p>${who}</p>
<a class="other" href="${safe(memberAt(STRANGER))}">不是企业成员的微信用户</a><a class="other" href="${safe(refuse)}">不同意登录</a>
<form method="get">${fields(kept)}<input type="search" name="sandbox_find" value="${safe(find)}" placeholder="找导购：姓名或账号，回车" aria-label="找导购"></form><nav>${people.join("")}</nav>${pages}</main>`,
    "doors",
  );
}

/** A page that says what is wrong with a login's address, as WeCom does. */
export function faultPage(errcode: number, why: string): string {
  return pageOf(
    "无法打开",
    `<main class="door"><h1>无法打开</h1><p>${errcode}：${safe(why)}</p></main>`,
    "doors",
  );
}

function pageOf(title: string, body: string, kind = ""): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)} · 企业微信沙箱</title><link rel="icon" href="data:,"><style>${chatStyle}</style></head>
<body class="${kind}">${body}<script>${chatScript}</script></body></html>`;
}
