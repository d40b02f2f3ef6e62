// WeCom's logins and signatures as the slices see them: its errors become refusals that people can read.
import { ChannelError } from "../channels/port.js";
import type { PageSignature, WecomPages } from "../channels/wecom/pages.js";
import type { MemberLogin } from "../identity/wecom-routes.js";
import type { Config } from "../infra/config.js";
import type { Logger } from "../infra/log.js";
import { Refusal } from "../kernel/refusals.js";

/** What our pages need of the chat system's own browser. */
export interface ChatClient {
  corpid: string;
  agentid: number;
  /** the address browsers reach us at when a proxy stands before us, else "" */
  publicUrl: string;
  /** Signatures of a page's address for `config` and `agentConfig`. Raises a Refusal while WeCom is out of reach. */
  sign(url: string): Promise<{ corp: PageSignature; agent: PageSignature }>;
}

export interface LoginParts {
  pages: WecomPages;
  log: Pick<Logger, "warn">;
  /** letters and digits nobody can foresee */
  fresh(): string;
}

/** The login by WeCom. */
export function memberLogin({ pages, log }: LoginParts): MemberLogin {
  return {
    address: (asked) => pages.loginAddress(asked),
    memberOf: async (code) => {
      const known = await said(log, "login", () => pages.memberOf(code));
      return "userid" in known ? known.userid : undefined;
    },
  };
}

/** The signatures of pages in WeCom. */
export function chatClient(
  { pages, log, fresh }: LoginParts,
  { wecom: { corpid, agentid }, public_url: publicUrl }: Pick<Config, "wecom" | "public_url">,
): ChatClient {
  return {
    corpid,
    agentid,
    publicUrl,
    sign: (url) => said(log, "signature", () => pages.sign(url, fresh())),
  };
}

async function said<T>(log: Pick<Logger, "warn">, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    log.warn({ what, err: error.message, kind: error.kind }, "WeCom did not help a page");
    const words =
      what === "login" && error.kind === "fix"
        ? "这次登录已经失效，请重新打开页面。"
        : "企业微信暂时没有回应，请稍后再试。";
    throw new Refusal("conflict", words);
  }
}
