// Axios over a pool's sockets: what goes out, what comes back, and what each failure is called.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import axios from "axios";
import { type HttpPool, httpPool } from "../../../src/channels/wecom/pool.js";

interface Heard {
  line: string;
  type: string | undefined;
  body: string;
}

let server: Server;
let url: string;
let pool: HttpPool;
const heard: Heard[] = [];
const sockets = new Set<unknown>();
const limits = { sockets: 1, mostBytes: 1_000, connectWithin: 2_000 };

beforeAll(async () => {
  server = createServer(async (asked, answer) => {
    sockets.add(asked.socket);
    heard.push({
      line: `${asked.method} ${asked.url}`,
      type: asked.headers["content-type"],
      body: await read(asked),
    });
    if (asked.url?.includes("silent")) return;
    if (asked.url?.includes("cut")) return void asked.socket.destroy();
    answer.statusCode = asked.url?.includes("missing") ? 404 : 200;
    answer.end(asked.url?.includes("long") ? "x".repeat(2_000) : '{"ok":true}');
  });
  await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  pool = httpPool(url, { ...limits, sockets: 2 });
});
beforeEach(() => heard.splice(0));
afterAll(async () => {
  pool.close();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

async function read(asked: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of asked) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function client() {
  return axios.create({ baseURL: `${url}/api/`, adapter: pool.adapter, validateStatus: () => true });
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "answered",
    ({ code }: { code: string }) => code,
  );

it("sends what axios was given, over few sockets", async () => {
  const http = client();
  const calls = Array.from({ length: 20 }, (_, n) =>
    http.post("send", { to: `王妈妈${n}` }, { params: { t: "a b" } }),
  );
  for (const { data, status } of await Promise.all(calls))
    expect([data, status]).toEqual([{ ok: true }, 200]);
  expect(heard).toHaveLength(20);
  const [first] = heard;
  expect(first).toMatchObject({
    line: "POST /api/send?t=a+b",
    type: expect.stringContaining("application/json"),
  });
  expect(heard.map(({ body }) => JSON.parse(body).to)).toContain("王妈妈19");
  expect(sockets.size).toBeLessThanOrEqual(2);
  expect((await http.get("missing")).status).toBe(404);
});

it("sends a form with a file whole", async () => {
  const form = new FormData();
  form.set("media", new File([Buffer.from("图片")], "a.png"));
  await client().post("upload", form);
  expect(heard[0]?.type).toMatch(/^multipart\/form-data; boundary=/);
  expect(heard[0]?.body).toMatch(/name="media"; filename="a.png"[\s\S]*图片/);
});

it("names what went wrong", async () => {
  const gone = httpPool("http://127.0.0.1:9", limits);
  expect(await codeOf(axios.get("http://127.0.0.1:9/x", { adapter: gone.adapter }))).toBe("ECONNREFUSED");
  gone.close();
  expect(await codeOf(client().get("cut"))).toBe("UND_ERR_SOCKET");
  expect(await codeOf(client().get("long"))).toBe("UND_ERR_RES_EXCEEDED_MAX_SIZE");
});

it("never sends a second time what had no answer, also over a socket used before", async () => {
  const http = client();
  await http.get("warm");
  heard.splice(0);
  expect(await codeOf(http.post("cut", { to: "王妈妈" }))).toBe("UND_ERR_SOCKET");
  await http.get("after");
  expect(heard.map(({ line }) => line)).toEqual(["POST /api/cut", "GET /api/after"]);
});

it("ends at the signal, on its way or still waiting for a socket, and then is not sent", async () => {
  const one = httpPool(url, limits);
  const http = axios.create({ baseURL: `${url}/api/`, adapter: one.adapter });
  const ends = new AbortController();
  const holding = http.get("silent", { signal: ends.signal });
  const waiting = http.get("waits", { signal: AbortSignal.timeout(50) });
  await expect(waiting).rejects.toThrow();
  ends.abort();
  await expect(holding).rejects.toThrow();
  await http.get("after");
  expect(heard.map(({ line }) => line)).toEqual(["GET /api/silent", "GET /api/after"]);
  one.close();
});
