// WeCom's limits kept by two processes together, against the sandbox that enforces them: over the database and over Redis.
import { WecomChannel } from "../../../src/channels/wecom/channel.js";
import { channelError } from "../../../src/channels/wecom/errors.js";
import { Lanes } from "../../../src/channels/wecom/lanes.js";
import { memoryTokenStore } from "../../../src/channels/wecom/token.js";
import { sharedRates } from "../../../src/infra/rates.js";
import { redisState } from "../../../src/infra/redis-state.js";
import { databaseState, memoryState, type SharedState } from "../../../src/infra/shared-state.js";
import type { SandboxOptions } from "../../../src/sandbox/settings.js";
import { app, monday, openSandbox } from "../../sandbox/open.js";
import { describeOnEachDatabase } from "../../support/databases.js";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const allowed = { per_minute: 40, per_hour: 4000, member_per_minute: 5, member_per_hour: 100 };

/** Processes of one corp, each with its own channel and its own hold of the shared count. */
async function corp(
  states: readonly SharedState[],
  options: Partial<SandboxOptions> = {},
  more: { app_messages_per_day?: number } = {},
) {
  const asked: string[] = [];
  const faults: unknown[] = [];
  const { sandbox, world } = await openSandbox({
    limits: { perMinute: 40, perHour: 4000 },
    onExchange: ({ path, answer }) => {
      asked.push(path);
      const { errcode } = answer as { errcode: number };
      if (errcode !== 0) faults.push([path, errcode]);
    },
    ...options,
  });
  open.push(sandbox);
  const tokens = memoryTokenStore();
  const processes = states.map((state) => {
    const settings = {
      ...app,
      baseUrl: sandbox.url,
      archive: true,
      limits: { ...allowed, ...more },
      busyPause: 5,
    };
    const channel = new WecomChannel({ ...settings, mayCall: sharedRates(state, world) }, tokens, world);
    open.push(channel);
    return channel;
  });
  const count = (path: string) => asked.filter((one) => one.endsWith(path)).length;
  return { sandbox, world, processes, count, faults };
}

const span = [monday - 3_600_000, monday] as const;

/** As many lists asked for by both as WeCom would refuse to one. */
async function askTooOften(states: readonly SharedState[]): Promise<void> {
  const { processes, count, faults, world } = await corp(states);
  const asks = Array.from({ length: 70 }, (_, at) => processes[at % processes.length]?.guideMasses(...span));
  const answers = await Promise.allSettled(asks);
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(40);
  const refused = answers.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(refused.every(({ kind, retryAfter }) => kind === "wait" && retryAfter > 0)).toBe(true);
  // WeCom itself never had to say no
  expect([count("get_groupmsg_list_v2"), faults]).toEqual([40, []]);
  world.set(monday + 75_000);
  await processes[0]?.guideMasses(...span);
  expect([count("get_groupmsg_list_v2"), faults]).toEqual([41, []]);
}

describeOnEachDatabase("calls of two processes counted in the database", (store) => {
  test("stay within the limit of one corp", () =>
    askTooOften([databaseState(store()), databaseState(store())]));

  test("messages to one member stop before WeCom drops them, to others go on", async () => {
    const { processes, count } = await corp([databaseState(store()), databaseState(store())]);
    const tell = (guide: string, at: number) =>
      processes[at % 2]?.tellGuide(guide, { kind: "text", text: `第${at}条` });
    for (let at = 0; at < 5; at++) await tell("lan", at);
    // one guide's limit is no reason to leave the others without their lists
    await expect(tell("LAN", 5)).rejects.toMatchObject({ kind: "retry" });
    await tell("mei", 6);
    expect(count("message/send")).toBe(6);
  });

  test("45009 said to one is heard by both", async () => {
    const { processes, sandbox, count, world } = await corp([databaseState(store()), databaseState(store())]);
    const [one, other] = processes;
    sandbox.faults.add({ path: "externalcontact/get_groupmsg_list_v2", kind: "limit" });
    await expect(one?.guideMasses(...span)).rejects.toMatchObject({ kind: "wait", code: 45009 });
    await expect(other?.guideMasses(...span)).rejects.toMatchObject({ kind: "wait" });
    expect(count("get_groupmsg_list_v2")).toBe(1);
    world.set(monday + 61_000);
    await other?.guideMasses(...span);
    expect(count("get_groupmsg_list_v2")).toBe(2);
  });
});

const redis = process.env.GUIDEPOST_TEST_REDIS;
(redis ? test : test.skip)("counted in Redis, too [set GUIDEPOST_TEST_REDIS to run]", async () => {
  const prefix = `test-${process.pid}-${process.hrtime.bigint()}`;
  const world = { now: () => monday };
  const states = [0, 1].map(() => redisState(redis ?? "", world, { prefix, onFault: () => undefined }));
  open.push(...states);
  await askTooOften(states);
});

describe("busy", () => {
  test.each([
    ["-1", { kind: "busy" }],
    ["45033", { kind: "parallel" }],
  ] as const)("%s of a reading is tried three times in all, then told", async (_name, fault) => {
    const { processes, sandbox, count } = await corp([memoryState()]);
    sandbox.faults.add({ path: "externalcontact/get_groupmsg_list_v2", ...fault, times: 2 });
    await processes[0]?.guideMasses(...span);
    expect(count("get_groupmsg_list_v2")).toBe(3);
    sandbox.faults.add({ path: "externalcontact/get_groupmsg_list_v2", ...fault, times: 9 });
    await expect(processes[0]?.guideMasses(...span)).rejects.toMatchObject({ kind: "retry" });
    expect(count("get_groupmsg_list_v2")).toBe(6);
  });

  test("of a creating call is told at once: its hand-over is tried again by its own row", async () => {
    const { processes, sandbox, count } = await corp([memoryState()]);
    sandbox.faults.add({ path: "externalcontact/add_msg_template", kind: "busy", times: 9 });
    const followUp = { ref: "h", guideUserid: "lan", externalUserids: ["wm-1"], text: "你好" };
    await expect(processes[0]?.handOver(followUp)).rejects.toMatchObject({ kind: "retry", code: -1 });
    expect(count("add_msg_template")).toBe(1);
  });

  test("a corp that bears four at once is asked four at once, and everything is read", async () => {
    const { processes, faults } = await corp([memoryState()], { limits: { perMinute: 900, parallel: 4 } });
    const [channel] = processes;
    const asks = Array.from({ length: 30 }, () => channel?.guideMasses(...span));
    const answers = await Promise.allSettled(asks);
    expect(answers.filter(({ status }) => status === "rejected").length).toBeLessThan(30);
    expect(faults.every((one) => (one as [string, number])[1] === 45033)).toBe(true);
  });
});

describe("app messages of a day", () => {
  const daily = async (perDay: number) => {
    const state = memoryState();
    const { processes, count, world } = await corp([state, state], {}, { app_messages_per_day: perDay });
    const tell = (guide: string, at = 0) =>
      processes[at]?.tellGuide(guide, { kind: "text", text: `早上好 ${guide} ${at}` });
    return { tell, world, sent: () => count("message/send") };
  };

  test("are counted over all members; what is above waits for the next day and is not sent", async () => {
    const { tell, world, sent } = await daily(3);
    for (const [guide, at] of [
      ["lan", 0],
      ["mei", 1],
      ["lan", 1],
    ] as const)
      expect(await tell(guide, at)).toBe(true);
    await expect(tell("mei")).rejects.toMatchObject({ kind: "wait", retryAfter: expect.any(Number) });
    expect(sent()).toBe(3);
    world.set(monday + 12 * 3_600_000);
    await expect(tell("mei")).rejects.toMatchObject({ kind: "wait" });
    // the count lies in pieces of a quarter: the oldest is forgotten whole
    world.set(monday + 31 * 3_600_000);
    expect(await tell("mei")).toBe(true);
    expect(sent()).toBe(4);
  });

  test("0 counts nothing", async () => {
    const { tell } = await daily(0);
    for (let n = 0; n < 4; n++) expect(await tell("lan")).toBe(true);
  });
});

describe("lanes", () => {
  const tooMany = () => Promise.reject(channelError("api", 45033));
  const well = () => Promise.resolve("ok");

  test("are halved by 45033 down to one, and grow again one by one", async () => {
    const lanes = new Lanes(16);
    for (const width of [8, 4, 2, 1, 1]) {
      await lanes.run("api", tooMany).catch(() => undefined);
      expect(lanes.width("api")).toBe(width);
    }
    for (let n = 0; n < 20; n++) await lanes.run("api", well);
    expect([lanes.width("api"), lanes.width("other")]).toEqual([2, 16]);
  });

  test("a call that must not wait is refused when all are taken", async () => {
    const lanes = new Lanes(1);
    let free = () => {};
    const first = lanes.run("api", () => new Promise<void>((done) => (free = done)), false);
    await expect(lanes.run("api", well, false)).rejects.toMatchObject({ kind: "retry", code: 45033 });
    free();
    await first;
    await expect(lanes.run("api", well, false)).resolves.toBe("ok");
  });
});
