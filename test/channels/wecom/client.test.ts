// The adapter's one call: the token's life, errcode in a 200, and what no answer means.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ChannelError } from "../../../src/channels/port.js";
import { WecomChannel } from "../../../src/channels/wecom/channel.js";
import { memoryTokenStore, type TokenStore } from "../../../src/channels/wecom/token.js";
import { movableWorld } from "../../../src/kernel/world.js";
import type { Fault } from "../../../src/sandbox/faults.js";
import type { SandboxOptions } from "../../../src/sandbox/settings.js";
import { app, monday, type OpenSandbox, openSandbox } from "../../sandbox/open.js";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Bench extends OpenSandbox {
  channel: WecomChannel;
  /** paths called so far */
  asked: string[];
}

async function bench(
  options: Partial<SandboxOptions> = {},
  secret = app.secret,
  store?: TokenStore,
): Promise<Bench> {
  const asked: string[] = [];
  const stage = await openSandbox({ onExchange: (one) => asked.push(one.path), ...options });
  const channel = another(stage, secret, store);
  open.push(stage.sandbox);
  return { ...stage, channel, asked };
}

function another(
  { sandbox, world }: OpenSandbox,
  secret = app.secret,
  store = memoryTokenStore(),
): WecomChannel {
  const settings = { ...app, secret, baseUrl: sandbox.url, archive: true, timeout: 1000 };
  const channel = new WecomChannel(settings, store, world);
  open.push(channel);
  return channel;
}

const hello = { kind: "text", text: "早上好" } as const;
const followUp = { ref: "h1", guideUserid: "lan", externalUserids: ["wm-1"], text: "你好" };

async function errorOf(work: Promise<unknown>): Promise<ChannelError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ChannelError);
  return error as ChannelError;
}

function count(asked: readonly string[], path: string): number {
  return asked.filter((one) => one === path).length;
}

describe("the token", () => {
  test("is fetched once for many calls, at once or in turn", async () => {
    const { channel, asked } = await bench();
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => channel.tellGuide("lan", { ...hello, text: `${at}` })),
    );
    await channel.tellGuide("lan", hello);
    expect(count(asked, "gettoken")).toBe(1);
    expect(count(asked, "message/send")).toBe(21);
  });

  test("is renewed early, and not at every call of its last minutes", async () => {
    const { channel, asked, world } = await bench();
    for (let minute = 0; minute <= 125; minute++) {
      world.set(monday + minute * 60_000);
      await channel.tellGuide("lan", { ...hello, text: `${minute}` });
    }
    // 40014 and 42001 never came up: no call was made twice
    expect(count(asked, "message/send")).toBe(126);
    expect(count(asked, "gettoken")).toBeLessThan(10);
  });

  test("is shared through the store between processes", async () => {
    const store = memoryTokenStore();
    const first = await bench({}, app.secret, store);
    const second = another(first, app.secret, store);
    await Promise.all([first.channel.tellGuide("lan", hello), second.tellGuide("mei", hello)]);
    expect(count(first.asked, "gettoken")).toBe(1);
  });

  test.each(["token_expired", "token_invalid"] as const)(
    "after %s is replaced once, the call repeated once",
    async (kind) => {
      const { channel, asked, sandbox } = await bench();
      await channel.tellGuide("lan", hello);
      sandbox.faults.add({ path: "externalcontact/add_msg_template", kind });
      await channel.handOver(followUp);
      expect(count(asked, "gettoken")).toBe(2);
      expect(count(asked, "externalcontact/add_msg_template")).toBe(2);
    },
  );

  test("that stays refused is not refreshed for ever", async () => {
    const { channel, asked, sandbox } = await bench();
    sandbox.faults.add({ path: "externalcontact/add_msg_template", kind: "code", code: 40014, times: 99 });
    expect(await errorOf(channel.handOver(followUp))).toMatchObject({ kind: "retry", code: 40014 });
    expect(count(asked, "externalcontact/add_msg_template")).toBe(2);
  });

  test("many calls with the same dead token replace it once", async () => {
    const { channel, asked, world, sandbox } = await bench();
    await channel.tellGuide("lan", hello);
    sandbox.faults.add({ path: "message/send", kind: "token_expired" });
    const texts = Array.from({ length: 10 }, (_, at) =>
      channel.tellGuide("lan", { ...hello, text: `${at}` }),
    );
    await Promise.all(texts);
    expect(count(asked, "gettoken")).toBe(2);
    expect(world.now()).toBe(monday);
  });

  test("a wrong secret is asked with once, until the cool-down is over", async () => {
    const { channel, asked, world } = await bench({}, "not-the-secret");
    for (let at = 0; at < 5; at++) {
      const error = await errorOf(channel.tellGuide("lan", hello));
      expect(error).toMatchObject({ kind: "operations", code: 40001 });
      expect(error.message).not.toContain("not-the-secret");
    }
    expect(asked).toEqual(["gettoken"]);
    world.set(monday + 11 * 60_000);
    await errorOf(channel.tellGuide("lan", hello));
    expect(asked).toEqual(["gettoken", "gettoken"]);
  });

  test("40001 from an ordinary call stops all calls as well", async () => {
    const { channel, asked, sandbox } = await bench();
    sandbox.faults.add({ path: "message/send", kind: "code", code: 40001 });
    await errorOf(channel.tellGuide("lan", hello));
    expect(await errorOf(channel.tellGuide("lan", hello))).toMatchObject({ kind: "operations", code: 40001 });
    expect(asked).toEqual(["gettoken", "message/send"]);
  });
});

const outcomes = (channel: WecomChannel): Promise<unknown> =>
  channel.outcomes([{ ref: "h1", providerRef: "x", guideUserid: "lan" }]);
const asks = {
  handOver: {
    path: "externalcontact/add_msg_template",
    call: (channel: WecomChannel) => channel.handOver(followUp),
  },
  tell: { path: "message/send", call: (channel: WecomChannel) => channel.tellGuide("lan", hello) },
  outcomes: { path: "externalcontact/get_groupmsg_task", call: outcomes },
  token: { path: "gettoken", call: (channel: WecomChannel) => channel.handOver(followUp) },
};

describe("what went wrong, and what to do about it", () => {
  test.each<[keyof typeof asks, Omit<Fault, "path">, string, number | undefined]>([
    ["handOver", { kind: "timeout_before" }, "unknown", undefined],
    ["handOver", { kind: "timeout_after" }, "unknown", undefined],
    ["handOver", { kind: "reset" }, "unknown", undefined],
    ["handOver", { kind: "reset_after" }, "unknown", undefined],
    ["handOver", { kind: "http_500" }, "unknown", undefined],
    ["tell", { kind: "timeout_after" }, "unknown", undefined],
    ["outcomes", { kind: "timeout_before" }, "retry", undefined],
    ["outcomes", { kind: "reset" }, "retry", undefined],
    ["outcomes", { kind: "http_500" }, "retry", undefined],
    // the token's call makes nothing: the hand-over was never tried
    ["token", { kind: "timeout_before" }, "retry", undefined],
    ["handOver", { kind: "busy" }, "retry", -1],
    ["handOver", { kind: "parallel" }, "retry", 45033],
    ["handOver", { kind: "limit" }, "wait", 45009],
    ["outcomes", { kind: "limit" }, "wait", 45009],
    ["handOver", { kind: "code", code: 60020 }, "operations", 60020],
    ["handOver", { kind: "code", code: 48002 }, "operations", 48002],
    ["handOver", { kind: "code", code: 40201 }, "fix", 40201],
    ["handOver", { kind: "code", code: 987_654 }, "operations", 987_654],
  ])("%s hit by %j is %s", async (name, fault, kind, code) => {
    const { channel, sandbox } = await bench();
    const { path, call } = asks[name];
    sandbox.faults.add({ ...fault, path });
    const error = await errorOf(call(channel));
    expect([error.kind, error.code]).toEqual([kind, code]);
    expect(error.message).not.toMatch(/sandbox-1-|app-secret/);
  });

  test("nobody listening: the call never left, so it may be repeated", async () => {
    const stage = await bench();
    await stage.sandbox.close();
    open.splice(open.indexOf(stage.sandbox), 1);
    expect((await errorOf(stage.channel.handOver(followUp))).kind).toBe("retry");
  });

  test.each<[string, number, string, string]>([
    ["a page instead of JSON", 200, "<html>gateway</html>", "unknown"],
    ["an answer without msgid", 200, '{"errcode":0,"errmsg":"ok"}', "unknown"],
    ["a redirect to somewhere else", 301, "", "operations"],
    ["a path that does not exist", 404, "", "operations"],
  ])("%s", async (_name, status, body, kind) => {
    const server = await answering((path) =>
      path.includes("gettoken")
        ? [200, '{"errcode":0,"errmsg":"ok","access_token":"t","expires_in":7200}']
        : [status, body],
    );
    const settings = {
      ...app,
      archive: true,
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    };
    const channel = new WecomChannel(settings, memoryTokenStore(), movableWorld(monday));
    open.push(channel);
    expect((await errorOf(channel.handOver(followUp))).kind).toBe(kind);
  });
});

async function answering(answer: (path: string) => [number, string]): Promise<Server> {
  const server = createServer((request, response) => {
    const [status, body] = answer(request.url ?? "");
    response
      .writeHead(status, { "content-type": "application/json", location: "http://127.0.0.1:9/" })
      .end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  open.push({ close });
  return server;
}
