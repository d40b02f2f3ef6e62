// The page on which a person plays WeCom: pick who to be, a guide or a mother, and hold their phone.
import { safe, timeOf } from "./html.js";
import { pageScript, pageStyle } from "./page-assets.js";
import type { Stage } from "./stage.js";

/** People in a list, at most. */
const most = 60;

/** The whole page; people and phones are fetched by its script. */
export function pageOf(now: number): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>企业微信沙箱</title><link rel="icon" href="data:,"><style>${pageStyle}</style></head>
<body><aside><h1>企业微信沙箱</h1><p class="hint">这里没有真的企业微信：消息、群发、客户都在本机。选一个人，拿起 TA 的手机。沙箱时间 ${timeOf(now)}</p>
<div class="tabs" role="tablist"><button type="button" data-kind="guides" class="on">导购</button><button type="button" data-kind="customers">客户</button></div>
<input id="search" type="search" placeholder="姓名或账号" aria-label="找人"><nav id="people"></nav></aside>
<main><div id="phone"><p class="empty">从名单里选一位导购或一位妈妈，看 TA 的手机，替 TA 打字。</p></div></main>
<script>${pageScript}</script></body></html>`;
}

/** Guides whose name or account holds a text; those with something to tap come first. */
export function guideList(stage: Stage, wanted: string): string {
  const waiting = stage.masses.waiting();
  const found = stage.roster
    .guides()
    .filter(({ userid, name }) => `${name} ${userid}`.toLowerCase().includes(wanted.toLowerCase()))
    .map(({ userid, name }) => ({ userid, name, waiting: waiting.get(userid.toLowerCase()) ?? 0 }))
    .sort((left, right) => right.waiting - left.waiting);
  const rows = found.slice(0, most).map((one) => row(`g/${one.userid}`, one.name, one.userid, one.waiting));
  return rows.join("") + left(found.length);
}

/** Customers whose name or id holds a text, and a form for somebody new. */
export function customerList(stage: Stage, wanted: string): string {
  const found = stage.roster.customersLike(wanted, most + 1);
  const rows = found
    .slice(0, most)
    .map((one) => row(`m/${one.external_userid}`, one.name, one.external_userid, 0));
  const fresh = `<form data-verb="newCustomer" class="fresh"><input name="name" required maxlength="20" placeholder="新妈妈的名字" aria-label="新妈妈的名字"><input name="userid" required placeholder="导购账号" aria-label="导购账号"><button>扫码添加</button></form>`;
  return fresh + rows.join("") + left(found.length);
}

function row(screen: string, name: string, id: string, badge: number): string {
  const em = badge > 0 ? ` <em>${badge}</em>` : "";
  return `<a class="who" href="#${encodeURI(screen)}"><span class="face">${safe([...name].at(-1) ?? "")}</span><span><b>${safe(name)}</b> <i>${safe(id)}</i></span>${em}</a>`;
}

function left(found: number): string {
  if (found === 0) return `<p class="hint">没有这样的人</p>`;
  return found > most ? `<p class="hint">还有更多，请搜索姓名或账号</p>` : "";
}
