// One call to WeCom's server API: token, timeouts, and every way a call can fail turned into a ChannelError.
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import axios, { type AxiosInstance, type AxiosResponse } from "axios";
import { z } from "zod";
import type { World } from "../../kernel/world.js";
import { ChannelError } from "../port.js";
import { channelError, hasCode, tokenRefused } from "./errors.js";
import { type FetchedToken, TokenKeeper, type TokenStore } from "./token.js";

export interface WecomSettings {
  corpid: string;
  secret: string;
  agentid: number;
  /** default https://qyapi.weixin.qq.com */
  baseUrl?: string;
  /** ms for a whole call, default 10,000 */
  timeout?: number;
  /** sockets kept open at most, default 16 */
  maxSockets?: number;
}

/** One endpoint: how it is called and what its answer must hold. */
export interface Endpoint<T> {
  method: "GET" | "POST";
  /** after /cgi-bin/ */
  path: string;
  /** whether a call without an answer may have made something: then its error is `unknown`, never `retry` */
  creates: boolean;
  answer: z.ZodType<T>;
  /** how many times longer than others this call may take; default 1 */
  patience?: number;
}

export type Query = Record<string, string | number | undefined>;

const envelope = z.looseObject({ errcode: z.int().optional(), errmsg: z.string().optional() });
const tokenAnswer = z.looseObject({ access_token: z.string().min(1), expires_in: z.number() });
const getToken: Endpoint<z.infer<typeof tokenAnswer>> = {
  method: "GET",
  path: "gettoken",
  creates: false,
  answer: tokenAnswer,
};
const defaultBaseUrl = "https://qyapi.weixin.qq.com";
/** failures before a single byte of the call left us: nothing can have happened */
const neverLeft = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** Calls one app's API. Throws only ChannelError; neither token nor secret stands in any message. */
export class WecomClient {
  readonly #http: AxiosInstance;
  readonly #tokens: TokenKeeper;
  readonly #timeout: number;
  readonly #agents: [HttpAgent, HttpsAgent];

  constructor(
    private readonly settings: WecomSettings,
    store: TokenStore,
    world: Pick<World, "now">,
  ) {
    const sockets = { keepAlive: true, maxSockets: settings.maxSockets ?? 16 };
    this.#agents = [new HttpAgent(sockets), new HttpsAgent(sockets)];
    this.#timeout = settings.timeout ?? 10_000;
    this.#http = axios.create({
      baseURL: `${(settings.baseUrl ?? defaultBaseUrl).replace(/\/$/, "")}/cgi-bin/`,
      httpAgent: this.#agents[0],
      httpsAgent: this.#agents[1],
      proxy: false,
      maxRedirects: 0,
      maxContentLength: 20_000_000,
      responseType: "text",
      transformResponse: (body: unknown) => body,
      validateStatus: () => true,
    });
    const key = `wecom:${settings.corpid}:${settings.agentid}`;
    this.#tokens = new TokenKeeper(key, store, () => this.#fetchToken(), world);
  }

  get agentid(): number {
    return this.settings.agentid;
  }

  /** The bytes of an address the platform named; no token goes there. Raises ChannelError `retry`. */
  async download(url: string): Promise<Buffer> {
    try {
      const { data } = await axios.get<ArrayBuffer>(url, {
        ...{ responseType: "arraybuffer", timeout: this.#timeout, proxy: false },
        maxContentLength: 5_000_000,
      });
      return Buffer.from(data);
    } catch (error) {
      const why = axios.isAxiosError(error) ? (error.response?.status ?? error.code) : "fault";
      throw new ChannelError("retry", `WeCom picture of a code: ${why}`);
    }
  }

  /** Closes the sockets kept open. */
  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }

  /** Calls an endpoint with a token; a refused token is replaced once and the call repeated once. */
  async call<T>(endpoint: Endpoint<T>, body?: unknown, query: Query = {}): Promise<T> {
    const token = await this.#tokens.token();
    try {
      return await this.#once(endpoint, body, { ...query, access_token: token });
    } catch (error) {
      if (hasCode(error, 40001)) this.#tokens.remember(error);
      if (!hasCode(error, ...tokenRefused)) throw error;
    }
    const next = await this.#tokens.replace(token);
    return this.#once(endpoint, body, { ...query, access_token: next });
  }

  async #fetchToken(): Promise<FetchedToken> {
    const { corpid, secret } = this.settings;
    const answer = await this.#once(getToken, undefined, { corpid, corpsecret: secret });
    return { token: answer.access_token, expiresIn: answer.expires_in * 1000 };
  }

  async #once<T>(endpoint: Endpoint<T>, body: unknown, query: Query): Promise<T> {
    const response = await this.#send(endpoint, body, query);
    if (response.status >= 500) throw noAnswer(endpoint, `HTTP ${response.status}`);
    if (response.status === 429)
      throw new ChannelError("wait", `WeCom ${endpoint.path}: HTTP 429`, 429, 60_000);
    if (response.status !== 200)
      throw new ChannelError("operations", `WeCom ${endpoint.path}: HTTP ${response.status}`);
    return readAnswer(endpoint, response.data);
  }

  async #send(endpoint: Endpoint<unknown>, body: unknown, query: Query): Promise<AxiosResponse<string>> {
    // the signal bounds the whole call; axios' own timeout alone would let a trickle of bytes go on for ever
    const timeout = this.#timeout * (endpoint.patience ?? 1);
    const signal = AbortSignal.timeout(timeout);
    try {
      return await this.#http.request<string>({
        method: endpoint.method,
        url: endpoint.path,
        params: query,
        data: body,
        signal,
        timeout,
      });
    } catch (error) {
      const code = axios.isAxiosError(error) ? (error.code ?? "") : "";
      if (neverLeft.has(code)) throw new ChannelError("retry", `WeCom ${endpoint.path}: ${code}`);
      throw noAnswer(endpoint, signal.aborted ? "timeout" : code || "no answer");
    }
  }
}

function noAnswer(endpoint: Endpoint<unknown>, why: string): ChannelError {
  return new ChannelError(endpoint.creates ? "unknown" : "retry", `WeCom ${endpoint.path}: ${why}`);
}

/** errcode is read before anything else: some calls fill their fields with empty defaults beside an error. */
function readAnswer<T>(endpoint: Endpoint<T>, text: string): T {
  const json = parsed(text);
  const outer = envelope.safeParse(json);
  if (!outer.success) throw noAnswer(endpoint, "an answer that is not JSON");
  const { errcode = 0, errmsg } = outer.data;
  if (errcode !== 0) throw channelError(endpoint.path, errcode, errmsg);
  const answer = endpoint.answer.safeParse(json);
  if (!answer.success)
    throw noAnswer(endpoint, `an answer of another shape: ${z.prettifyError(answer.error)}`);
  return answer.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
