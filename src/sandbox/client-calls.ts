// What a page may call in the client: config, agentConfig, whose chat is open, words into it, words to 群发助手.
import { dayNumber } from "./beijing.js";
import type { Stage } from "./stage.js";
import type { TicketKind } from "./tickets.js";
import type { Verbs } from "./verbs.js";

/** A call of a page in a guide's client. */
export interface ClientCall {
  /** of this load of the page */
  page: string;
  name: string;
  params: Record<string, unknown>;
  /** the page's address as the client sees it */
  url: string;
  entry: string;
  /** the customer whose chat is open; "" for none */
  chat: string;
  /** the guide tapped 发送 */
  tapped?: boolean;
}

/** What the client answers: `err_msg` as the bridge gives it, or that the guide must tap first. */
export type ClientAnswer =
  | ({ err_msg: string; err_code?: number } & Record<string, unknown>)
  | { ask: { title: string; text: string; mayNot: string } };

const chatEntries = ["single_chat_tools", "chat_attachment"];
const customerEntries = ["single_chat_tools", "contact_profile"];
const longestText = 4000;

/** The client of every guide. Pages that registered are remembered until the sandbox ends. */
export class ClientCalls {
  readonly #registered = new Map<string, Set<string>>();
  readonly #received;

  constructor(
    private readonly stage: Stage,
    private readonly verbs: Verbs,
  ) {
    const { db } = stage.ground;
    this.#received = db.prepare<[string, number], { n: number }>(
      "SELECT n FROM received WHERE external_userid = ? AND day = ?",
    );
  }

  /** Answers one call of a page that `userid` has open. */
  answer(userid: string, call: ClientCall): ClientAnswer {
    const { name, page, entry, chat } = call;
    if (name === "agentConfig" || name.toLowerCase() === "preverifyjsapi")
      return this.#register(userid, call, name === "agentConfig" ? "agent" : "corp");
    if (!this.#registered.get(`${userid} ${page}`)?.has(name)) return failed(name, "no permission");
    if (name === "getContext") return { err_msg: "getContext:ok", entry };
    if (name === "getCurExternalContact") {
      const isFriend = this.stage.roster.contact(userid, chat) !== undefined;
      if (!customerEntries.includes(entry) || !isFriend)
        return failed(name, "without context of external contact");
      return { err_msg: `${name}:ok`, userId: chat };
    }
    if (name === "sendChatMessage") return this.#send(userid, call);
    if (name === "shareToExternalContact") return this.#share(userid, call);
    return { err_msg: `${name}:function_not_exist` };
  }

  #register(userid: string, { name, page, params, url }: ClientCall, kind: TicketKind): ClientAnswer {
    const { corpid, agentid } = this.stage.ground.options;
    const text = (field: string) => String(params[field] ?? "");
    const agent = kind === "agent";
    if (text(agent ? "corpid" : "appId") !== corpid || (agent && text("agentid") !== String(agentid)))
      return failed(name, "invalid appid");
    const verdict = this.stage.tickets.judge(kind, {
      url,
      timestamp: Number(text(agent ? "timestamp" : "verifyTimestamp")),
      noncestr: text(agent ? "nonceStr" : "verifyNonceStr"),
      signature: text(agent ? "signature" : "verifySignature"),
    });
    if (verdict !== 0) return { ...failed(name, "invalid signature"), err_code: verdict };
    // what needs the app's identity is not opened by the corp's signature
    const list = agent ? ((params.jsApiList ?? []) as string[]) : [];
    if (agent) this.#registered.set(`${userid} ${page}`, new Set(list));
    return { err_msg: `${name}:ok` };
  }

  #send(userid: string, { name, entry, chat, params, tapped }: ClientCall): ClientAnswer {
    if (!chatEntries.includes(entry) || chat === "")
      return failed(name, "without context of external contact");
    const { media, ground } = this.stage;
    const content = saidBy(params, (id, type) => media.living(id, ground.world.now())?.type === type);
    if (content === undefined) return failed(name, "invalid msgtype");
    if (!this.#isFriend(userid, chat)) return failed(name, "user not in allow list");
    if (!tapped) return { ask: { title: `发给 ${this.#nameOf(chat)}`, text: content, mayNot: "" } };
    this.verbs.guideWrites(userid, chat, content, this.stage.ground.world.now());
    return { err_msg: `${name}:ok` };
  }

  #share(userid: string, { name, params, tapped }: ClientCall): ClientAnswer {
    const text = contentOf(params);
    const enclosed = this.#enclosed(params.attachments);
    const content = enclosed && [text, ...enclosed].filter(Boolean).join("\n");
    if (content === undefined) return failed(name, "invalid attachments");
    const to = ((params.externalUserIds ?? []) as string[]).filter((one) => this.#isFriend(userid, one));
    if (content === "" || text.length > longestText) return failed(name, "invalid text");
    const at = this.stage.ground.world.now();
    const day = dayNumber(at);
    const most = this.stage.ground.options.receiveLimitPerDay;
    const open = to.filter((one) => (this.#received.get(one, day)?.n ?? 0) < most);
    const names = to.map((one) => this.#nameOf(one)).join("、");
    const mayNot = open.length === 0 ? "选中的客户今天已经收过群发" : "";
    if (!tapped || mayNot)
      return { ask: { title: `群发助手：${names || "没有选中客户"}`, text: content, mayNot } };
    this.stage.personalMasses.send(userid, to, content, at);
    return { err_msg: `${name}:ok` };
  }

  /** What goes beside the words, in a line each; undefined where one is not taken. */
  #enclosed(attachments: unknown): string[] | undefined {
    const list = Array.isArray(attachments) ? (attachments as Record<string, unknown>[]) : [];
    const { media, ground } = this.stage;
    const said = list.map((one) =>
      saidBy(one, (id, type) => media.living(id, ground.world.now())?.type === type),
    );
    return list.length > 9 || said.includes(undefined) ? undefined : (said as string[]);
  }

  #isFriend(userid: string, externalUserid: string): boolean {
    return this.stage.roster.contact(userid, externalUserid)?.ended_at === null;
  }

  #nameOf(externalUserid: string): string {
    return this.stage.roster.customer(externalUserid)?.name ?? externalUserid;
  }
}

function failed(name: string, why: string): { err_msg: string } {
  return { err_msg: `${name}:fail ${why}` };
}

/** A message of the client in a line: words as they are, all else by its kind; undefined for what it does not take. */
function saidBy(
  params: Record<string, unknown>,
  isAlive: (mediaId: string, type: string) => boolean,
): string | undefined {
  const msgtype = String(params.msgtype ?? "");
  const fields = (params[msgtype] ?? {}) as Record<string, unknown>;
  const text = (name: string) => String(fields[name] ?? "");
  switch (msgtype) {
    case "text":
      return contentOf(params) || undefined;
    case "image":
    case "file":
    case "video":
      return isAlive(text("mediaid"), msgtype) ? MEDIA[msgtype] : undefined;
    case "news":
      return /^https?:/.test(text("link")) && text("title") ? `[链接] ${text("title")}` : undefined;
    case "link":
      return /^https?:/.test(text("url")) && text("title") ? `[链接] ${text("title")}` : undefined;
    case "miniprogram": {
      const whole = text("appid") && /^https?:/.test(text("imgUrl")) && /\.html(\?|$)/.test(text("page"));
      return whole ? `[小程序] ${text("title")}` : undefined;
    }
    default:
      return undefined;
  }
}

const MEDIA = { image: "[图片]", file: "[文件]", video: "[视频]" };

function contentOf({ text }: Record<string, unknown>): string {
  return String((text as { content?: unknown } | undefined)?.content ?? "");
}
