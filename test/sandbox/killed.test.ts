// A sandbox whose process is killed and started again: what it had answered is there, what it had not can be found out.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChannelError } from "../../src/channels/port.js";
import { WecomChannel } from "../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../src/channels/wecom/token.js";
import { projectRoot } from "../../src/infra/config.js";
import { realWorld } from "../../src/kernel/world.js";
import type { Phone } from "../../src/sandbox/phone.js";
import { until } from "../support/until.js";
import { type Closing, listen } from "./ear.js";
import { app } from "./open.js";

const script = join(projectRoot, ".build/test/support/sandbox-child.js");
const customers = Array.from({ length: 12 }, (_, at) => `wm-${at}`);
const open: Closing[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Child {
  url: string;
  kill(): Promise<void>;
}

async function start(statePath: string, callbackUrl: string, port = "0"): Promise<Child> {
  const child: ChildProcess = spawn(
    process.execPath,
    [script, statePath, port, callbackUrl, String(customers.length)],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, NODE_OPTIONS: "" } },
  );
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = (): Promise<void> => {
    child.kill("SIGKILL");
    return gone;
  };
  open.push({ close: kill });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (line) => resolve(String(line).trim()));
    child.once("exit", () => reject(new Error("the sandbox ended before it listened")));
  });
  return { url, kill };
}

async function phoneOf(url: string): Promise<Phone> {
  return (await (await fetch(`${url}/sandbox/phones/lan`)).json()) as Phone;
}

function act(url: string, verb: string, form: Record<string, string>): Promise<unknown> {
  return fetch(`${url}/sandbox/verbs/${verb}`, { method: "POST", body: new URLSearchParams(form) });
}

const followUp = (customer: string) => ({
  ...{ ref: customer, guideUserid: "lan", externalUserids: [customer], text: `${customer} 你好` },
});

test("killed amid twelve hand-overs: nothing answered is lost, nothing is sent twice, the token lives on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-killed-"));
  open.push({ close: () => rmSync(folder, { recursive: true }) });
  const ear = await listen(open);
  const state = join(folder, "state.sqlite");
  const first = await start(state, `${ear.url}/callback`);
  const tokens = memoryTokenStore();
  const channel = new WecomChannel(
    { ...app, baseUrl: first.url, archive: false, timeout: 5000, settleAfter: 0 },
    tokens,
    realWorld,
  );
  open.push(channel);
  const calledAt = realWorld.now();
  const answered: string[] = [];
  const lost: { customer: string; error: ChannelError }[] = [];
  const handOver = async (customer: string): Promise<void> => {
    try {
      answered.push((await channel.handOver(followUp(customer))).providerRef);
      if (answered.length === 4) void first.kill();
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      lost.push({ customer, error });
    }
  };
  // a few at a time, so that some are on their way and some have not begun when it dies
  const lanes = [0, 1, 2].map(async (lane) => {
    for (const customer of customers.filter((_, at) => at % 3 === lane)) await handOver(customer);
  });
  await Promise.all(lanes);
  await first.kill();
  expect(lost.length).toBeGreaterThan(0);
  const token = await tokens.read(`wecom:${app.corpid}:${app.agentid}`);

  const second = await start(state, `${ear.url}/callback`, new URL(first.url).port);
  const refs = (await phoneOf(second.url)).masses.map((mass) => mass.msgid);
  expect(answered.filter((ref) => !refs.includes(ref))).toEqual([]);
  for (const { customer, error } of lost) {
    let found = error.kind === "unknown" ? "cannot_tell" : "absent";
    const look = async () => {
      found = (await channel.find({ ...followUp(customer), calledAt })).state;
      return found !== "cannot_tell";
    };
    if (found === "cannot_tell") await until(look);
    if (found === "absent") await channel.handOver(followUp(customer));
    else expect([customer, found]).toEqual([customer, "found"]);
  }
  for (const { msgid, state: is } of (await phoneOf(second.url)).masses)
    if (is === "waiting") await act(second.url, "confirm", { userid: "lan", msgid });
  const { chats } = await phoneOf(second.url);
  const got = chats.flatMap(({ messages }) => messages.map((message) => message.text));
  expect(got.sort()).toEqual(customers.map((customer) => `${customer} 你好`).sort());
  expect(await tokens.read(`wecom:${app.corpid}:${app.agentid}`)).toEqual(token);
});

test("a callback the app refused comes again after a restart", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-killed-"));
  open.push({ close: () => rmSync(folder, { recursive: true }) });
  const ear = await listen(open);
  const state = join(folder, "state.sqlite");
  const first = await start(state, `${ear.url}/callback`);
  ear.refusals.push(500, 500, 500);
  void act(first.url, "guideSays", { userid: "lan", text: "任务" }).catch(() => undefined);
  await until(() => ear.refusals.length < 3);
  await first.kill();
  expect(ear.events).toEqual([]);
  ear.refusals.length = 0;
  const second = await start(state, `${ear.url}/callback`);
  await until(() => ear.events.length > 0);
  expect(ear.events).toMatchObject([{ kind: "guideText", text: "任务" }]);
  expect((await phoneOf(second.url)).messages.map((one) => one.shown)).toEqual([
    { msgtype: "said", text: "任务" },
  ]);
});
