// A tap between the adapter and the sandbox: passes every byte on and writes down what went over the wire, read by
// nobody's code but its own.
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Exchange } from "../../../src/sandbox/settings.js";

/** A recording of real HTTP. */
export interface Tap {
  /** call this instead of the sandbox */
  url: string;
  exchanges: Exchange[];
  close(): void;
}

/** Listens in front of `target` (http://HOST:PORT). */
export async function tapOf(target: string): Promise<Tap> {
  const exchanges: Exchange[] = [];
  const server = createServer(async (request, response) => {
    const sent = await bytesOf(request);
    const forwarded = httpRequest(`${target}${request.url}`, {
      method: request.method,
      headers: { ...request.headers, host: new URL(target).host },
    });
    forwarded.on("response", async (answer) => {
      const back = await bytesOf(answer);
      if (request.url?.startsWith("/cgi-bin/"))
        exchanges.push(await exchangeOf(request, sent, answer.statusCode ?? 0, back));
      response.writeHead(answer.statusCode ?? 0, answer.headers).end(back);
    });
    forwarded.on("error", () => request.socket.destroy());
    forwarded.end(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, exchanges, close };
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function exchangeOf(
  request: IncomingMessage,
  sent: Buffer,
  status: number,
  back: Buffer,
): Promise<Exchange> {
  const url = new URL(request.url ?? "", "http://x");
  const type = request.headers["content-type"] ?? "";
  return {
    method: request.method ?? "",
    path: url.pathname.slice("/cgi-bin/".length),
    query: Object.fromEntries(url.searchParams),
    body: type.startsWith("multipart/") ? await formOf(sent, type) : jsonOf(sent),
    status,
    answer: jsonOf(back),
  };
}

/** A file is written down by its name and size. */
async function formOf(sent: Buffer, type: string): Promise<unknown> {
  const form = await new Response(new Uint8Array(sent), { headers: { "content-type": type } }).formData();
  const parts = [...form].map(([name, value]) => {
    return [name, typeof value === "string" ? value : { filename: value.name, size: value.size }];
  });
  return Object.fromEntries(parts);
}

function jsonOf(bytes: Buffer): unknown {
  return bytes.length === 0 ? undefined : JSON.parse(bytes.toString("utf8"));
}
