// What stands before a server that may die: holds a request until a server answers it, as a balancer over several does.
import { Agent, createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface Front {
  url: string;
  /** the port of the server that lives now */
  to(port: number): void;
  close(): Promise<void>;
}

/** How often a request is given to a server, with a tenth of a second between. */
const TRIES = 300;

/** Starts it; it knows of no server yet. */
export async function startFront(): Promise<Front> {
  const agent = new Agent({ keepAlive: true });
  let port = 0;
  const server = createServer(async (asked, answer) => {
    const body = await whole(asked);
    for (let count = 0; count < TRIES; count++) {
      const given = await pass(asked, body, port, agent).catch(() => undefined);
      if (given) return void answer.writeHead(given.status, given.headers).end(given.body);
      await sleep(100);
    }
    answer.writeHead(502).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    to: (next) => {
      port = next;
    },
    close: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function whole(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function pass({ method, url, headers }: IncomingMessage, body: Buffer, port: number, agent: Agent) {
  return new Promise<{ status: number; headers: IncomingMessage["headers"]; body: Buffer }>(
    (resolve, reject) => {
      const call = request({ port, host: "127.0.0.1", method, path: url, headers, agent }, (answer) => {
        whole(answer).then(
          (said) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: said }),
          reject,
        );
      });
      call.on("error", reject);
      call.end(body);
    },
  );
}
