// Mass-send tasks through the adapter: who could not be reached, what each customer got, and looking for lost ones.

import type { OutstandingHandOver } from "../../../src/channels/port.js";
import { WecomChannel } from "../../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../../src/channels/wecom/token.js";
import type { SandboxOptions } from "../../../src/sandbox/settings.js";
import { app, type OpenSandbox, openSandbox } from "../../sandbox/open.js";

const minute = 60_000;
let stage: OpenSandbox & { channel: WecomChannel };
/** every call of the channel, and the error it is counted with */
const calls: [api: string, error: string | undefined][] = [];

async function open(options: Partial<SandboxOptions> = {}): Promise<void> {
  const opened = await openSandbox(options);
  calls.length = 0;
  const onCall = (api: string, error?: string) => calls.push([api.replace("externalcontact/", ""), error]);
  const settings = { ...app, baseUrl: opened.sandbox.url, archive: true, timeout: 1000, onCall };
  stage = { ...opened, channel: new WecomChannel(settings, memoryTokenStore(), opened.world) };
}

beforeEach(() => open());
afterEach(async () => {
  stage.channel.close();
  await stage.sandbox.close();
});

async function handOver(
  ref: string,
  customers: string[],
  text = "你好",
  guide = "lan",
): Promise<OutstandingHandOver> {
  const followUp = { ref, guideUserid: guide, externalUserids: customers, text };
  const { providerRef } = await stage.channel.handOver(followUp);
  return { ref, providerRef, guideUserid: guide };
}

function pass(ms: number): void {
  stage.world.set(stage.world.now() + ms);
}

test("strangers are refused at once, the others handed over", async () => {
  const followUp = {
    ref: "h1",
    guideUserid: "lan",
    externalUserids: ["wm-1", "wm-6", "nobody"],
    text: "你好",
  };
  expect((await stage.channel.handOver(followUp)).refused).toEqual([
    { externalUserid: "wm-6", reason: "not_a_friend" },
    { externalUserid: "nobody", reason: "not_a_friend" },
  ]);
  const none = stage.channel.handOver({ ...followUp, externalUserids: ["wm-6"] });
  await expect(none).rejects.toMatchObject({ kind: "fix", code: 41048 });
});

test.each([
  ["unseen", 60111],
  ["inside", 84074],
])("guide %s cannot hand over: %d", async (guideUserid, code) => {
  const followUp = { ref: "h1", guideUserid, externalUserids: ["wm-1"], text: "你好" };
  await expect(stage.channel.handOver(followUp)).rejects.toMatchObject({ kind: "fix", code });
});

test("what each customer got: sent, no friend any more, limit of the day reached", async () => {
  const first = await handOver("h1", ["wm-1"]);
  const second = await handOver("h2", ["wm-1", "wm-2", "wm-3"], "还是你好");
  await stage.sandbox.customerLeaves("wm-2", "lan");
  await stage.sandbox.guideConfirms("lan", first.providerRef);
  pass(minute);
  await stage.sandbox.guideConfirms("lan", second.providerRef);
  const sentAt = stage.world.now();
  pass(minute);
  const [, outcome] = await stage.channel.outcomes([first, second]);
  expect(outcome).toEqual({
    ref: "h2",
    state: "confirmed",
    confirmedAt: sentAt,
    customers: [
      { externalUserid: "wm-1", result: "receive_limit" },
      { externalUserid: "wm-2", result: "not_a_friend" },
      { externalUserid: "wm-3", result: "sent", at: sentAt },
    ],
  });
});

test("the next day the limit begins anew, and a higher limit may be set", async () => {
  for (const [day, expected] of [
    [0, "sent"],
    [0, "receive_limit"],
    [1, "sent"],
  ] as const) {
    pass(day * 24 * 60 * minute);
    const one = await handOver(`h${day}`, ["wm-1"], `${stage.world.now()}`);
    pass(minute);
    await stage.sandbox.guideConfirms("lan", one.providerRef);
    const [outcome] = await stage.channel.outcomes([one]);
    expect(outcome?.customers[0]?.result).toBe(expected);
  }
});

test("a new task is still being dispatched: waiting, not an error", async () => {
  const one = await handOver("h1", ["wm-1"]);
  expect(await stage.channel.outcomes([one])).toEqual([{ ref: "h1", state: "waiting", customers: [] }]);
});

test("thousands of customers come back page by page", async () => {
  const customers = Array.from({ length: 2345 }, (_, at) => `wm-many-${at}`);
  stage.sandbox.enrol({
    customers: customers.map((externalUserid) => ({ externalUserid, name: "某" })),
    contacts: customers.map((externalUserid) => ({ guideUserid: "lan", externalUserid, createdAt: 0 })),
  });
  const one = await handOver("h1", customers);
  pass(minute);
  await stage.sandbox.guideConfirms("LAN", one.providerRef);
  const [outcome] = await stage.channel.outcomes([{ ...one, guideUserid: "LAN" }]);
  expect(outcome?.customers.map((customer) => customer.externalUserid)).toEqual(customers);
});

test("a guide can be reminded three times a day", async () => {
  const one = await handOver("h1", ["wm-1"]);
  for (let count = 0; count < 3; count++) await stage.channel.remind(one);
  await expect(stage.channel.remind(one)).rejects.toMatchObject({
    kind: "wait",
    code: 41094,
    retryAfter: 86_400_000,
  });
  pass(24 * 60 * minute + 1);
  await stage.channel.remind(one);
});

test("one stopped already is stopped and read again without a failed call", async () => {
  const one = await handOver("h1", ["wm-1"]);
  pass(minute);
  await stage.channel.stop(one);
  await stage.channel.stop(one);
  expect((await stage.channel.outcomes([one]))[0]).toMatchObject({ state: "stopped" });
  expect(calls.filter(([, error]) => error !== undefined)).toEqual([]);
  expect(calls.filter(([api]) => api === "cancel_groupmsg_send")).toHaveLength(2);
  const unknown = stage.channel.stop({ ...one, providerRef: "nothing" });
  await expect(unknown).rejects.toMatchObject({ code: 41047 });
  expect(calls.at(-1)).toEqual(["cancel_groupmsg_send", expect.stringContaining("41047")]);
});

describe("one that cannot be read", () => {
  test("waits, and does not keep the others from being read", async () => {
    const all = [
      await handOver("h1", ["wm-1"]),
      await handOver("h2", ["wm-2"]),
      await handOver("h3", ["wm-3"]),
    ];
    pass(minute);
    for (const one of all) await stage.sandbox.guideConfirms("lan", one.providerRef);
    stage.sandbox.faults.add({ path: "externalcontact/get_groupmsg_task", kind: "code", code: 50100 });
    const states = (await stage.channel.outcomes(all)).map((outcome) => outcome.state);
    expect(states.filter((state) => state === "confirmed")).toHaveLength(2);
    expect(states.filter((state) => state === "waiting")).toHaveLength(1);
  });

  test("because of a limit ends the asking", async () => {
    const all = [];
    for (let count = 0; count < 12; count++) all.push(await handOver(`h${count}`, ["wm-1"], `${count}`));
    pass(minute);
    stage.sandbox.faults.add({ path: "externalcontact/get_groupmsg_task", kind: "limit", times: 99 });
    await expect(stage.channel.outcomes(all)).rejects.toMatchObject({ kind: "wait", code: 45009 });
    const [left] = stage.sandbox.faults.list();
    expect(99 - (left?.times ?? 0)).toBeLessThanOrEqual(2);
  });

  test("because it was stopped is told by its customers when they got it after all", async () => {
    const one = await handOver("h1", ["wm-1"]);
    pass(minute);
    await stage.sandbox.guideConfirms("lan", one.providerRef);
    stage.sandbox.faults.add({ path: "externalcontact/get_groupmsg_task", kind: "code", code: 41093 });
    const [outcome] = await stage.channel.outcomes([one]);
    expect(outcome).toMatchObject({
      state: "confirmed",
      customers: [{ externalUserid: "wm-1", result: "sent" }],
    });
  });
});

describe("a lost hand-over", () => {
  const lost = { ref: "h9", guideUserid: "lan", externalUserids: ["wm-1"], text: "周末见" };

  test("is not taken for another guide's, other customers' or other words", async () => {
    const calledAt = stage.world.now();
    await handOver("h1", ["wm-6"], "周末见", "mei");
    await handOver("h2", ["wm-2"], "周末见");
    await handOver("h3", ["wm-1"], "周末再见");
    pass(5 * minute);
    expect(await stage.channel.find({ ...lost, calledAt })).toEqual({ state: "absent" });
    const own = await handOver("h9", ["wm-1"], "周末见");
    pass(minute);
    expect(await stage.channel.find({ ...lost, calledAt })).toEqual({
      state: "found",
      providerRef: own.providerRef,
    });
  });

  test("for somebody of whom only a trace is left is known by it", async () => {
    const calledAt = stage.world.now();
    const own = await handOver("h9", ["wm-1"], "周末见");
    pass(5 * minute);
    const erased = { ...lost, calledAt, externalUserids: ["erased:1"] };
    expect(await stage.channel.find(erased)).toEqual({ state: "absent" });
    const isTheirs = (id: string) => id === "wm-1";
    expect(await stage.channel.find({ ...erased, isTheirs })).toEqual({
      state: "found",
      providerRef: own.providerRef,
    });
  });

  test("of which there are two cannot be told apart", async () => {
    const calledAt = stage.world.now();
    await handOver("h9", ["wm-1"], "周末见");
    await handOver("h9", ["wm-1"], "周末见");
    pass(5 * minute);
    expect(await stage.channel.find({ ...lost, calledAt })).toEqual({ state: "cannot_tell" });
  });

  test("made a moment ago cannot be told yet", async () => {
    const calledAt = stage.world.now();
    expect(await stage.channel.find({ ...lost, calledAt })).toEqual({ state: "cannot_tell" });
    await handOver("h9", ["wm-1"], "周末见");
    expect(await stage.channel.find({ ...lost, calledAt })).toEqual({ state: "cannot_tell" });
  });

  test("of another day is not it", async () => {
    const calledAt = stage.world.now();
    pass(20 * minute);
    await handOver("h9", ["wm-1"], "周末见");
    pass(minute);
    expect(await stage.channel.find({ ...lost, calledAt })).toEqual({ state: "absent" });
  });

  test("is found among hundreds, page by page", async () => {
    const calledAt = stage.world.now();
    for (let count = 0; count < 230; count++) await handOver("x", ["wm-2"], `别的话 ${count}`);
    const own = await handOver("h9", ["wm-1"], "周末见");
    pass(5 * minute);
    expect(await stage.channel.find({ ...lost, calledAt })).toEqual({
      state: "found",
      providerRef: own.providerRef,
    });
  });
});
