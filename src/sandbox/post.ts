// Posting to the app under test: sockets kept open, and every failure is just "no answer".
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

/** Posts texts over connections that stay open between calls. */
export class Poster {
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: 16 });
  readonly #https = new HttpsAgent({ keepAlive: true, maxSockets: 16 });

  /** The HTTP status of the answer, or 0 when none came within `timeout` ms. */
  post(url: string, headers: Record<string, string>, body: string, timeout: number): Promise<number> {
    const secure = url.startsWith("https:");
    const send = secure ? httpsRequest : httpRequest;
    return new Promise((resolve) => {
      const signal = AbortSignal.timeout(timeout);
      const length = String(Buffer.byteLength(body));
      const options = {
        method: "POST",
        headers: { ...headers, "content-length": length },
        agent: secure ? this.#https : this.#http,
        signal,
      };
      const call = send(url, options, (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode ?? 0));
        answer.on("error", () => resolve(0));
      });
      call.on("error", () => resolve(0));
      call.end(body);
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}
