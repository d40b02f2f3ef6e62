// One call to WeCom's server API: token, timeouts, and every way a call can fail turned into a ChannelError.
import { setTimeout as sleep } from "node:timers/promises";
import axios, { type AxiosInstance, type AxiosResponse } from "axios";
import { z } from "zod";
import type { World } from "../../kernel/world.js";
import { ChannelError } from "../port.js";
import { channelError, failureOf, hasCode, noAnswer, tokenRefused } from "./errors.js";
import { Lanes } from "./lanes.js";
import { type ApiLimits, limitsOf, type MayCall } from "./limits.js";
import { type HttpPool, httpPool } from "./pool.js";
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
  /** how often an API may be called by all processes together; absent: as published */
  limits?: Partial<ApiLimits>;
  /** counts calls with the other processes; absent: nobody counts */
  mayCall?: MayCall;
  /** ms before a call that found WeCom busy is repeated first, default 400 */
  busyPause?: number;
  /** hears how each call went; `error` in words, without token or secret */
  onCall?: (api: string, error?: string) => void;
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
  /** it creates, but WeCom drops a repeat: when found busy it may be repeated at once */
  guarded?: boolean;
  /** error numbers that tell what was asked: a call answered so has not failed */
  answers?: readonly number[];
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
/** Answers that say: not now (-1 busy, 6000 data changed meanwhile, 45033 too many at once). */
const busy = [-1, 6000, 45033];
/** WeCom itself asks for no more. */
const mostTries = 3;
const tooOften = 45009;
const defaultBaseUrl = "https://qyapi.weixin.qq.com";
/** failures before a single byte of the call left us: nothing can have happened */
const neverLeft = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"],
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Calls one app's API. Throws only ChannelError; neither token nor secret stands in any message. */
export class WecomClient {
  readonly #http: AxiosInstance;
  readonly #tokens: TokenKeeper;
  readonly #timeout: number;
  readonly #lanes: Lanes;
  readonly #pool: HttpPool;

  constructor(
    private readonly settings: WecomSettings,
    store: TokenStore,
    private readonly world: Pick<World, "now"> & Partial<Pick<World, "random">>,
  ) {
    this.#lanes = new Lanes(settings.maxSockets ?? 16);
    this.#timeout = settings.timeout ?? 10_000;
    const baseURL = `${(settings.baseUrl ?? defaultBaseUrl).replace(/\/$/, "")}/cgi-bin/`;
    this.#pool = httpPool(baseURL, {
      ...{ sockets: settings.maxSockets ?? 16, mostBytes: 20_000_000 },
      connectWithin: this.#timeout / 2,
    });
    this.#http = axios.create({
      ...{ baseURL, adapter: this.#pool.adapter },
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
    this.#pool.close();
  }

  /** Calls an endpoint when its limits allow it. A call found busy is repeated twice at most, later each time and never
   *  in step with others, unless it may have made something. */
  async call<T>(endpoint: Endpoint<T>, body?: unknown, query: Query = {}): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#counted(endpoint, body, query);
      } catch (error) {
        const isSafe = !endpoint.creates || endpoint.guarded;
        if (!isSafe || tries >= mostTries || !hasCode(error, ...busy)) throw error;
        const pause = (this.settings.busyPause ?? 400) * 2 ** (tries - 1);
        await sleep(pause * (0.5 + (this.world.random?.() ?? 0.5)));
      }
    }
  }

  /** Counts one more of `name` with all processes. Raises ChannelError when it would be one too many: `wait`, or `retry`
   *  where others need not wait for it. */
  async admit(
    name: string,
    limits: ReturnType<typeof limitsOf>,
    kind: "wait" | "retry" = "wait",
  ): Promise<void> {
    const { corpid, mayCall } = this.settings;
    const wait = await mayCall?.admit(`wecom:${corpid}:${name}`, limits).catch((error: unknown) => {
      // surely not called: whoever counts is out of reach
      throw new ChannelError("retry", `WeCom ${name}: calls cannot be counted (${String(error)})`);
    });
    if (wait) throw new ChannelError(kind, `WeCom ${name}: as often as allowed already`, undefined, wait);
  }

  async #counted<T>(endpoint: Endpoint<T>, body: unknown, query: Query): Promise<T> {
    const { path } = endpoint;
    await this.admit(path, limitsOf(path, this.settings.limits));
    try {
      // what was written down as being called must not be called much later
      const mayQueue = !endpoint.creates || endpoint.guarded;
      return await this.#lanes.run(path, () => this.#withToken(endpoint, body, query), mayQueue);
    } catch (error) {
      if (hasCode(error, tooOften)) {
        const { corpid, mayCall } = this.settings;
        const until = this.world.now() + (error.retryAfter ?? 0);
        await mayCall?.block(`wecom:${corpid}:${path}`, until).catch(() => undefined);
      }
      throw error;
    }
  }

  /** Calls with a token; a refused token is replaced once and the call repeated once. */
  async #withToken<T>(endpoint: Endpoint<T>, body: unknown, query: Query): Promise<T> {
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
    const { path, answers } = endpoint;
    const tell = (error?: Error) => this.settings.onCall?.(path, failureOf(error, answers));
    const answer = this.#answered(endpoint, body, query);
    await answer.then(() => tell(), tell);
    return answer;
  }

  async #answered<T>(endpoint: Endpoint<T>, body: unknown, query: Query): Promise<T> {
    const response = await this.#send(endpoint, body, query);
    if (response.status >= 500) throw noAnswer(endpoint, `HTTP ${response.status}`);
    if (response.status === 429)
      throw new ChannelError("wait", `WeCom ${endpoint.path}: HTTP 429`, 429, 60_000);
    if (response.status !== 200)
      throw new ChannelError("operations", `WeCom ${endpoint.path}: HTTP ${response.status}`);
    return readAnswer(endpoint, response.data);
  }

  async #send(endpoint: Endpoint<unknown>, body: unknown, query: Query): Promise<AxiosResponse<string>> {
    // the signal bounds the whole call, also where it comes as a trickle of bytes
    const timeout = this.#timeout * (endpoint.patience ?? 1);
    const signal = AbortSignal.timeout(timeout);
    try {
      return await this.#http.request<string>({
        method: endpoint.method,
        url: endpoint.path,
        params: query,
        data: body,
        signal,
      });
    } catch (error) {
      const code = axios.isAxiosError(error) ? (error.code ?? "") : "";
      if (neverLeft.has(code)) throw new ChannelError("retry", `WeCom ${endpoint.path}: ${code}`);
      throw noAnswer(endpoint, signal.aborted ? "timeout" : code || "no answer");
    }
  }
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
