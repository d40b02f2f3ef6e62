// Every fault, met by the real adapter over real HTTP: afterwards the customer has the words once, whatever went wrong.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ChannelError } from "../../src/channels/port.js";
import { WecomChannel } from "../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../src/channels/wecom/token.js";
import type { ApiFaultKind, Fault } from "../../src/sandbox/faults.js";
import type { SandboxOptions } from "../../src/sandbox/settings.js";
import { app, type OpenSandbox, openSandbox } from "./open.js";

const create = "externalcontact/add_msg_template";
const minute = 60_000;
const followUp = { ref: "h1", guideUserid: "lan", externalUserids: ["wm-1"], text: "周末见" };
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function stage(
  options: Partial<SandboxOptions> = {},
): Promise<OpenSandbox & { channel: WecomChannel }> {
  const opened = await openSandbox(options);
  // over one socket: what befalls a connection meets the next call
  const settings = { ...app, baseUrl: opened.sandbox.url, archive: true, timeout: 400, maxSockets: 1 };
  const channel = new WecomChannel(settings, memoryTokenStore(), opened.world);
  open.push(opened.sandbox, channel);
  // the token is there before anything goes wrong
  await channel.tellGuide("lan", { kind: "text", text: "早上好" });
  return { ...opened, channel };
}
type Stage = Awaited<ReturnType<typeof stage>>;

async function tried<T>(work: Promise<T>): Promise<T | ChannelError> {
  return work.catch((error: unknown) => {
    expect(error).toBeInstanceOf(ChannelError);
    return error as ChannelError;
  });
}

/** As the product does: nothing is repeated before it was looked for; what says `retry` is repeated. */
async function untilHandedOver({ channel, world }: Stage, words = followUp): Promise<string> {
  for (let count = 0; count < 10; count++) {
    const calledAt = world.now();
    const handed = await tried(channel.handOver(words));
    if (!(handed instanceof ChannelError)) return handed.providerRef;
    world.set(calledAt + 5 * minute);
    if (handed.kind !== "unknown") continue;
    const found = await untilFound(channel, calledAt, words);
    if (found !== undefined) return found;
  }
  throw new Error("never handed over");
}

/** The hand-over's reference, or undefined when it is certain that there is none. */
async function untilFound(
  channel: WecomChannel,
  calledAt: number,
  words = followUp,
): Promise<string | undefined> {
  for (let count = 0; count < 200; count++) {
    const found = await tried(channel.find({ ...words, calledAt }));
    if (found instanceof ChannelError) {
      // a sandbox that restarts is refused at once for as long as it is away
      await sleep(25);
      continue;
    }
    if (found.state === "found") return found.providerRef;
    if (found.state === "absent") return undefined;
  }
  throw new Error("never found out");
}

/** What lan wrote to wm-1 once everything waiting on the phone is sent. */
async function received({ sandbox }: Stage): Promise<string[]> {
  for (const { msgid } of sandbox.phone("lan")?.masses ?? []) await sandbox.guideConfirms("lan", msgid);
  const chat = sandbox.phone("lan")?.chats.find((one) => one.externalUserid === "wm-1");
  return chat?.messages.map((message) => message.text) ?? [];
}

test.each<[ApiFaultKind, effect: boolean, kind: string]>([
  ["timeout_before", false, "unknown"],
  ["timeout_after", true, "unknown"],
  ["reset", false, "unknown"],
  ["reset_after", true, "unknown"],
  ["cut", true, "unknown"],
  ["drip", true, "unknown"],
  ["restart", false, "unknown"],
  ["restart_after", true, "unknown"],
  ["http_500", false, "unknown"],
  ["busy", false, "retry"],
  ["parallel", false, "retry"],
  ["limit", false, "wait"],
])("%s: effect %s, and then once", async (kind, effect, becomes) => {
  const met = await stage({ receiveLimitPerDay: 10 });
  const { sandbox, channel, world } = met;
  sandbox.faults.add({ path: create, kind, lateBy: 50 });
  const calledAt = world.now();
  expect(await tried(channel.handOver(followUp))).toMatchObject({ kind: becomes });
  expect(sandbox.phone("lan")?.masses).toHaveLength(effect ? 1 : 0);
  world.set(calledAt + 5 * minute);
  expect((await untilFound(channel, calledAt)) !== undefined).toBe(effect);
  if (!effect) await untilHandedOver(met);
  expect(await received(met)).toEqual(["周末见"]);
});

test.each([
  ["token_expired", create],
  ["token_invalid", create],
  // the call that fetches the first token has none to be refused
  ["token_expired", "*"],
  ["token_invalid", "*"],
] as const)("%s mid-flight of %s is felt by nobody", async (kind, path) => {
  const met = await stage({ receiveLimitPerDay: 10 });
  met.sandbox.faults.add({ path, kind });
  await met.channel.handOver(followUp);
  expect(await received(met)).toEqual(["周末见"]);
});

test("half-open: the connection stands, but what is sent on it is never heard", async () => {
  const met = await stage({ receiveLimitPerDay: 10 });
  const { sandbox, channel, world } = met;
  sandbox.faults.add({ path: "message/send", kind: "half_open" });
  expect(await channel.tellGuide("lan", { kind: "text", text: "中午好" })).toBe(true);
  expect(sandbox.phone("lan")?.messages).toHaveLength(2);
  const calledAt = world.now();
  expect(await tried(channel.handOver(followUp))).toMatchObject({ kind: "unknown" });
  expect(sandbox.phone("lan")?.masses).toEqual([]);
  world.set(calledAt + 5 * minute);
  expect(await channel.find({ ...followUp, calledAt })).toEqual({ state: "absent" });
  await channel.handOver(followUp);
  expect(await received(met)).toEqual(["周末见"]);
});

test("a slow answer that comes in time is an answer", async () => {
  const { sandbox, channel } = await stage();
  sandbox.faults.add({ path: create, kind: "drip", lateBy: 1 });
  expect((await channel.handOver(followUp)).refused).toEqual([]);
});

const mixed: NonNullable<SandboxOptions["faults"]>["shares"] = {
  ...{ timeout_before: 0.02, timeout_after: 0.03, reset: 0.02, reset_after: 0.03, cut: 0.03, drip: 0.02 },
  ...{ half_open: 0.02, restart: 0.01, restart_after: 0.01, http_500: 0.02, busy: 0.02, limit: 0.01 },
  ...{ parallel: 0.02, token_expired: 0.02, token_invalid: 0.02 },
};

test.each(["a", "b", "c"])(
  "by chance, seed %s: ten hand-overs, each received once",
  async (seed) => {
    const met = await stage({ receiveLimitPerDay: 100 });
    met.sandbox.faults.byChance({ seed, shares: mixed, lateBy: 20 });
    for (let count = 0; count < 10; count++) {
      await untilHandedOver(met, { ...followUp, text: `第 ${count} 次` });
    }
    met.sandbox.faults.clear();
    expect((await received(met)).sort()).toEqual(Array.from({ length: 10 }, (_, at) => `第 ${at} 次`));
  },
  60_000,
);

describe("chance", () => {
  const shares = { busy: 0.3, reset: 0.1 };

  /** What hits the first hundred calls of a path. */
  async function hits(seed: string, statePath = ":memory:", count = 100): Promise<(Fault["kind"] | "")[]> {
    const { sandbox } = await openSandbox({ statePath, faults: { seed, shares } });
    const kinds = Array.from({ length: count }, () => sandbox.faults.take("gettoken")?.kind ?? "");
    await sandbox.close();
    return kinds;
  }

  test("hangs on the seed, and keeps to its shares", async () => {
    const first = await hits("a");
    expect(await hits("a")).toEqual(first);
    expect(await hits("b")).not.toEqual(first);
    expect(first.filter((kind) => kind === "busy").length).toBeGreaterThan(15);
    expect(first.filter((kind) => kind === "").length).toBeGreaterThan(40);
  });

  test("goes on after a restart where it was", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-faults-"));
    const path = join(folder, "state.sqlite");
    const parts = [...(await hits("a", path, 40)), ...(await hits("a", path, 60))];
    rmSync(folder, { recursive: true });
    expect(parts).toEqual(await hits("a"));
  });
});
