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
    const content = contentOf(params);
    if (!chatEntries.includes(entry) || chat === "")
      return failed(name, "without context of external contact");
    if (params.msgtype !== "text" || content === "") return failed(name, "invalid msgtype");
    if (!this.#isFriend(userid, chat)) return failed(name, "user not in allow list");
    if (!tapped) return { ask: { title: `发给 ${this.#nameOf(chat)}`, text: content, mayNot: "" } };
    this.verbs.guideWrites(userid, chat, content, this.stage.ground.world.now());
    return { err_msg: `${name}:ok` };
  }

  #share(userid: string, { name, params, tapped }: ClientCall): ClientAnswer {
    const content = contentOf(params);
    const to = ((params.externalUserIds ?? []) as string[]).filter((one) => this.#isFriend(userid, one));
    if (content === "" || content.length > longestText) return failed(name, "invalid text");
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

function contentOf({ text }: Record<string, unknown>): string {
  return String((text as { content?: unknown } | undefined)?.content ?? "");
}
