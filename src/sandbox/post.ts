// Calls to the app under test: sockets kept open, and every failure is just "no answer".
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

/** What came back: status 0 when nothing did in time. */
export interface PostAnswer {
  status: number;
  text: string;
}

const nothing: PostAnswer = { status: 0, text: "" };
const mostText = 100_000;

/** Calls over connections that stay open between calls. */
export class Poster {
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: 16 });
  readonly #https = new HttpsAgent({ keepAlive: true, maxSockets: 16 });

  /** Posts a body; `timeout` in ms. */
  post(url: string, headers: Record<string, string>, body: string, timeout: number): Promise<PostAnswer> {
    return this.#call(
      "POST",
      url,
      { ...headers, "content-length": String(Buffer.byteLength(body)) },
      body,
      timeout,
    );
  }

  /** Asks for a page; `timeout` in ms. */
  get(url: string, timeout: number): Promise<PostAnswer> {
    return this.#call("GET", url, {}, "", timeout);
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #call(
    method: string,
    url: string,
    headers: Record<string, string>,
    body: string,
    timeout: number,
  ): Promise<PostAnswer> {
    const secure = url.startsWith("https:");
    const send = secure ? httpsRequest : httpRequest;
    return new Promise((resolve) => {
      const signal = AbortSignal.timeout(timeout);
      const agent = secure ? this.#https : this.#http;
      const call = send(url, { method, headers, agent, signal }, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (piece: string) => {
          if (text.length < mostText) text += piece;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on("error", () => resolve(nothing));
      });
      call.on("error", () => resolve(nothing));
      call.end(body);
    });
  }
}
