// An app at the other end of the sandbox: hears callbacks, takes archive records, refuses when told to.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { openCallback, readEvent, verifyUrl, type WecomEvent } from "../../src/channels/wecom/callbacks.js";
import { WecomChannel } from "../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../src/channels/wecom/token.js";
import type { ArchiveRecord } from "../../src/sandbox/chats.js";
import type { SandboxOptions } from "../../src/sandbox/settings.js";
import { pushFaults } from "../channels/wecom/traffic.js";
import { app, note, type OpenSandbox, openSandbox } from "./open.js";

/** What a test closes when it ends. */
export interface Closing {
  close(): unknown;
}

export interface Ear {
  url: string;
  events: WecomEvent[];
  digests: string[];
  records: ArchiveRecord[];
  /** status answered to the next calls, 200 when empty; 0: no answer at all */
  refusals: number[];
  /** body of the next answers, empty when empty */
  replies: string[];
}

/** Starts an app that hears callbacks and takes archive records. */
export async function listen(open: Closing[]): Promise<Ear> {
  const ear: Ear = { url: "", events: [], digests: [], records: [], refusals: [], replies: [] };
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const url = new URL(request.url ?? "", "http://x");
      if (request.method === "GET") return response.end(verifyUrl(app, Object.fromEntries(url.searchParams)));
      const refusal = ear.refusals.shift();
      if (refusal === 0) return;
      if (refusal === undefined) hear(ear, url, request.headers.authorization, body);
      response.writeHead(refusal ?? 200).end(ear.replies.shift());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ear.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  open.push({ close });
  return ear;
}

function hear(
  ear: Ear,
  { pathname, searchParams }: URL,
  authorization: string | undefined,
  body: string,
): void {
  if (pathname === "/intake") {
    expect(authorization).toBe("Bearer key");
    ear.records.push(...(JSON.parse(body) as { messages: ArchiveRecord[] }).messages);
    return;
  }
  const opened = openCallback(app, Object.fromEntries(searchParams), body);
  note(pushFaults(opened.xml));
  ear.digests.push(opened.digest);
  ear.events.push(readEvent(opened.xml));
}

/** A sandbox that speaks to this app, and the adapter that speaks to the sandbox; both close with `open`. */
export async function stageWith(
  open: Closing[],

  ear: Ear,
  options: Partial<SandboxOptions> = {},
): Promise<OpenSandbox & { channel: WecomChannel }> {
  const stage = await openSandbox({
    callbackUrl: `${ear.url}/callback`,
    intake: { url: `${ear.url}/intake`, key: "key" },
    ...options,
  });
  const settings = { ...app, baseUrl: stage.sandbox.url, archive: true, timeout: 2000 };
  const channel = new WecomChannel(settings, memoryTokenStore(), stage.world);
  open.push(stage.sandbox, channel);
  return { ...stage, channel };
}
