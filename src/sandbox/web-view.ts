// The browser inside a guide's client: the app's own pages passed on, with the client's bridge put in, a user agent of
// WeCom's, and cookies of that phone alone. One address a guide: http://USERID.localhost:PORT.
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ClientAnswer, ClientCall } from "./client-calls.js";
import { bridgeScript, userAgent } from "./client-scripts.js";
import { readBody } from "./requests.js";

/** What the web view asks of the sandbox. */
export interface WebViewParts {
  /** http://HOST:PORT of the app; undefined while none is connected */
  appOrigin(): string | undefined;
  /** the sandbox's own origins, which may frame its pages */
  frames(): string[];
  /** the userid as it is written, of a guide there is */
  guide(userid: string): string | undefined;
  call(userid: string, call: ClientCall): Promise<ClientAnswer>;
}

const own = "/sandbox-client/";

/** Serves every guide's web view on one port. */
export class WebView {
  port = 0;
  readonly #server: Server;
  readonly #jars = new Map<string, Map<string, string>>();

  constructor(private readonly parts: WebViewParts) {
    this.#server = createServer((asked, answer) => {
      this.#answer(asked, answer).catch((error: unknown) => {
        if (!answer.headersSent) answer.writeHead(502, { "content-type": "text/plain; charset=utf-8" });
        answer.end(`网页打不开：${String(error)}`);
      });
    });
  }

  /** Begins to answer; once is enough. */
  async listen(): Promise<void> {
    if (this.port !== 0) return;
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Where a guide's client shows the app's pages. */
  origin(userid: string): string {
    const plain = /^[a-z0-9]+$/.test(userid) ? userid : `x-${Buffer.from(userid).toString("hex")}`;
    return `http://${plain}.localhost:${this.port}`;
  }

  async #answer(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const userid = this.#guideOf(asked.headers.host ?? "");
    const path = asked.url ?? "/";
    if (userid === undefined) return plain(answer, 404, "没有这位导购的手机。");
    if (path === `${own}bridge.js`) return plain(answer, 200, bridgeScript, "text/javascript; charset=utf-8");
    if (path === `${own}invoke` && asked.method === "POST") {
      // only the page itself speaks through its bridge
      if (asked.headers.origin !== this.origin(userid)) return plain(answer, 403, "");
      const call = JSON.parse(await readBody(asked)) as ClientCall;
      return plain(answer, 200, JSON.stringify(await this.parts.call(userid, call)), "application/json");
    }
    return this.#passOn(userid, asked, answer);
  }

  #guideOf(host: string): string | undefined {
    const label = host.split(".")[0] ?? "";
    const userid = label.startsWith("x-") ? Buffer.from(label.slice(2), "hex").toString("utf8") : label;
    return this.parts.guide(userid);
  }

  async #passOn(userid: string, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const app = this.parts.appOrigin();
    if (!app) return plain(answer, 502, "还没有应用连到这个沙箱。");
    const jar = this.#jars.get(userid) ?? new Map<string, string>();
    this.#jars.set(userid, jar);
    const { cookie: _, "accept-encoding": __, ...headers } = asked.headers;
    const cookies = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const sent = { ...headers, "user-agent": userAgent, ...(cookies ? { cookie: cookies } : {}) };
    const given = await new Promise<IncomingMessage>((resolve, reject) => {
      const on = request(new URL(asked.url ?? "/", app), {
        method: asked.method,
        headers: sent,
        agent: false,
      });
      on.once("response", resolve).once("error", reject);
      asked.pipe(on);
    });
    keepCookies(jar, given.headers["set-cookie"] ?? []);
    const out = this.#headersOf(given, userid);
    if (!String(given.headers["content-type"] ?? "").startsWith("text/html")) {
      answer.writeHead(given.statusCode ?? 502, out);
      given.pipe(answer);
      return;
    }
    const html = (await readBody(given)).replace("<head>", `<head><script src="${own}bridge.js"></script>`);
    const { "content-length": ___, "transfer-encoding": ____, ...rest } = out;
    answer.writeHead(given.statusCode ?? 502, rest).end(html);
  }

  /** The app's headers, except that the phone around the page may show it, and that the client says who it is. */
  #headersOf(given: IncomingMessage, userid: string): Record<string, string | string[] | undefined> {
    const { "set-cookie": _, "x-frame-options": __, ...kept } = given.headers;
    const policy = String(kept["content-security-policy"] ?? "");
    const frames = `frame-ancestors ${this.parts.frames().join(" ")}`;
    const location = kept.location ? withMember(kept.location, this.parts.frames(), userid) : undefined;
    return {
      ...kept,
      ...(policy ? { "content-security-policy": policy.replace(/frame-ancestors [^;]*/, frames) } : {}),
      ...(location ? { location } : {}),
    };
  }
}

/** Inside WeCom a login is silent: the client says whose phone it is. */
function withMember(location: string, origins: readonly string[], userid: string): string {
  if (!URL.canParse(location)) return location;
  const url = new URL(location);
  if (!origins.includes(url.origin) || url.pathname !== "/connect/oauth2/authorize") return location;
  url.searchParams.set("sandbox_member", userid);
  return url.href;
}

function keepCookies(jar: Map<string, string>, set: readonly string[]): void {
  for (const line of set) {
    const [, name = "", value = ""] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
    if (value === "" || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
    else if (name) jar.set(name, value);
  }
}

function plain(
  answer: ServerResponse,
  status: number,
  text: string,
  type = "text/plain; charset=utf-8",
): void {
  answer.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(text);
}
