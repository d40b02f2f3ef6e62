// The baselines of sending: the same number of calls, as many open at once, nothing asked before and nothing written down.
import { Agent } from "node:http";
import axios from "axios";
import type { WecomChannel } from "../../src/channels/wecom/channel.js";
import { corp } from "../support/task-stand.js";

/** As many calls open as the sender keeps. */
const WIDTH = 16;

/** A personal message to the nth customer. */
export interface BareMessage {
  guideUserid: string;
  externalUserid: string;
  text: string;
}

/** Bare axios posts of mass sends to the sandbox, over sockets kept open. */
export async function barePosts(base: string, messages: readonly BareMessage[]): Promise<void> {
  const httpAgent = new Agent({ keepAlive: true, maxSockets: WIDTH });
  const http = axios.create({ baseURL: `${base}/cgi-bin/`, httpAgent, proxy: false });
  const { corpid, secret: corpsecret } = corp;
  const token = await http.get<{ access_token: string }>("gettoken", { params: { corpid, corpsecret } });
  const path = `externalcontact/add_msg_template?access_token=${token.data.access_token}`;
  await inLanes(messages, async ({ guideUserid, externalUserid, text }) => {
    const body = { sender: guideUserid, external_userid: [externalUserid], text: { content: text } };
    const answer = await http.post<{ errcode: number; errmsg: string }>(path, body);
    if (answer.data.errcode !== 0) throw new Error(`the sandbox refused: ${answer.data.errmsg}`);
  });
  httpAgent.destroy();
}

/** The channel's own calls: with its token, its checks and its reading of the answer. */
export async function bareCalls(channel: WecomChannel, messages: readonly BareMessage[]): Promise<void> {
  await inLanes(messages, async ({ guideUserid, externalUserid, text }) => {
    const ref = `bare-${externalUserid}`;
    await channel.handOver({ ref, guideUserid, externalUserids: [externalUserid], text });
  });
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const lane = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
}
