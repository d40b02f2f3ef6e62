// What is on a phone: a guide's and a mother's lists of chats, and each chat with a box to type into.
import { safe, tap, timeOf, typing } from "./html.js";
import { appScreen, bubbles, massScreen } from "./screen-parts.js";
import type { Stage } from "./stage.js";

const most = { chats: 40, lines: 60 };

/** One screen as HTML; undefined when there is no such person or chat. `path`: g/USERID[/app|/masses|/c/CUSTOMER], m/CUSTOMER[/USERID]. */
export function screenAt(stage: Stage, path: string): string | undefined {
  const [kind, person = "", what, whom = ""] = path.split("/");
  if (kind === "m") return motherAt(stage, person, what);
  const guide = kind === "g" ? stage.roster.guide(person) : undefined;
  if (!guide) return undefined;
  const { userid, name } = guide;
  if (what === undefined) return guideHome(stage, userid, name);
  if (what === "app") return appScreen(stage, userid);
  if (what === "masses") return massScreen(stage, userid);
  return what === "c" ? guideChat(stage, userid, whom) : undefined;
}

interface Row {
  href: string;
  face: string;
  title: string;
  last: string;
  at?: number;
  badge?: number;
}

function home(title: string, id: string, rows: readonly Row[], foot = ""): string {
  const list = rows.map(
    (one) =>
      `<a class="chat" href="#${encodeURI(one.href)}"><span class="face">${safe(one.face)}</span><span class="what"><b>${safe(one.title)}${one.badge ? ` <em>${one.badge}</em>` : ""}</b><i>${safe(one.last)}</i></span><time>${one.at ? timeOf(one.at) : ""}</time></a>`,
  );
  return `<header><a class="back" href="#" aria-label="回到名单">‹</a><h2>${safe(title)}</h2><i>${safe(id)}</i></header><div class="log list">${list.join("")}</div>${foot}`;
}

function guideHome(stage: Stage, userid: string, name: string): string {
  const [said] = stage.appMessages.ofGuide(userid, 1);
  const waiting = stage.masses.ofGuide(userid, 100).filter((mass) => !mass.confirmed_at && !mass.stopped_at);
  const top: Row[] = [
    {
      ...{ href: `g/${userid}/app`, face: "应", title: "导购助手（应用）" },
      ...{ last: said ? words(said.content) : "还没有消息，发“任务”试试", at: said?.at },
    },
    {
      ...{ href: `g/${userid}/masses`, face: "群", title: "群发助手", badge: waiting.length },
      ...{ last: waiting[0]?.text ?? "没有等您发送的群发", at: waiting[0]?.created_at },
    },
  ];
  const wrote = stage.chats.partnersOf(userid, most.chats);
  const known = stage.roster.contactsOf(userid, 0, most.chats).map((contact) => contact.external_userid);
  const partners = [...new Set([...wrote, ...known])].slice(0, most.chats);
  const rows = partners.map((one) => pairRow(stage, userid, one, `g/${userid}/c/${one}`, nameOf(stage, one)));
  return home(name, userid, [...top, ...rows]);
}

function pairRow(stage: Stage, userid: string, customer: string, href: string, title: string): Row {
  const [last] = stage.chats.ofPair(userid, customer, 1);
  return { href, face: [...title].at(-1) ?? "", title, last: last?.content ?? "", at: last?.at };
}

/** What a message says in one line; `content`: a Shown as JSON. */
function words(content: string): string {
  const shown = JSON.parse(content) as { text?: string; title?: string };
  return shown.text ?? shown.title ?? "";
}

function nameOf(stage: Stage, externalUserid: string): string {
  return stage.roster.customer(externalUserid)?.name ?? externalUserid;
}

function guideChat(stage: Stage, userid: string, externalUserid: string): string | undefined {
  const contact = stage.roster.contact(userid, externalUserid);
  if (!contact) return undefined;
  const pair = { userid, externalUserid };
  return chat({
    ...{ back: `g/${userid}`, owner: stage.roster.guide(userid)?.name ?? userid },
    ...{ title: nameOf(stage, externalUserid), other: `m/${externalUserid}/${userid}` },
    log: bubbles(stage.chats.ofPair(userid, externalUserid, most.lines), "guide"),
    ended: contact.ended_at === null ? undefined : "已经不是好友了",
    foot: typing("guideWrites", pair, "以导购的身份说…"),
    more: `<a class="quiet" href="/sandbox/chats/${encodeURIComponent(userid)}/${encodeURIComponent(externalUserid)}">打开侧边栏</a>${tap("guideRemoves", pair, "删除客户", "quiet")}`,
  });
}

function motherAt(stage: Stage, externalUserid: string, userid: string | undefined): string | undefined {
  const customer = stage.roster.customer(externalUserid);
  if (!customer) return undefined;
  if (userid !== undefined) return motherChat(stage, externalUserid, userid);
  const rows = stage.roster.followersOf(externalUserid).map((contact) => {
    const title = stage.roster.guide(contact.userid)?.name ?? contact.userid;
    return pairRow(stage, contact.userid, externalUserid, `m/${externalUserid}/${contact.userid}`, title);
  });
  const scan = `<form data-verb="contactAdded" class="typing"><input type="hidden" name="externalUserid" value="${safe(externalUserid)}"><input name="userid" required placeholder="扫一位导购的码：账号" aria-label="导购账号"><button>添加</button></form>`;
  return home(customer.name, externalUserid, rows, scan);
}

function motherChat(stage: Stage, externalUserid: string, userid: string): string | undefined {
  const contact = stage.roster.contact(userid, externalUserid);
  const guide = stage.roster.guide(userid);
  if (!contact || !guide) return undefined;
  const pair = { userid: guide.userid, externalUserid };
  return chat({
    ...{ back: `m/${externalUserid}`, owner: nameOf(stage, externalUserid) },
    ...{ title: guide.name, other: `g/${guide.userid}/c/${externalUserid}` },
    log: bubbles(stage.chats.ofPair(userid, externalUserid, most.lines), "customer"),
    ended: contact.ended_at === null ? undefined : "已经不是好友了",
    foot: typing("customerSays", pair, `对${safe(guide.name)}说…`),
    more: tap("customerLeaves", pair, "删除导购", "quiet"),
  });
}

interface ChatParts {
  back: string;
  /** whose phone it is */
  owner: string;
  title: string;
  /** the same chat on the other's phone */
  other: string;
  log: string;
  ended: string | undefined;
  foot: string;
  more: string;
}

function chat({ back, owner, title, other, log, ended, foot, more }: ChatParts): string {
  const below = ended ? `<p class="hint over">${ended}</p>` : foot;
  return `<header><a class="back" href="#${encodeURI(back)}" aria-label="返回">‹</a><h2>${safe(title)}<i>${safe(owner)}的手机</i></h2><a class="other" href="#${encodeURI(other)}">换到对方的手机</a></header>
<div class="log talk">${log || `<p class="hint">还没有聊过</p>`}</div><div class="more">${ended ? "" : more}</div>${below}`;
}
