// WeCom around our own pages: who a login code stands for, and the signatures that open the client's functions to a page.
import { z } from "zod";
import type { World } from "../../kernel/world.js";
import type { Endpoint, WecomClient } from "./client.js";
import { jsapiSignature } from "./crypto.js";
import { type FetchedToken, TokenKeeper, type TokenStore } from "./token.js";

export interface WecomPagesSettings {
  corpid: string;
  agentid: number;
  /** the silent login inside WeCom */
  oauthUrl?: string | undefined;
  /** the login by QR code everywhere else */
  loginUrl?: string | undefined;
}

/** Who a login code stands for. */
export type LoggedIn = { userid: string } | { stranger: true };

/** What a page hands to the client's config or agentConfig. */
export interface PageSignature {
  /** Unix seconds */
  timestamp: number;
  nonceStr: string;
  signature: string;
}

const OAUTH_URL = "https://open.weixin.qq.com/connect/oauth2/authorize";
const LOGIN_URL = "https://login.work.weixin.qq.com/wwlogin/sso/login";

const text = z.string();
// the code is used up whether its answer arrives or not: nothing is gained by repeating the call
const getUserInfo = {
  method: "GET",
  path: "auth/getuserinfo",
  creates: true,
  answer: z.looseObject({ userid: text.nullish(), UserId: text.nullish() }),
} satisfies Endpoint<unknown>;

const ticketAnswer = z.looseObject({ ticket: text.min(1), expires_in: z.number() });
const corpTicket = { method: "GET", path: "get_jsapi_ticket", creates: false, answer: ticketAnswer } as const;
const agentTicket = { method: "GET", path: "ticket/get", creates: false, answer: ticketAnswer } as const;

/** The pages of one app. Tickets are kept and shared as the access token is. */
export class WecomPages {
  readonly #corp: TokenKeeper;
  readonly #agent: TokenKeeper;

  constructor(
    private readonly client: WecomClient,
    private readonly settings: WecomPagesSettings,
    tokens: TokenStore,
    private readonly world: Pick<World, "now">,
  ) {
    const { corpid, agentid } = settings;
    const keeper = (key: string, fetch: () => Promise<FetchedToken>) =>
      new TokenKeeper(key, tokens, fetch, world);
    this.#corp = keeper(`wecom:${corpid}:jsapi_ticket`, async () => fetched(await client.call(corpTicket)));
    this.#agent = keeper(`wecom:${corpid}:${agentid}:agent_ticket`, async () =>
      fetched(await client.call(agentTicket, undefined, { type: "agent_config" })),
    );
  }

  /** Where a browser is sent to log in: silently inside WeCom, by QR code elsewhere. `state` letters and digits. */
  loginAddress({ inside, back, state }: { inside: boolean; back: string; state: string }): string {
    const { corpid, agentid, oauthUrl = OAUTH_URL, loginUrl = LOGIN_URL } = this.settings;
    const app = { appid: corpid, agentid: String(agentid), redirect_uri: back, state };
    const asked = inside
      ? { ...app, response_type: "code", scope: "snsapi_base" }
      : { ...app, login_type: "CorpApp", lang: "zh" };
    const query = new URLSearchParams(asked).toString();
    return inside ? `${oauthUrl}?${query}#wechat_redirect` : `${loginUrl}?${query}`;
  }

  /** Who a login code stands for. Raises ChannelError `fix` for a code that is bad, old or used. */
  async memberOf(code: string): Promise<LoggedIn> {
    const answer = await this.client.call(getUserInfo, undefined, { code });
    const userid = answer.userid || answer.UserId;
    return userid ? { userid } : { stranger: true };
  }

  /** Signs a page's address (without #…) as the corp (`config`) and as the app (`agentConfig`). */
  async sign(url: string, nonceStr: string): Promise<{ corp: PageSignature; agent: PageSignature }> {
    const timestamp = Math.floor(this.world.now() / 1000);
    const by = (ticket: string): PageSignature => ({
      ...{ timestamp, nonceStr },
      signature: jsapiSignature({ ticket, noncestr: nonceStr, timestamp, url }),
    });
    const [corp, agent] = await Promise.all([this.#corp.token(), this.#agent.token()]);
    return { corp: by(corp), agent: by(agent) };
  }
}

function fetched({ ticket, expires_in }: z.infer<typeof ticketAnswer>): FetchedToken {
  return { token: ticket, expiresIn: expires_in * 1000 };
}
