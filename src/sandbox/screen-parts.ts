// The three kinds of things a phone shows: bubbles of a chat, messages and cards of the app, mass tasks to send.
import type { Shown } from "./cards.js";
import type { ChatRow } from "./chats.js";
import { fields, lines, link, safe, tap, timeOf, typing } from "./html.js";
import { type PhoneMass, phoneMasses } from "./phone.js";
import type { Stage } from "./stage.js";

const gap = 5 * 60_000;
const most = { messages: 60, masses: 40, whom: 200 };

function head(userid: string, title: string): string {
  return `<header><a class="back" href="#${encodeURI(`g/${userid}`)}" aria-label="返回">‹</a><h2>${title}</h2></header>`;
}

/** What two wrote, oldest first, with a time wherever there was a pause. `mine`: whose phone it is. */
export function bubbles(rows: readonly ChatRow[], mine: "guide" | "customer"): string {
  return rows
    .map((row, at) => {
      const before = rows[at - 1]?.at ?? 0;
      const time = row.at - before > gap ? `<time>${timeOf(row.at)}</time>` : "";
      const own = (row.from_guide === 1) === (mine === "guide");
      return `${time}<p class="${own ? "mine" : "theirs"}"><span>${lines(row.content)}</span></p>`;
    })
    .join("");
}

/** The app's chat on a guide's phone. */
export function appScreen(stage: Stage, userid: string): string {
  const log = stage.appMessages
    .ofGuide(userid, most.messages)
    .map((row) => `<time>${timeOf(row.at)}</time>${shownOf(userid, JSON.parse(row.content) as Shown)}`);
  return `${head(userid, "导购助手（应用）")}<div class="log talk">${log.join("") || `<p class="hint">还没有消息</p>`}</div>${typing("guideSays", { userid }, "对应用说，比如：任务")}`;
}

function shownOf(userid: string, shown: Shown): string {
  if (shown.msgtype === "said") return `<p class="mine"><span>${lines(shown.text)}</span></p>`;
  if (shown.msgtype === "image") return `<p class="theirs">${pictureOf(shown.mediaId)}</p>`;
  if (shown.msgtype !== "template_card") return `<p class="theirs"><span>${lines(shown.text)}</span></p>`;
  const rows = shown.lines.map((line) => `<tr><th>${safe(line.label)}</th><td>${safe(line.value)}</td></tr>`);
  const buttons = shown.buttons.map((button) =>
    button.url
      ? link(button.url, button.text)
      : tap("guideTaps", { userid, cardId: shown.cardId, key: button.key }, button.text),
  );
  const below =
    shown.replaced === undefined ? buttons.join("") : `<button disabled>${safe(shown.replaced)}</button>`;
  return `<article class="card"><h4>${safe(shown.title)}</h4><p>${lines(shown.description)}</p>
<table>${rows.join("")}</table><div class="buttons">${shown.url ? link(shown.url, "打开") : ""}${below}</div></article>`;
}

function pictureOf(mediaId: string): string {
  const address = `/sandbox/media/${safe(mediaId)}`;
  return `<a href="${address}" target="_blank"><img src="${address}" alt="图片"></a>`;
}

const results = ["未发送", "已送达", "已不是好友", "已收过别的群发"];
const states = { waiting: "待发送", confirmed: "已发送", stopped: "已被企业停止" };

/** The mass tasks on a guide's phone, newest first. */
export function massScreen(stage: Stage, userid: string): string {
  const masses = phoneMasses(stage, userid, most.masses).map((mass) => massOf(userid, mass));
  return `${head(userid, "群发助手")}<div class="log">${masses.join("") || `<p class="hint">没有群发任务</p>`}</div>${ownMass(stage, userid)}`;
}

/** A mass send of the guide's own, as guides make them in the client: it shares the customers' limit with ours. */
function ownMass(stage: Stage, userid: string): string {
  const known = stage.roster.contactsOf(userid, 0, most.whom).length;
  return `<form data-verb="guideMasses" class="typing">${fields({ userid })}<input name="to" placeholder="发给谁：全部（${known < most.whom ? known : `${most.whom} 以上`} 位），或姓名，空格隔开" aria-label="群发给谁"><input name="text" required autocomplete="off" placeholder="自己群发一段话…" aria-label="自己群发的话"><button>群发</button></form>`;
}

function massOf(userid: string, mass: PhoneMass): string {
  const customers = mass.customers.map(
    (one) => `<li>${safe(one.name)}${mass.state === "confirmed" ? ` · ${results[one.status]}` : ""}</li>`,
  );
  const send = mass.state === "waiting" ? tap("confirm", { userid, msgid: mass.msgid }, "发送") : "";
  return `<article class="mass ${mass.state}"><i>${timeOf(mass.createdAt)} · ${states[mass.state]}</i>
<p>${lines(mass.text)}</p>${mass.attachments.map(enclosed).join("")}<ul>${customers.join("")}</ul>${send}</article>`;
}

function enclosed({ msgtype, title, mediaId, url }: PhoneMass["attachments"][number]): string {
  if (msgtype === "image" && mediaId) return `<p>${pictureOf(mediaId)}</p>`;
  return `<p>[${msgtype}] ${link(url, title) || safe(title)}</p>`;
}
